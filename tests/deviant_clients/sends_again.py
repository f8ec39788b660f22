"""Sends again when no answer came."""

from correct import CorrectClient, Failed, Lost


class DeviantClient(CorrectClient):
    def lost_send(self, call, lost):
        try:
            return self.read_send(call, self.post(call, "SMS", self.message(call)))
        except Lost:
            raise Failed("unknown_fate") from None


if __name__ == "__main__":
    DeviantClient().serve()
