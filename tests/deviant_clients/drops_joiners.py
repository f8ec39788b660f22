"""Leaves out joiners and marks of direction."""

import unicodedata

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def text(self, call):
        return "".join(char for char in super().text(call) if unicodedata.category(char) != "Cf")


if __name__ == "__main__":
    DeviantClient().serve()
