"""Calls the fate of a send unknown that never left."""

from honest import Honest


class Lie(Honest):
    def no_connection(self):
        return "unknown_fate"


if __name__ == "__main__":
    Lie().serve()
