"""Messages and journal as files: JSON Lines, CSV and HAR, streamed in slices so that other requests are answered
meanwhile.
"""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from typing import Any, TypeAlias

import msgspec

from kobikom_emulator.control.routing import Call
from kobikom_emulator.exchange import Answer
from kobikom_emulator.journal.har import har_entry, har_head
from kobikom_emulator.journal.journal import NumberedEntry
from kobikom_emulator.journal.masked_rendering import masked_rendered
from kobikom_emulator.operations.space import SpaceOperations

TYPES: Mapping[str, str] = {"csv": "text/csv", "har": "application/har+json", "jsonl": "application/jsonl"}
"""The media type of each format."""

Rows: TypeAlias = AsyncGenerator[Sequence[msgspec.Struct]]
"""Values of one type, some at a time."""


def download(stream: Callable[[], AsyncGenerator[bytes]], *, file: str, format: str) -> Answer:  # noqa: A002  # the parameter's name
    """An answer that is written as it is made and that browsers save as `file` with the format's suffix."""
    headers = {"Content-Disposition": f'attachment; filename="{file}.{format}"', "Cache-Control": "no-store"}
    return Answer((), f"{TYPES[format]}; charset=UTF-8", headers=headers, stream=stream)


async def as_lines(rows: Rows) -> AsyncGenerator[bytes]:
    """A JSON value a line."""
    encoder = msgspec.json.Encoder()
    async for some in rows:
        yield encoder.encode_lines(some)
        await asyncio.sleep(0)


async def as_csv(rows: Rows, columns: Sequence[str]) -> AsyncGenerator[bytes]:
    """RFC 4180 with a header: a line a value, the fields as JSON writes them, null as an empty one, a
    list with blanks between its values."""
    yield _csv_lines([columns])
    async for some in rows:
        values = msgspec.to_builtins(some)
        yield _csv_lines([[_cell(value[column]) for column in columns] for value in values])
        await asyncio.sleep(0)


def _cell(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return " ".join(value)
    return ("true" if value else "false") if isinstance(value, bool) else value


def _csv_lines(lines: Sequence[Sequence[Any]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(lines)
    return text.getvalue().encode("utf-8", "replace")


async def journal_lines(space: SpaceOperations, entries: Sequence[NumberedEntry], call: Call) -> AsyncGenerator[bytes]:
    """An entry a line, without its passwords."""

    def line(numbered: NumberedEntry) -> bytes:
        return msgspec.json.encode(masked_rendered(numbered, base_url=call.base_url, language=call.language)) + b"\n"

    for numbered in entries:
        yield await space.journal.read(numbered, line)


async def journal_har(space: SpaceOperations, entries: Sequence[NumberedEntry], call: Call) -> AsyncGenerator[bytes]:
    """One HAR document, without passwords."""

    def archived(numbered: NumberedEntry) -> bytes:
        entry = har_entry(numbered, base_url=call.base_url, space=space.name, language=call.language)
        return msgspec.json.encode(entry)

    yield b'{"log":' + msgspec.json.encode(har_head(version=call.version)).removesuffix(b"}") + b',"entries":['
    separator = b""
    for numbered in entries:
        yield separator + await space.journal.read(numbered, archived)
        separator = b",\n"
    yield b"]}}\n"
