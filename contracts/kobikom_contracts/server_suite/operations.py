"""The operations of the API as the judge performs them, over its own HTTP client."""

from __future__ import annotations

import time
from abc import ABC
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from kobikom_contracts import documents, reader
from kobikom_contracts.core.profiles import Profile
from kobikom_contracts.core.verdicts import NotCheckable, Violation
from kobikom_contracts.documents import Block, Recipient, Send
from kobikom_contracts.http_client import HttpClient
from kobikom_contracts.http_connection import HttpAnswer
from kobikom_contracts.server_suite import amounts
from kobikom_contracts.server_suite.exchanges import Answer, Exchanges
from kobikom_contracts.server_suite.target import Target
from kobikom_contracts.transcript import Exchange

PREFIXES = ("532", "533", "535", "537", "541", "542", "543", "544", "546", "551", "552", "554")
"""Prefixes that Turkish mobile operators have held for long."""


@dataclass(frozen=True, slots=True)
class Pull:
    """The answer to a pull: the HTTP answer, and the reports in it."""

    http: HttpAnswer
    reports: tuple[reader.Report, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The reports' ids, in order."""
        return tuple(one.id for one in self.reports)


class Operations(Exchanges, ABC):
    """Sends, pulls and queries; credentials and waiting."""

    def __init__(
        self,
        target: Target,
        http_client: HttpClient,
        *,
        profile: Profile,
        seed: int,
        prefix: str,
        wait: Callable[[float], None],
    ) -> None:
        super().__init__(target, http_client, profile=profile, seed=seed)
        self.user = target.user
        self.password = target.password
        self.prefix = prefix
        self._wait = wait
        self._count = 0

    # -- ids and numbers ---------------------------------------------------------------------------

    def new_id(self) -> str:
        """A message id that is unique to this run: its prefix and a counter."""
        self._count += 1
        return f"{self.prefix}{self._count:06d}"

    def gsm(self, index: int = 0) -> str:
        """A Turkish mobile number that may be sent to, as 905XXXXXXXXX."""
        allowed = self.target.recipients
        if allowed:
            return allowed[index % len(allowed)]
        return f"90{PREFIXES[index % len(PREFIXES)]}{9975000 + index:07d}"

    # -- sending ------------------------------------------------------------------------------

    def message(self, count: int = 1, *, ids: bool = False, **fields: str) -> Send:
        """A plain send to ``count`` numbers; ``fields`` by wire name replace the defaults."""
        recipients = tuple(Recipient(self.gsm(index), self.new_id() if ids else None) for index in range(count))
        return self.to(recipients, **fields)

    def with_fields(self, fields: Mapping[str, str], count: int = 1) -> Send:
        """A plain send with these fields, by wire name."""
        return self.to((Recipient(self.gsm(index)) for index in range(count)), **fields)

    def to(self, recipients: Iterable[Recipient], **fields: str) -> Send:
        """A send of one block to these recipients."""
        merged = {"metin": "Merhaba", **fields}
        return Send(self.user, self.password, (Block(tuple(recipients), merged),))

    def submit(self, send: Send) -> Answer:
        """Send a request as bare XML; its answer."""
        # At least as many parts as any reading of the alphabets would charge.
        parts = sum(len(block.recipients) * (1 + len(block.fields.get("metin", "")) // 67) for block in send.blocks)
        return self.submit_raw(send.body(), send.recipients, parts=parts, means=send)

    # -- queries --------------------------------------------------------------------------------

    def ask_titles(self) -> HttpAnswer:
        """The raw answer to a title query."""
        return self.post(documents.query("basliklar", self.user, self.password))

    def ask_balance(self) -> HttpAnswer:
        """The raw answer to a balance query."""
        return self.post(documents.query("bakiye", self.user, self.password))

    def balance(self) -> Decimal:
        """The account's balance; a violation when the answer holds none."""
        return amounts.value(self.balance_text(), self.amount_form)

    def balance_text(self) -> str:
        """The account's balance as it is written."""
        http = self.ask_balance()
        amount = reader.element(http.text, "miktar")
        if amount is None:
            raise Violation("a balance", repr(http.text[:200]), statement="B-01.1")
        if not amounts.READABLE.fullmatch(amount.strip()):
            raise Violation("an amount", repr(amount[:200]), statement="B-01.2")
        return amount.strip()

    def pull(self, ids: Iterable[str] | None = None, *, appid: str | None = None) -> Pull:
        """Pull reports: of the named messages, or of all (only where nobody else uses the account)."""
        named = None if ids is None else tuple(ids)
        path = documents.pull_path(self.user, self.password, named, appid)
        http = self.get(path)
        return Pull(http, reader.reports(http.text))

    # -- time -------------------------------------------------------------------------------------

    def let_pass(self, seconds: int) -> None:
        """Let the target's time pass: by moving its clock where the control API has one, else by waiting."""
        control = self.target.control
        if control is not None and "clock" in control.capabilities:
            control.advance(seconds)
        elif seconds <= self.target.patience:
            self.wait(float(seconds))
        else:
            raise NotCheckable(f"takes {seconds} s of waiting: needs the control API's clock")

    def deliver(self) -> None:
        """Let what was just sent become final by the default delivery (about a second)."""
        if self.has_clock:
            self.let_pass(2)
        else:
            self.wait(1.1)

    def wait(self, seconds: float) -> None:
        """Let real seconds pass, and record that in the transcript."""
        self.http_client.transcript.add(Exchange(b"", b"", seconds))
        self._wait(seconds)

    def collect(self, ids: Iterable[str], *, appid: str | None = None) -> tuple[reader.Report, ...]:
        """The reports of these messages, once final by the default delivery (about a second).

        Where the clock cannot be moved it polls until all have come or the target's patience is over.
        """
        named = tuple(ids)
        self.deliver()
        reports = list(self.pull(named, appid=appid).reports)
        deadline = time.monotonic() + self.target.patience
        while not self.has_clock and len(reports) < len(named) and time.monotonic() < deadline:
            self.wait(0.25)
            reports += self.pull(named, appid=appid).reports
        return tuple(reports)

    @property
    def has_clock(self) -> bool:
        """True when the target's clock can be moved."""
        control = self.target.control
        return control is not None and "clock" in control.capabilities
