"""Law: what a client makes of delivery reports, each of which is handed out once (R-03)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from hypothesis import strategies as st

from kobikom_contracts.client_suite import answers, strategies
from kobikom_contracts.client_suite.adapter_protocol import Capability, Failed, Kind, Outcome, Pulled, Reports
from kobikom_contracts.client_suite.answers import Carriage, Framing
from kobikom_contracts.client_suite.contract import contract
from kobikom_contracts.client_suite.scripted_server import Ending, Received, Reply
from kobikom_contracts.client_suite.scripts import Answer, always
from kobikom_contracts.client_suite.session import ClientSession
from kobikom_contracts.core.verdicts import Violation
from kobikom_contracts.dates import ISTANBUL, read_date
from kobikom_contracts.reader import Report
from kobikom_contracts.strategies import STATUSES

_PULL = (Capability.REPORTS,)
_LOST = (Kind.UNKNOWN_FATE, Kind.MALFORMED)
Told = tuple[str, str, int | None]
_WHEN = ("2010/8/2 14:55:10", "2010/8/2 14:55:16")


def handing(body: bytes, carriage: Carriage = answers.PLAIN) -> Answer:
    """The first pull gets this document, any later one NO_DATA: a report is given once."""
    given: list[Received] = []

    def answer(request: Received, _: object) -> Reply:
        given.append(request)
        first = len(given) == 1
        return answers.carried(request, body if first else b"NO_DATA", carriage)

    return answer


def arrived(session: ClientSession, handed: Sequence[Report], outcome: Outcome) -> None:
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


@contract("K-26", needs=_PULL)
def reports_arrive(session: ClientSession) -> None:
    """Reports of every status and error arrive."""

    def check(handed: tuple[Report, ...]) -> None:
        arrived(session, handed, session.call(strategies.pull(), handing(answers.report_document(handed))))

    session.for_all(strategies.batches(), check)


@contract("K-16", needs=_PULL)
def reports_however_carried(session: ClientSession) -> None:
    """A report, or NO_DATA, by length, in chunks, up to the close, under any content type."""

    def check(drawn: tuple[bool, Carriage]) -> None:
        some, carriage = drawn
        handed = [Report("id0", *_WHEN, "DELIVERED", "0")] if some else []
        outcome = session.call(strategies.pull(), handing(answers.report_document(handed), carriage))
        arrived(session, handed, outcome)

    session.for_all(st.tuples(st.booleans(), strategies.carriages()), check, examples=15)


@contract("K-26", needs=_PULL)
def every_status(session: ClientSession) -> None:
    """The eleven statuses in one answer."""
    session.example()
    handed = [Report(f"id{n}", *_WHEN, status, "0") for n, status in enumerate(STATUSES)]
    arrived(session, handed, session.call(strategies.pull(), handing(answers.report_document(handed))))


@contract("K-17", needs=_PULL)
def many_reports(session: ClientSession) -> None:
    """Four thousand reports in one answer arrive."""
    session.example()
    handed = [Report(str(10**17 + n), *_WHEN, "DELIVERED", "0") for n in range(4000)]
    arrived(session, handed, session.call(strategies.pull(), handing(answers.report_document(handed))))


@contract("K-27", needs=_PULL)
def dates_either_way(session: ClientSession) -> None:
    """Dates padded and unpadded, in summer and winter, before and after Turkey kept one time."""
    for padded in (False, True):

        def check(handed: tuple[Report, ...]) -> None:
            arrived(session, handed, session.call(strategies.pull(), handing(answers.report_document(handed))))

        session.for_all(strategies.batches(most=3, padded=padded), check)


@contract("K-28", needs=_PULL)
def nothing_to_report(session: ClientSession) -> None:
    """NO_DATA, the seven octets, is an empty list."""
    session.example()
    session.expect(Pulled(()), session.call(strategies.pull(), handing(b"NO_DATA")), "reports")


@contract("K-29", needs=_PULL)
def refused_pulls(session: ClientSession) -> None:
    """5, 10 and 11, with a minus or without, are refusals."""
    for code in (b"5", b"10", b"11", b"-5", b"-10", b"-11"):
        session.example()
        outcome = session.call(strategies.pull(), handing(code))
        session.failed(outcome, Kind.REFUSED, code=int(code))


@contract("K-30", needs=_PULL)
def lost_pulls(session: ClientSession) -> None:
    """A pull that gets no answer is a failure, though another one would get NO_DATA."""
    for ending in (Ending.CLOSE, Ending.RESET):
        for beginning in (b"", b"HTTP/1.1 200 OK\r\n"):
            session.example()
            outcome = session.call(strategies.pull(), _first(Reply(beginning, ending)))
            session.failed(outcome, *_LOST)


@contract("K-30", needs=_PULL)
def cut_pulls(session: ClientSession) -> None:
    """A pull's answer cut inside its document is a failure; no report is invented."""

    def check(drawn: tuple[tuple[Report, ...], float, Framing]) -> None:
        handed, share, framing = drawn

        def short(request: Received, _: object) -> Reply:
            body = answers.report_document(handed)
            how = framing
            if request.version == "HTTP/1.0" and how is Framing.CHUNKED:
                how = Framing.LENGTH
            at = int((len(body) - len(b"</DeliveryReport>\n")) * share)
            if how is Framing.CLOSE:  # else nothing would tell the cut from the page's own example
                at = _inside(body, at)
            return answers.cut(request, body, at, how, Ending.CLOSE)

        outcome = session.call(strategies.pull(), short)
        session.failed(outcome, *_LOST)
        _no_invention(handed, outcome)

    drawn = st.tuples(strategies.batches(), st.floats(0, 1, exclude_max=True), st.sampled_from(Framing))
    session.for_all(drawn, check)


@contract("K-30", needs=_PULL)
def pulls_cut_inside_a_letter(session: ClientSession) -> None:
    """A cut between the octets of one letter spoils nothing of the reports before it."""
    session.example()
    handed = [Report(f"sipariş-{n}", *_WHEN, "DELIVERED", "0") for n in range(3)]
    body = answers.report_document(handed)
    at = body.rindex("ş".encode()) + 1

    def short(request: Received, _: object) -> Reply:
        return answers.cut(request, body, at, Framing.LENGTH, Ending.CLOSE)

    outcome = session.call(strategies.pull(), short)
    session.failed(outcome, *_LOST)
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


@contract("K-30", needs=_PULL)
def unreadable_pulls(session: ClientSession) -> None:
    """HTML, other documents or noise in place of reports is a failure."""

    def check(page: strategies.Garbage) -> None:
        carriage = Carriage(content_type=page.content_type)
        outcome = session.call(
            strategies.pull(),
            always(page.body, carriage, status=page.status),
        )
        ways = _LOST if page.status.startswith("200") else (*_LOST, Kind.TRANSPORT)
        session.failed(outcome, *ways)

    session.for_all(strategies.garbage(statuses=("200 OK", "500 Internal Server Error", "404 Not Found")), check)


def _first(reply: Reply) -> Answer:
    given: list[Received] = []

    def answer(request: Received, _: object) -> Reply:
        given.append(request)
        return reply if len(given) == 1 else answers.carried(request, b"NO_DATA")

    return answer


@contract("K-31", needs=(Capability.REPORTS, Capability.REPORT_IDS))
def pulls_by_id(session: ClientSession) -> None:
    """The ids asked for are named, all of them and no other, whatever characters they have."""

    def check(handed: tuple[Report, ...]) -> None:
        call = strategies.pull(tuple(one.id for one in handed))
        arrived(session, handed, session.call(call, _asked(handed)))

    session.for_all(strategies.batches(), check)


def _asked(handed: Sequence[Report]) -> Answer:
    """Hands out what is named, each once."""
    left = {one.id: one for one in handed}

    def answer(request: Received, seen: object) -> Reply:
        ids = getattr(seen, "ids", None) or tuple(left)
        found = [left.pop(ident) for ident in ids if ident in left]
        return answers.carried(request, answers.report_document(found))

    return answer


@contract("K-31", needs=(Capability.REPORTS, Capability.REPORT_IDS))
def a_pull_of_nothing(session: ClientSession) -> None:
    """An empty list of ids is not everything: nothing is pulled."""
    session.example()
    outcome = session.call(strategies.pull(()))
    if not isinstance(outcome, Failed):
        session.expect(Pulled(()), outcome, "reports")


@contract("K-32")
def no_pull_unasked(session: ClientSession) -> None:
    """Sends and queries, and what goes wrong with them, consume no reports."""
    for call in strategies.calls(session.capabilities):
        if isinstance(call, Reports):
            continue
        session.example()
        session.call(call)
        session.call(call, lambda *_: Reply(b"", Ending.CLOSE))


@contract("K-33", needs=_PULL)
def report_as_printed(session: ClientSession) -> None:
    """A report document without its closing tag, as one example of the page, is read."""

    def check(handed: tuple[Report, ...]) -> None:
        body = answers.report_document(handed, closed=False)
        arrived(session, handed, session.call(strategies.pull(), handing(body)))

    session.for_all(strategies.batches(), check)
