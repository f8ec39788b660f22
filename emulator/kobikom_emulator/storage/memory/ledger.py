"""The lines of the ledger, of all users and by user, with their sums."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from kobikom_emulator.domain.states import LedgerKind, LedgerLine

_ZERO = Decimal(0)


SLICE = 1000
"""Lines that are forgotten at a time."""


def order(line: LedgerLine) -> tuple[int, int]:
    """The place of a line in the ledger."""
    return line.at, line.number


@dataclass(slots=True)
class Lines:
    """The lines of one user that are part of a balance, or were, oldest first, and their sums."""

    lines: list[LedgerLine] = field(default_factory=list)
    spent: Decimal = _ZERO
    returned: Decimal = _ZERO
    messages: int = 0

    def add(self, line: LedgerLine) -> None:
        lines = self.lines
        if lines and (lines[-1].at > line.at or (lines[-1].at == line.at and lines[-1].number > line.number)):
            insort(lines, line, key=order)
        else:
            lines.append(line)
        if line.kind is LedgerKind.CHARGE:
            self.spent += line.amount
            self.messages += line.messages
        elif line.kind is LedgerKind.REFUND:
            self.returned += line.amount


class Ledger:
    """All lines by user, and the numbers of planned refunds, which are not lines yet."""

    def __init__(self) -> None:
        self._of_user: dict[str, Lines] = {}
        self._by_number: dict[int, LedgerLine] = {}
        self._next_number = 0

    def new_number(self) -> int:
        number = self._next_number
        self._next_number = number + 1
        return number

    def of(self, user: str) -> Lines:
        """The lines of a user."""
        lines = self._of_user.get(user)
        if lines is None:
            lines = self._of_user[user] = Lines()
        return lines

    def add(self, line: LedgerLine, to: Lines) -> None:
        """Write a line of the user whose lines these are."""
        to.add(line)
        self._by_number[line.number] = line

    def reserve(self, refund: LedgerLine) -> None:
        """Record the position that the line of a planned refund will have."""
        self._by_number[refund.number] = refund

    def release(self, refund: LedgerLine) -> None:
        """Forget the number of a refund that was cancelled or dropped. The next number is above those in use, as it is
        after an import.
        """
        del self._by_number[refund.number]
        while self._next_number > 0 and self._next_number - 1 not in self._by_number:
            self._next_number -= 1

    def claim_number(self, line: LedgerLine) -> None:
        """Take over the number of an imported line; `ValueError` if another line has it."""
        if line.number in self._by_number:
            raise ValueError(f"two lines of the ledger have the number {line.number}")
        self._next_number = max(self._next_number, line.number + 1)

    def dismantled(self) -> Iterator[None]:
        """Forget everything, some lines at a time."""
        for lines in self._of_user.values():
            while lines.lines:
                for line in lines.lines[-SLICE:]:
                    self._by_number.pop(line.number, None)
                del lines.lines[-SLICE:]
                yield

    def by_number(self) -> Iterator[LedgerLine]:
        """All lines and planned refunds in the order of their numbers."""
        by_number = self._by_number
        return (by_number[number] for number in sorted(by_number))

    def select(self, user: str | None) -> list[list[LedgerLine]]:
        """The lines of one user, or of each."""
        if user is None:
            return [lines.lines for lines in self._of_user.values()]
        return [self._of_user[user].lines] if user in self._of_user else []

    def page(self, user: str | None, due: list[LedgerLine], *, before: int | None, limit: int) -> list[LedgerLine]:
        """Up to `limit` lines before the one with the number `before`, newest first; `due` are planned refunds that
        count as lines, in order.
        """
        cursor = None if before is None else self._by_number.get(before)
        if cursor is None and before is not None:
            return []
        newest: list[LedgerLine] = []
        for lines in [*self.select(user), due]:
            end = len(lines) if cursor is None else bisect_left(lines, order(cursor), key=order)
            newest += lines[max(0, end - limit) : end]
        newest.sort(key=order, reverse=True)
        return newest[:limit]
