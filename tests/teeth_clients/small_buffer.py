"""Reads no more than 32 KiB."""

from honest import Honest


class Lie(Honest):
    def receive(self, wire, until):
        return super().receive(wire, until)[: 1 << 15]


if __name__ == "__main__":
    Lie().serve()
