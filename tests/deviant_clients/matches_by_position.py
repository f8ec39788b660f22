"""Assigns results to recipients by position."""

from correct import CorrectClient, Failed


class DeviantClient(CorrectClient):
    def matched(self, call, rows):
        if len(rows) != len(call["recipients"]):
            raise Failed("unknown_fate")
        pairs = zip(call["recipients"], rows, strict=True)
        return [self.result(row[0], row[1], one["gsm"]) for one, row in pairs]


if __name__ == "__main__":
    DeviantClient().serve()
