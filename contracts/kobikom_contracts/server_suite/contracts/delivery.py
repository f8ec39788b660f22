"""Contracts of R-08 to R-12 and, over time, of S-15 and S-16: the contents of reports, and when they exist."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from kobikom_contracts.core.verdicts import Violation
from kobikom_contracts.dates import printed, read_date
from kobikom_contracts.documents import Recipient
from kobikom_contracts.reader import Report
from kobikom_contracts.server_suite.contract import contract
from kobikom_contracts.server_suite.session import ServerSession
from kobikom_contracts.server_suite.target import Need
from kobikom_contracts.strategies import STATUSES

MAGIC = {status: f"905990000{index:03d}" for index, status in enumerate(STATUSES, 1)}
WITHOUT_ERROR = {"DELIVERED", "SENT", "NOT_SENT"}


def _one(session: ServerSession, gsm: str, after: int = 2, **fields: str) -> Report:
    """The report of one message, ``after`` seconds later."""
    ident = session.new_id()
    session.accepted(session.to([Recipient(gsm, ident)], **fields))
    if after > 2:
        session.let_pass(after)
    got = session.collect((ident,))
    if len(got) != 1:
        raise Violation(f"one report of the message to {gsm}", f"{len(got)} reports", statement="R-06.2")
    return got[0]


@contract("R-08.2", "R-08.4", needs=(Need.DELIVERY,), credit=16)
def dates_as_printed(session: ServerSession) -> None:
    """Dates are y/m/d h:m:s, all of them padded in one of the three ways."""
    if session.has_clock:
        session.let_pass(_until_forms_differ(session.turkish_now()))
    for step in session.some(range(8 if session.has_clock else 1)):
        session.example()
        report = _one(session, session.gsm(step))
        for text in (report.sentdate, report.donedate):
            moment = read_date(text)
            if moment is None:
                raise Violation("a date yyyy/m/d h:m:s", repr(text))
            session.decide("dates", text, printed(moment))
        if session.has_clock:
            session.let_pass(7)


def _until_forms_differ(now: datetime) -> int:
    """Seconds until a moment whose month, day, hour, minute and second all have one digit."""
    then = now.replace(hour=3, minute=4, second=1, microsecond=0) + timedelta(days=1)
    while then.month > 9 or then.day > 9:
        then += timedelta(days=1)
    return int((then - now).total_seconds())


@contract("R-08.1", needs=(Need.DELIVERY,), credit=2)
def turkish_local_time(session: ServerSession) -> None:
    """Sentdate is now in Turkey's local time."""
    report = _one(session, session.gsm())
    moment = read_date(report.sentdate)
    if moment is None:
        raise Violation("a date yyyy/m/d h:m:s", repr(report.sentdate), statement="R-08.2")
    now = session.turkish_now()
    session.require(
        abs((now - moment).total_seconds()) < 900,
        f"about {now:%Y-%m-%d %H:%M} in Turkey",
        report.sentdate,
    )


@contract("R-09.2", "R-09.1", needs=(Need.OUTCOMES, Need.DELIVERY), credit=26)
def every_status(session: ServerSession) -> None:
    """Each of the eleven statuses can be produced and is spelled as documented."""
    ids = {status: session.new_id() for status in STATUSES}
    session.accepted(session.to([Recipient(MAGIC[s], ids[s]) for s in STATUSES]))
    got = {one.id: one.status for one in session.collect(ids.values())}
    for status in STATUSES:
        session.example()
        shown = got.get(ids[status])
        session.require(shown is None or shown in STATUSES, "a documented status", repr(shown), statement="R-09.1")
        session.expect(status, shown, f"status of the message to {MAGIC[status]}")


@contract("R-09.1", needs=(Need.DELIVERY,), credit=6)
def no_other_status(session: ServerSession) -> None:
    """No report has a status that isn't documented."""
    ids = [one.message_id for one in session.accepted(session.message(len(session.some(range(4))), ids=True)).results]
    for one in session.collect(ids):
        session.require(one.status in STATUSES, "a documented status", repr(one.status))


@contract("R-10.1", needs=(Need.DELIVERY,), credit=6)
def success_has_no_error(session: ServerSession) -> None:
    """Gsmerror is a number, 0 for a delivered message and not 0 for a failed one."""
    ids = [one.message_id for one in session.accepted(session.message(len(session.some(range(2))), ids=True)).results]
    for one in session.collect(ids):
        _fits(session, one)


@contract("R-10.2", "R-10.1", "R-10.3", needs=(Need.OUTCOMES, Need.DELIVERY), credit=40)
def errors_fit(session: ServerSession) -> None:
    """Every failure carries a code, the numbers made for a code carry that one."""
    ids = {status: session.new_id() for status in STATUSES}
    session.accepted(session.to([Recipient(MAGIC[s], ids[s]) for s in STATUSES]))
    for one in session.collect(ids.values()):
        session.example()
        _fits(session, one)
    codes = ("1", "27", "31", "32", "34", "256", "500", "2048")
    ids_by_code = {code: session.new_id() for code in codes}
    session.accepted(session.to([Recipient(f"9059900000{41 + i}", ids_by_code[c]) for i, c in enumerate(codes)]))
    got = {one.id: (one.status, one.gsmerror) for one in session.collect(ids_by_code.values())}
    for code, ident in ids_by_code.items():
        session.example()
        session.expect(("NOT_DELIVERED", code), got.get(ident), "status and gsmerror")


def _fits(session: ServerSession, one: Report) -> None:
    session.require(
        re.fullmatch("[0-9]{1,9}", one.gsmerror) is not None,
        "gsmerror a number",
        repr(one.gsmerror),
        statement="R-10.1",
    )
    fine = one.status in WITHOUT_ERROR
    success = {"NOT_SENT": "R-10.3", "DELIVERED": "R-10.1"}
    session.require(
        (int(one.gsmerror) == 0) == fine,
        f"gsmerror {'0' if fine else 'not 0'} for {one.status}",
        one.gsmerror,
        statement=success.get(one.status, "R-10.2"),
    )


@contract("R-11.1", "S-15.1", needs=(Need.DELIVERY,), credit=4)
def scheduled_is_final_after_its_time(session: ServerSession) -> None:
    """A scheduled message has no report before its time, and one after it."""
    ident = session.new_id()
    wait = 3600 if session.has_clock else 4
    session.accepted(session.to([Recipient(session.gsm(), ident)], ileriTarih="1h" if wait > 4 else "4s"))
    session.let_pass(2)
    session.expect((), session.pull((ident,)).ids, "reports 2 s after a send scheduled for later")
    session.let_pass(wait)
    got = session.collect((ident,))
    session.expect([ident], [one.id for one in got], "reports after its time")
    sent, done = read_date(got[0].sentdate), read_date(got[0].donedate)
    if sent is not None and done is not None:
        least = timedelta(seconds=wait - 1)
        session.require(
            done - sent >= least,
            f"donedate at least {least} after sentdate",
            f"{got[0].sentdate} to {got[0].donedate}",
        )


@contract("S-15.1", "R-11.1", "S-15.3", needs=(Need.DELIVERY, Need.CLOCK), credit=8)
def every_unit_of_the_offset(session: ServerSession) -> None:
    """Days, hours, minutes and seconds each count for what they are; 1s is at once."""
    for offset, seconds in (("1s", 0), ("", 0), ("2m1s", 121), ("1h", 3600), ("1d1h", 90_000)):
        session.example()
        ident = session.new_id()
        session.accepted(session.to([Recipient(session.gsm(), ident)], ileriTarih=offset))
        statement = None if seconds else "S-15.3"
        if seconds:
            session.let_pass(seconds - 1)
            session.expect((), session.pull((ident,)).ids, f"reports before {offset} are over")
        session.let_pass(4)
        session.expect(
            (ident,), session.pull((ident,)).ids, f"reports after {offset or 'no delay'}", statement=statement
        )


@contract("R-11.2", "S-16.2", "S-16.3", needs=(Need.OUTCOMES, Need.CLOCK), credit=6)
def validity_runs_out(session: ServerSession) -> None:
    """What is undelivered past its validity ends NOT_DELIVERED with 4101; 48 hours are the most."""
    for value, hours in (("01:00", 1), ("", 48), ("99:00", 48)):
        statement = {"01:00": "R-11.2", "": "S-16.3"}.get(value, "S-16.2")
        session.example()
        ident = session.new_id()
        answer = session.submit(session.to([Recipient("905990000030", ident)], ValidityPeriod=value))
        if value == "99:00":
            session.decide("long-validity", set(answer.statuses), {"clamp": {"0"}, "refuse": {"-23"}})
            if not answer.accepted:
                continue
        session.accepted(answer, f"ValidityPeriod {value!r} accepted", statement=statement)
        session.let_pass(hours * 3600 - 60)
        what = f"validity {value or 'empty'}"
        session.expect((), session.pull((ident,)).ids, f"reports before {what} is over", statement=statement)
        session.let_pass(120)
        got = [(one.id, one.status, one.gsmerror) for one in session.pull((ident,)).reports]
        session.expect([(ident, "NOT_DELIVERED", "4101")], got, f"report after {what}", statement=statement)


@contract("R-12.1", needs=(Need.DELIVERY,), credit=4)
def sentdate_is_submission(session: ServerSession) -> None:
    """Sentdate is not after donedate, and is when the message was submitted."""
    before = session.turkish_now() - timedelta(seconds=2)
    report = _one(session, session.gsm())
    sent, done = read_date(report.sentdate), read_date(report.donedate)
    if sent is None or done is None:
        raise Violation("two dates", f"{report.sentdate!r}, {report.donedate!r}", statement="R-08.2")
    session.require(sent <= done, "sentdate not after donedate", f"{report.sentdate} > {report.donedate}")
    if session.has_clock:
        session.let_pass(3600)
        text = _one(session, session.gsm()).sentdate
        second = read_date(text)
        if second is None:
            raise Violation("a date yyyy/m/d h:m:s", repr(text), statement="R-08.2")
        apart = (second - sent).total_seconds()
        session.require(3600 <= apart <= 3720, "sentdates an hour apart for sends an hour apart", f"{apart} s")
    late = sent - before
    session.require(late > timedelta(hours=-1), "sentdate not long before the send", report.sentdate)
