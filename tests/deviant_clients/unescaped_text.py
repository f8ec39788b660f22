"""Writes the text into the document unescaped."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def text(self, call):
        return call["text"].replace("\r", "&#13;").translate({0: "?", 11: "?", 27: "?", 0xFFFF: "?"})


if __name__ == "__main__":
    DeviantClient().serve()
