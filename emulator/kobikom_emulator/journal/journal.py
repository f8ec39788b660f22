"""The journal of a space: its newest entries, bounded by their number and by the bytes they keep."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple, assert_never

from msgspec.structs import replace

from kobikom_emulator.exchange import Answer, WireRequest
from kobikom_emulator.journal.entries import Entry, HttpRefusal, Operation, Outcome, PushEntry, RequestEntry
from kobikom_emulator.journal.notes import Kind, Note
from kobikom_emulator.phrases import Phrase

KEPT_TARGET = 200
"""Characters of the target that an entry over the whole budget keeps."""
KEPT_NOTES = 20
"""Notes that an entry over the whole budget keeps."""


class RequestCount(NamedTuple):
    """What entries are counted by: `code` is the first status code that is not 0, None where none applies."""

    operation: Operation
    outcome: Outcome
    code: int | None


class NumberedEntry(NamedTuple):
    """An entry with its number in the journal, counted from 1."""

    number: int
    entry: Entry


class Journal:
    """The newest `limit` entries, and no more of them than `max_bytes` of bodies, heads, targets and notes."""

    def __init__(self, *, limit: int, max_bytes: int) -> None:
        self._limit = limit
        self._max_bytes = max_bytes
        self._entries: deque[NumberedEntry] = deque()
        self._sizes: deque[int] = deque()
        self._bytes = 0
        self._written = 0
        self.restored = 0
        """The number of the newest entry that was there at a restart."""
        self._followers: list[Callable[[NumberedEntry], None]] = []
        self._counts: dict[tuple[Operation, Outcome, int | None], int] = {}
        self._held_back: list[Entry] | None = None
        self._when_held_back: Callable[[], None] | None = None

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[NumberedEntry]:
        """Oldest first."""
        return iter(self._entries)

    def __reversed__(self) -> Iterator[NumberedEntry]:
        """Newest first."""
        return reversed(self._entries)

    @property
    def written(self) -> int:
        """The number of entries ever written."""
        return self._written

    @property
    def first(self) -> int:
        """The number of the oldest entry, or of the next one if there is none."""
        return self._entries[0].number if self._entries else self._written + 1

    @property
    def bytes_kept(self) -> int:
        """The size of all entries, as `size_of` measures each."""
        return self._bytes

    @property
    def counts(self) -> Mapping[RequestCount, int]:
        """How many entries of each kind were ever written, also before `clear`."""
        return {RequestCount(*kind): count for kind, count in self._counts.items()}

    def write(self, entry: Entry) -> int:
        """Add an entry; returns its number, 0 where it is held back. The oldest entries go where it takes the journal
        over its bounds.
        """
        if self._held_back is not None:
            self._held_back.append(entry)
            if self._when_held_back is not None:
                self._when_held_back()
            return 0
        self._written += 1
        kind = (entry.operation, entry.outcome, entry.code if isinstance(entry, RequestEntry) else None)
        self._counts[kind] = self._counts.get(kind, 0) + 1
        numbered = NumberedEntry(self._written, entry)
        for follower in self._followers:
            follower(numbered)
        size = size_of(entry)
        if size > self._max_bytes:  # or it would push out every other entry
            numbered = NumberedEntry(self._written, _shortened(entry))
            size = size_of(numbered.entry)
        self._append(numbered, size)
        self._drop_oldest()
        return self._written

    def resize(self, *, limit: int, max_bytes: int) -> None:
        """Have other bounds from now on; the oldest entries go where there are too many."""
        self._limit, self._max_bytes = limit, max_bytes
        self._drop_oldest()

    def _append(self, numbered: NumberedEntry, size: int) -> None:
        self._entries.append(numbered)
        self._sizes.append(size)
        self._bytes += size

    def _drop_oldest(self) -> None:
        while len(self._entries) > self._limit or (self._bytes > self._max_bytes and len(self._entries) > 1):
            self._drop_first()

    def _drop_first(self) -> None:
        self._entries.popleft()
        self._bytes -= self._sizes.popleft()

    def withdraw(self, request: WireRequest) -> None:
        """Remove the entry of a request whose answer was not sent, because it could not be kept (E.2)."""
        for place in range(len(self._entries) - 1, -1, -1):
            entry = self._entries[place].entry
            if isinstance(entry, RequestEntry) and entry.request is request:
                self._counts[entry.operation, entry.outcome, entry.code] -= 1
                self._bytes -= self._sizes[place]
                del self._entries[place], self._sizes[place]
                return

    def follow(self, follower: Callable[[NumberedEntry], None]) -> None:
        """Call a function with each entry that is written from now on, as a whole."""
        self._followers.append(follower)

    def restore(self, entries: Iterable[NumberedEntry], *, written: int) -> None:
        """Begin with entries of before, oldest first, of so many that were written."""
        self.clear()
        for numbered in entries:
            self._append(numbered, size_of(numbered.entry))
        self._written = self.restored = written
        self._drop_oldest()

    # a journal that several servers write

    def hold_back(self, when: Callable[[], None]) -> None:
        """Hold entries back until `release`, because another server may give their numbers; `when` is called then."""
        if self._held_back is None:
            self._held_back = []
        self._when_held_back = when

    def release(self) -> None:
        """Write what was held back, and everything from now on at once."""
        held_back, self._held_back = self._held_back, None
        for entry in held_back or ():
            self.write(entry)

    def take_over(self, entries: Iterable[NumberedEntry], *, first: int, written: int) -> None:
        """Have the entries that another server wrote, and none before `first`."""
        while self._entries and self._entries[0].number < first:
            self._drop_first()
        for numbered in entries:
            self._append(numbered, size_of(numbered.entry))
        self._written = written
        self._drop_oldest()

    def forget_after(self, number: int) -> None:
        """Forget the entries after this one: they were not kept."""
        while self._entries and self._entries[-1].number > number:
            self._entries.pop()
            self._bytes -= self._sizes.pop()
        self._written = min(self._written, number)

    def of_message(self, generated_id: int) -> NumberedEntry | None:
        """The request that created a message, as long as the journal has it."""
        for numbered in reversed(self._entries):
            entry = numbered.entry
            if isinstance(entry, RequestEntry) and generated_id in entry.ids:
                return numbered
        return None

    def clear(self) -> None:
        self._entries.clear()
        self._sizes.clear()
        self._bytes = 0


def size_of(entry: Entry) -> int:
    """The bytes of bodies, heads, targets and notes that an entry keeps."""
    size = _request_size(entry.request)
    if entry.notes:
        size += sum(
            [
                len(note.path) + len(note.expected) + len(note.found) + len(note.hint) + sum(map(len, note.places))
                for note in entry.notes
            ]
        )
    match entry:
        case RequestEntry():
            size += entry.answer.length
            intended = entry.intended
            if intended is not None and intended.chunks is not entry.answer.chunks:
                size += intended.length
        case PushEntry():
            size += len(entry.error)
            if entry.response is not None:
                size += len(entry.response.body)
                size += sum([len(name) + len(value) for name, value in entry.response.headers])
        case HttpRefusal():
            size += entry.answer.length
        case _:
            assert_never(entry)
    return size


def _request_size(request: WireRequest) -> int:
    return len(request.target) + len(request.body) + sum(map(len, chain.from_iterable(request.headers)))


def _shortened(entry: Entry) -> Entry:
    """An entry over the whole budget: each body is replaced by its size, the head is left out, notes are cut."""
    match entry:
        case RequestEntry():
            return replace(
                entry,
                request=_short_request(entry.request),
                answer=_short_answer(entry.answer),
                intended=None if entry.intended is None else _short_answer(entry.intended),
                notes=_short_notes(entry.notes),
            )
        case PushEntry():
            response = entry.response
            if response is not None:
                response = replace(response, headers=(), body=_left_out(len(response.body)))
            return replace(
                entry, request=_short_request(entry.request), response=response, notes=_short_notes(entry.notes)
            )
        case HttpRefusal():
            return replace(
                entry,
                request=_short_request(entry.request),
                answer=_short_answer(entry.answer),
                notes=_short_notes(entry.notes),
            )
        case _:
            assert_never(entry)


def _short_request(request: WireRequest) -> WireRequest:
    body = _left_out(len(request.body)) if request.body else b""
    return WireRequest(request.method, request.target[:KEPT_TARGET], body, request.content_type[:KEPT_TARGET])


def _short_answer(answer: Answer) -> Answer:
    return replace(answer, chunks=(_left_out(answer.length),) if answer.chunks else ())


def _short_notes(notes: Sequence[Note]) -> tuple[Note, ...]:
    if len(notes) <= KEPT_NOTES:
        return tuple(notes)
    left_out = len(notes) - KEPT_NOTES
    rest = Note(Kind.NOTED, "T-11.2", found=Phrase("{count} more findings, over the journal's budget", count=left_out))
    return (*notes[:KEPT_NOTES], rest)


def _left_out(length: int) -> bytes:
    return b"(%d bytes, over the journal's budget)" % length
