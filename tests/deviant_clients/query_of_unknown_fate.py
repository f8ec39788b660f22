"""Reports unknown fate for a query whose answer was lost."""

from correct import CorrectClient, Failed


class DeviantClient(CorrectClient):
    def lost_query(self, call, lost):
        raise Failed("unknown_fate")


if __name__ == "__main__":
    DeviantClient().serve()
