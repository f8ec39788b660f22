"""Waits without a timeout."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def timeout(self, call):
        return 10_000


if __name__ == "__main__":
    DeviantClient().serve()
