"""Cuts a text to 160 characters."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def text(self, call):
        return self.escaped(call["text"][:160])


if __name__ == "__main__":
    DeviantClient().serve()
