"""What a run has spent, in parts, and the hard limit of its budget."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from kobikom_contracts.learning.decoded import DecodedSend
from kobikom_contracts.learning.inference.part_counts import Choice, parts_of


class OverBudget(Exception):
    """A request could cost more than what is left of the budget; it was not sent."""


@dataclass(slots=True)
class Spending:
    """``parts`` may have been charged so far, of at most ``budget``; ``messages`` were accepted."""

    budget: int
    parts: int = 0
    messages: int = 0

    @property
    def left(self) -> int:
        """Parts that may still be charged."""
        return self.budget - self.parts

    def reserve(self, parts: int) -> None:
        """Count the most that a request may cost; raises :class:`OverBudget` where that is too much."""
        if parts and parts > self.left:
            raise OverBudget
        self.parts += parts

    def settle(self, reserved: int, charged: int) -> None:
        """Replace what was reserved for a request by the most that it was charged."""
        self.parts += charged - reserved


def most_parts(send: DecodedSend, possible: Collection[Choice] | None = None) -> int:
    """The most parts that the accepted recipients of a send were charged, under some choices of the readings."""
    total = 0
    for block, _, result in send.pairs or ():
        counts = parts_of(block.fields) if result.status == "0" else None
        if counts is not None:
            total += max((counts[one] for one in counts if possible is None or one in possible), default=1)
        else:
            total += result.status == "0"
    return total
