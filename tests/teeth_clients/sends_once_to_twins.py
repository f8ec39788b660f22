"""Leaves out a number that was given twice."""

from honest import Honest


class Lie(Honest):
    def recipients(self, call):
        return list({gsm: (gsm, ident) for gsm, ident in super().recipients(call)}.values())

    def matched(self, call, rows):
        known = {row[2]: row for row in rows}
        return super().matched(call, [known[one["gsm"]] for one in call["recipients"] if one["gsm"] in known])


if __name__ == "__main__":
    Lie().serve()
