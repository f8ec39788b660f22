"""Keeps one report of each status."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def kept(self, reports):
        return list({one["status"]: one for one in reports}.values())


if __name__ == "__main__":
    DeviantClient().serve()
