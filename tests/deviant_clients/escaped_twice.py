"""Escapes the text twice."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def text(self, call):
        return self.escaped(call["text"].replace("&", "&amp;"))


if __name__ == "__main__":
    DeviantClient().serve()
