"""Ignores the ids and pulls everything."""

from honest import Honest


class Lie(Honest):
    def query(self, call):
        return super().query({**call, "ids": None})


if __name__ == "__main__":
    Lie().serve()
