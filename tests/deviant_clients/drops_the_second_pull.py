"""Hands out the reports of the first pull only."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    pulled = False

    def kept(self, reports):
        first, self.pulled = not self.pulled, True
        return reports if first else []


if __name__ == "__main__":
    DeviantClient().serve()
