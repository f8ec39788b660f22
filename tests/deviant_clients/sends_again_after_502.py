"""Sends again after a gateway's error page."""

from correct import CorrectClient, Failed


class DeviantClient(CorrectClient):
    def lost_send(self, call, lost):
        if b" 50" not in lost.head:
            raise Failed("unknown_fate")
        self.post(call, "SMS", self.message(call))
        raise Failed("unknown_fate")


if __name__ == "__main__":
    DeviantClient().serve()
