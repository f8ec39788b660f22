"""Exchanges and verdicts as readable text, used by every report. Passwords are masked here."""

from __future__ import annotations

import re
from importlib.metadata import version

from kobikom_contracts.core.verdicts import Outcome, Verdict, printable
from kobikom_contracts.transcript import Exchange

MOST_CHARACTERS = 4000
UNKEPT = frozenset({Outcome.VIOLATED, Outcome.DIFFERS, Outcome.ERROR})
"""Outcomes that a report explains in full."""

_SECRETS = (
    re.compile(rb"(<parola>)[^<]*", re.IGNORECASE),
    re.compile(rb"((?:[?&]|\b)parola=|%3Cparola%3E)(?:(?!%3C)[^&\s])*", re.IGNORECASE),
    re.compile(rb"(" + "<parola>".encode("utf-16-le") + rb")(?:[^<].)*", re.DOTALL),
)
"""Where a password stands: in a document, in a query or an encoded document, in a document of UTF-16."""


def tool() -> str:
    """The name and version of this program, as reports show it."""
    return f"kobikom-contracts {version('kobikom-emulator')}"


def masked(data: bytes) -> bytes:
    """The same bytes with passwords replaced by ``***``."""
    for place in _SECRETS:
        data = place.sub(lambda match: match[1] + b"***", data)
    return data


def shown(data: bytes) -> str:
    """Bytes as text: line ends kept, anything unprintable escaped, long ones cut."""
    text = printable(masked(data).decode("utf-8", "backslashreplace").replace("\r\n", "\n"))
    return text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}… ({len(text)} characters)"


def transcript(exchanges: tuple[Exchange, ...]) -> str:
    """What went over the wire, requests marked ``>``, answers ``<``."""
    lines: list[str] = []
    for number, exchange in enumerate(exchanges, 1):
        if not exchange.sent:
            lines.append(f"--- {exchange.seconds:.0f} s pass")
            continue
        ended = f", {exchange.ended}" if exchange.ended else ""
        label = exchange.label or f"exchange {number}"
        lines.append(f"--- {label}, {exchange.seconds * 1000:.0f} ms{ended}")
        lines += [f"> {line}" for line in shown(exchange.sent).split("\n")]
        lines += [f"< {line}" for line in shown(exchange.received).split("\n")]
    return "\n".join(lines)


def explained(verdict: Verdict, command: str) -> str:
    """Everything about a verdict: statement and marks, what was expected and found, example, wire.

    ``command`` repeats the judgement of this clause alone.
    """
    clause, statement = verdict.clause, verdict.statement
    if statement is None:
        rows = [f"{clause.id} {verdict.outcome.upper()}: {clause.subject}", f"  source    {clause.source}"]
    else:
        rows = [f"{statement.id} {verdict.outcome.upper()}: {statement.sentence}", f"  source    {statement.source}"]
    if verdict.expected is not None:
        rows += [f"  expected  {verdict.expected}", f"  found     {verdict.found}"]
    if verdict.mend:
        rows.append(f"  mend      {verdict.mend}")
    if verdict.reading:
        rows.append(f"  reading   {verdict.reading}")
    if verdict.detail:
        rows.append(f"  detail    {verdict.detail}")
    if verdict.echoes:
        rows.append(f"  seen too  {', '.join(verdict.echoes)}")
    if verdict.mend:
        rows.append(f"  mend      {verdict.mend}")
    if verdict.counterexample:
        rows += ["  smallest counterexample", *_indented(verdict.counterexample)]
    if verdict.traceback:
        rows += ["  traceback of the judge", *_indented(verdict.traceback.rstrip())]
    rows.append(f"  alone     {command}")
    if verdict.exchanges:
        rows += ["  wire", *_indented(transcript(verdict.exchanges))]
    return "\n".join(rows)


def _indented(text: str) -> list[str]:
    return [f"    {line}" for line in text.split("\n")]
