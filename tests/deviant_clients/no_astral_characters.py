"""Writes a question mark for a character outside the basic plane."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def text(self, call):
        return "".join(char if ord(char) < 0x10000 else "?" for char in super().text(call))


if __name__ == "__main__":
    DeviantClient().serve()
