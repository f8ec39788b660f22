"""Writes titles in capitals."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def titled(self, alphanumeric, numeric):
        return super().titled([one.upper() for one in alphanumeric], numeric)


if __name__ == "__main__":
    DeviantClient().serve()
