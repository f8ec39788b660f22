"""Never returns from a refused send."""

import threading

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def refused_send(self, call, code):
        threading.Event().wait()


if __name__ == "__main__":
    DeviantClient().serve()
