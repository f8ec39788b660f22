"""Reads one `<mesajiniz>` block into an order, or into the code that refuses the whole request."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from . import parts
from .readings import PAPER, Readings
from .request_document import Node


@dataclass(frozen=True, slots=True)
class Recipient:
    """A number as submitted (stripped) and the client's own id, empty if none."""

    number: str
    client_id: str


@dataclass(frozen=True, slots=True)
class Order:
    """What one block asks for; `parts` is what will be sent, `expires` when validity runs out."""

    title: str
    known_title: bool
    alphabet: str
    parts: tuple[str | bytes, ...]
    flash: bool
    sent_for: datetime
    expires: datetime
    appid: str
    recorded: dict[str, str]
    recipients: tuple[Recipient, ...]


class RefusedError(Exception):
    """The whole request is refused with this code (A-05)."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def recipients_of(block: Node) -> tuple[Recipient, ...]:
    """Every `<gsm>` of a block, those without a number too."""
    return tuple(
        Recipient(gsm.text.strip(), gsm.attributes.get("messageid", ""))
        for receivers in block.all("alicilar")
        for gsm in receivers.all("gsm")
    )


def read_order(block: Node, *, titles: tuple[str, ...], now: datetime, readings: Readings = PAPER) -> Order:
    """Judge every field of one block; raises RefusedError with -23, -27 or the code of an unknown title."""
    recipients = tuple(one for one in recipients_of(block) if one.number or readings.empty_gsm == "refuse")
    coding = _coding(block.value("datacoding"))
    _one_of(block.value("nopush"), ("", "0", "1"))
    flash = _one_of(block.value("flash"), ("", "0", "1")) == "1" or coding in (240, 24)
    alphabet, pieces = _content(block, readings, unicode=coding in (8, 24))
    sent_for, expires = _times(block, now, readings)
    title = block.value("baslik")
    return Order(
        title=_title(title, titles, readings),
        known_title=not title or title in titles,
        alphabet=alphabet,
        parts=pieces,
        flash=flash,
        sent_for=sent_for,
        expires=expires,
        appid=block.value("appid"),
        recorded={child.name: child.text for child in block.children if child.name != "alicilar"},
        recipients=recipients,
    )


def _one_of(value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise RefusedError(-23)
    return value


def _coding(value: str) -> int:
    if not value:
        return 0
    if not re.fullmatch(r"[0-9]{1,20}", value) or int(value) > 255:
        raise RefusedError(-23)
    return int(value)


def _title(value: str, titles: tuple[str, ...], readings: Readings) -> str:
    """S-09: a title that is too long, or unknown and not accepted, refuses the request."""
    if not value and titles:
        return titles[0]
    longest = 14 if re.fullmatch(r"[0-9]+", value) else 11
    if len(value) > longest or (value not in titles and readings.unknown_title == "refuse"):
        raise RefusedError(int(readings.title_code))
    return value


def _content(block: Node, readings: Readings, *, unicode: bool) -> tuple[str, tuple[str | bytes, ...]]:
    text, binary = block.raw("metin"), block.value("binary")
    long = block.value("type").lower() == "longsms"
    split = long or readings.long_text != "cut"
    pieces: list[str] | list[bytes]
    if not binary:
        alphabet, pieces = parts.split_text(
            text,
            unicode=unicode,
            turkish=block.value("languagecode").upper() in ("ES", "TR"),
            long=split,
            table=readings.turkish_table,
            question_mark=readings.unencodable == "question-mark",
        )
    elif text or not re.fullmatch(r"(?:[0-9A-Fa-f]{2})+", binary):
        raise RefusedError(-23)
    else:
        alphabet, pieces = "binary", parts.split_binary(bytes.fromhex(binary), long=split)
    if len(pieces) > 1 and not long and readings.long_text == "refuse":
        raise RefusedError(-23)
    return alphabet, tuple(pieces)


def _times(block: Node, now: datetime, readings: Readings) -> tuple[datetime, datetime]:
    """When it is sent (S-15) and when its validity is over (S-16)."""
    delay = block.value("ileritarih")
    form = re.fullmatch(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?", delay, re.ASCII)
    if form is None:
        raise RefusedError(-27)
    try:
        days, hours, minutes, seconds = (int(digits or 0) for digits in form.groups())
        offset = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        sent_for = now + offset if offset > timedelta(seconds=1) else now
        _ = sent_for + timedelta(days=4)  # room for validity and the local time zone
    except (OverflowError, ValueError):
        raise RefusedError(-27) from None
    validity = timedelta(hours=48)
    if value := block.value("validityperiod"):
        clock = re.fullmatch(r"(\d{1,3}):([0-5]\d)", value, re.ASCII)
        if clock is None:
            raise RefusedError(-23)
        asked = timedelta(hours=int(clock[1]), minutes=int(clock[2]))
        if asked > validity and readings.long_validity == "refuse":
            raise RefusedError(-23)
        validity = min(validity, asked)
    return sent_for, sent_for + validity
