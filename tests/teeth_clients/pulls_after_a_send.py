"""Looks for reports after each send, and drops them."""

from honest import Honest


class Lie(Honest):
    def read_send(self, call, text):
        self.reports({**call, "ids": None})
        return super().read_send(call, text)


if __name__ == "__main__":
    Lie().serve()
