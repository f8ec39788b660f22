"""Treats a pull without an answer as one without reports."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def lost_pull(self, lost):
        return {"reports": []}


if __name__ == "__main__":
    DeviantClient().serve()
