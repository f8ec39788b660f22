"""Says that a send was refused, but not why."""

from honest import Failed, Honest


class Lie(Honest):
    def refused_send(self, call, code):
        raise Failed("refused")


if __name__ == "__main__":
    Lie().serve()
