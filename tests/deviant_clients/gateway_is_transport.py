"""Reports a gateway's error page as transport (safe to repeat)."""

from correct import CorrectClient, Failed


class DeviantClient(CorrectClient):
    def lost_send(self, call, lost):
        raise Failed("transport" if b" 50" in lost.head else "unknown_fate")


if __name__ == "__main__":
    DeviantClient().serve()
