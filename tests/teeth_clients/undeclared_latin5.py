"""Writes ISO-8859-9 without saying so."""

from honest import Honest


class Lie(Honest):
    def encoded(self, text):
        return text.encode("iso-8859-9", "xmlcharrefreplace")


if __name__ == "__main__":
    Lie().serve()
