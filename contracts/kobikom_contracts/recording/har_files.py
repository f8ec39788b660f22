"""Writes HAR files entry by entry, so that each is whole at any time, and reads those of any program."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from kobikom_contracts.core.verdicts import CannotRun
from kobikom_contracts.recording.exchanges import RecordedExchange
from kobikom_contracts.recording.har import creator, entry_of
from kobikom_contracts.recording.har_reading import NotAnEntry, exchange_in

_END = b"\n]}}\n"
_UNTERMINATED = "Unterminated string"


class UnreadableHar(CannotRun):
    """The file is not a HAR; one line: which file, where, and what is wrong."""


@dataclass(frozen=True, slots=True)
class Recording:
    """What a file holds, in its order; ``notes`` has a line where its end is missing."""

    exchanges: tuple[RecordedExchange, ...]
    notes: tuple[str, ...] = ()


class HarWriter(Protocol):
    """Takes exchanges one by one."""

    def write(self, exchange: RecordedExchange) -> None:
        """Add an exchange; raises ``OSError`` where it cannot be written."""

    def close(self) -> None:
        """Finish the file."""


class HarFile:
    """A new file, readable by its owner only; after each entry it is a whole HAR.

    ``rotate``: a file that an entry would make larger than so many octets is followed by another, `trace-2.har` after
    `trace.har`; an entry is never divided. ``files`` are those written, in order. Raises ``FileExistsError`` where the
    file exists.
    """

    def __init__(self, path: Path, *, rotate: int | None = None) -> None:
        self.files: list[Path] = []
        self._path, self._rotate = path, rotate
        self._file = self._create(path)
        self._size = self._entries = 0
        self._begin()

    def write(self, exchange: RecordedExchange) -> None:
        """See :class:`HarWriter`."""
        entry = _line(exchange)
        if self._rotate is not None and self._entries and self._size + len(entry) + len(_END) + 2 > self._rotate:
            self._file.close()
            self._file = self._next()
            self._begin()
        self._put((b",\n" if self._entries else b"\n") + entry)
        self._entries += 1

    def close(self) -> None:
        """See :class:`HarWriter`."""
        self._file.close()

    def _begin(self) -> None:
        self._size = self._entries = 0
        self._put(_start())

    def _put(self, data: bytes) -> None:
        """Write over the end of the document, and put the end behind."""
        self._file.seek(self._size)
        self._file.write(data + _END)
        self._file.flush()
        self._size += len(data)

    def _create(self, path: Path) -> BinaryIO:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        self.files.append(path)
        return os.fdopen(file, "wb")

    def _next(self) -> BinaryIO:
        number = len(self.files) + 1
        while True:
            try:
                return self._create(self._path.with_stem(f"{self._path.stem}-{number}"))
            except FileExistsError:
                number += 1


class HarStream:
    """Standard output, or another stream that cannot go back: the document ends when it is closed."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._entries = 0
        self._stream.write(_start())
        self._stream.flush()

    def write(self, exchange: RecordedExchange) -> None:
        """See :class:`HarWriter`."""
        self._stream.write((b",\n" if self._entries else b"\n") + _line(exchange))
        self._stream.flush()
        self._entries += 1

    def close(self) -> None:
        """See :class:`HarWriter`."""
        self._stream.write(_END)
        self._stream.flush()


def har_writer(path: str, *, rotate: int | None = None) -> HarWriter:
    """The writer for an argument of the command line; `-` is standard output."""
    return HarStream(sys.stdout.buffer) if path == "-" else HarFile(Path(path), rotate=rotate)


def _start() -> bytes:
    fields = {"version": "1.2", "creator": creator(), "pages": [], "entries": []}
    return ('{"log":' + json.dumps(fields)[: -len("]}")]).encode()


def _line(exchange: RecordedExchange) -> bytes:
    """An entry on a line of its own, in ASCII: a file that was cut is read up to its last line."""
    return json.dumps(entry_of(exchange), separators=(",", ":")).encode()


def read_har(path: Path) -> Recording:
    """The exchanges of a file; raises :class:`UnreadableHar`. `-` is standard input."""
    try:
        data = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise UnreadableHar(f"{path}: {error.strerror or error}") from None
    return har_in(data, str(path))


def har_in(data: bytes, name: str) -> Recording:
    """The exchanges of a document; ``name`` is that of its file, for messages."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableHar(f"{name}: line {line}: not UTF-8 at octet {error.start}") from None
    if not text.strip():
        raise UnreadableHar(f"{name}: line 1: the file is empty")
    try:
        document = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        return _cut(text, name, error)
    match document:
        case {"log": {"entries": list(entries)}}:
            return Recording(tuple(_exchanges(entries, name)))
    raise UnreadableHar(f"{name}: not a HAR: a JSON object with `log` and its list `entries` is expected")


def _exchanges(entries: list[object], name: str, place: Callable[[int], str] = lambda _: "") -> list[RecordedExchange]:
    exchanges = []
    for number, entry in enumerate(entries, 1):
        try:
            exchanges.append(exchange_in(entry, number))
        except NotAnEntry as error:
            raise UnreadableHar(f"{name}: entry {number}{place(number)}: {error}") from None
    return exchanges


def _cut(text: str, name: str, error: Exception) -> Recording:
    """The whole entries of a file whose end is missing; anything else that is not JSON is an error."""
    entries, at = _whole_entries(text)
    broken = error if isinstance(error, json.JSONDecodeError) else json.JSONDecodeError("nested too deeply", text, 0)
    missing = not text[broken.pos :].strip() or broken.msg.startswith(_UNTERMINATED)
    # What is left of a word or of an escape at the very end.
    missing = missing or (len(text) - broken.pos < 8 and "\n" not in text[broken.pos :].strip())
    place = f"line {broken.lineno} column {broken.colno}"
    if at < 0 or not missing:
        raise UnreadableHar(f"{name}: {place}: not JSON: {broken.msg}")
    exchanges = tuple(_exchanges(entries, name))
    note = f"{name}: {place}: the end of the file is missing; its {len(exchanges)} whole entries are read"
    return Recording(exchanges, (note,))


def _whole_entries(text: str) -> tuple[list[object], int]:
    """The entries that can be read from the list `entries` on, and where that begins; -1 where there is none."""
    start = text.find('"entries"')
    at = text.find("[", start) + 1 if start >= 0 else 0
    if not at:
        return [], -1
    decoder, entries, begin = json.JSONDecoder(), list[object](), at
    while True:
        while at < len(text) and text[at] in " \t\r\n,":
            at += 1
        try:
            entry, at = decoder.raw_decode(text, at)
        except (json.JSONDecodeError, RecursionError):
            return entries, begin
        entries.append(entry)
