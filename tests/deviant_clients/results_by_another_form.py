"""Looks for results under a number in another form than it wrote."""

import re

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def recipients(self, call):
        return [(self.completed(gsm), ident) for gsm, ident in super().recipients(call)]

    def completed(self, gsm):
        digits = re.sub(r"\D", "", gsm)
        return "90" + digits[-10:] if len(digits) >= 10 else gsm


if __name__ == "__main__":
    DeviantClient().serve()
