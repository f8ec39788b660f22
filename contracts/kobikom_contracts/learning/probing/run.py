"""A run: does the next probe, looks at what it shows, and plans again, until nothing more can be decided."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from kobikom_contracts import reader
from kobikom_contracts.dates import read_date
from kobikom_contracts.http_client import Unreachable
from kobikom_contracts.learning.decoded import Decoded, DecodedSend, decoded, decoded_send
from kobikom_contracts.learning.evidence import Evidence
from kobikom_contracts.learning.inference import infer
from kobikom_contracts.learning.probing import prices
from kobikom_contracts.learning.probing.account import Account
from kobikom_contracts.learning.probing.answers import Stopped, check
from kobikom_contracts.learning.probing.catalogue import QUERIES
from kobikom_contracts.learning.probing.connection import RecordingClient
from kobikom_contracts.learning.probing.plan import next_probe
from kobikom_contracts.learning.probing.probe import Kind, Probe, Request, balance_query, pull
from kobikom_contracts.learning.probing.situation import CLOSING, OPENING, Situation
from kobikom_contracts.learning.probing.spending import OverBudget, Spending, most_parts
from kobikom_contracts.learning.probing.timing import seconds_until_dates_differ
from kobikom_contracts.learning.readings import READINGS
from kobikom_contracts.learning.result import Learned, learned
from kobikom_contracts.learning.traffic import Traffic

_MOST_NAMED = 40
"""Ids that one pull names, so that its address stays short."""
_SAID_EVERY = 15
"""Seconds between two lines that say what is waited for."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What earlier recordings say: evidence, and the names of its exchanges by position."""

    evidence: tuple[Evidence, ...] = ()
    labels: tuple[str, ...] = ()


class LearnRun:
    """One run of an account against a service.

    ``budget``: the most parts that it may be charged. ``exclusive``: nothing else changes the account's balance.
    ``before``: what recordings say. ``patience``: seconds to wait for reports, all in all. ``wait`` lets seconds pass,
    ``now`` is the time in UTC, ``progress`` gets a line before each wait. ``trace``: the name of the run's recording.
    """

    def __init__(
        self,
        client: RecordingClient,
        account: Account,
        *,
        budget: int,
        exclusive: bool = False,
        before: Recorded | None = None,
        patience: float = 120.0,
        wait: Callable[[float], object] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        progress: Callable[[str], object] = lambda _: None,
        trace: str = "",
    ) -> None:
        self.account, self.exclusive = account, exclusive
        self.spending = Spending(budget)
        self.missing: Counter[str] = Counter()
        """Messages without a report, by id."""
        self.begun = False
        """The login was accepted."""
        self._client, self._before = client, before or Recorded()
        self.patience, self._wait, self._now, self._progress, self._trace = patience, wait, now, progress, trace
        self._traffic = Traffic((), exclusive)
        self.tried: list[str] = []
        """The names of the probes, in their order."""
        self._opening: int | None = None
        self._closing_due = self.reported = False
        self._sent_at: dict[str, datetime] = {}
        self._offset: timedelta | None = None
        """How far the service's clock is ahead."""
        self.learned = self._learn()

    # -- what is known -------------------------------------------------------------------------------

    @property
    def traffic(self) -> Traffic:
        """The exchanges of this run."""
        if len(self._traffic.exchanges) != len(self._client.exchanges):
            new = decoded(self._client.exchanges[len(self._traffic.exchanges) :])
            known = self._traffic.exchanges
            placed = (replace(one, position=len(known) + place) for place, one in enumerate(new))
            self._traffic = Traffic((*known, *placed), self.exclusive)
        return self._traffic

    @property
    def situation(self) -> Situation:
        """What the next plan rests on."""
        left = {one.reading.name: one.left for one in self.learned.values}
        return Situation(
            account=self.account,
            left=left,
            parts_left=self.spending.left,
            exclusive=self.exclusive,
            tried=frozenset(self.tried),
            opened=self._opening is not None,
            priced=self.exclusive and prices.is_priced(self.traffic, self._opening),
            closing_due=self._closing_due,
            id_used=self.account.own_id in self._sent_at,
            outstanding=bool(self.missing),
            payable=prices.payable(self.traffic, self._opening) if self.exclusive else None,
            dates_differ=self.reported and self._seconds_until_dates_differ(left["dates"]) is not None,
        )

    def _learn(self) -> Learned:
        own = infer(self.traffic)
        first: dict[tuple[str, str], Evidence] = {}
        shift = len(self._before.labels)
        for one in (*self._before.evidence, *(replace(one, position=one.position + shift) for one in own)):
            first.setdefault((one.reading, one.value), one)
        of_trace = f" of {self._trace}" if self._trace else ""
        labels = [f"exchange {exchange.number}{of_trace}" for exchange in self._client.exchanges]
        return learned(first.values(), [*self._before.labels, *labels])

    # -- the run -------------------------------------------------------------------------------------

    def run(self) -> None:
        """Do every probe that is of use and within the budget; raises :class:`Stopped` where it cannot go on."""
        try:
            while (probe := next_probe(self.situation)) is not None:
                self.tried.append(probe.name)
                self._do(probe)
                self.learned = self._learn()
            if self.exclusive and self.spending.messages:
                self._ask(balance_query(self.account))
        finally:
            self.learned = self._learn()

    def _do(self, probe: Probe) -> None:
        match probe.kind:
            case Kind.REPORTS:
                self._collect_reports()
                return
            case Kind.TIMED:
                seconds = self._seconds_until_dates_differ(self.situation.left["dates"]) or 0.0
                if seconds:
                    self._progress(f"waiting {seconds:.0f} s for a time that decides the form of dates")
                    self._wait(seconds)
        sends = [send for request in probe.requests if (send := self._ask(request)) is not None]
        if probe.parts and not sends:
            raise Stopped("the answer to a send has no result")
        if probe.kind is Kind.TIMED:
            self._collect_reports()
        elif probe.name == QUERIES:
            self.begun = True
            self._take_title()
        elif probe.name in OPENING:
            self._open(probe, sends[0])
        elif probe.by_charge:
            self._closing_due = self._closing_due or sends[0].accepted
            self._settle_charge(sends[0])
        elif probe.name == CLOSING:
            self._closing_due = False

    def _take_title(self) -> None:
        listed = [title for one in self.traffic.answers for group in reader.titles(one.text) for title in group]
        if not self.account.title and listed:
            self.account = replace(self.account, title=listed[0])

    def _open(self, probe: Probe, send: DecodedSend) -> None:
        if send.accepted:
            self._opening = send.position
        elif send.refusal == "-2":
            raise Stopped("the account has no credit for a message (-2)")
        elif probe.name == OPENING[1] or send.refusal != "-23":
            title = f"the title {self.account.title!r}" if self.account.title else "no title"
            hint = ": give one of the account's with --title" if send.refusal in READINGS["title-code"].values else ""
            recipient = self.account.recipients[0]
            raise Stopped(f"a plain message with {title} to {recipient} gets {send.refusal}{hint}")

    def _settle_charge(self, send: DecodedSend) -> None:
        """Count what was charged, where balances show it, instead of the most that it may have been."""
        charged = prices.most_parts_charged(self.traffic, self._opening, send.position)
        if charged is not None:
            most = most_parts(send)
            self.spending.settle(most, min(most, max(0, charged)))

    # -- requests ------------------------------------------------------------------------------------

    def _ask(self, request: Request) -> DecodedSend | None:
        """Send a request unless it asks for the balance once more; the send that it was, if any."""
        if request == self._last and request == balance_query(self.account):
            return None
        try:
            self.spending.reserve(request.parts)
            recorded = self._client.ask(request)
        except Unreachable as error:
            self.spending.settle(request.parts, 0)
            raise Stopped(str(error)) from None
        except OverBudget:
            raise Stopped(f"a request could exceed the budget of {self.spending.budget} parts: not sent") from None
        self._last = request
        exchange = self.traffic.exchanges[-1]
        check(exchange, recorded, signed=request.signed)
        send = decoded_send(exchange)
        if send is not None:
            self.spending.settle(request.parts, most_parts(send))
            for result in send.results:
                if result.status == "0":
                    self.spending.messages += 1
                    self.missing[result.message_id] += 1
                    self._sent_at.setdefault(result.message_id, recorded.begun_at)
        return send

    _last: Request | None = None

    # -- reports -------------------------------------------------------------------------------------

    def _collect_reports(self) -> None:
        waited = 0.0
        while True:
            self._pull_missing()
            if not self.missing or waited >= self.patience:
                return
            step = min(1.0 if waited < 10 else 5.0, self.patience - waited)
            if waited % _SAID_EVERY == 0:
                rest = f"{self.patience - waited:.0f} s at most"
                self._progress(f"waiting for the reports of {self.missing.total()} messages, {rest}")
            self._wait(step)
            waited += step

    def _pull_missing(self) -> None:
        """Name the ids of this run apart from those that the service made: it may close their documents differently."""
        own = [one for one in self.missing if one == self.account.own_id]
        for ids in (own, [one for one in self.missing if one not in own]):
            for start in range(0, len(ids), _MOST_NAMED):
                self._ask(pull(self.account, tuple(ids[start : start + _MOST_NAMED])))
                self._take_reports(self.traffic.exchanges[-1])

    def _take_reports(self, exchange: Decoded) -> None:
        for report in reader.reports(exchange.text):
            self.reported = True
            self.missing[report.id] -= 1
            sent, sent_at = read_date(report.sentdate), self._sent_at.get(report.id)
            if sent is not None and sent_at is not None:
                self._offset = sent - sent_at
        self.missing = +self.missing

    def _seconds_until_dates_differ(self, values: Sequence[str]) -> float | None:
        return seconds_until_dates_differ(values, self._now() + (self._offset or timedelta()))

    # -- the end -------------------------------------------------------------------------------------

    @property
    def credits(self) -> Decimal | None:
        """The credit that was spent, None where balances do not say."""
        return prices.spent(self.traffic) if self.exclusive else None

    @property
    def requests(self) -> int:
        """The requests that were sent."""
        return len(self._client.exchanges)
