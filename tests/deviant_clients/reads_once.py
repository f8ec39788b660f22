"""Takes what the first read gives for the whole answer."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def receive(self, wire, until):
        return self.piece(wire, until)


if __name__ == "__main__":
    DeviantClient().serve()
