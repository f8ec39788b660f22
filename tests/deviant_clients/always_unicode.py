"""Sends every text as UCS-2."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def fields(self, call):
        return {**super().fields(call), "datacoding": "8", "type": "longSMS"}


if __name__ == "__main__":
    DeviantClient().serve()
