"""Numbers its own message ids from one in every send."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def recipients(self, call):
        to = enumerate(super().recipients(call), 1)
        return [(gsm, f"own{n}" if ident is None else ident) for n, (gsm, ident) in to]


if __name__ == "__main__":
    DeviantClient().serve()
