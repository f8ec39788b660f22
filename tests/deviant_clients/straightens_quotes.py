"""Writes straight quotes for typographic ones."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def text(self, call):
        return super().text(call).translate({0x201C: "&quot;", 0x201D: "&quot;", 0x2018: "'", 0x2019: "'"})


if __name__ == "__main__":
    DeviantClient().serve()
