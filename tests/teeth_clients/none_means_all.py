"""Pulls everything when asked for nothing."""

from honest import Honest


class Lie(Honest):
    def nothing_named(self, call):
        return False


if __name__ == "__main__":
    Lie().serve()
