"""Asks the balance with GET."""

from honest import Honest


class Lie(Honest):
    def balance(self, call):
        self.exchange(call, "GET", f"{self.path}bakiye")
        return super().balance(call)


if __name__ == "__main__":
    Lie().serve()
