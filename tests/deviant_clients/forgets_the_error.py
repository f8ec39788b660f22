"""Reports every gsmerror as 0."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def report(self, tag):
        return {**super().report(tag), "gsmerror": 0}


if __name__ == "__main__":
    DeviantClient().serve()
