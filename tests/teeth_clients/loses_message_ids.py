"""Forgets which message id a recipient got."""

from honest import Honest


class Lie(Honest):
    def result(self, status, ident, gsm):
        return super().result(status, "", gsm)


if __name__ == "__main__":
    Lie().serve()
