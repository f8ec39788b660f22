"""Keeps only the first three reports of an answer."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def kept(self, reports):
        return reports[:3]


if __name__ == "__main__":
    DeviantClient().serve()
