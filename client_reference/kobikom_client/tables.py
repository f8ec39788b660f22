"""Tables: results printed for people, or as JSON for programs. For the command line only.

What the server sent is printed without control characters, which could rewrite a terminal.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import click

from .values import Balance, Progress, Receipt, Recipient, Report, Result, Titles, meaning


def receipt(sent: Receipt, *, as_json: bool) -> None:
    _sending(Progress(sent.results), as_json=as_json, parts=sent.parts)


def progress(got: Progress, *, as_json: bool) -> None:
    """How far a failed send got; nothing if it never began."""
    if got != Progress():
        _sending(got, as_json=as_json)


def reports(pulled: Sequence[Report], *, as_json: bool) -> None:
    if as_json:
        _json([_report(each) for each in pulled])
    elif pulled:
        rows = [[_plain(value) for value in _report(each).values()] for each in pulled]
        _table(("MESSAGE ID", "STATUS", "GSM ERROR", "SENT", "DONE"), rows)
    else:
        click.echo("no reports")


def titles(known: Titles, *, as_json: bool) -> None:
    if as_json:
        _json({"alphanumeric": known.alphanumeric, "numeric": known.numeric})
        return
    rows = [(title, "alphanumeric") for title in known.alphanumeric]
    _table(("TITLE", "KIND"), rows + [(title, "numeric") for title in known.numeric])


def balance(left: Balance, *, as_json: bool) -> None:
    if as_json:
        _json({"amount": str(left.amount), "currency": left.currency})
    else:
        click.echo(_printable(f"{left.amount} {left.currency}".strip()))


def _sending(got: Progress, *, as_json: bool, parts: int | None = None) -> None:
    if as_json:
        sending = {
            "results": [_result(each) for each in got.results],
            "unknown": [_recipient(each) for each in got.unknown],
            "untried": [_recipient(each) for each in got.untried],
        }
        _json(sending if parts is None else {"parts": parts, **sending})
        return
    rows = [(each.number, f"{int(each.code)} {meaning(each.code)}", _plain(each.message_id)) for each in got.results]
    rows += [(each.number, "unknown: may have gone out", "") for each in got.unknown]
    rows += [(each.number, "did not go out", "") for each in got.untried]
    _table(("NUMBER", "RESULT", "MESSAGE ID"), rows)


def _result(result: Result) -> dict[str, Any]:
    return {
        "number": result.number,
        "code": int(result.code),
        "meaning": meaning(result.code),
        "message_id": result.message_id,
    }


def _recipient(recipient: Recipient) -> dict[str, Any]:
    return {"number": recipient.number, "message_id": recipient.message_id}


def _report(report: Report) -> dict[str, Any]:
    return {
        "message_id": report.message_id,
        "status": str(report.status),
        "gsm_error": report.gsm_error,
        "sent_at": report.sent_at and report.sent_at.isoformat(),
        "done_at": report.done_at and report.done_at.isoformat(),
    }


def _json(value: object) -> None:
    click.echo(json.dumps(value, indent=2))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    cells = [head, *([_printable(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo(line.rstrip())


def _plain(value: object) -> str:
    return "" if value is None else str(value)


def _printable(text: str) -> str:
    return "".join(each if each.isprintable() else f"\\x{ord(each):02x}" for each in text)
