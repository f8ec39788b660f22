"""Tells those who wait for messages which new ones they have to look at, so that each is looked at once."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from kobikom_emulator.domain.matching import MessageMatch, in_plain_digits, pieces, plain_number_pieces
from kobikom_emulator.domain.messages import Batch

T = TypeVar("T")


class Watch:
    """One wait. `arrived` holds ranges of message numbers that were not looked at yet; some may not match."""

    def __init__(self, match: MessageMatch) -> None:
        self.match = match
        self.arrived: list[range] = []
        self._woken: asyncio.Future[None] | None = None
        self._is_woken = False

    def look_at(self, numbers: range) -> None:
        if self.arrived and self.arrived[-1].stop == numbers.start:
            self.arrived[-1] = range(self.arrived[-1].start, numbers.stop)
        else:
            self.arrived.append(numbers)
        self.wake()

    def wake(self) -> None:
        self._is_woken = True
        if self._woken is not None and not self._woken.done():
            self._woken.set_result(None)

    async def woken(self) -> None:
        """Return once there is something to look at, since the last time."""
        if not self._is_woken:
            self._woken = asyncio.get_running_loop().create_future()
            await self._woken
        self._is_woken = False


class Watches:
    """The waits of a space, by the condition that most messages fail."""

    def __init__(self) -> None:
        self.looking = asyncio.Lock()
        """Held by the wait that looks at stored messages."""
        self.changes = 0
        """How often a message was decided to end in another way."""
        self._all: set[Watch] = set()
        self._by_number: defaultdict[str, list[Watch]] = defaultdict(list)
        self._by_user: defaultdict[str, list[Watch]] = defaultdict(list)
        self._by_text: list[tuple[str, Watch]] = []
        self._by_title: list[tuple[str, Watch]] = []
        self._by_number_part: list[tuple[str, Watch]] = []
        self._others: list[Watch] = []

    def __len__(self) -> int:
        return len(self._all)

    @contextmanager
    def open(self, match: MessageMatch) -> Iterator[Watch]:
        """A watch on messages that match, whatever their status is."""
        watch = Watch(match)
        remove = self._add(watch)
        self._all.add(watch)
        try:
            yield watch
        finally:
            self._all.discard(watch)
            remove()

    def _add(self, watch: Watch) -> Callable[[], None]:
        match = watch.match
        numbers = plain_number_pieces(match.to)
        if match.to is not None and numbers == [in_plain_digits(match.to)]:
            return _kept_by(self._by_number, numbers[0], watch)
        for pattern, parts in (
            (pieces(match.text), self._by_text),
            (pieces(match.title), self._by_title),
            (numbers, self._by_number_part),
        ):
            if pattern:
                return _kept_in(parts, (max(pattern, key=len), watch))
        if match.user is not None:
            return _kept_by(self._by_user, match.user, watch)
        return _kept_in(self._others, watch)

    def arrived(self, batches: Sequence[Batch], *, next_number: int) -> None:
        """Tell the watches that a new message may match; `next_number` is the number after the last one."""
        start = next_number - sum(map(len, batches))
        for batch in batches:
            numbers = range(start, start + len(batch))
            for watch in self._candidates(batch):
                watch.look_at(numbers)
            if self._by_number:
                self._look_up_numbers(batch, start)
            start = numbers.stop

    def _candidates(self, batch: Batch) -> list[Watch]:
        text, title = batch.text, batch.title
        candidates = [watch for piece, watch in self._by_text if piece in text]
        candidates += [watch for piece, watch in self._by_title if piece in title]
        if self._by_user:
            candidates += self._by_user.get(batch.user, ())
        if self._by_number_part:
            numbers = "\n".join(map(in_plain_digits, (*batch.msisdns, *batch.destinations)))
            candidates += [watch for piece, watch in self._by_number_part if piece in numbers]
        return candidates + self._others

    def _look_up_numbers(self, batch: Batch, start: int) -> None:
        waited_for = self._by_number
        for index, number in enumerate(batch.msisdns):
            for written in {number, batch.destinations[index]}:
                for watch in waited_for.get(in_plain_digits(written), ()):
                    watch.look_at(range(start + index, start + index + 1))

    def changed(self, number: int) -> None:
        """Tell the watches on a status that a message ends in another way now."""
        self.changes += 1
        for watch in self._all:
            if watch.match.status is not None:
                watch.look_at(range(number, number + 1))

    def look_again(self, numbers: range, *, for_status: bool = False) -> None:
        """Let all look at messages, or those on a status alone: another server accepted or changed some."""
        for watch in self._all:
            if numbers and (watch.match.status is not None or not for_status):
                watch.look_at(numbers)

    def wake(self) -> None:
        """Tell all that the clock or something else of the space changed."""
        for watch in self._all:
            watch.wake()


def _kept_in(watches: list[T], entry: T) -> Callable[[], None]:
    """Add an entry; call the result to remove it."""
    watches.append(entry)
    return lambda: watches.remove(entry)


def _kept_by(watches: defaultdict[str, list[Watch]], key: str, watch: Watch) -> Callable[[], None]:
    """Add a watch under a key; call the result to remove it."""
    watches[key].append(watch)

    def remove() -> None:
        watches[key].remove(watch)
        if not watches[key]:
            del watches[key]

    return remove
