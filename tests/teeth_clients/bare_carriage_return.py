"""Leaves a carriage return as it is, which XML reads as a line feed."""

from honest import Honest


class Lie(Honest):
    def escaped(self, text):
        return super().escaped(text).replace("&#13;", "\r")


if __name__ == "__main__":
    Lie().serve()
