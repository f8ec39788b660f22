"""Writes a field the page doesn't have."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def fields(self, call):
        return {**super().fields(call), "oncelik": "1"}


if __name__ == "__main__":
    DeviantClient().serve()
