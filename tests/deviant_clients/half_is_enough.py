"""Treats an answer that was cut as complete if there is a result in it."""

from correct import CorrectClient, Failed


class DeviantClient(CorrectClient):
    def lost_send(self, call, lost):
        return self.cut_send(call, lost.body.decode("utf-8", "replace"))

    def cut_send(self, call, text):
        rows = self.rows(text)
        if not rows:
            raise Failed("unknown_fate")
        return {"results": [self.result(*row) for row in rows]}


if __name__ == "__main__":
    DeviantClient().serve()
