"""Law: bytes and exchanges as readable text, shared by every report; secrets are masked here."""

from __future__ import annotations

import re

from kobikom_contracts.verdicts import Verdict
from kobikom_contracts.wire import Exchange

MOST = 4000

_SECRET = re.compile(rb"(<parola>)[^<]*(</parola>)|((?:[?&]|\b)parola=)[^&\s]*()", re.IGNORECASE)


def masked(data: bytes) -> bytes:
    """The same bytes with passwords starred out."""
    return _SECRET.sub(lambda m: (m[1] or m[3]) + b"***" + (m[2] or m[4] or b""), data)


def shown(data: bytes) -> str:
    """Bytes as text: line ends kept, anything unprintable escaped, long ones cut."""
    text = masked(data).decode("utf-8", "backslashreplace").replace("\r\n", "\n")
    text = "".join(c if c.isprintable() or c in "\n\t" else repr(c)[1:-1] for c in text)
    return text if len(text) <= MOST else f"{text[:MOST]}… ({len(text)} characters)"


def transcript(exchanges: tuple[Exchange, ...]) -> str:
    """What went over the wire, requests marked ``>``, answers ``<``."""
    lines: list[str] = []
    for number, one in enumerate(exchanges, 1):
        if not one.sent:
            lines.append(f"--- {one.seconds:.0f} s pass")
            continue
        lines.append(f"--- exchange {number}, {one.seconds * 1000:.0f} ms")
        lines += [f"> {line}" for line in shown(one.sent).split("\n")]
        lines += [f"< {line}" for line in shown(one.received).split("\n")]
    return "\n".join(lines)


def explained(verdict: Verdict, command: str) -> str:
    """A violated (or differing) clause, whole: what, whence, expected, found, example, wire."""
    clause = verdict.clause
    rows = [
        f"{clause.id} {verdict.outcome.upper()}: {clause.sentence}",
        f"  source    {clause.source}",
        f"  expected  {verdict.expected}",
        f"  found     {verdict.found}",
    ]
    if verdict.reading:
        rows.append(f"  reading   {verdict.reading}")
    if verdict.detail:
        rows.append(f"  detail    {verdict.detail}")
    if verdict.counterexample:
        rows.append("  smallest counterexample")
        rows += [f"    {line}" for line in verdict.counterexample.split("\n")]
    rows += [f"  alone     {command}", "  wire"]
    rows += [f"    {line}" for line in transcript(verdict.exchanges).split("\n")]
    return "\n".join(rows)
