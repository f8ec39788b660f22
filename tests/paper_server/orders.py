"""Reads one `<mesajiniz>` block into an order, or into the code that refuses the whole request."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from . import parts
from .dialect import Node


@dataclass(frozen=True, slots=True)
class Recipient:
    """A number as submitted (stripped) and the client's own id, empty if none."""

    number: str
    client_id: str


@dataclass(frozen=True, slots=True)
class Order:
    """What one block asks for; `parts` is what will be sent, `expires` when validity runs out."""

    title: str
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


def read_order(block: Node, *, titles: tuple[str, ...], now: datetime) -> Order:
    """Judge every field of one block; raises RefusedError with -6, -23 or -27."""
    recipients = tuple(
        Recipient(gsm.text.strip(), gsm.attributes.get("messageid", ""))
        for receivers in block.all("alicilar")
        for gsm in receivers.all("gsm")
        if gsm.text.strip()
    )
    if not recipients:
        raise RefusedError(-6)
    coding = _coding(block.value("datacoding"))
    _one_of(block.value("nopush"), ("", "0", "1"))
    flash = _one_of(block.value("flash"), ("", "0", "1")) == "1" or coding in (240, 24)
    alphabet, pieces = _content(block, unicode=coding in (8, 24))
    sent_for, expires = _times(block, now)
    return Order(
        title=_title(block.value("baslik"), titles),
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


def _title(value: str, titles: tuple[str, ...]) -> str:
    """S-09 under `unknown-title=refuse` and `title-code=-23`."""
    if not value and titles:
        return titles[0]
    longest = 14 if re.fullmatch(r"[0-9]+", value) else 11
    if len(value) > longest or value not in titles:
        raise RefusedError(-23)
    return value


def _content(block: Node, *, unicode: bool) -> tuple[str, tuple[str | bytes, ...]]:
    text, binary = block.raw("metin"), block.value("binary")
    long = block.value("type").lower() == "longsms"
    if not binary:
        turkish = block.value("languagecode").upper() in ("ES", "TR")
        alphabet, pieces = parts.split_text(text, unicode=unicode, turkish=turkish, long=long)
        return alphabet, tuple(pieces)
    if text or not re.fullmatch(r"(?:[0-9A-Fa-f]{2})+", binary):
        raise RefusedError(-23)
    return "binary", tuple(parts.split_binary(bytes.fromhex(binary), long=long))


def _times(block: Node, now: datetime) -> tuple[datetime, datetime]:
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
        validity = min(validity, timedelta(hours=int(clock[1]), minutes=int(clock[2])))
    return sent_for, sent_for + validity
