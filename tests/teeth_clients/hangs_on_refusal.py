"""Never comes back from a refused send."""

import threading

from honest import Honest


class Lie(Honest):
    def refused_send(self, call, code):
        threading.Event().wait()


if __name__ == "__main__":
    Lie().serve()
