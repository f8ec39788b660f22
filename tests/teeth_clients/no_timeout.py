"""Waits for ever."""

from honest import Honest


class Lie(Honest):
    def timeout(self, call):
        return 10_000


if __name__ == "__main__":
    Lie().serve()
