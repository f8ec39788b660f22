"""The server to be judged: its URL, credentials, and what the judge may do to it."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from ssl import SSLContext
from urllib.parse import urlsplit

from kobikom_contracts.control import Control
from kobikom_contracts.core.verdicts import NotCheckable
from kobikom_contracts.server_suite.logins import MOST_WRONG_LOGINS


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
    """A server to be judged.

    ``control``: the emulator's control API, when the server has one. ``exclusive``: nobody else uses
    the account during the run (always so with a control API). ``recipients``: the only numbers that
    may be sent to; needed where they belong to real people. ``safe``: send nothing. ``budget``: most
    parts that may be spent. ``second``: user and password of another account. ``strict``: whether
    statements that the vendor's page does not say bind it; when None, they do with a control API.
    ``readings``: the reading insisted on, by name. ``timeout``: seconds one answer may take.
    ``patience``: seconds to wait for a delivery that the clock cannot be moved to. ``wrong_logins``: the most
    that may be tried; when None, as many as there are with a control API, few without.
    ``tls``: settings for an https target.
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
    strict: bool | None = None
    readings: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 10.0
    patience: float = 5.0
    wrong_logins: int | None = None
    tls: SSLContext | None = None

    @property
    def local(self) -> bool:
        """True for a loopback or private address: no server there is expected to reach real phones."""
        host = urlsplit(self.url).hostname or ""
        if host == "localhost":
            return True
        try:
            return ipaddress.ip_address(host).is_private
        except ValueError:
            return False

    @property
    def bound_by_every_statement(self) -> bool:
        """True when statements that the vendor's page does not say bind it, too."""
        return self.control is not None if self.strict is None else self.strict

    @property
    def most_wrong_logins(self) -> int | None:
        """How many wrong logins may be tried, None when any number may."""
        if self.wrong_logins is None and self.control is None:
            return MOST_WRONG_LOGINS
        return self.wrong_logins

    def lacks(self, need: Need) -> str | None:
        """Why a need can't be met, None when it can."""
        offered = frozenset[str]() if self.control is None else self.control.capabilities
        controlled = self.control is not None
        met, reason = {
            Need.EXCLUSIVE: (
                self.exclusive or controlled,
                "others may use this account: give --exclusive if not",
            ),
            Need.SECOND: (
                self.second is not None or "accounts" in offered,
                "needs a second account: give --second-user and --second-password",
            ),
            Need.NUMBERS: (
                self.local or controlled,
                "would send to numbers that were not given: judged on local targets only",
            ),
            Need.PUSH: (
                controlled and self.local,
                "needs a local target with the control API, one that can reach us",
            ),
            Need.OUTCOMES: (controlled, self._not_offered(need)),
            Need.CREDIT: (bool({"accounts", "reset"} & offered), self._not_offered(need)),
        }.get(need, (need.value in offered, self._not_offered(need)))
        if need in {Need.SEND, Need.DELIVERY}:
            return self._sends_nothing()
        return None if met else reason

    def require(self, needs: Iterable[StrEnum]) -> None:
        """Raise :class:`NotCheckable` with the reason for the first need that can't be met."""
        for need in sorted(map(Need, needs)):
            if reason := self.lacks(need):
                raise NotCheckable(reason)

    def _not_offered(self, need: Need) -> str:
        if self.control is None:
            return f"needs the control API ({need.value}): give --control"
        return f"the control API does not offer {need.value}"

    def _sends_nothing(self) -> str | None:
        """Why nothing may be sent, None when it may."""
        if self.safe:
            return "sends messages, and --safe was given"
        if not self.local and not self.recipients and self.control is None:
            return "would send to real phones of strangers: give --recipient NUMBER"
        return None


@dataclass(slots=True)
class Spending:
    """What a run has spent, in messages and parts, and the parts that are still known to be paid for."""

    messages: int = 0
    parts: int = 0
    credit: Decimal = Decimal(0)
