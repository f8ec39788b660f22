"""Receives no more pushes after one that it could not read."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def received(self, body):
        status = super().received(body)
        if status != 200:
            self.received = lambda body: 500
        return status


if __name__ == "__main__":
    DeviantClient().serve()
