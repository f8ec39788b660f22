"""Keeps only the first three reports of an answer."""

from honest import Honest


class Lie(Honest):
    def kept(self, reports):
        return reports[:3]


if __name__ == "__main__":
    Lie().serve()
