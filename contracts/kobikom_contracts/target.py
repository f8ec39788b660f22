"""Law: what is judged: a URL, credentials, and what may be done to it. No contract lives here."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from urllib.parse import urlsplit

from kobikom_contracts.control import Control
from kobikom_contracts.verdicts import NotCheckable


class Need(StrEnum):
    """What a contract may need of a target beyond answering requests."""

    SEND = "send"
    DELIVERY = "delivery"
    EXCLUSIVE = "exclusive"
    CREDIT = "credit"
    CLOCK = "clock"
    OUTCOMES = "outcomes"
    MESSAGES = "messages"
    FAULTS = "faults"
    SECOND = "second"
    PUSH = "push"
    NUMBERS = "numbers"


@dataclass(frozen=True, slots=True)
class Target:
    """A server under judgement.

    ``control`` is our control API, when it has one. ``exclusive``: nobody else uses the account
    meanwhile (always so on a controlled target). ``recipients``: the only numbers that may be sent
    to; needed where real people might be at the other end. ``safe``: send nothing. ``budget``:
    most parts that may be spent. ``second``: user and password of another account.
    """

    url: str
    user: str
    password: str
    control: Control | None = None
    exclusive: bool = False
    recipients: tuple[str, ...] = ()
    safe: bool = False
    budget: int | None = None
    second: tuple[str, str] | None = None
    strict: bool = False
    readings: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 10.0
    patience: float = 5.0

    @property
    def local(self) -> bool:
        """True for a loopback or private address, where no real phone is expected to ring."""
        host = urlsplit(self.url).hostname or ""
        if host == "localhost":
            return True
        try:
            return ipaddress.ip_address(host).is_private
        except ValueError:
            return False

    @property
    def ours(self) -> bool:
        """True when inferred clauses bind it: it has our control API, or ``strict`` was said."""
        return self.strict or self.control is not None

    def lacks(self, need: Need) -> str | None:
        """Why a need can't be met, None when it can."""
        has = frozenset[str]() if self.control is None else self.control.capabilities
        controlled = self.control is not None
        met, reason = {
            Need.EXCLUSIVE: (
                self.exclusive or controlled,
                "others may use this account: say --exclusive if not",
            ),
            Need.SECOND: (
                self.second is not None or "accounts" in has,
                "needs a second account: give --second-user and --second-password",
            ),
            Need.NUMBERS: (
                self.local or controlled,
                "would send to numbers nobody named: judged on local targets only",
            ),
            Need.PUSH: (
                controlled and self.local,
                "needs a local target with the control API, one that can reach us",
            ),
            Need.OUTCOMES: (controlled, self._no(need)),
            Need.CREDIT: (bool({"accounts", "reset"} & has), self._no(need)),
        }.get(need, (need.value in has, self._no(need)))
        if need in {Need.SEND, Need.DELIVERY}:
            return self._silence()
        return None if met else reason

    def offer(self, needs: Iterable[Need]) -> None:
        """Raise :class:`NotCheckable` with the reason for the first need that can't be met."""
        for need in sorted(needs):
            if reason := self.lacks(need):
                raise NotCheckable(reason)

    def _no(self, need: Need) -> str:
        if self.control is None:
            return f"needs the control API ({need.value}): give --control"
        return f"the control API does not offer {need.value}"

    def _silence(self) -> str | None:
        """Why nothing may be sent, None when it may."""
        if self.safe:
            return "sends messages, and --safe was given"
        if not self.local and not self.recipients and self.control is None:
            return "would send to strangers' phones: give --recipient NUMBER"
        return None


@dataclass(slots=True)
class Spending:
    """Counts what a run spends at a target, in messages and parts."""

    messages: int = 0
    parts: int = 0
    credit: Decimal = Decimal(0)
