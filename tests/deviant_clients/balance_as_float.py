"""Converts the balance to a binary floating-point number."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def amount(self, text):
        return str(float(text))


if __name__ == "__main__":
    DeviantClient().serve()
