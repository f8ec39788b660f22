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

TYPES: Mapping[str, str] = {"csv": "text/csv", "har": "application/har+json", "jsonl": "application/jsonl"}
"""The media type of each format."""

SLICE = 20
"""Journal entries that are written before the event loop gets its turn."""

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
    """RFC 4180 with a header: a line a value, the fields as JSON writes them, null as an empty one."""
    yield _csv_lines([columns])
    async for some in rows:
        values = msgspec.to_builtins(some)
        yield _csv_lines([[_cell(value[column]) for column in columns] for value in values])
        await asyncio.sleep(0)


def _cell(value: Any) -> Any:
    return ("true" if value else "false") if isinstance(value, bool) else value


def _csv_lines(lines: Sequence[Sequence[Any]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(lines)
    return text.getvalue().encode("utf-8", "replace")


async def journal_lines(entries: Sequence[NumberedEntry], call: Call) -> AsyncGenerator[bytes]:
    """An entry a line, without its passwords."""
    encoder = msgspec.json.Encoder()
    for some in _slices(entries):
        yield encoder.encode_lines(
            [masked_rendered(numbered, base_url=call.base_url, language=call.language) for numbered in some]
        )
        await asyncio.sleep(0)


async def journal_har(entries: Sequence[NumberedEntry], call: Call, *, space: str) -> AsyncGenerator[bytes]:
    """One HAR document, without passwords."""
    encoder = msgspec.json.Encoder()
    yield b'{"log":' + encoder.encode(har_head(version=call.version)).removesuffix(b"}") + b',"entries":['
    separator = b""
    for some in _slices(entries):
        pieces = [
            encoder.encode(har_entry(numbered, base_url=call.base_url, space=space, language=call.language))
            for numbered in some
        ]
        yield separator + b",\n".join(pieces)
        separator = b",\n"
        await asyncio.sleep(0)
    yield b"]}}\n"


def _slices(entries: Sequence[NumberedEntry]) -> list[Sequence[NumberedEntry]]:
    return [entries[start : start + SLICE] for start in range(0, len(entries), SLICE)]
