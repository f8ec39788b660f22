"""Reports a send without an answer as transport (safe to repeat)."""

from correct import CorrectClient, Failed


class DeviantClient(CorrectClient):
    def lost_send(self, call, lost):
        raise Failed("unknown_fate" if b"Content-Type" in lost.head else "transport")


if __name__ == "__main__":
    DeviantClient().serve()
