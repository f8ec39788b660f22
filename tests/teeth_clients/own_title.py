"""Sends under its own title, whatever was asked for."""

from honest import Honest


class Lie(Honest):
    def fields(self, call):
        return {**super().fields(call), "baslik": "Kobikom"}


if __name__ == "__main__":
    Lie().serve()
