"""What a client must report about pulls. Each report is given once (R-03), so none may be lost."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from kobikom_contracts.client_suite import answers, hard_values, strategies
from kobikom_contracts.client_suite.adapter_protocol import Capability, Failed, Kind, Pulled, Reports
from kobikom_contracts.client_suite.answers import Carriage
from kobikom_contracts.client_suite.contract import contract
from kobikom_contracts.client_suite.expected_reports import expect_reports
from kobikom_contracts.client_suite.http_values import Ending, Received, Reply
from kobikom_contracts.client_suite.scripts import Answer
from kobikom_contracts.client_suite.session import ClientSession
from kobikom_contracts.client_suite.written_requests import WrittenPull
from kobikom_contracts.reader import Report
from kobikom_contracts.strategies import STATUSES

_PULL = (Capability.REPORTS,)
_WHEN = ("2010/8/2 14:55:10", "2010/8/2 14:55:16")


def first_pull(body: bytes, carriage: Carriage = answers.PLAIN) -> Answer:
    """Answer the first pull with a body and any later one with NO_DATA: a report is given once."""
    pulls: list[Received] = []

    def answer(request: Received, _: object) -> Reply:
        pulls.append(request)
        return answers.carried(request, body if len(pulls) == 1 else b"NO_DATA", carriage)

    return answer


@contract("K-26", needs=_PULL)
def reports_of_every_kind(session: ClientSession) -> None:
    """Reports of every status and error reach the caller."""

    def check(reports: tuple[Report, ...]) -> None:
        expect_reports(
            session, reports, session.call(pull_of(session, reports), first_pull(answers.report_document(reports)))
        )

    session.for_all(strategies.batches(), check)


@contract("K-16", needs=_PULL)
def any_framing_of_reports(session: ClientSession) -> None:
    """A report, or NO_DATA, by length, in chunks, up to the close, under any content type, is read."""

    def check(drawn: tuple[bool, Carriage]) -> None:
        some, carriage = drawn
        reports = [Report("id0", *_WHEN, "DELIVERED", "0")] if some else []
        outcome = session.call(pull_of(session, reports), first_pull(answers.report_document(reports), carriage))
        expect_reports(session, reports, outcome)

    session.for_all(st.tuples(st.booleans(), strategies.carriages()), check, examples=15)


@contract("K-26", needs=_PULL)
def every_status(session: ClientSession) -> None:
    """The eleven statuses in one answer reach the caller."""
    session.example()
    reports = [Report(f"id{n}", *_WHEN, status, "0") for n, status in enumerate(STATUSES)]
    expect_reports(
        session, reports, session.call(pull_of(session, reports), first_pull(answers.report_document(reports)))
    )


@contract("K-17", needs=_PULL)
def many_reports(session: ClientSession) -> None:
    """Four thousand reports in one answer reach the caller, or as many as an address can name."""
    session.example()
    count = 200 if Capability.ONLY_BY_IDS in session.capabilities else 4000
    reports = [Report(str(10**17 + n), *_WHEN, "DELIVERED", "0") for n in range(count)]
    expect_reports(
        session, reports, session.call(pull_of(session, reports), first_pull(answers.report_document(reports)))
    )


@contract("K-27", needs=_PULL)
def dates_either_way(session: ClientSession) -> None:
    """Dates padded and unpadded, in summer and winter, before and after Turkey abolished winter time."""
    for padded in (False, True):

        def check(reports: tuple[Report, ...]) -> None:
            expect_reports(
                session, reports, session.call(pull_of(session, reports), first_pull(answers.report_document(reports)))
            )

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
        session.failed(outcome, Kind.REFUSED, code=int(code), what="a refused pull")


@contract("K-31", needs=(Capability.REPORTS, Capability.REPORT_IDS))
def pulls_by_id(session: ClientSession) -> None:
    """The ids asked for are written, all of them and no other, and their reports reach the caller."""

    def check(reports: tuple[Report, ...]) -> None:
        call = strategies.pull(tuple(one.id for one in reports))
        expect_reports(session, reports, session.call(call, _named_reports(reports)))

    session.for_all(strategies.batches(), check)


@contract("K-31", needs=(Capability.REPORTS, Capability.REPORT_IDS))
def pulls_by_hard_ids(session: ClientSession) -> None:
    """Ids with markup, quotes, blanks, percent signs and foreign letters are written as they were given."""

    def check(reports: tuple[Report, ...]) -> None:
        call = strategies.pull(tuple(one.id for one in reports))
        expect_reports(session, reports, session.call(call, _named_reports(reports)))

    session.for_all(strategies.batches(ident=hard_values.idents()), check)


@contract("K-26", needs=_PULL)
def reports_with_hard_ids(session: ClientSession) -> None:
    """Ids with markup, quotes, blanks and foreign letters reach the caller as they were given."""

    def check(reports: tuple[Report, ...]) -> None:
        expect_reports(
            session, reports, session.call(pull_of(session, reports), first_pull(answers.report_document(reports)))
        )

    session.for_all(strategies.batches(ident=hard_values.idents()), check)


@contract("K-26", needs=_PULL)
def one_pull_after_another(session: ClientSession) -> None:
    """The reports of a second and a third pull reach the caller like those of the first."""
    session.example()
    for ids in (("order-1", "order-2"), ("order-3",), (), ("order-4",)):
        reports = [Report(ident, *_WHEN, "DELIVERED", "0") for ident in ids]
        expect_reports(
            session, reports, session.call(pull_of(session, reports), first_pull(answers.report_document(reports)))
        )


def pull_of(session: ClientSession, reports: Sequence[Report]) -> Reports:
    """A pull of everything; by a client that only pulls by ids, one of the ids of these reports."""
    if Capability.ONLY_BY_IDS not in session.capabilities:
        return strategies.pull()
    return strategies.pull(tuple(one.id for one in reports) or ("order-0",))


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
        expect_reports(session, reports, session.call(pull_of(session, reports), first_pull(body)))

    session.for_all(strategies.batches(), check)
