"""Leaves out a number that was given twice."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def recipients(self, call):
        return list({gsm: (gsm, ident) for gsm, ident in super().recipients(call)}.values())

    def matched(self, call, rows):
        known = {row[2]: row for row in rows}
        return super().matched(call, [known[one["gsm"]] for one in call["recipients"] if one["gsm"] in known])


if __name__ == "__main__":
    DeviantClient().serve()
