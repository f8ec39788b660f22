"""Sends a normal message where flash was asked for."""

from honest import Honest


class Lie(Honest):
    def fields(self, call):
        return {**super().fields(call), "flash": ""}


if __name__ == "__main__":
    Lie().serve()
