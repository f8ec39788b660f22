"""What the service remembers: messages, reports, balances; what was saved survives a restart."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any


@dataclass(kw_only=True)
class Notice:
    """A message to one customer. ``own_id`` is the shop's id, "" if the vendor is to make one.

    ``state``: queued, sending, accepted, refused, unknown (no usable answer), expired, opted-out.
    ``wire_id``: what a report will name. ``due``: when it is to go out, None for at once.
    """

    key: str
    batch: str
    number: str
    typed: str
    text: str
    kind: str
    created: datetime
    next_try: datetime
    own_id: str = ""
    push: bool = False
    due: datetime | None = None
    first_offset: float = 0.0
    expires: datetime | None = None
    state: str = "queued"
    code: int | None = None
    tries: int = 0
    wire_id: str = ""
    accepted_at: datetime | None = None

    def copy(self) -> Notice:
        return Notice(**vars(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """A saved report. ``key`` is its notice, "" if no notice has its id."""

    wire_id: str
    key: str
    status: str
    delivered: bool
    sent_at: datetime
    done_at: datetime
    gsm_error: int
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceRow:
    """A balance that was read: every amount that the vendor's text can mean."""

    at: datetime
    amounts: tuple[Any, ...]
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """What a person has to look at. ``about``: keys of notices, or ids of reports."""

    at: datetime
    kind: str
    text: str
    about: tuple[str, ...] = ()


@dataclass(slots=True)
class Tables:
    """Everything that is saved."""

    notices: dict[str, Notice] = field(default_factory=dict)
    reports: list[ReportRow] = field(default_factory=list)
    balances: list[BalanceRow] = field(default_factory=list)
    opted_out: dict[str, datetime] = field(default_factory=dict)
    summaries: dict[str, int] = field(default_factory=dict)
    flags: dict[str, Any] = field(default_factory=dict)

    def copy(self) -> Tables:
        """A copy that later changes do not reach; rows are immutable."""
        return Tables(
            notices={key: notice.copy() for key, notice in self.notices.items()},
            reports=list(self.reports),
            balances=list(self.balances),
            opted_out=dict(self.opted_out),
            summaries=dict(self.summaries),
            flags=dict(self.flags),
        )

    def adopt(self, notice: Notice) -> None:
        """Give a notice the report that came before its id was known."""
        for place, row in enumerate(self.reports):
            if notice.wire_id and row.wire_id == notice.wire_id and not row.key:
                self.reports[place] = replace(row, key=notice.key)


class Database:
    """Tables in memory and what was saved of them; ``reload`` forgets the rest, like the end of a process."""

    def __init__(self) -> None:
        self.tables = Tables()
        self._saved = Tables()

    def save(self) -> None:
        self._saved = self.tables.copy()

    def reload(self) -> None:
        self.tables = self.saved()

    def saved(self) -> Tables:
        """A copy of what survives a restart."""
        return self._saved.copy()


def lowest(row: BalanceRow) -> Decimal:
    """The smallest amount that a balance can mean."""
    return min(Decimal(amount) for amount in row.amounts)
