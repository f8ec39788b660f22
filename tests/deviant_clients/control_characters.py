"""Writes characters that XML can't carry."""

from xml.sax.saxutils import escape

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def escaped(self, text):
        return escape(text or "", {"\r": "&#13;", '"': "&quot;"})


if __name__ == "__main__":
    DeviantClient().serve()
