"""What a client must report about pulls. Each report is given once (R-03), so none may be lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from hypothesis import strategies as st

from kobikom_contracts.client_suite import answers, strategies
from kobikom_contracts.client_suite.adapter_protocol import Capability, Failed, Kind, Outcome, Pulled, Reports
from kobikom_contracts.client_suite.answers import Carriage
from kobikom_contracts.client_suite.contract import contract
from kobikom_contracts.client_suite.http_values import Ending, Received, Reply
from kobikom_contracts.client_suite.scripts import Answer
from kobikom_contracts.client_suite.session import ClientSession
from kobikom_contracts.client_suite.written_requests import WrittenPull
from kobikom_contracts.core.verdicts import Violation
from kobikom_contracts.dates import ISTANBUL, read_date
from kobikom_contracts.reader import Report
from kobikom_contracts.strategies import STATUSES

_PULL = (Capability.REPORTS,)
_LOST = (Kind.UNKNOWN_FATE, Kind.MALFORMED)
ReportRow = tuple[str, str, int | None]
_WHEN = ("2010/8/2 14:55:10", "2010/8/2 14:55:16")


def first_pull(body: bytes, carriage: Carriage = answers.PLAIN) -> Answer:
    """Answer the first pull with a body and any later one with NO_DATA: a report is given once."""
    pulls: list[Received] = []

    def answer(request: Received, _: object) -> Reply:
        pulls.append(request)
        return answers.carried(request, body if len(pulls) == 1 else b"NO_DATA", carriage)

    return answer


def expect_reports(reports: Sequence[Report], outcome: Outcome) -> None:
    """The caller gets every report that was given, and no other."""
    if not isinstance(outcome, Pulled):
        raise Violation(f"{len(reports)} reports", repr(outcome))
    expected: Counter[ReportRow] = Counter((one.id, one.status, int(one.gsmerror)) for one in reports)
    reported: Counter[ReportRow] = Counter((one.id, one.status, one.gsmerror) for one in outcome.reports)
    if expected != reported:
        missing, more = expected - reported, reported - expected
        raise Violation(
            f"the {len(reports)} reports that were given",
            f"{len(outcome.reports)}: missing {list(missing)[:3]}, instead {list(more)[:3]}",
        )
    _dated(reports, outcome)


def _dated(reports: Sequence[Report], outcome: Pulled) -> None:
    dates = {one.id: (one.sentdate, one.donedate) for one in reports}
    for one in outcome.reports:
        for printed, reported in zip(dates[one.id], (one.sent_at, one.done_at), strict=True):
            if reported is None or not _same_instant(reported, printed):
                raise Violation(f"{printed!r}, Turkey's time, of report {one.id!r}", reported, statement="K-27")


def _same_instant(reported: str, printed: str) -> bool:
    instant, expected = _instant(reported), read_date(printed)
    if instant is None or expected is None:
        return False
    try:
        local = instant.astimezone(ISTANBUL).replace(tzinfo=None)
        # In the hour that is repeated in autumn two instants are printed the same: local time decides, too.
        return instant.timestamp() == expected.timestamp() or local == expected.replace(tzinfo=None)
    except (OverflowError, ValueError):  # too close to the first or the last year
        return False


def _instant(reported: str) -> datetime | None:
    """A date as an adapter may report it: as printed, or ISO 8601."""
    if (printed := read_date(reported)) is not None:
        return printed
    try:
        instant = datetime.fromisoformat(reported)
    except ValueError:
        return None
    return instant.replace(tzinfo=ISTANBUL) if instant.tzinfo is None else instant


@contract("K-26", needs=_PULL)
def reports_of_every_kind(session: ClientSession) -> None:
    """Reports of every status and error reach the caller."""

    def check(reports: tuple[Report, ...]) -> None:
        expect_reports(reports, session.call(strategies.pull(), first_pull(answers.report_document(reports))))

    session.for_all(strategies.batches(), check)


@contract("K-16", needs=_PULL)
def any_framing_of_reports(session: ClientSession) -> None:
    """A report, or NO_DATA, by length, in chunks, up to the close, under any content type, is read."""

    def check(drawn: tuple[bool, Carriage]) -> None:
        some, carriage = drawn
        reports = [Report("id0", *_WHEN, "DELIVERED", "0")] if some else []
        outcome = session.call(strategies.pull(), first_pull(answers.report_document(reports), carriage))
        expect_reports(reports, outcome)

    session.for_all(st.tuples(st.booleans(), strategies.carriages()), check, examples=15)


@contract("K-26", needs=_PULL)
def every_status(session: ClientSession) -> None:
    """The eleven statuses in one answer reach the caller."""
    session.example()
    reports = [Report(f"id{n}", *_WHEN, status, "0") for n, status in enumerate(STATUSES)]
    expect_reports(reports, session.call(strategies.pull(), first_pull(answers.report_document(reports))))


@contract("K-17", needs=_PULL)
def many_reports(session: ClientSession) -> None:
    """Four thousand reports in one answer reach the caller."""
    session.example()
    reports = [Report(str(10**17 + n), *_WHEN, "DELIVERED", "0") for n in range(4000)]
    expect_reports(reports, session.call(strategies.pull(), first_pull(answers.report_document(reports))))


@contract("K-27", needs=_PULL)
def dates_either_way(session: ClientSession) -> None:
    """Dates padded and unpadded, in summer and winter, before and after Turkey abolished winter time."""
    for padded in (False, True):

        def check(reports: tuple[Report, ...]) -> None:
            expect_reports(reports, session.call(strategies.pull(), first_pull(answers.report_document(reports))))

        session.for_all(strategies.batches(most=3, padded=padded), check)


@contract("K-28", needs=_PULL)
def nothing_to_report(session: ClientSession) -> None:
    """NO_DATA, seven octets, is an empty list."""
    session.example()
    session.expect(Pulled(()), session.call(strategies.pull(), first_pull(b"NO_DATA")), "reports")


@contract("K-29", needs=_PULL)
def refused_pulls(session: ClientSession) -> None:
    """5, 10 and 11, with or without a minus, are refusals."""
    for code in (b"5", b"10", b"11", b"-5", b"-10", b"-11"):
        session.example()
        outcome = session.call(strategies.pull(), first_pull(code))
        session.failed(outcome, Kind.REFUSED, code=int(code))


@contract("K-31", needs=(Capability.REPORTS, Capability.REPORT_IDS))
def pulls_by_id(session: ClientSession) -> None:
    """The ids asked for are written, all of them and no other, whatever characters they have."""

    def check(reports: tuple[Report, ...]) -> None:
        call = strategies.pull(tuple(one.id for one in reports))
        expect_reports(reports, session.call(call, _named_reports(reports)))

    session.for_all(strategies.batches(), check)


def _named_reports(reports: Sequence[Report]) -> Answer:
    """The reports that a pull names, each given once."""
    left = {one.id: one for one in reports}

    def answer(request: Received, pull: WrittenPull) -> Reply:
        ids = pull.ids or tuple(left)
        named = [left.pop(ident) for ident in ids if ident in left]
        return answers.carried(request, answers.report_document(named))

    return answer


@contract("K-31", needs=(Capability.REPORTS, Capability.REPORT_IDS))
def a_pull_of_nothing(session: ClientSession) -> None:
    """An empty list of ids pulls nothing, not everything."""
    session.example()
    outcome = session.call(strategies.pull(()))
    if not isinstance(outcome, Failed):
        session.expect(Pulled(()), outcome, "reports")


@contract("K-32")
def no_pull_unasked(session: ClientSession) -> None:
    """Sends and queries, failed ones included, pull no reports."""
    for call in strategies.calls(session.capabilities):
        if isinstance(call, Reports):
            continue
        session.example()
        session.call(call)
        session.call(call, lambda *_: Reply(b"", Ending.CLOSE))


@contract("K-33", needs=_PULL)
def report_as_printed(session: ClientSession) -> None:
    """A report document without its closing tag, as in one example of the page, is read."""

    def check(reports: tuple[Report, ...]) -> None:
        body = answers.report_document(reports, closed=False)
        expect_reports(reports, session.call(strategies.pull(), first_pull(body)))

    session.for_all(strategies.batches(), check)
