"""Completes numbers to 90 and ten digits, and reports the numbers that it wrote."""

import re

from correct import CorrectClient


class SoundClient(CorrectClient):
    def answer(self, call):
        if call["op"] == "send":
            to = [{**one, "gsm": self.completed(one["gsm"])} for one in call["recipients"]]
            call = {**call, "recipients": to}
        return super().answer(call)

    def completed(self, gsm):
        digits = re.sub(r"\D", "", gsm)
        return "90" + digits[-10:] if len(digits) >= 10 else gsm


if __name__ == "__main__":
    SoundClient().serve()
