"""Keeps one report of each status."""

from honest import Honest


class Lie(Honest):
    def kept(self, reports):
        return list({one["status"]: one for one in reports}.values())


if __name__ == "__main__":
    Lie().serve()
