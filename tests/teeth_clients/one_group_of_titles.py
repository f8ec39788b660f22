"""Lists numeric titles among the others."""

from honest import Honest


class Lie(Honest):
    def titled(self, alphanumeric, numeric):
        return super().titled(alphanumeric + numeric, [])


if __name__ == "__main__":
    Lie().serve()
