"""Writes characters that XML can't carry."""

from xml.sax.saxutils import escape

from honest import Honest


class Lie(Honest):
    def escaped(self, text):
        return escape(text or "", {"\r": "&#13;", '"': "&quot;"})


if __name__ == "__main__":
    Lie().serve()
