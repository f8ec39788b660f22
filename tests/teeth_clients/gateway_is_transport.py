"""Calls an error page of a gateway safe to repeat."""

from honest import Failed, Honest


class Lie(Honest):
    def lost_send(self, call, lost):
        raise Failed("transport" if b" 50" in lost.head else "unknown_fate")


if __name__ == "__main__":
    Lie().serve()
