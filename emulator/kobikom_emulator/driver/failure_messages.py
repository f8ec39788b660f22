"""Sentences for people whose test failed: what was wanted, what came near, what the server was asked instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kobikom_emulator.driver.values import Entry, Message

LATEST = 50
"""Entries of a journal that a failure shows."""


class NotAsExpected(AssertionError):
    """A space is not as a test wants it; the message says what is near and why it is not the same."""


def wanted(conditions: Mapping[str, str]) -> str:
    """The conditions as words: `to '9053*' and text '*kod*'`."""
    if not conditions:
        return "any message"
    return "a message with " + " and ".join(f"{name} {value!r}" for name, value in conditions.items())


def described(message: Message) -> str:
    return f"to {message.to} title {message.title}: {_short(message.text)!r} ({message.status})"


def misses(nearest: Iterable[Mapping[str, Any]], journal: Sequence[Entry]) -> str:
    """The nearest misses with what differs; where there is none, what the space was asked."""
    lines: list[str] = []
    for miss in nearest:
        lines.append(f"  {described(Message.read(miss['message']))}")
        lines += [f"    {difference}" for difference in miss["differences"]]
    if lines:
        return "\n".join(["nearest misses:", *lines])
    if not journal:
        return (
            "the space got no request at all: does the code under test use its base_url, user and password, and has "
            "it sent by now?"
        )
    return "\n".join(["it holds no message; what it was asked:", *(f"  {line}" for line in journal_lines(journal))])


def journal_lines(journal: Sequence[Entry]) -> list[str]:
    """A line an entry, oldest first, and under a refusal the clause, the place, what was expected and found."""
    lines = [f"({len(journal) - LATEST} earlier entries)"] if len(journal) > LATEST else []
    for entry in journal[-LATEST:]:
        code = "" if entry.code is None else f" {entry.code}"
        faults = f" [fault {', '.join(entry.faults)}]" if entry.faults else ""
        user = f" as {entry.user}" if entry.user else ""
        lines.append(f"#{entry.id} {entry.at:%H:%M:%SZ} {entry.operation}{user}: {entry.outcome}{code}{faults}")
        lines += [f"    {_why(note)}" for note in entry.explanation]
    return lines


def _why(note: Mapping[str, Any]) -> str:
    place = note["path"]
    if note["line"]:
        place += f" (line {note['line']}, column {note['column']})"
    said = ", ".join(f"{word} {_short(note[word])}" for word in ("expected", "found") if note[word])
    return " ".join(part for part in (f"{note['clause']}:", place, said or note["sentence"]) if part)


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"
