"""Counts money in binary fractions."""

from honest import Honest


class Lie(Honest):
    def amount(self, text):
        return str(float(text))


if __name__ == "__main__":
    Lie().serve()
