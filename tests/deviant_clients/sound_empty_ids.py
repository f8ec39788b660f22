"""Writes an empty messageId for a recipient without one, and an empty messageid for a pull of none."""

from correct import CorrectClient


class SoundClient(CorrectClient):
    def recipients(self, call):
        return [(gsm, ident or "") for gsm, ident in super().recipients(call)]

    def nothing_named(self, call):
        return False

    def query(self, call):
        return super().query(call) + ("&messageid=" if call["ids"] == [] else "")


if __name__ == "__main__":
    SoundClient().serve()
