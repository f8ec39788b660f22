"""Treats the result of the first read as the whole answer."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def receive(self, wire, until):
        return self.piece(wire, until)


if __name__ == "__main__":
    DeviantClient().serve()
