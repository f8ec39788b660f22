"""Writes a field the page doesn't have."""

from honest import Honest


class Lie(Honest):
    def fields(self, call):
        return {**super().fields(call), "oncelik": "1"}


if __name__ == "__main__":
    Lie().serve()
