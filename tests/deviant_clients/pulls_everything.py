"""Ignores the ids and pulls everything."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def query(self, call):
        return super().query({**call, "ids": None})


if __name__ == "__main__":
    DeviantClient().serve()
