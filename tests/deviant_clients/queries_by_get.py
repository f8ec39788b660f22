"""Asks for the balance with GET."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def balance(self, call):
        self.exchange(call, "GET", f"{self.path}bakiye")
        return super().balance(call)


if __name__ == "__main__":
    DeviantClient().serve()
