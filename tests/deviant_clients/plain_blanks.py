"""Writes an ordinary blank for one that does not break."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def text(self, call):
        return super().text(call).replace("\u00a0", " ")


if __name__ == "__main__":
    DeviantClient().serve()
