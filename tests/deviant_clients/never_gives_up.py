"""Waits for an answer without end, and takes no timeout."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    able = tuple(one for one in CorrectClient.able if one != "timeout")

    def piece(self, wire, until):
        wire.settimeout(None)
        return wire.recv(65536)


if __name__ == "__main__":
    DeviantClient().serve()
