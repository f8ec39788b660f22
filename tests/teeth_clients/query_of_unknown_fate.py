"""Forbids repeating a query whose answer was lost."""

from honest import Failed, Honest


class Lie(Honest):
    def lost_query(self, call, lost):
        raise Failed("unknown_fate")


if __name__ == "__main__":
    Lie().serve()
