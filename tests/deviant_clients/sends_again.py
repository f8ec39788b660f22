"""Sends again when no answer came."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def lost_send(self, call, lost):
        return self.read_send(call, self.post(call, "SMS", self.message(call)))


if __name__ == "__main__":
    DeviantClient().serve()
