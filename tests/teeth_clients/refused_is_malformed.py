"""Can't read the refusal of a query."""

from honest import Failed, Honest


class Lie(Honest):
    def refused_query(self, call, code):
        raise Failed("malformed", code)


if __name__ == "__main__":
    Lie().serve()
