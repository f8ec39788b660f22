"""Forgets what stands behind the point."""

from honest import Honest


class Lie(Honest):
    def amount(self, text):
        return text.partition(".")[0]


if __name__ == "__main__":
    Lie().serve()
