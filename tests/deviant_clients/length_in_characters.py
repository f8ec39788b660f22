"""Counts characters, not octets, in Content-Length."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def length(self, body):
        return len(body.decode())


if __name__ == "__main__":
    DeviantClient().serve()
