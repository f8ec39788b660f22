"""What an answer says without what differs from one run to the next; a part of every repro file."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone

PREFIX = re.compile(rb"kc[0-9a-f]{8}")
MADE_ID = re.compile(r"<messageid>([^<]+)</messageid>|<message\s[^>]*?\bid=\"([^\"]+)\"")
DATE = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2}) (\d{1,2}):(\d{1,2}):(\d{1,2})")
AMOUNT = re.compile(r"<miktar>([^<]*)</miktar>")
LEFT_OUT = re.compile(r"(?im)^(date|server|content-length|via|x-[a-z-]+): [^\r\n]*")
TURKEY = timezone(timedelta(hours=3))


class Shapes:
    """What an answer says without what differs from one run to the next."""

    def __init__(self) -> None:
        self.made: dict[str, int] = {}
        self.asked = ""
        self.clock: datetime | None = None
        self.balance: float | None = None
        self.credit_is_set = False

    def note(self, sent: str, *, control: bool) -> None:
        """Learn from a request: credit that the control API sets, ids that are asked for."""
        if control:
            self.credit_is_set = self.credit_is_set or sent.startswith("PATCH")
        self.asked += sent

    def of(self, answer: str) -> str:
        """The shape of an answer."""
        text = LEFT_OUT.sub(lambda match: match[1], answer)
        text = MADE_ID.sub(self.made_id, text)
        text = AMOUNT.sub(self.amount, text)
        return DATE.sub(lambda match: date_shape(match, self.clock), text)

    def made_id(self, match: re.Match[str]) -> str:
        """A server's own id by its place and form; one that was asked for as it is."""
        ident = match[1] or match[2]
        if ident in self.asked or PREFIX.match(ident.encode()):
            return match[0]
        number = self.made.setdefault(ident, len(self.made))
        form = re.sub("[a-z]", "a", re.sub("[0-9]", "0", ident.lower() if ident.islower() else ident))
        return match[0].replace(ident, f"id {number}: {form}")

    def amount(self, match: re.Match[str]) -> str:
        """A balance by its form and its distance from the first one; as it is where credit was set before."""
        text = match[1].strip()
        if self.credit_is_set or not re.fullmatch(r"-?\d+(\.\d+)?", text):
            return match[0]
        value = float(text)
        self.balance = value if self.balance is None else self.balance
        places = len(text.partition(".")[2])
        return f"<miktar>{places} places, {value - self.balance:+.3f}</miktar>"


def clock_in(answer: str) -> datetime | None:
    """What the control API says of its clock; None of any other answer."""
    clock = re.search(r'"now": ?"([^"]+)"', answer)
    return datetime.fromisoformat(clock[1]) if clock else None


def date_shape(match: re.Match[str], now: datetime | None) -> str:
    """A date by its form and, to the quarter of an hour, its distance from the beginning."""
    date, clock = (
        any(len(part) > 1 and part[0] == "0" for part in parts) for parts in (match.groups()[1:3], match.groups()[3:])
    )
    try:
        year, month, day, hour, minute, second = map(int, match.groups())
        moment = datetime(year, month, day, hour, minute, second, tzinfo=TURKEY)
        quarters = round((moment - now.astimezone(TURKEY)).total_seconds() / 900) if now else "some"
    except ValueError:
        return match[0]
    return f"date {date} {clock} {quarters} quarters of an hour on"


def shown_text(answer: bytes) -> object:
    """The text of a message that the control API shows; None of any other answer."""
    try:
        shown = json.loads(answer.partition(b"\r\n\r\n")[2])
    except ValueError:
        return None
    return shown.get("text") if isinstance(shown, dict) else None


def made_ids(text: str) -> list[str]:
    """The ids in an answer, in order."""
    return [one[1] or one[2] for one in MADE_ID.finditer(text)]


def total(answers: Iterable[str]) -> Counter[str]:
    """How many results of each status, reports and repeated reports several answers hold together."""
    statuses: Counter[str] = Counter()
    reports: Counter[str] = Counter()
    for text in answers:
        statuses.update(re.findall(r"<status>([^<]*)</status>", text))
        reports.update(re.findall(r"<message\s[^>]*?\bid=\"([^\"]+)\"", text))
    counts: Counter[str] = Counter({f"status {status}": count for status, count in statuses.items()})
    counts["reports"] = sum(reports.values())
    counts["reports given twice"] = sum(count > 1 for count in reports.values())
    return +counts


def complete(answer: bytes, wanted: int) -> bool:
    """True when so many whole answers have come; one without a length ends with the connection."""
    for _ in range(wanted):
        head, blank, answer = answer.partition(b"\r\n\r\n")
        length = re.search(rb"(?im)^content-length: *(\d+)\s*$", head)
        if not blank or b"HTTP/1" not in head:
            return False
        if re.match(rb"HTTP/1\.\d 1\d\d", head):
            continue
        if not length or len(answer) < int(length[1]):
            return False
        answer = answer[int(length[1]) :]
    return wanted > 0
