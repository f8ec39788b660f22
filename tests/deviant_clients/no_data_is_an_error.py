"""Treats NO_DATA as an unreadable answer."""

from correct import CorrectClient, Failed


class DeviantClient(CorrectClient):
    def no_data(self):
        raise Failed("malformed")


if __name__ == "__main__":
    DeviantClient().serve()
