"""Consecutive batches as one block that knows what its messages have in common, so that a search can skip it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

import msgspec

from kobikom_emulator.domain.delivery import Phase, Status
from kobikom_emulator.domain.matching import MessageQuery, text_matches, words_searched
from kobikom_emulator.storage.rows import Row

BLOCK = 1024
"""Messages after which a block is full. Only full blocks are summarised: what they hold is not added to."""


class Facts(msgspec.Struct, gc=False):
    """What is true of all messages of a block: who sent them, when, and how and when they can end."""

    users: set[str]
    titles: set[str]
    statuses: set[Status]
    last_submitted: int
    first_done: int
    last_done: int

    def may_include(self, query: MessageQuery, now: int) -> bool:
        match = query.match
        if match.user is not None and match.user not in self.users:
            return False
        if match.title is not None and not any([text_matches(match.title, title) for title in self.titles]):
            return False
        if query.since is not None and self.last_submitted < query.since:
            return False
        if query.unfinished_at is not None and self.last_done <= query.unfinished_at:
            return False
        if match.status is None:
            return True
        if match.status in (Phase.SCHEDULED, Phase.SENT):
            return self.last_done > now
        return match.status in self.statuses and self.first_done <= now


class Block:
    """Rows in the order of their numbers. `first` is the first number it had, `end` the one after its last."""

    __slots__ = ("digits", "end", "facts", "first", "first_ids", "full_size", "numbers", "rows", "vocabulary")

    def __init__(self, first: int, digits: int, size: int) -> None:
        self.first = self.end = first
        self.digits = digits
        self.full_size = size
        self.rows: list[Row] = []
        self.numbers: list[int] = []
        self.first_ids: list[int] = []
        self.facts: Facts | None = None
        self.vocabulary: str | None = None

    def add(self, row: Row) -> None:
        self.rows.append(row)
        self.numbers.append(row.number)
        self.first_ids.append(row.batch.first_id)
        self.end = row.number + len(row.batch)

    @property
    def is_full(self) -> bool:
        return self.end - self.first >= self.full_size

    def place(self, number: int) -> tuple[Row, int] | None:
        """The row of a message and its index there, None if it is not there or was deleted."""
        return self._in_row(bisect_right(self.numbers, number) - 1, number)

    def place_of_id(self, generated_id: int) -> tuple[Row, int] | None:
        """The same by the generated id."""
        position = bisect_right(self.first_ids, generated_id) - 1
        if position < 0:
            return None
        row = self.rows[position]
        return self._in_row(position, row.number + generated_id - row.batch.first_id)

    def _in_row(self, position: int, number: int) -> tuple[Row, int] | None:
        if position < 0:
            return None
        row = self.rows[position]
        index = number - row.number
        return (row, index) if index < len(row.batch) and row.has(index) else None

    def drop_empty_rows(self, *, but: int) -> None:
        """Forget the rows whose messages were all deleted, but for one that ends before the number `but`."""
        kept = [row for row in self.rows if not row.is_empty or row.number + len(row.batch) == but]
        if len(kept) < len(self.rows):
            # New lists: a search that is under way goes on with the old ones.
            self.rows = kept
            self.numbers = [row.number for row in kept]
            self.first_ids = [row.batch.first_id for row in kept]

    # what is known of a full block; after a deletion it still holds for the messages that are left

    def known_facts(self) -> Facts:
        """Made when they are needed first."""
        if self.facts is None:
            plans = [group.plan for row in self.rows for group in row.batch.groups]
            plans += [plan for row in self.rows for plan in row.changed_plans.values()]
            self.facts = Facts(
                {row.batch.user for row in self.rows},
                {row.batch.title for row in self.rows},
                {plan.status for plan in plans},
                max([plan.submitted_at for plan in plans], default=0),
                min([plan.done_at for plan in plans], default=0),
                max([max(plan.sent_at, plan.done_at) for plan in plans], default=0),
            )
        return self.facts

    def replanned(self, row: Row, index: int) -> None:
        """Account for the new plan of a message."""
        if self.facts is not None:
            facts, plan = self.facts, row.plan_of(index)
            facts.statuses.add(plan.status)
            facts.first_done = min(facts.first_done, plan.done_at)
            facts.last_done = max(facts.last_done, plan.sent_at, plan.done_at)

    def words(self, size: int) -> Iterator[set[str]]:
        """The words in which its messages can be found, in sets of those of about `size` messages."""
        words: set[str] = set()
        messages = 0
        for row in self.rows:
            batch = row.batch
            for start in range(0, len(batch), size):
                indices = range(start, min(start + size, len(batch)))
                words |= words_searched(batch, indices)
                messages += len(indices)
                if messages >= size:
                    yield words
                    words, messages = set(), 0
        yield words
