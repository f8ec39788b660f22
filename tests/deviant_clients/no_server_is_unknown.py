"""Reports unknown fate for a send that was never written."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def no_connection(self):
        return "unknown_fate"


if __name__ == "__main__":
    DeviantClient().serve()
