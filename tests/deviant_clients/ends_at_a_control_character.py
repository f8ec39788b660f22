"""Writes a text up to the first character that XML can't carry."""

from correct import NOT_XML, CorrectClient


class DeviantClient(CorrectClient):
    def text(self, call):
        return self.escaped(NOT_XML.split(call["text"])[0])


if __name__ == "__main__":
    DeviantClient().serve()
