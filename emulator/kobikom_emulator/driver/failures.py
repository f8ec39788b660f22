"""What a failed assertion says: the conditions, the nearest misses, and the requests that the space received."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kobikom_emulator.driver.values import Entry, Message

LATEST = 50
"""How many journal entries a failure shows."""


class NotAsExpected(AssertionError):
    """A space does not hold the messages that a test expects; the message names the nearest misses."""


def message_with(conditions: Mapping[str, str]) -> str:
    """The conditions in words: `a message with to '9053*' and text '*kod*'`."""
    if not conditions:
        return "any message"
    return "a message with " + " and ".join(f"{name} {value!r}" for name, value in conditions.items())


def message_lines(messages: Iterable[Message]) -> str:
    """A line for each message."""
    return "\n".join(f"  {message_line(message)}" for message in messages)


def message_line(message: Message) -> str:
    """One message: `to 905329975725 title Kobikom: 'Kodunuz 1234' (sent)`."""
    return f"to {message.to} title {message.title}: {_short(message.text)!r} ({message.status})"


def near_misses(nearest: Iterable[Mapping[str, Any]], journal: Sequence[Entry]) -> str:
    """The nearest misses and how each differs; where there is none, the requests that the space received."""
    lines: list[str] = []
    for miss in nearest:
        lines.append(f"  {message_line(Message.read(miss['message']))}")
        lines += [f"    {difference}" for difference in miss["differences"]]
    if lines:
        return "\n".join(["nearest misses:", *lines])
    if not journal:
        return (
            "the space got no request at all: does the code under test use its base_url, user and password, and has "
            "it sent by now?"
        )
    return "\n".join(["the space holds no message; its requests:", *(f"  {line}" for line in journal_lines(journal))])


def journal_lines(journal: Sequence[Entry]) -> list[str]:
    """A line an entry, oldest first; under a refusal the clause, the place, what was expected and what was found."""
    lines = [f"({len(journal) - LATEST} earlier entries)"] if len(journal) > LATEST else []
    for entry in journal[-LATEST:]:
        code = "" if entry.code is None else f" {entry.code}"
        faults = f" [fault {', '.join(entry.faults)}]" if entry.faults else ""
        user = f" as {entry.user}" if entry.user else ""
        lines.append(f"#{entry.id} {entry.at:%H:%M:%SZ} {entry.operation}{user}: {entry.outcome}{code}{faults}")
        lines += [f"    {_explanation_line(note)}" for note in entry.explanation]
    return lines


def _explanation_line(note: Mapping[str, Any]) -> str:
    place = note["path"]
    if note["line"]:
        place += f" (line {note['line']}, column {note['column']})"
    details = ", ".join(f"{word} {_short(note[word])}" for word in ("expected", "found") if note[word])
    return " ".join(part for part in (f"{note['clause']}:", place, details or note["sentence"]) if part)


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"
