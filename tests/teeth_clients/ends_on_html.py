"""Ends with a traceback where an answer is no document."""

from honest import Honest


class Lie(Honest):
    def unreadable(self, text):
        raise ValueError(f"no results in {text[:20]!r}")


if __name__ == "__main__":
    Lie().serve()
