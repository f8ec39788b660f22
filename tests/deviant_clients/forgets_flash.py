"""Sends a normal message where flash was asked for."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def fields(self, call):
        return {**super().fields(call), "flash": ""}


if __name__ == "__main__":
    DeviantClient().serve()
