"""Delivery reports across exchanges: which messages they are of, when they come, and that none comes twice (R)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kobikom_contracts import reader
from kobikom_contracts.core.verdicts import Violation
from kobikom_contracts.dates import read_date
from kobikom_contracts.documents import Send
from kobikom_contracts.reader import Report
from kobikom_contracts.server_suite.audit import echo
from kobikom_contracts.server_suite.audit.meaning import PullRequest
from kobikom_contracts.server_suite.audit.messages import SLACK, UNSURE, delay_of, order_faults, value_faults
from kobikom_contracts.trace.exchanges import JudgedExchange
from kobikom_contracts.trace.observations import Observation, observed


@dataclass(frozen=True, slots=True)
class _Sent:
    """One accepted recipient: ``at`` by the server's clock, ``delay`` in seconds; None where it is unknown."""

    user: str
    at: datetime | None
    delay: int | None
    appid: str
    generated: bool


@dataclass(slots=True)
class RecordedReports:
    """What the exchanges before one say of its reports.

    Others may use the account, too, and have used it before: an id of the client's may be that of a message that the
    recording does not hold. An id that the server made is that of one message.
    """

    _sent: dict[tuple[str, str], list[_Sent]] = field(default_factory=lambda: defaultdict(list))
    _owners: dict[str, str] = field(default_factory=dict)
    """The user of each id that the server made."""
    _given: dict[tuple[str, str], list[Report]] = field(default_factory=lambda: defaultdict(list))

    def observations(self, one: JudgedExchange) -> Iterator[Observation]:
        """What the next exchange shows."""
        if one.http is None or one.http.status != 200:
            return
        match one.request:
            case Send() as send:
                yield from observed([], self._results(one, send), one.position)
                yield from (Observation("S-02.5", one.position) for _ in self._fresh)
            case PullRequest() as pull if "NO_DATA" in one.http.text:
                yield from observed([*self._nothing(pull)], (), one.position)
            case PullRequest() as pull:
                rows = reader.reports(one.http.text)
                yield from self._pulled(one, pull, rows)

    _fresh: list[str] = field(default_factory=list)
    """The ids that the last send made."""

    def _results(self, one: JudgedExchange, send: Send) -> Iterator[Violation]:
        self._fresh = []
        assert one.http is not None, "only answers are judged"
        user = (send.user or "").strip(echo.BLANK)
        for block, recipient, result in echo.pairs(send, reader.results(one.http.text)) or ():
            if result.status != "0" or not result.message_id:
                continue
            generated = not (recipient.message_id or "").strip()
            if generated and result.message_id in self._owners:
                yield Violation(
                    "a messageid that no other message has", f"{result.message_id!r} again", statement="S-02.5"
                )
            elif generated:
                self._owners[result.message_id] = user
                self._fresh.append(result.message_id)
            offset, appid = block.fields.get("ileriTarih", ""), block.fields.get("appid", "").strip()
            sent = _Sent(user, one.at, delay_of(offset), appid, generated)
            self._sent[user, result.message_id].append(sent)

    def _nothing(self, pull: PullRequest) -> Iterator[str]:
        """What NO_DATA shows."""
        user = (pull.user or "").strip(echo.BLANK)
        if pull.ids == ():
            yield "R-04.2"
        elif pull.ids is not None and all((user, ident) in self._given for ident in pull.ids):
            yield "R-03.2"

    def _pulled(self, one: JudgedExchange, pull: PullRequest, rows: tuple[Report, ...]) -> Iterator[Observation]:
        user = (pull.user or "").strip(echo.BLANK)
        yield from observed([], order_faults(rows), one.position)
        for row in rows:
            seen, violations = self._report(one, pull, user, row)
            yield from observed(seen, violations, one.position)
            self._given[user, row.id].append(row)

    def _report(
        self, one: JudgedExchange, pull: PullRequest, user: str, row: Report
    ) -> tuple[list[str], list[Violation]]:
        seen = ["R-03.1", "R-08.2", "R-09.1"]
        violations = [*value_faults(row), *self._again(user, row)]
        if row.status in ("DELIVERED", "NOT_SENT"):
            seen.append("R-10.1" if row.status == "DELIVERED" else "R-10.3")
        elif row.status != "SENT":
            seen.append("R-10.2")
        if pull.ids is not None:
            seen.append("R-04.1" if pull.ids else "R-04.2")
            if row.id not in pull.ids:
                wanted = f"reports of {', '.join(pull.ids[:3])} only" if pull.ids else "no report, none being named"
                violations.append(Violation(wanted, f"one of {row.id!r}", statement="R-04.1" if pull.ids else "R-04.2"))
        owner = self._owners.get(row.id)
        if owner is not None:
            seen += ["R-05.1", "R-04.3"] if pull.ids else ["R-05.1"]
            if owner != user:
                violations.append(Violation("an account's own reports", f"one of {owner!r}'s", statement="R-05.1"))
        more_seen, more = _moments(one, self._message(user, row.id), pull, row)
        return seen + more_seen, violations + more

    def _message(self, user: str, ident: str) -> _Sent | None:
        """The message of a report; None when there are several of this id, or none was recorded."""
        sent = self._sent.get((user, ident), [])
        return sent[0] if len(sent) == 1 else None

    def _again(self, user: str, row: Report) -> Iterable[Violation]:
        """A report given again: of an id that the server made, or the same report to the last character."""
        before = self._given[user, row.id]
        more_messages = len(self._sent[user, row.id]) > len(before)
        if before and not more_messages and (row.id in self._owners or row in before):
            yield Violation(f"the report of {row.id!r} once", "given again", statement="R-03.1")


def _moments(
    one: JudgedExchange, sent: _Sent | None, pull: PullRequest, row: Report
) -> tuple[list[str], list[Violation]]:
    """Compare the dates of a report with each other, with the server's clock, and with when its message was sent."""
    seen: list[str] = []
    violations: list[Violation] = []
    submitted, done = read_date(row.sentdate), read_date(row.donedate)
    if submitted is None or done is None:
        return seen, violations
    seen.append("R-12.1")
    if submitted > done:
        found = f"{row.sentdate} > {row.donedate}"
        return seen, [Violation("sentdate not after donedate", found, statement="R-12.1")]
    if one.at is not None:
        seen.append("R-06.1")
        if done > one.at + UNSURE:
            expected = f"a donedate not after {one.at.astimezone(done.tzinfo):%Y/%m/%d %H:%M:%S}"
            violations.append(Violation(expected, row.donedate, statement="R-06.1"))
    if sent is None:
        return seen, violations
    if sent.appid or pull.appid:
        seen.append("S-18.1")
        if sent.generated and sent.appid != pull.appid:
            expected = f"no report of appid {sent.appid!r} for a pull of {pull.appid!r}"
            violations.append(Violation(expected, row.id, statement="S-18.1"))
    if sent.at is not None and (sent.generated or abs(submitted - sent.at) <= UNSURE):
        seen.append("R-08.1")
        violations += _submitted(submitted, sent.at)
    if sent.delay:
        seen.append("R-11.1")
        if sent.generated and done - submitted < timedelta(seconds=sent.delay) - SLACK:
            expected = f"a donedate at least {timedelta(seconds=sent.delay)} after sentdate"
            violations.append(Violation(expected, f"{done - submitted} after it", statement="R-11.1"))
    return seen, violations


def _submitted(printed: datetime, at: datetime) -> Iterator[Violation]:
    """What a sentdate breaks that is not that of the send, in Turkey's time."""
    if abs(printed - at) <= UNSURE:
        return
    hours = (printed - at).total_seconds() / 3600
    is_zone = any(abs(abs(hours) - off) < 0.5 for off in range(1, 15))
    expected = f"a sentdate of about {at.astimezone(printed.tzinfo):%Y/%m/%d %H:%M:%S}"
    yield Violation(expected, f"{printed:%Y/%m/%d %H:%M:%S}", statement="R-08.1" if is_zone else "R-12.1")
