"""Law: contracts of R-08 to R-12 and of S-15, S-16 over time: what reports say, and when."""

from __future__ import annotations

from datetime import timedelta

from kobikom_contracts.contract import contract
from kobikom_contracts.documents import Recipient
from kobikom_contracts.lab import Lab
from kobikom_contracts.moments import printed, read_date
from kobikom_contracts.reader import Report
from kobikom_contracts.strategies import STATUSES
from kobikom_contracts.target import Need
from kobikom_contracts.verdicts import Violation

MAGIC = {status: f"905990000{index:03d}" for index, status in enumerate(STATUSES, 1)}
FINE = {"DELIVERED", "SENT", "NOT_SENT"}


def _one(lab: Lab, gsm: str, after: int = 2, **fields: str) -> Report:
    """The report of one message, ``after`` seconds later."""
    ident = lab.new_id()
    lab.accepted(lab.to([Recipient(gsm, ident)], **fields))
    if after > 2:
        lab.let_pass(after)
    got = lab.collect((ident,))
    if len(got) != 1:
        raise Violation(f"one report of the message to {gsm}", f"{len(got)} reports", clause="R-06")
    return got[0]


@contract("R-08", needs=(Need.DELIVERY,), credit=16)
def dates_as_printed(lab: Lab) -> None:
    """Dates are y/m/d h:m:s, all unpadded or all padded."""
    for step in range(8 if lab.has_clock else 1):
        lab.example()
        report = _one(lab, lab.gsm(step))
        for text in (report.sentdate, report.donedate):
            moment = read_date(text)
            if moment is None:
                raise Violation("a date yyyy/m/d h:m:s", repr(text))
            short, long = printed(moment, padded=False), printed(moment, padded=True)
            if short == long:
                lab.expect(short, text, "date")
            else:
                lab.decide("dates", text, {"unpadded": short, "padded": long})
        if lab.has_clock:
            lab.let_pass(7)


@contract("R-08", needs=(Need.DELIVERY,), credit=2)
def turkish_local_time(lab: Lab) -> None:
    """Sentdate is now in Turkey's local time."""
    report = _one(lab, lab.gsm())
    moment = read_date(report.sentdate)
    if moment is None:
        raise Violation("a date yyyy/m/d h:m:s", repr(report.sentdate))
    now = lab.turkish_now()
    lab.require(
        abs((now - moment).total_seconds()) < 900,
        f"about {now:%Y-%m-%d %H:%M} in Turkey",
        report.sentdate,
    )


@contract("R-09", needs=(Need.OUTCOMES, Need.DELIVERY), credit=26)
def every_status(lab: Lab) -> None:
    """Each of the eleven statuses can be produced and is spelled as documented."""
    ids = {status: lab.new_id() for status in STATUSES}
    lab.accepted(lab.to([Recipient(MAGIC[s], ids[s]) for s in STATUSES]))
    got = {one.id: one.status for one in lab.collect(ids.values())}
    for status in STATUSES:
        lab.example()
        lab.expect(status, got.get(ids[status]), f"status of the message to {MAGIC[status]}")


@contract("R-09", needs=(Need.DELIVERY,), credit=6)
def no_other_status(lab: Lab) -> None:
    """No report has a status that isn't documented."""
    ids = [one.message_id for one in lab.accepted(lab.message(4, ids=True)).results]
    for one in lab.collect(ids):
        lab.require(one.status in STATUSES, "a documented status", repr(one.status))


@contract("R-10", needs=(Need.DELIVERY,), credit=6)
def success_has_no_error(lab: Lab) -> None:
    """Gsmerror is a number, 0 for a delivered message and not 0 for a failed one."""
    ids = [one.message_id for one in lab.accepted(lab.message(2, ids=True)).results]
    for one in lab.collect(ids):
        _fits(lab, one)


@contract("R-10", needs=(Need.OUTCOMES, Need.DELIVERY), credit=40)
def errors_fit(lab: Lab) -> None:
    """Every failure carries a code, the numbers made for a code carry that one."""
    ids = {status: lab.new_id() for status in STATUSES}
    lab.accepted(lab.to([Recipient(MAGIC[s], ids[s]) for s in STATUSES]))
    for one in lab.collect(ids.values()):
        lab.example()
        _fits(lab, one)
    codes = ("1", "27", "31", "32", "34", "256", "500", "2048")
    made = {code: lab.new_id() for code in codes}
    lab.accepted(lab.to([Recipient(f"9059900000{41 + i}", made[c]) for i, c in enumerate(codes)]))
    got = {one.id: (one.status, one.gsmerror) for one in lab.collect(made.values())}
    for code, ident in made.items():
        lab.example()
        lab.expect(("NOT_DELIVERED", code), got.get(ident), "status and gsmerror")


def _fits(lab: Lab, one: Report) -> None:
    lab.require(one.gsmerror.isdigit(), "gsmerror a number", repr(one.gsmerror))
    fine = one.status in FINE
    lab.require(
        (int(one.gsmerror) == 0) == fine,
        f"gsmerror {'0' if fine else 'not 0'} for {one.status}",
        one.gsmerror,
    )


@contract("R-11", "S-15", needs=(Need.DELIVERY,), credit=4)
def scheduled_is_final_after_its_time(lab: Lab) -> None:
    """A scheduled message has no report before its time, and one after it."""
    ident = lab.new_id()
    wait = 3600 if lab.has_clock else 4
    lab.accepted(lab.to([Recipient(lab.gsm(), ident)], ileriTarih="1h" if wait > 4 else "4s"))
    lab.let_pass(2)
    lab.expect((), lab.pull((ident,)).ids, "reports 2 s after a send scheduled for later")
    lab.let_pass(wait)
    got = lab.collect((ident,))
    lab.expect([ident], [one.id for one in got], "reports after its time")
    sent, done = read_date(got[0].sentdate), read_date(got[0].donedate)
    if sent is not None and done is not None:
        least = timedelta(seconds=wait - 1)
        lab.require(
            done - sent >= least,
            f"donedate at least {least} after sentdate",
            f"{got[0].sentdate} to {got[0].donedate}",
        )


@contract("S-15", "R-11", needs=(Need.DELIVERY, Need.CLOCK), credit=8)
def every_unit_of_the_offset(lab: Lab) -> None:
    """Days, hours, minutes and seconds each count for what they are; 1s is at once."""
    for offset, seconds in (("1s", 0), ("", 0), ("2m1s", 121), ("1h", 3600), ("1d1h", 90_000)):
        lab.example()
        ident = lab.new_id()
        lab.accepted(lab.to([Recipient(lab.gsm(), ident)], ileriTarih=offset))
        if seconds:
            lab.let_pass(seconds - 1)
            lab.expect((), lab.pull((ident,)).ids, f"reports before {offset} are over")
        lab.let_pass(4)
        lab.expect((ident,), lab.pull((ident,)).ids, f"reports after {offset or 'no delay'}")


@contract("R-11", "S-16", needs=(Need.OUTCOMES, Need.CLOCK), credit=6)
def validity_runs_out(lab: Lab) -> None:
    """What is undelivered past its validity ends NOT_DELIVERED with 4101; 48 hours are the most."""
    for value, hours in (("01:00", 1), ("", 48), ("99:00", 48)):
        clause = "R-11" if value == "01:00" else "S-16"
        lab.example()
        ident = lab.new_id()
        lab.accepted(lab.to([Recipient("905990000030", ident)], ValidityPeriod=value))
        lab.let_pass(hours * 3600 - 60)
        what = f"validity {value or 'empty'}"
        lab.expect((), lab.pull((ident,)).ids, f"reports before {what} is over", clause=clause)
        lab.let_pass(120)
        got = [(one.id, one.status, one.gsmerror) for one in lab.pull((ident,)).reports]
        lab.expect([(ident, "NOT_DELIVERED", "4101")], got, f"report after {what}", clause=clause)


@contract("R-12", needs=(Need.DELIVERY,), credit=4)
def sentdate_is_submission(lab: Lab) -> None:
    """Sentdate is not after donedate, and is when the message was submitted."""
    before = lab.turkish_now() - timedelta(seconds=2)
    report = _one(lab, lab.gsm())
    sent, done = read_date(report.sentdate), read_date(report.donedate)
    if sent is None or done is None:
        raise Violation("two dates", f"{report.sentdate!r}, {report.donedate!r}", clause="R-08")
    lab.require(sent <= done, "sentdate not after donedate", f"{report.sentdate} > {report.donedate}")
    if lab.has_clock:
        lab.let_pass(3600)
        second = read_date(_one(lab, lab.gsm()).sentdate)
        assert second is not None, "read a moment ago in the same form"
        apart = (second - sent).total_seconds()
        lab.require(3600 <= apart <= 3720, "sentdates an hour apart for sends an hour apart", f"{apart} s")
    late = sent - before
    lab.require(late > timedelta(hours=-1), "sentdate not long before the send", report.sentdate)
