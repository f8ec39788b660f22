"""Pulls reports after each send, and drops them."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def read_send(self, call, text):
        self.reports({**call, "ids": None})
        return super().read_send(call, text)


if __name__ == "__main__":
    DeviantClient().serve()
