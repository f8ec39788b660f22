"""Says unknown fate, and sends once more behind the caller's back."""

import threading

from honest import Failed, Honest


class Lie(Honest):
    def lost_send(self, call, lost):
        threading.Timer(0.03, self.post, (call, "SMS", self.message(call))).start()
        raise Failed("unknown_fate")


if __name__ == "__main__":
    Lie().serve()
