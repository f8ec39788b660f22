"""Gives every message without an id the same one."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def recipients(self, call):
        return [(gsm, "msg" if ident is None else ident) for gsm, ident in super().recipients(call)]


if __name__ == "__main__":
    DeviantClient().serve()
