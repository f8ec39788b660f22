"""Refuses a push of a message that it did not send."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    known = ()

    def result(self, status, ident, gsm):
        self.known = {*self.known, ident}
        return super().result(status, ident, gsm)

    def received(self, body):
        return super().received(body) if any(ident and ident in body for ident in self.known) else 404


if __name__ == "__main__":
    DeviantClient().serve()
