"""Composes letters and their combining marks."""

import unicodedata

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def text(self, call):
        return unicodedata.normalize("NFC", super().text(call))


if __name__ == "__main__":
    DeviantClient().serve()
