"""Cannot decode a chunked answer."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def unchunked(self, head, body):
        return body


if __name__ == "__main__":
    DeviantClient().serve()
