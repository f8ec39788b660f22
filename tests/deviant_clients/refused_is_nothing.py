"""Treats a refused pull as one without reports."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def refused_pull(self, text):
        return {"reports": []}


if __name__ == "__main__":
    DeviantClient().serve()
