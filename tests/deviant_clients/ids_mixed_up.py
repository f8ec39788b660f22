"""Gives recipients the message ids of their neighbours."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def recipients(self, call):
        to = super().recipients(call)
        idents = [ident for _, ident in to]
        return [(gsm, ident) for (gsm, _), ident in zip(to, idents[1:] + idents[:1], strict=True)]


if __name__ == "__main__":
    DeviantClient().serve()
