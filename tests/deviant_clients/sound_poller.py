"""Pulls by itself every few milliseconds, and hands out what arrived."""

import contextlib
import threading
import time

from correct import CorrectClient, Failed


class SoundClient(CorrectClient):
    able = (*(one for one in CorrectClient.able if one != "report_ids"), "polls")

    def __init__(self):
        self.call = None
        self.arrived = []
        self.pulling = threading.Lock()
        threading.Thread(target=self.work, daemon=True).start()

    def answer(self, call):
        if "url" in call:
            self.call = {**call, "ids": None}
        return super().answer(call)

    def work(self):
        while True:
            time.sleep(0.02)
            with self.pulling, contextlib.suppress(Failed, OSError):
                if self.call is not None and self.call["op"] == "send":
                    self.arrived += super().reports(self.call)["reports"]

    def reports(self, call):
        with self.pulling:
            arrived, self.arrived = self.arrived, []
            return {"reports": arrived + super().reports(call)["reports"]}


if __name__ == "__main__":
    SoundClient().serve()
