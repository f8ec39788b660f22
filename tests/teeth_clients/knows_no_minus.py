"""Knows the codes of a pull without their minus only."""

from honest import Failed, Honest


class Lie(Honest):
    def refused_pull(self, text):
        if text.startswith("-"):
            raise Failed("malformed")
        return super().refused_pull(text)


if __name__ == "__main__":
    Lie().serve()
