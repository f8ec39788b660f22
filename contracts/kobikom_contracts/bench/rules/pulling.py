"""Law: what a client makes of delivery reports, each of which is handed out once (R-03)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from hypothesis import strategies as st

from kobikom_contracts.bench import draws, pages
from kobikom_contracts.bench.desk import Desk
from kobikom_contracts.bench.pages import Carriage, Framing
from kobikom_contracts.bench.protocol import Capability, Failed, Kind, Outcome, Pulled, Reports
from kobikom_contracts.bench.rule import rule
from kobikom_contracts.bench.server import Ending, Received, Reply
from kobikom_contracts.bench.telling import Answer, saying
from kobikom_contracts.moments import ISTANBUL, read_date
from kobikom_contracts.reader import Report
from kobikom_contracts.strategies import STATUSES
from kobikom_contracts.verdicts import Violation

_PULL = (Capability.REPORTS,)
_LOST = (Kind.UNKNOWN_FATE, Kind.MALFORMED)
Told = tuple[str, str, int | None]
_WHEN = ("2010/8/2 14:55:10", "2010/8/2 14:55:16")


def handing(body: bytes, carriage: Carriage = pages.PLAIN) -> Answer:
    """The first pull gets this document, any later one NO_DATA: a report is given once."""
    given: list[Received] = []

    def answer(request: Received, _: object) -> Reply:
        given.append(request)
        first = len(given) == 1
        return pages.carried(request, body if first else b"NO_DATA", carriage)

    return answer


def arrived(desk: Desk, handed: Sequence[Report], outcome: Outcome) -> None:
    """Every report handed out reached the caller, and no other."""
    if not isinstance(outcome, Pulled):
        raise Violation(f"{len(handed)} reports", repr(outcome))
    expected: Counter[Told] = Counter((one.id, one.status, int(one.gsmerror)) for one in handed)
    found: Counter[Told] = Counter((one.id, one.status, one.gsmerror) for one in outcome.reports)
    if expected != found:
        missing, more = expected - found, found - expected
        raise Violation(
            f"the {len(handed)} reports that were handed out",
            f"{len(outcome.reports)}: missing {list(missing)[:3]}, instead {list(more)[:3]}",
        )
    _dated(handed, outcome)


def _dated(handed: Sequence[Report], outcome: Pulled) -> None:
    dates = {one.id: (one.sentdate, one.donedate) for one in handed}
    for one in outcome.reports:
        for wire, said in zip(dates[one.id], (one.sent_at, one.done_at), strict=True):
            if said is None or not _same(said, wire):
                raise Violation(f"{wire!r}, Turkey's time, of report {one.id!r}", said, clause="K-27")


def _same(said: str, wire: str) -> bool:
    found, expected = _moment(said), read_date(wire)
    if found is None or expected is None:
        return False
    # The hour that autumn had twice is printed the same both times: the wall clock decides too.
    local = found.astimezone(ISTANBUL).replace(tzinfo=None)
    return found.timestamp() == expected.timestamp() or local == expected.replace(tzinfo=None)


def _moment(said: str) -> datetime | None:
    """A date as an adapter may say it: as printed, or ISO 8601."""
    if (printed := read_date(said)) is not None:
        return printed
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        return None
    return moment.replace(tzinfo=ISTANBUL) if moment.tzinfo is None else moment


@rule("K-26", needs=_PULL)
def reports_arrive(desk: Desk) -> None:
    """Reports of every status and error arrive."""

    def check(handed: tuple[Report, ...]) -> None:
        arrived(desk, handed, desk.call(draws.pull(), handing(pages.report_document(handed))))

    desk.forall(draws.batches(), check)


@rule("K-16", needs=_PULL)
def reports_however_carried(desk: Desk) -> None:
    """A report, or NO_DATA, by length, in chunks, up to the close, under any content type."""

    def check(drawn: tuple[bool, Carriage]) -> None:
        some, carriage = drawn
        handed = [Report("id0", *_WHEN, "DELIVERED", "0")] if some else []
        outcome = desk.call(draws.pull(), handing(pages.report_document(handed), carriage))
        arrived(desk, handed, outcome)

    desk.forall(st.tuples(st.booleans(), draws.carriages()), check, examples=15)


@rule("K-26", needs=_PULL)
def every_status(desk: Desk) -> None:
    """The eleven statuses in one answer."""
    desk.example()
    handed = [Report(f"id{n}", *_WHEN, status, "0") for n, status in enumerate(STATUSES)]
    arrived(desk, handed, desk.call(draws.pull(), handing(pages.report_document(handed))))


@rule("K-17", needs=_PULL)
def many_reports(desk: Desk) -> None:
    """Four thousand reports in one answer arrive."""
    desk.example()
    handed = [Report(str(10**17 + n), *_WHEN, "DELIVERED", "0") for n in range(4000)]
    arrived(desk, handed, desk.call(draws.pull(), handing(pages.report_document(handed))))


@rule("K-27", needs=_PULL)
def dates_either_way(desk: Desk) -> None:
    """Dates padded and unpadded, in summer and winter, before and after Turkey kept one time."""
    for padded in (False, True):

        def check(handed: tuple[Report, ...]) -> None:
            arrived(desk, handed, desk.call(draws.pull(), handing(pages.report_document(handed))))

        desk.forall(draws.batches(most=3, padded=padded), check)


@rule("K-28", needs=_PULL)
def nothing_to_report(desk: Desk) -> None:
    """NO_DATA, the seven octets, is an empty list."""
    desk.example()
    desk.expect(Pulled(()), desk.call(draws.pull(), handing(b"NO_DATA")), "reports")


@rule("K-29", needs=_PULL)
def refused_pulls(desk: Desk) -> None:
    """5, 10 and 11, with a minus or without, are refusals."""
    for code in (b"5", b"10", b"11", b"-5", b"-10", b"-11"):
        desk.example()
        outcome = desk.call(draws.pull(), handing(code))
        desk.failed(outcome, Kind.REFUSED, code=int(code))


@rule("K-30", needs=_PULL)
def lost_pulls(desk: Desk) -> None:
    """A pull that gets no answer is a failure, though another one would get NO_DATA."""
    for ending in (Ending.CLOSE, Ending.RESET):
        for beginning in (b"", b"HTTP/1.1 200 OK\r\n"):
            desk.example()
            outcome = desk.call(draws.pull(), _first(Reply(beginning, ending)))
            desk.failed(outcome, *_LOST)


@rule("K-30", needs=_PULL)
def cut_pulls(desk: Desk) -> None:
    """A pull's answer cut inside its document is a failure; no report is invented."""

    def check(drawn: tuple[tuple[Report, ...], float, Framing]) -> None:
        handed, share, framing = drawn

        def short(request: Received, _: object) -> Reply:
            body = pages.report_document(handed)
            how = framing
            if request.version == "HTTP/1.0" and how is Framing.CHUNKED:
                how = Framing.LENGTH
            at = int((len(body) - len(b"</DeliveryReport>\n")) * share)
            if how is Framing.CLOSE:  # else nothing would tell the cut from the page's own example
                at = _inside(body, at)
            return pages.cut(request, body, at, how, Ending.CLOSE)

        outcome = desk.call(draws.pull(), short)
        desk.failed(outcome, *_LOST)
        _no_invention(handed, outcome)

    drawn = st.tuples(draws.batches(), st.floats(0, 1, exclude_max=True), st.sampled_from(Framing))
    desk.forall(drawn, check)


@rule("K-30", needs=_PULL)
def pulls_cut_inside_a_letter(desk: Desk) -> None:
    """A cut between the octets of one letter spoils nothing of the reports before it."""
    desk.example()
    handed = [Report(f"sipariş-{n}", *_WHEN, "DELIVERED", "0") for n in range(3)]
    body = pages.report_document(handed)
    at = body.rindex("ş".encode()) + 1

    def short(request: Received, _: object) -> Reply:
        return pages.cut(request, body, at, Framing.LENGTH, Ending.CLOSE)

    outcome = desk.call(draws.pull(), short)
    desk.failed(outcome, *_LOST)
    _no_invention(handed, outcome)


def _inside(body: bytes, at: int) -> int:
    """The nearest place before ``at`` that is inside a tag or before the first report."""
    while body[:at].rstrip().endswith((b"/>", b"</DeliveryReport>")):
        at -= 1
    return at


def _no_invention(handed: Sequence[Report], outcome: Outcome) -> None:
    assert isinstance(outcome, Failed), "judged just before"
    known = {(one.id, one.status, int(one.gsmerror)) for one in handed}
    for one in outcome.reports:
        if (one.id, one.status, one.gsmerror) not in known:
            raise Violation("only reports that were handed out", one)


@rule("K-30", needs=_PULL)
def unreadable_pulls(desk: Desk) -> None:
    """HTML, other documents or noise in place of reports is a failure."""

    def check(page: draws.Garbage) -> None:
        carriage = Carriage(content_type=page.content_type)
        outcome = desk.call(
            draws.pull(),
            saying(page.body, carriage, status=page.status),
        )
        ways = _LOST if page.status.startswith("200") else (*_LOST, Kind.TRANSPORT)
        desk.failed(outcome, *ways)

    desk.forall(draws.garbage(statuses=("200 OK", "500 Internal Server Error", "404 Not Found")), check)


def _first(reply: Reply) -> Answer:
    given: list[Received] = []

    def answer(request: Received, _: object) -> Reply:
        given.append(request)
        return reply if len(given) == 1 else pages.carried(request, b"NO_DATA")

    return answer


@rule("K-31", needs=(Capability.REPORTS, Capability.REPORT_IDS))
def pulls_by_id(desk: Desk) -> None:
    """The ids asked for are named, all of them and no other, whatever characters they have."""

    def check(handed: tuple[Report, ...]) -> None:
        call = draws.pull(tuple(one.id for one in handed))
        arrived(desk, handed, desk.call(call, _asked(handed)))

    desk.forall(draws.batches(), check)


def _asked(handed: Sequence[Report]) -> Answer:
    """Hands out what is named, each once."""
    left = {one.id: one for one in handed}

    def answer(request: Received, seen: object) -> Reply:
        ids = getattr(seen, "ids", None) or tuple(left)
        found = [left.pop(ident) for ident in ids if ident in left]
        return pages.carried(request, pages.report_document(found))

    return answer


@rule("K-31", needs=(Capability.REPORTS, Capability.REPORT_IDS))
def a_pull_of_nothing(desk: Desk) -> None:
    """An empty list of ids is not everything: nothing is pulled."""
    desk.example()
    outcome = desk.call(draws.pull(()))
    if not isinstance(outcome, Failed):
        desk.expect(Pulled(()), outcome, "reports")


@rule("K-32")
def no_pull_unasked(desk: Desk) -> None:
    """Sends and queries, and what goes wrong with them, consume no reports."""
    for call in draws.calls(desk.able):
        if isinstance(call, Reports):
            continue
        desk.example()
        desk.call(call)
        desk.call(call, lambda *_: Reply(b"", Ending.CLOSE))


@rule("K-33", needs=_PULL)
def report_as_printed(desk: Desk) -> None:
    """A report document without its closing tag, as one example of the page, is read."""

    def check(handed: tuple[Report, ...]) -> None:
        body = pages.report_document(handed, closed=False)
        arrived(desk, handed, desk.call(draws.pull(), handing(body)))

    desk.forall(draws.batches(), check)
