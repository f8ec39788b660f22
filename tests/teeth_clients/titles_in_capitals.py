"""Writes titles in capitals."""

from honest import Honest


class Lie(Honest):
    def titled(self, alphanumeric, numeric):
        return super().titled([one.upper() for one in alphanumeric], numeric)


if __name__ == "__main__":
    Lie().serve()
