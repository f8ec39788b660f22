"""Never names an alphabet."""

from honest import Honest


class Lie(Honest):
    def fields(self, call):
        return {**super().fields(call), "datacoding": "", "type": "longSMS"}


if __name__ == "__main__":
    Lie().serve()
