"""Law: the five verbs as the judge speaks them, over its own wire. Judges nothing.

Base of :class:`~kobikom_contracts.lab.Lab`. Every send passes through
:meth:`Dialogue.submit`, which is where the budget is kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from kobikom_contracts import documents, reader
from kobikom_contracts.documents import SEND_PATH, Block, Recipient, Send
from kobikom_contracts.target import Spending, Target
from kobikom_contracts.verdicts import NotCheckable, Violation
from kobikom_contracts.wire import Exchange, HttpAnswer, NoAnswer, Wire

# Numbers in the middle of ranges every Turkish mobile operator has long held.
RANGES = ("532", "533", "535", "537", "541", "542", "543", "544", "546", "551", "552", "554")


@dataclass(frozen=True, slots=True)
class Answer:
    """A send's answer: the HTTP answer, and the results read from it leniently."""

    http: HttpAnswer
    results: tuple[reader.Result, ...]

    @property
    def statuses(self) -> tuple[str, ...]:
        """The statuses, in document order, as text."""
        return tuple(one.status for one in self.results)

    @property
    def accepted(self) -> bool:
        """True when there are results and every one is 0."""
        return bool(self.results) and set(self.statuses) == {"0"}

    def __str__(self) -> str:
        if self.results:
            return f"statuses {', '.join(self.statuses)} in {self.http.text!r}"
        return f"HTTP {self.http.status} {self.http.text[:200]!r}"


@dataclass(frozen=True, slots=True)
class Pull:
    """A pull's answer: raw body and the reports in it."""

    http: HttpAnswer
    reports: tuple[reader.Report, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The reports' ids, in order."""
        return tuple(one.id for one in self.reports)


class Dialogue:
    """Talks to a target; holds credentials, spending and how to wait."""

    def __init__(self, target: Target, wire: Wire, *, prefix: str, wait: Callable[[float], None]) -> None:
        self.target = target
        self.wire = wire
        self.user = target.user
        self.password = target.password
        self.prefix = prefix
        self.spending = Spending()
        self._wait = wait
        self._count = 0
        self.strays: list[str] = []

    # -- names of our own -------------------------------------------------------------------

    def new_id(self) -> str:
        """A message id nobody else uses: the run's prefix and a counter."""
        self._count += 1
        return f"{self.prefix}{self._count:06d}"

    def gsm(self, index: int = 0) -> str:
        """A Turkish mobile number that may be sent to, as 905XXXXXXXXX."""
        allowed = self.target.recipients
        if allowed:
            return allowed[index % len(allowed)]
        return f"90{RANGES[index % len(RANGES)]}{9975000 + index:07d}"

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
        parts = sum(len(block.recipients) * (1 + len(block.fields.get("metin", "")) // 67) for block in send.blocks)
        return self.submit_raw(send.body(), sum(len(b.recipients) for b in send.blocks), parts=parts)

    def submit_raw(
        self,
        body: bytes,
        recipients: int = 1,
        *,
        headers: tuple[tuple[str, str], ...] = (),
        path: str = SEND_PATH,
        parts: int | None = None,
    ) -> Answer:
        """Send a body as it is; ``recipients`` and ``parts`` are what it may cost."""
        self.spend(recipients, recipients if parts is None else parts)
        return self.answer(self.ask(lambda: self.wire.post(path, body, headers)))

    def spend(self, messages: int, parts: int) -> None:
        """Count what is about to be sent; raises :class:`NotCheckable` past the budget."""
        if messages and self.target.safe:
            raise NotCheckable("sends messages, and --safe was given")
        budget = self.target.budget
        if budget is not None and self.spending.parts + parts > budget:
            raise NotCheckable(f"would spend more than the budget of {budget} parts")
        self.spending.messages += messages
        self.spending.parts += parts

    def ask(self, call: Callable[[], HttpAnswer]) -> HttpAnswer:
        """Run one exchange; a target that doesn't answer HTTP breaks the clause being judged."""
        try:
            return call()
        except (NoAnswer, ValueError) as error:
            raise Violation("an HTTP answer", error) from None

    def answer(self, http: HttpAnswer) -> Answer:
        """Read a send answer; codes that never come by themselves are remembered for E."""
        found = Answer(http, reader.results(http.text))
        self.strays += [one.status for one in found.results if one.status in ("-1", "-26", "-99")]
        return found

    def post(self, body: bytes, path: str = SEND_PATH) -> HttpAnswer:
        """The raw answer to a POST that sends no message."""
        return self.ask(lambda: self.wire.post(path, body))

    def get(self, path: str) -> HttpAnswer:
        """The raw answer to a GET."""
        return self.ask(lambda: self.wire.get(path))

    # -- queries --------------------------------------------------------------------------------

    def ask_titles(self) -> HttpAnswer:
        """The raw answer to a title query."""
        return self.post(documents.query("basliklar", self.user, self.password))

    def ask_balance(self) -> HttpAnswer:
        """The raw answer to a balance query."""
        return self.post(documents.query("bakiye", self.user, self.password))

    def balance(self) -> Decimal:
        """The account's balance; a violation when the answer holds none."""
        http = self.ask_balance()
        amount = reader.element(http.text, "miktar")
        try:
            return Decimal((amount or "").strip())
        except InvalidOperation:
            raise Violation("a balance", repr(http.text[:200]), clause="B-01") from None

    def pull(self, ids: Iterable[str] | None = None, *, appid: str | None = None) -> Pull:
        """Pull reports, of the named messages or (on an account of our own) of all."""
        named = None if ids is None else tuple(ids)
        path = documents.pull_path(self.user, self.password, named, appid)
        http = self.get(path)
        return Pull(http, reader.reports(http.text))

    # -- time -------------------------------------------------------------------------------------

    def let_pass(self, seconds: int) -> None:
        """Let the target's time go on: by its clock when it has a lever, else by waiting."""
        control = self.target.control
        if control is not None and "clock" in control.capabilities:
            control.advance(seconds)
        elif seconds <= self.target.patience:
            self.transcript_wait(float(seconds))
        else:
            raise NotCheckable(f"takes {seconds} s of waiting: needs the control API's clock")

    def deliver(self) -> None:
        """Let what was just sent become final by the default delivery (about a second)."""
        if self.has_clock:
            self.let_pass(2)
        else:
            self.transcript_wait(1.1)

    def transcript_wait(self, seconds: float) -> None:
        """Wait really, and say so in the transcript."""
        self.wire.transcript.add(Exchange(b"", b"", seconds))
        self._wait(seconds)

    def collect(self, ids: Iterable[str], *, appid: str | None = None) -> tuple[reader.Report, ...]:
        """The reports of these messages, once final by the default delivery (about a second).

        Where there is no clock lever it polls, since a report comes when the target says, and gives
        up after the target's patience with what it has.
        """
        named = tuple(ids)
        self.deliver()
        found = list(self.pull(named, appid=appid).reports)
        deadline = time.monotonic() + self.target.patience
        while not self.has_clock and len(found) < len(named) and time.monotonic() < deadline:
            self.transcript_wait(0.25)
            found += self.pull(named, appid=appid).reports
        return tuple(found)

    @property
    def has_clock(self) -> bool:
        """True when the target's clock can be moved."""
        control = self.target.control
        return control is not None and "clock" in control.capabilities
