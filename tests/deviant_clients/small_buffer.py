"""Reads no more than 32 KiB."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def receive(self, wire, until):
        return super().receive(wire, until)[: 1 << 15]


if __name__ == "__main__":
    DeviantClient().serve()
