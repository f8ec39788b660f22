"""Leaves a carriage return as it is, which XML reads as a line feed."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def escaped(self, text):
        return super().escaped(text).replace("&#13;", "\r")


if __name__ == "__main__":
    DeviantClient().serve()
