"""Says true where the page says 1."""

from honest import Honest


class Lie(Honest):
    def fields(self, call):
        return {**super().fields(call), "flash": "true" if call["options"].get("flash") else "false"}


if __name__ == "__main__":
    Lie().serve()
