"""Trims the blanks at the ends of a text."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def text(self, call):
        return self.escaped(call["text"].strip())


if __name__ == "__main__":
    DeviantClient().serve()
