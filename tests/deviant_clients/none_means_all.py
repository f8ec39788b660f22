"""Pulls everything when given an empty list of ids."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def nothing_named(self, call):
        return False


if __name__ == "__main__":
    DeviantClient().serve()
