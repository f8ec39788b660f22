"""Counts characters, not octets, in Content-Length."""

from honest import Honest


class Lie(Honest):
    def length(self, body):
        return len(body.decode())


if __name__ == "__main__":
    Lie().serve()
