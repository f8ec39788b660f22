"""Fails the next balance query, too, after one with a cut answer."""

from correct import CorrectClient, Failed


class DeviantClient(CorrectClient):
    stuck = False

    def balance(self, call):
        if self.stuck:
            self.stuck = False
            raise Failed("transport")
        return super().balance(call)

    def lost_query(self, call, lost):
        self.stuck = call["op"] == "balance" and lost.head.endswith(b"OK\r\n")
        return super().lost_query(call, lost)


if __name__ == "__main__":
    DeviantClient().serve()
