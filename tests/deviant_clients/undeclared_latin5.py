"""Writes ISO-8859-9 without declaring it."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def encoded(self, text):
        return text.encode("iso-8859-9", "xmlcharrefreplace")


if __name__ == "__main__":
    DeviantClient().serve()
