"""Sends with its own title, whatever was asked for."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def fields(self, call):
        return {**super().fields(call), "baslik": "Kobikom"}


if __name__ == "__main__":
    DeviantClient().serve()
