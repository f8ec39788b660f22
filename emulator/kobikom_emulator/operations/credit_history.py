"""The credit of an account over time, from the lines of its ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

from kobikom_emulator.domain.states import LedgerKind, LedgerLine


class CreditPoint(msgspec.Struct, frozen=True):
    """What the credit was from an instant (ms) on, after the line `kind`. `low` and `high` are the bounds between this
    point and the next one where points between them were left out.
    """

    at: int
    credit: Decimal
    kind: LedgerKind
    low: Decimal
    high: Decimal


def credit_points(lines: Iterable[LedgerLine], *, credit_now: Decimal) -> list[CreditPoint]:
    """The credit after each line; `lines` are those of one account, oldest first.

    Lines `opened` and `set` hold the credit itself. What the credit was before the first of them is not known, so the
    points begin there. Where there is none at all, it is counted back from the credit now.
    """
    kept = list(lines)
    start = next((nth for nth, line in enumerate(kept) if _is_absolute(line)), None)
    credit = Decimal(0)
    if start is None:
        credit = credit_now - sum((_change(line) for line in kept), Decimal(0))
    points = []
    for line in kept[start or 0 :]:
        credit = line.amount if _is_absolute(line) else credit + _change(line)
        points.append(CreditPoint(line.at, credit, line.kind, credit, credit))
    return points


def thinned(points: Sequence[CreditPoint], most: int) -> list[CreditPoint]:
    """At most `most` points, the first and the last among them: of points that follow each other the last stands for
    all, with their lowest and highest credit.
    """
    if len(points) <= most:
        return list(points)
    first, rest = points[0], points[1:]
    thin = [first]
    for nth in range(most - 1):
        group = rest[nth * len(rest) // (most - 1) : (nth + 1) * len(rest) // (most - 1)]
        low, high = min(point.low for point in group), max(point.high for point in group)
        thin.append(msgspec.structs.replace(group[-1], low=low, high=high))
    return thin


def _is_absolute(line: LedgerLine) -> bool:
    return line.kind in (LedgerKind.OPENED, LedgerKind.SET)


def _change(line: LedgerLine) -> Decimal:
    return line.amount if line.kind is LedgerKind.REFUND else -line.amount
