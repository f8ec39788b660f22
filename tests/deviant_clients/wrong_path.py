"""Posts to the path of another version of the API."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    path = "/api/sendsms/"


if __name__ == "__main__":
    DeviantClient().serve()
