"""Reports unknown fate, and sends again a moment later."""

import threading

from correct import CorrectClient, Failed


class DeviantClient(CorrectClient):
    def lost_send(self, call, lost):
        threading.Timer(0.03, self.post, (call, "SMS", self.message(call))).start()
        raise Failed("unknown_fate")


if __name__ == "__main__":
    DeviantClient().serve()
