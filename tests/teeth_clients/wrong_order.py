"""Hands results out the last one first."""

from honest import Honest


class Lie(Honest):
    def matched(self, call, rows):
        return super().matched(call, rows)[::-1]


if __name__ == "__main__":
    Lie().serve()
