"""Returns the results in reverse order."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def matched(self, call, rows):
        return super().matched(call, rows)[::-1]


if __name__ == "__main__":
    DeviantClient().serve()
