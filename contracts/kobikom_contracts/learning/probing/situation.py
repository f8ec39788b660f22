"""What is known between two probes: which values fit, what was accepted, what is left of the budget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kobikom_contracts.learning.probing.account import Account
from kobikom_contracts.learning.probing.probe import Kind, Probe

REPORTED = ("report-close", "sent-attribute", "dates")
"""Readings that any report shows."""
CLOSING_PARTS = 2
"""Parts of the message that shows the price after the probes that decide by their charge."""


@dataclass(frozen=True, slots=True)
class Payable:
    """How many parts the credit pays for: at least and at most, as prices and balances may be rounded."""

    least: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """The state of a run. ``left``: the values of each reading that fit everything seen.

    ``exclusive``: only this run changes the balance. ``tried``: names of probes. ``opened``: a message of one part was
    accepted. ``priced``: its charge shows the price. ``closing_due``: probes wait for the price to be shown again.
    ``id_used``: a message with the run's own id was accepted. ``outstanding``: messages without a report.
    ``payable`` is None while it is not known. ``dates_differ``: a moment of the next minute shows more of ``dates``.
    """

    account: Account
    left: Mapping[str, tuple[str, ...]]
    parts_left: int
    exclusive: bool
    tried: frozenset[str] = frozenset()
    opened: bool = False
    priced: bool = False
    closing_due: bool = False
    id_used: bool = False
    outstanding: bool = False
    payable: Payable | None = None
    dates_differ: bool = False

    def open(self, *names: str) -> tuple[str, ...]:
        """Those of some readings that are not decided."""
        return tuple(name for name in names if len(self.left[name]) > 1)

    @property
    def spendable(self) -> int:
        """Parts of the budget that nothing is reserved for."""
        return self.parts_left - (CLOSING_PARTS if self.closing_due else 0)

    def affords(self, probe: Probe) -> bool:
        """Whether the budget allows a probe, and the message that must follow it."""
        if probe.name == CLOSING:
            return probe.parts <= self.parts_left
        reserve = CLOSING_PARTS if probe.by_charge and not self.closing_due else 0
        return probe.parts + reserve <= self.spendable

    def after(self, probe: Probe) -> Situation:
        """The situation if a probe decides all that it can at its highest price: the assumption of a plan."""
        left = {name: values[:1] if name in probe.decides else values for name, values in self.left.items()}
        for name, excluded in probe.narrows.items():
            left[name] = tuple(value for value in left[name] if value != excluded)
        return replace(
            self,
            left=left,
            parts_left=self.parts_left - probe.parts,
            tried=self.tried | {probe.name},
            opened=self.opened or probe.name in OPENING,
            priced=self.priced or (self.exclusive and probe.name in OPENING),
            closing_due=probe.by_charge or (self.closing_due and probe.name != CLOSING),
            id_used=self.id_used or probe.name in WITH_OWN_ID,
            outstanding=probe.kind is Kind.AT_ONCE and (self.outstanding or probe.parts > 0),
        )


OPENING = ("a message valid for 72 hours", "a message of one part")
"""The messages that show that messages are accepted, and what a part costs."""
CLOSING = "a message of two parts"
WITH_OWN_ID = ("recipients in several forms, one id twice", "recipients in several forms")
