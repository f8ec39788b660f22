"""Never says longSMS."""

from honest import Honest


class Lie(Honest):
    def fields(self, call):
        return {**super().fields(call), "type": ""}


if __name__ == "__main__":
    Lie().serve()
