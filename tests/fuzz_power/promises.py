"""What the service promises: functions that give a sentence for each thing that is not as promised."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from decimal import Decimal

from fuzz_power.liveness import a_different_day_succeeds, a_good_day_succeeds
from fuzz_power.service.settings import TURKEY
from fuzz_power.view import REPORTED_ID, View, arrived_whole, intended_ids, sent_body

Promise = Callable[[View], Iterator[str]]

MINUTE = timedelta(minutes=1)
FINAL_CODES = re.compile(
    r"<status>-(?:13|3)</status>\s*<messageid>[^<]*</messageid>\s*<destination>(\d+)</destination>"
)
LOST = frozenset(("lost-pull", "cut-pull", "unclosed-pull", "pull-refused"))
LOW = Decimal(50)


def nobody_gets_it_twice(view: View) -> Iterator[str]:
    for notice in view.notices:
        if len(view.copies(notice)) > 1:
            yield f"{notice.key} was accepted {len(view.copies(notice))} times"


def each_success_was_accepted(view: View) -> Iterator[str]:
    for notice in view.notices:
        if notice.state == "accepted" and not view.copies(notice):
            yield f"{notice.key} is recorded as accepted, and the vendor never accepted it"


def each_accepted_is_recorded(view: View) -> Iterator[str]:
    """Every accepted message is one that the shop wanted, and recorded as accepted, or a person looks at it."""
    for message in view.messages:
        notice = view.notice(message)
        if notice is None:
            if "905559990001" != message.to:
                yield f"nobody wanted {message.text!r} to {message.to}"
        elif notice.state != "accepted" and not (notice.state == "unknown" and view.alarmed(notice.key)):
            yield f"{notice.key} was accepted and is recorded as {notice.state}"


def nothing_stays_unfinished(view: View) -> Iterator[str]:
    """Each message is accepted, or not wanted any more, or waits for a later try, or a person looks at it."""
    for notice in view.notices:
        if notice.state == "sending":
            yield f"{notice.key} is still being sent"
        elif notice.state in ("refused", "unknown", "expired") and not view.alarmed(notice.key):
            yield f"{notice.key} ended as {notice.state} without an alarm"


def what_is_known_is_recorded(view: View) -> Iterator[str]:
    """A message whose answer arrived undamaged is not recorded as unknown."""
    for notice in view.notices:
        if notice.state != "unknown" or notice.code == -33 or view.evidence.answers_unseen:
            continue
        sends = [e for e in view.entries("send") if f">{notice.number}</gsm>" in str(e.request["body"])]
        sends = [e for e in sends if _plain(notice.text) in str(e.request["body"])]
        if sends and all(arrived_whole(entry) for entry in sends):
            yield f"{notice.key} is unknown although the vendor answered"


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def each_report_ends_somewhere(view: View) -> Iterator[str]:
    """Each report that was given is saved, or there is an alarm about that pull or push."""
    saved = {row.wire_id for row in view.tables.reports}
    pulls = list(view.entries("pull"))
    for place, entry in enumerate(pulls):
        until = pulls[place + 1].at if place + 1 < len(pulls) else None
        alarmed = any(
            alarm.kind in LOST and entry.at <= alarm.at and (until is None or alarm.at < until) for alarm in view.alarms
        )
        body = sent_body(entry)
        for wire_id in intended_ids(entry):
            arrived = arrived_whole(entry) or re.search(f'<message\\s[^<>]*"{re.escape(wire_id)}"[^<>]*/>', body)
            if wire_id not in saved and (arrived or not alarmed):
                yield f"the report of {wire_id} was given and is lost"
        answered = arrived_whole(entry) and not re.fullmatch(r"-?\d+", body.strip())
        if not answered and not alarmed:
            yield f"the pull of {entry.at} failed without an alarm"
    for entry in view.entries("push"):
        lost = [wire_id for wire_id in REPORTED_ID.findall(str(entry.request["body"])) if wire_id not in saved]
        if lost:
            yield f"the pushed report of {lost[0]} is lost"


def each_report_is_right(view: View) -> Iterator[str]:
    """A saved report says what the vendor said, once, of the right message."""
    for wire_id, times in Counter(row.wire_id for row in view.tables.reports).items():
        if times > 1:
            yield f"the report of {wire_id} is recorded {times} times"
    for message in view.messages:
        notice = view.notice(message)
        for row in view.rows(message):
            status = view.reported_statuses.get(message.message_id, message.status)
            wanted = (status, status == "DELIVERED", message.done_at.replace(microsecond=0))
            if wanted != (row.status, row.delivered, row.done_at):
                yield f"the report of {row.wire_id} is recorded as {row.status}, {row.delivered}, {row.done_at}"
            if notice and notice.state == "accepted" and row.key != notice.key:
                yield f"the report of {row.wire_id} is not that of {notice.key}"


def each_report_is_asked_for(view: View) -> Iterator[str]:
    """After a night whose pull was answered no report waits that was there before it."""
    nights = view.evidence.nights
    pulls = [entry for entry in view.entries("pull") if nights and entry.at == nights[-1] and arrived_whole(entry)]
    if nights and not pulls and not any(alarm.at == nights[-1] for alarm in view.alarms):
        yield "the last night pulled nothing"
    for message in view.messages if pulls else ():
        pushed = view.notice(message) is not None and view.notice(message).push  # type: ignore[union-attr]
        if not pushed and message.report == "ready" and message.done_at < nights[-1]:
            yield f"the report of {message.message_id} was never asked for"


def money_adds_up(view: View) -> Iterator[str]:
    """Each check of the balance gives the right amount or an alarm, and an alarm if there is little left."""
    for check in view.evidence.checks:
        if check.row is None:
            if "balance-unknown" not in check.alarms:
                yield "a check of the balance gave neither an amount nor an alarm"
            continue
        # A grouped amount is in whole units (B-01).
        whole = [amount for amount in check.row.amounts if amount == int(amount)] if view.grouped else []
        if check.credit not in check.row.amounts and int(check.credit) not in whole:
            yield f"the balance was {check.credit}, recorded as {check.row.amounts}"
        if check.credit < LOW and "low-balance" not in check.alarms:
            yield f"the balance was {check.credit}, without an alarm"


def opted_out_get_nothing(view: View) -> Iterator[str]:
    for number, since in view.evidence.opted_out:
        for message in view.messages:
            if message.to == number and message.submitted_at > since:
                yield f"{number} got {message.text!r} after opting out"


def passwords_are_in_time(view: View) -> Iterator[str]:
    """No password is sent, or delivered, after its time."""
    for notice in view.notices:
        for message in view.copies(notice) if notice.expires else ():
            late = message.status == "DELIVERED" and message.done_at > notice.expires + MINUTE
            if message.submitted_at > notice.expires or late:
                yield f"{notice.key} came after its time"


def reminders_are_on_time(view: View) -> Iterator[str]:
    for notice in view.notices:
        for message in view.copies(notice) if notice.due else ():
            if abs(message.sent_at - max(notice.due, message.submitted_at)) > MINUTE:
                yield f"{notice.key} was to go out at {notice.due}, and went out at {message.sent_at}"


def invalid_numbers_are_left_alone(view: View) -> Iterator[str]:
    """A number that was refused for good does not get the same text again."""
    refused: list[tuple[str, str]] = []
    for entry in view.entries("send"):
        body = str(entry.request["body"])
        text = body.partition("<metin>")[2].partition("</metin>")[0]
        for number, earlier in refused:
            if earlier == text and f">{number}</gsm>" in body:
                yield f"{number} was refused as invalid and tried again"
        refused += [(number, text) for number in FINAL_CODES.findall(sent_body(entry))]


def requests_are_valid(view: View) -> Iterator[str]:
    """The vendor finds no mistake in what the shop sends; fault rules apart."""
    for entry in view.entries("send"):
        if entry.code in (-6, -13, -22, -23, -27, -33) and not entry.faults:
            yield f"the vendor refuses a send with {entry.code}"


def texts_arrive_whole(view: View) -> Iterator[str]:
    for lost in view.lost_text.values():
        yield f"{lost!r} was cut off"


def the_title_is_there(view: View) -> Iterator[str]:
    """The account has the title all the time."""
    for alarm in view.alarms:
        if alarm.kind == "title-missing":
            yield alarm.text


def days_add_up(view: View) -> Iterator[str]:
    """The daily summaries count the messages of each day in Turkey."""
    days = Counter(
        notice.accepted_at.astimezone(TURKEY).date().isoformat()
        for notice in view.notices
        if notice.state == "accepted" and notice.accepted_at
    )
    for day, count in view.tables.summaries.items():
        if count != days[day]:
            yield f"{count} messages are counted on {day}, there are {days[day]}"


SAFETY: Mapping[str, Promise] = {
    promise.__name__: promise
    for promise in (
        nobody_gets_it_twice,
        each_success_was_accepted,
        each_accepted_is_recorded,
        nothing_stays_unfinished,
        what_is_known_is_recorded,
        each_report_ends_somewhere,
        each_report_is_right,
        each_report_is_asked_for,
        money_adds_up,
        opted_out_get_nothing,
        passwords_are_in_time,
        reminders_are_on_time,
        invalid_numbers_are_left_alone,
        requests_are_valid,
        texts_arrive_whole,
        the_title_is_there,
        days_add_up,
    )
}
"""What holds whatever happens."""


AT_NOON = (
    nobody_gets_it_twice,
    each_success_was_accepted,
    each_accepted_is_recorded,
    nothing_stays_unfinished,
    what_is_known_is_recorded,
)
"""What is judged before the first pull, too: reports correct some mistakes."""


def broken_at_noon(view: View) -> list[str]:
    return [f"{promise.__name__}: {sentence}" for promise in AT_NOON for sentence in promise(view)]


def broken(view: View, *, different: bool, second_is_good: bool = True) -> list[str]:
    """The promises that are broken, each with a sentence. ``different``: nothing failed on the first day."""
    promises = dict(SAFETY)
    if second_is_good:
        promises["a_good_day_succeeds"] = a_good_day_succeeds
    if different:
        promises["a_different_day_succeeds"] = a_different_day_succeeds
    return [f"{name}: {sentence}" for name, promise in promises.items() for sentence in promise(view)]
