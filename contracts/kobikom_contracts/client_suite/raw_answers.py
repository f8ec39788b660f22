"""Reads the bodies that a client of the capability ``raw`` hands out, as the client's caller would have to."""

from __future__ import annotations

import re

from kobikom_contracts import reader
from kobikom_contracts.client_suite.adapter_protocol import (
    Balance,
    Call,
    Credit,
    Error,
    Failed,
    Kind,
    Outcome,
    Pulled,
    Raw,
    Report,
    Reports,
    Result,
    Send,
    Sent,
    TitleList,
)

_NUMBER = re.compile(r"<?\s*(-?\d{1,6})", re.ASCII)


def outcome_of(call: Call, raw: Raw) -> Outcome:
    """The outcome that a body stands for: unknown fate or malformed when it is not a whole answer of the API."""
    text = raw.raw.strip()
    unreadable = Failed(Error(Kind.UNKNOWN_FATE if isinstance(call, Send) else Kind.MALFORMED))
    if raw.http_status not in (None, 200):
        return unreadable
    match call:
        case Send():
            return _sent(text, len(call.recipients)) or unreadable
        case Reports():
            return _pulled(text) or unreadable
        case _:
            return _refusal(text) or _queried(call, text) or unreadable


def _sent(text: str, recipients: int) -> Outcome | None:
    rows = _results(text)
    if rows is None:
        return None
    if len(rows) == 1 and not rows[0].destination:
        return Failed(Error(Kind.REFUSED, rows[0].status))
    return Sent(rows) if len(rows) == recipients else None


def _results(text: str) -> tuple[Result, ...] | None:
    """The results of a whole answer to a send; None when it is none."""
    if "<results>" not in text or not text.endswith("</results>"):
        return None
    rows = []
    for one in reader.results(text):
        status = _NUMBER.fullmatch(one.status)
        if status is None:
            return None
        rows.append(Result(int(status[1]), one.destination.strip(), one.message_id or None))
    return tuple(rows)


def _refusal(text: str) -> Outcome | None:
    rows = _results(text)
    return Failed(Error(Kind.REFUSED, rows[0].status)) if rows else None


def _pulled(text: str) -> Outcome | None:
    if text == "NO_DATA":
        return Pulled(())
    if code := re.fullmatch(r"-?(5|10|11)", text):
        return Failed(Error(Kind.REFUSED, -int(code[1])))
    if not text.startswith("<DeliveryReport>") or not text.endswith(("/>", "</DeliveryReport>")):
        return None
    rows = reader.reports(text)
    if not all(_NUMBER.fullmatch(one.gsmerror) for one in rows):
        return None
    return Pulled(tuple(Report(r.id, r.status, int(r.gsmerror), r.sentdate, r.donedate) for r in rows))


def _queried(call: Call, text: str) -> Outcome | None:
    if isinstance(call, Balance):
        amount, currency = reader.element(text, "miktar"), reader.element(text, "kur")
        readable = amount and re.fullmatch(r"\d+(\.\d+)?", amount) and text.endswith("</bakiye>")
        return Credit(amount, currency or "") if amount and readable else None
    return TitleList(*reader.titles(text)) if text.endswith("</basliklar>") else None
