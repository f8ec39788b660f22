"""Which messages were accepted, and which reports may be given for them, when, to whom and with what in them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice, pairwise

from kobikom_contracts.core.verdicts import Violation
from kobikom_contracts.dates import read_date
from kobikom_contracts.documents import Block
from kobikom_contracts.reader import Report
from kobikom_contracts.server_suite.audit.meaning import PullRequest
from kobikom_contracts.strategies.msisdns import STATUSES

_OFFSET = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?", re.ASCII)
MAGIC = "90599"
"""Numbers under this prefix end as the control API says."""
PROMPT = 60
"""Seconds within which a message to an ordinary number is delivered where the clock can be moved."""
SLACK = timedelta(seconds=2)
UNSURE = timedelta(minutes=15)
"""How far the clock of a target may be from this machine's."""


@dataclass(slots=True)
class Accepted:
    """One accepted recipient. ``moved``: the seconds by which the clock had been moved when it was sent.

    ``delay``: seconds until it is sent, None when it is not a known offset. ``ordinary``: nothing about its number or
    fields makes it end late or elsewhere than in a pull.
    """

    id: str
    user: str
    appid: str
    moved: int
    delay: int | None
    ordinary: bool
    block: Block | None
    given: bool = False
    waited_for: bool = True
    """False when nobody knows whether its report was given."""

    def due(self, moved: int) -> bool:
        """Whether its report must exist, the clock having been moved by so many seconds."""
        return self.ordinary and self.delay is not None and moved >= self.moved + self.delay + 2


def nameable(ident: str) -> bool:
    """Whether a pull can name an id (S-03.4), in an address of ordinary length."""
    return bool(ident) and "," not in ident and ident == ident.strip() and len(ident) <= 400


def accepted(message_id: str, user: str, gsm: str, block: Block, *, moved: int) -> Accepted:
    """A message as the request describes it."""
    fields = block.fields
    push = fields.get("pushurl", "").strip()
    pushed = bool(push) and push != "nopush" and fields.get("nopush", "").strip() != "1"
    ordinary = not pushed and MAGIC not in gsm
    delay = delay_of(fields.get("ileriTarih", ""))
    return Accepted(message_id, user, fields.get("appid", "").strip(), moved, delay, ordinary, block)


def delay_of(offset: str) -> int | None:
    """The seconds of an offset (S-15), None when it has another form."""
    match = _OFFSET.fullmatch(offset.strip())
    if match is None:
        return None
    days, hours, minutes, seconds = (int(digits or 0) for digits in match.groups())
    total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    return 0 if total <= 1 else total


@dataclass(slots=True)
class Clock:
    """The target's time at a pull: ``began`` when the run began, ``now``, and the seconds it was moved since.

    ``exact``: the target shows its clock; else it is this machine's, and only hours tell.
    """

    began: datetime
    now: datetime
    moved: int
    exact: bool

    @property
    def early(self) -> timedelta:
        """How much earlier than the clock a printed date may be: it has whole seconds."""
        return timedelta(seconds=1) if self.exact else UNSURE

    @property
    def late(self) -> timedelta:
        """How much later it may be: seconds may be rounded."""
        return timedelta(seconds=0.5) if self.exact else UNSURE


@dataclass(slots=True)
class Messages:
    """Every message that this run saw accepted, by id; ``strangers``: some may have been accepted unseen."""

    known: dict[str, list[Accepted]] = field(default_factory=lambda: defaultdict(list))
    refused: set[str] = field(default_factory=set)
    """Ids of the client's that were refused."""
    strangers: bool = False
    given: list[Accepted] = field(default_factory=list)
    """Messages in the order in which their reports were given."""

    def add(self, message: Accepted, *, generated: bool) -> Violation | None:
        """Keep an accepted message; a violation when its generated id was given before."""
        again = generated and message.id in self.known
        self.known[message.id].append(message)
        if again:
            return Violation("a messageid that no other message has", f"{message.id!r} again", statement="S-02.5")
        return None

    def outstanding(self, moved: int) -> list[Accepted]:
        """Messages whose report must exist and was not given."""
        return [
            one for same in self.known.values() for one in same if one.waited_for and not one.given and one.due(moved)
        ]

    def given_last(self, user: str, count: int) -> list[str]:
        """Ids whose reports an account was given last, without an appid: nameable ones of one message."""
        mine = (one for one in reversed(self.given) if one.user == user and not one.appid)
        mine = (one for one in mine if len(self.known[one.id]) == 1 and nameable(one.id))
        return [one.id for one in islice(mine, count)]

    def pulled(self, asked: PullRequest, reports: Iterable[Report], clock: Clock) -> Iterator[Violation]:
        """What the reports of one pull break; they count as given."""
        rows = tuple(reports)
        for report in rows:
            if asked.ids is not None and report.id not in asked.ids:
                named = f"reports of {_some(asked.ids)} only" if asked.ids else "no report, none being named"
                yield Violation(named, f"one of {report.id!r}", statement="R-04.1" if asked.ids else "R-04.2")
            yield from self._identity(asked, report, clock)
            yield from value_faults(report)
            yield from self._times(report, clock)
        yield from order_faults(rows)

    def _identity(self, asked: PullRequest, report: Report, clock: Clock) -> Iterator[Violation]:
        same = self.known.get(report.id, [])
        mine = [one for one in same if one.user == asked.user]
        waiting = [one for one in mine if not one.given]
        fitting = [one for one in waiting if one.appid == asked.appid]
        if waiting:
            first = (fitting or waiting)[0]
            first.given = True
            self.given.append(first)
        if fitting:
            return
        if waiting:
            yield Violation(
                f"no report of appid {waiting[0].appid!r} for a pull of {asked.appid!r}", report.id, statement="S-18.1"
            )
        elif mine:
            yield Violation(f"the report of {report.id!r} once", "given again", statement="R-03.1")
        elif same:
            yield Violation("an account's own reports", f"one of {same[0].user!r}'s", statement="R-05.1")
        elif report.id in self.refused:
            yield Violation("no report of a recipient that was refused", f"one of {report.id!r}", statement="S-06.1")
        elif not self.strangers and self._is_new(report, clock):
            near = [ident for ident in self.known if ident.casefold() == report.id.casefold()]
            shown = f"{report.id!r}{f', where {near[0]!r} was sent' if near else ''}"
            yield Violation("reports with the ids of accepted messages", shown, statement="S-03.1")

    def _is_new(self, report: Report, clock: Clock) -> bool:
        """Whether it is a report of this run, not one that waited from before."""
        sent = read_date(report.sentdate)
        return clock.exact and sent is not None and sent > clock.began + clock.early

    def _times(self, report: Report, clock: Clock) -> Iterator[Violation]:
        sent, done = read_date(report.sentdate), read_date(report.donedate)
        if sent is None or done is None:
            return
        if sent > done:
            yield Violation("sentdate not after donedate", f"{report.sentdate} > {report.donedate}", statement="R-12.1")
            return
        if done > clock.now + clock.late:
            now = f"a donedate not after {clock.now:%Y/%m/%d %H:%M:%S}"
            yield Violation(now, report.donedate, statement="R-06.1")
        same = self.known.get(report.id, [])
        if len(same) == 1 and same[0].delay is not None:
            yield from _moments(same[0], sent, done, clock)


def _moments(message: Accepted, sent: datetime, done: datetime, clock: Clock) -> Iterator[Violation]:
    """Compare the dates of a report with what is known of its message: when it was sent, and for when."""
    earliest = clock.began + timedelta(seconds=message.moved) - clock.early
    latest = clock.now - timedelta(seconds=clock.moved - message.moved) + clock.late
    if not earliest <= sent <= latest:
        between = f"a sentdate from {earliest:%Y/%m/%d %H:%M:%S} to {latest:%H:%M:%S}"
        hours = (sent - earliest).total_seconds() / 3600
        zone = any(abs(abs(hours) - off) < 0.5 for off in range(1, 15))
        yield Violation(between, f"{sent:%Y/%m/%d %H:%M:%S}", statement="R-08.1" if zone else "R-12.1")
    took, delay = done - sent, timedelta(seconds=message.delay or 0)
    if took < delay - SLACK:
        yield Violation(f"a donedate at least {delay} after sentdate", f"{took} after it", statement="R-11.1")
    if clock.exact and message.ordinary and took > delay + timedelta(seconds=PROMPT):
        yield Violation(f"a donedate when the message ended, about {delay} after it was sent", took, statement="R-06.1")


def value_faults(report: Report) -> Iterator[Violation]:
    """What the values of one report break by themselves."""
    if report.status not in STATUSES:
        yield Violation("a status of the page's list", repr(report.status), statement="R-09.1")
    if re.fullmatch("[0-9]{1,9}", report.gsmerror) is None:
        yield Violation("gsmerror a number", repr(report.gsmerror), statement="R-10.1")
    elif report.status in ("DELIVERED", "NOT_SENT") and int(report.gsmerror):
        statement = "R-10.1" if report.status == "DELIVERED" else "R-10.3"
        yield Violation(f"gsmerror 0 for {report.status}", report.gsmerror, statement=statement)
    elif (
        report.status in STATUSES
        and not int(report.gsmerror)
        and report.status not in ("DELIVERED", "NOT_SENT", "SENT")
    ):
        yield Violation(f"a gsmerror other than 0 for {report.status}", report.gsmerror, statement="R-10.2")
    for date in (report.sentdate, report.donedate):
        if read_date(date) is None:
            yield Violation("a date year/month/day hour:minute:second", repr(date), statement="R-08.2")


def order_faults(rows: tuple[Report, ...]) -> Iterator[Violation]:
    """What the order of the reports of one answer breaks."""
    done = [moment for row in rows if (moment := read_date(row.donedate)) is not None]
    if any(first > second for first, second in pairwise(done)):
        yield Violation("reports oldest first", str([row.donedate for row in rows][:6]), statement="R-02.2")


def _some(ids: tuple[str, ...]) -> str:
    shown = ", ".join(ids[:3])
    return shown if len(ids) <= 3 else f"{shown} and {len(ids) - 3} more"
