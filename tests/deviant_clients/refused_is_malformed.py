"""Reports the refusal of a query as malformed."""

from correct import CorrectClient, Failed


class DeviantClient(CorrectClient):
    def refused_query(self, call, code):
        raise Failed("malformed", code)


if __name__ == "__main__":
    DeviantClient().serve()
