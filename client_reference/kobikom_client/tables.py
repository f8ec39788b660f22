"""Prints results on the command line, as a table or as JSON.

Control characters that the server sent are escaped: they could change the terminal.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import click

from .message import Recipient
from .results import Balance, Progress, Receipt, Report, Result, Titles, meaning


def print_receipt(receipt: Receipt, *, as_json: bool) -> None:
    """Print the result of each recipient."""
    _print_progress(Progress(receipt.results), as_json=as_json, parts=receipt.parts)


def print_progress(progress: Progress, *, as_json: bool) -> None:
    """Print how far a failed send got; nothing if no recipient is known."""
    if progress != Progress():
        _print_progress(progress, as_json=as_json)


def print_reports(reports: Sequence[Report], *, as_json: bool) -> None:
    """Print one line for each report."""
    if as_json:
        _print_json([_report(report) for report in reports])
    elif reports:
        rows = [[_text(value) for value in _report(report).values()] for report in reports]
        _print_table(("MESSAGE ID", "STATUS", "GSM ERROR", "SENT", "DONE"), rows)
    else:
        click.echo("no reports")


def print_titles(titles: Titles, *, as_json: bool) -> None:
    """Print one line for each title."""
    if as_json:
        _print_json({"alphanumeric": titles.alphanumeric, "numeric": titles.numeric})
        return
    rows = [(title, "alphanumeric") for title in titles.alphanumeric]
    _print_table(("TITLE", "KIND"), rows + [(title, "numeric") for title in titles.numeric])


def print_balance(balance: Balance, *, as_json: bool) -> None:
    """Print the amount and the currency."""
    if as_json:
        other = balance.other_amount
        _print_json(
            {
                "amount": str(balance.amount),
                "currency": balance.currency,
                "printed": balance.printed,
                "other_amount": None if other is None else str(other),
            }
        )
    else:
        click.echo(_printable(f"{balance.amount} {balance.currency}".strip()))


def _print_progress(progress: Progress, *, as_json: bool, parts: int | None = None) -> None:
    if as_json:
        document = {
            "results": [_result(result) for result in progress.results],
            "unknown": [_recipient(recipient) for recipient in progress.unknown],
            "untried": [_recipient(recipient) for recipient in progress.untried],
        }
        _print_json(document if parts is None else {"parts": parts, **document})
        return
    rows = [
        (result.number, f"{int(result.code)} {meaning(result.code)}", _text(result.message_id))
        for result in progress.results
    ]
    rows += [(recipient.number, "unknown: may have been sent", "") for recipient in progress.unknown]
    rows += [(recipient.number, "not sent", "") for recipient in progress.untried]
    _print_table(("NUMBER", "RESULT", "MESSAGE ID"), rows)


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


def _print_json(value: object) -> None:
    click.echo(json.dumps(value, indent=2))


def _print_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    cells = [header, *([_printable(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo(line.rstrip())


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in text)
