"""Writes a number up to its first blank."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def recipients(self, call):
        return [(gsm.split(" ")[0], ident) for gsm, ident in super().recipients(call)]

    def matched(self, call, rows):
        numbers = [one["gsm"] for one in call["recipients"]]
        return super().matched(call, [(*row[:2], gsm) for row, gsm in zip(rows, numbers, strict=False)])


if __name__ == "__main__":
    DeviantClient().serve()
