"""Can't undo chunks."""

from honest import Honest


class Lie(Honest):
    def unchunked(self, head, body):
        return body


if __name__ == "__main__":
    Lie().serve()
