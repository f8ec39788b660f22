"""Compares the reports that a client hands out with those that the server gave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from kobikom_contracts.client_suite import adapter_protocol
from kobikom_contracts.client_suite.adapter_protocol import Capability, Failed, Outcome, Pulled
from kobikom_contracts.client_suite.blame import BlamingSession
from kobikom_contracts.client_suite.rendering import as_json
from kobikom_contracts.core.verdicts import Violation
from kobikom_contracts.dates import ISTANBUL, read_date
from kobikom_contracts.reader import Report

ReportRow = tuple[str, str, int | None]
"""Id, status, gsmerror."""

_ERRORS_LOST = "gsmerror is lost or changed"
_DATES_WRONG = "dates of reports are lost or changed"


def expect_reports(session: BlamingSession, reports: Sequence[Report], outcome: Outcome) -> None:
    """The caller gets every report that was given, and no other."""
    if not isinstance(outcome, Pulled):
        kind = outcome.error.kind.value if isinstance(outcome, Failed) else "another outcome"
        what = "reports" if reports else "a pull without reports"
        cause = f"{what} given are reported as {kind}"
        session.blame(Violation(f"{len(reports)} reports", as_json(outcome), cause=cause))
        return
    expected = Counter(_row(session, one.id, one.status, int(one.gsmerror)) for one in reports)
    reported = Counter(_row(session, one.id, one.status, one.gsmerror) for one in outcome.reports)
    if expected != reported:
        missing, more = expected - reported, reported - expected
        session.blame(
            Violation(
                f"the {len(reports)} reports that were given",
                f"{len(outcome.reports)}: missing {as_json(list(missing)[:3])}, instead {as_json(list(more)[:3])}",
                cause=_cause(expected, reported),
            )
        )
        return
    if not session.met(_DATES_WRONG):
        _expect_dates(session, reports, outcome)


def expect_only(session: BlamingSession, reports: Sequence[Report], outcome: Outcome) -> None:
    """The reports that a failed pull hands out are among those that were given."""
    if not isinstance(outcome, Failed):
        return
    known = {_row(session, one.id, one.status, int(one.gsmerror)) for one in reports}
    for one in outcome.reports:
        if _row(session, one.id, one.status, one.gsmerror) not in known:
            session.blame(Violation("only reports that were given", as_json(one)))
            return


def _row(session: BlamingSession, ident: str, status: str, error: int | None) -> ReportRow:
    unknown = Capability.NO_GSMERROR in session.capabilities or session.met(_ERRORS_LOST)
    return ident, status, None if unknown else error


def _cause(expected: Counter[ReportRow], reported: Counter[ReportRow]) -> str:
    def without(rows: Counter[ReportRow], place: int) -> Counter[tuple[object, ...]]:
        return Counter(row[:place] + row[place + 1 :] for row in rows.elements())

    if without(expected, 2) == without(reported, 2):
        return _ERRORS_LOST
    if without(expected, 1) == without(reported, 1):
        return "the status of reports is changed"
    if without(expected, 0) == without(reported, 0):
        return "the ids of reports are changed"
    if reported <= expected:
        return "reports are dropped" if reported else "every report is dropped"
    return ""


def _expect_dates(session: BlamingSession, reports: Sequence[Report], outcome: Pulled) -> None:
    dates: dict[str, list[tuple[str, str]]] = {}
    for given in reports:
        dates.setdefault(given.id, []).append((given.sentdate, given.donedate))
    for one in outcome.reports:
        if not any(_dated(one, sent, done) for sent, done in dates[one.id]):
            sent, done = dates[one.id][0]
            expected = f"sent {sent} and done {done}, Turkey's time, of report {as_json(one.id)}"
            found = f"{one.sent_at} and {one.done_at}"
            session.blame(Violation(expected, found, statement="K-27", cause=_DATES_WRONG))
            return


def _dated(one: adapter_protocol.Report, sent: str, done: str) -> bool:
    pairs = ((one.sent_at, sent), (one.done_at, done))
    return all(reported is not None and _same_instant(reported, printed) for reported, printed in pairs)


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
