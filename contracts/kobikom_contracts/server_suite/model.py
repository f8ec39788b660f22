"""A naive model of one account, with which the interleavings contract compares every answer.

It leaves out, on purpose, everything that a reading other than the default would change.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from kobikom_contracts.parts import fit


@dataclass(slots=True)
class Sent:
    """An accepted message: id, appid, the model second at which it is final, whether its report was given."""

    id: str
    appid: str
    final: int
    reported: bool = False


@dataclass(slots=True)
class Model:
    """What one account must look like after the same requests.

    ``credit`` and ``unit`` (price of a part) are read from the target at the start; ``now`` counts the
    seconds by which its clock was moved.
    """

    credit: Decimal
    unit: Decimal
    now: int = 0
    sent: list[Sent] = field(default_factory=list)

    def price(self, text: str, recipients: int) -> Decimal:
        """What a longSMS send of this text costs."""
        return self.unit * fit(text).parts * recipients

    def accept(self, ids: list[str], *, text: str, appid: str, delay: int) -> None:
        """Apply a send of which every recipient was accepted."""
        self.credit -= self.price(text, len(ids))
        self.sent += [Sent(ident, appid, self.now + delay + 1) for ident in ids]

    def due(self, ids: tuple[str, ...] | None, appid: str) -> list[str]:
        """Ids of the reports that a pull must give now, oldest first."""
        ready = [
            one
            for one in self.sent
            if not one.reported and one.final <= self.now and one.appid == appid and (ids is None or one.id in ids)
        ]
        return [one.id for one in sorted(ready, key=lambda one: one.final)]

    def give(self, ids: list[str]) -> None:
        """Note that these reports were given."""
        for one in self.sent:
            one.reported = one.reported or one.id in ids
