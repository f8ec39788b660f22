"""Takes NO_DATA for a broken answer."""

from honest import Failed, Honest


class Lie(Honest):
    def no_data(self):
        raise Failed("malformed")


if __name__ == "__main__":
    Lie().serve()
