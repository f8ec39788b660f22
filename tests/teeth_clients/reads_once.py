"""Takes what the first read gives for the whole answer."""

from honest import Honest


class Lie(Honest):
    def receive(self, wire, until):
        return self.piece(wire, until)


if __name__ == "__main__":
    Lie().serve()
