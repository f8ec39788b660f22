"""Drops the message id of each recipient."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def result(self, status, ident, gsm):
        return super().result(status, "", gsm)


if __name__ == "__main__":
    DeviantClient().serve()
