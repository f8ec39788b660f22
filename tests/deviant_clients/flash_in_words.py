"""Writes true where the page has 1."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def fields(self, call):
        return {**super().fields(call), "flash": "true" if call["options"].get("flash") else "false"}


if __name__ == "__main__":
    DeviantClient().serve()
