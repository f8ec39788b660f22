"""The documents and queries that the vendor gets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from math import ceil
from urllib.parse import urlencode
from xml.sax.saxutils import escape, quoteattr

from fuzz_power.service.records import Notice
from fuzz_power.service.settings import Settings

PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,:;!?'\"()+-*/%&<>=@#_\n\r")
"""Characters that every phone's default alphabet has."""
LATIN = PLAIN | frozenset("çğıöşüÇĞİÖŞÜ")


def _text(text: str) -> str:
    return escape(text, {"\r": "&#13;"})


def _login(settings: Settings) -> str:
    return (
        f"<dogrulama><kullanici>{_text(settings.user)}</kullanici>"
        f"<parola>{_text(settings.password)}</parola></dogrulama>"
    )


def titles_document(settings: Settings) -> str:
    return f"<basliklar>{_login(settings)}</basliklar>"


def balance_document(settings: Settings) -> str:
    return f"<bakiye>{_login(settings)}</bakiye>"


def pull_query(settings: Settings, ids: Sequence[str] = ()) -> str:
    if "login-unquoted" in settings.bugs:
        return f"kullanici={settings.user}&parola={settings.password}".replace(" ", "+")
    fields = {"kullanici": settings.user, "parola": settings.password}
    if ids:
        fields["messageid"] = ",".join(ids)
    return urlencode(fields)


def send_document(settings: Settings, batch: Sequence[Notice], now: datetime) -> str:
    """A send of one text to the recipients of a batch, which have everything but the number and the id in common."""
    first = batch[0]
    recipients = "".join(
        f"<gsm messageId={quoteattr(notice.wire_id)}>{_number(settings, notice)}</gsm>"
        if notice.own_id
        else f"<gsm>{_number(settings, notice)}</gsm>"
        for notice in batch
    )
    push = f"<pushurl>{_text(settings.push_url)}</pushurl>" if first.push and settings.push_url else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><SMS>{_login(settings)}<mesajiniz>'
        f"<baslik>{_text(settings.title)}</baslik>{_body(settings, first.text)}"
        f"<ileriTarih>{_offset(settings, first, now)}</ileriTarih>"
        f"<ValidityPeriod>{_validity(settings, first, now)}</ValidityPeriod>{push}"
        f"<alicilar>{recipients}</alicilar></mesajiniz></SMS>"
    )


def _number(settings: Settings, notice: Notice) -> str:
    return notice.typed if "numbers-as-typed" in settings.bugs else notice.number


def _body(settings: Settings, text: str) -> str:
    bugs = settings.bugs
    if "text-cut-160" in bugs:
        text = text[:160]
    if "text-ascii" in bugs:
        text = "".join(character if character in LATIN else "?" for character in text)
    kind = "" if "long-by-160" in bugs and len(text) <= 160 else "longSMS"
    coding = "" if PLAIN.issuperset(text) else "8"
    written = text if "text-unescaped" in bugs else _text(text)
    return f"<metin>{written}</metin><type>{kind}</type><datacoding>{coding}</datacoding>"


def _offset(settings: Settings, notice: Notice, now: datetime) -> str:
    """The time from now until the message is due, "" for at once (S-15)."""
    if notice.due is None:
        return ""
    wait = notice.due - now
    seconds = int(wait.total_seconds())
    if "schedule-stale" in settings.bugs:
        seconds = int(notice.first_offset)
    if "schedule-drops-days" in settings.bugs and seconds > 0:
        seconds %= 86_400
    if seconds <= 0:
        return f"{seconds}s" if seconds < 0 and "schedule-negative" in settings.bugs else ""
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3600)
    minutes, rest = divmod(rest, 60)
    return f"{days}d{hours}h{minutes}m{rest}s"


def _validity(settings: Settings, notice: Notice, now: datetime) -> str:
    if notice.expires is None or "otp-without-validity" in settings.bugs:
        return ""
    minutes = max(1, ceil((notice.expires - now).total_seconds() / 60))
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
