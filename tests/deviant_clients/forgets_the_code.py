"""Says that a send was refused, but not why."""

from correct import CorrectClient, Failed


class DeviantClient(CorrectClient):
    def refused_send(self, call, code):
        raise Failed("refused")


if __name__ == "__main__":
    DeviantClient().serve()
