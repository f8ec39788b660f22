"""Writes the delay as a bare number."""

from honest import Honest


class Lie(Honest):
    def fields(self, call):
        return {**super().fields(call), "ileriTarih": str(call["options"].get("delay", ""))}


if __name__ == "__main__":
    Lie().serve()
