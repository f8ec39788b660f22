"""Drops the decimals of the balance."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def amount(self, text):
        return text.partition(".")[0]


if __name__ == "__main__":
    DeviantClient().serve()
