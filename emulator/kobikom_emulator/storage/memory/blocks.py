"""Consecutive batches as one block that knows what its messages have in common, so that a search can skip it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection

import msgspec

from kobikom_emulator.domain.delivery import Phase
from kobikom_emulator.domain.matching import MessageQuery, text_matches
from kobikom_emulator.domain.search import Term
from kobikom_emulator.storage.memory.columns import Columns
from kobikom_emulator.storage.rows import Row

BLOCK = 1024
"""Messages after which a block is full. Only full blocks are summarised: what they hold is not added to."""


class Facts(msgspec.Struct, gc=False):
    """What is true of all messages of a block: who sent them, when, and how and when they can end."""

    users: set[str]
    titles: set[str]
    statuses: set[str]
    first_submitted: int
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
        if query.until is not None and self.first_submitted >= query.until:
            return False
        if query.unfinished_at is not None and self.last_done <= query.unfinished_at:
            return False
        if match.status is not None and not self._may_have({match.status}, now):
            return False
        return not query.terms or all([term.negated or self._may_hold(term, now) for term in query.terms])

    def _may_hold(self, term: Term, now: int) -> bool:
        match term.field:
            case "status":
                return self._may_have(term.statuses, now)
            case "title":
                return any([term.is_in(title) for title in self.titles])
            case "user":
                return any([term.is_in(user) for user in self.users])
        return True

    def _may_have(self, statuses: Collection[str], now: int) -> bool:
        """Whether a message may have one of these statuses."""
        if self.last_done > now and (Phase.SCHEDULED in statuses or Phase.SENT in statuses):
            return True
        return self.first_done <= now and any([status in statuses for status in self.statuses])


class Block:
    """Rows in the order of their numbers. `first` is the first number it had, `end` the one after its last."""

    __slots__ = ("columns", "digits", "end", "facts", "first", "first_ids", "full_size", "numbers", "rows")

    def __init__(self, first: int, digits: int, size: int) -> None:
        self.first = self.end = first
        self.digits = digits
        self.full_size = size
        self.rows: list[Row] = []
        self.numbers: list[int] = []
        self.first_ids: list[int] = []
        self.facts: Facts | None = None
        self.columns: Columns | None = None
        """What its rows are searched by; made by the first search."""

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
            self.columns = None

    # what is known of a full block; after a deletion it still holds for the messages that are left

    def known_facts(self) -> Facts:
        """Made when they are needed first."""
        if self.facts is None:
            plans = [group.plan for row in self.rows for group in row.batch.groups]
            plans += [plan for row in self.rows if row.replanned for plan in row.replanned.values()]
            statuses = {id(plan.status): plan.status for plan in plans}.values()  # quicker than a set of them
            submitted = [plan.submitted_at for plan in plans]
            done = [plan.done_at for plan in plans]
            self.facts = Facts(
                {row.batch.user for row in self.rows},
                {row.batch.title for row in self.rows},
                {str(status) for status in statuses},
                min(submitted, default=0),
                max(submitted, default=0),
                min(done, default=0),
                max(done + [plan.sent_at for plan in plans], default=0),
            )
        return self.facts

    def replanned(self, row: Row, index: int) -> None:
        """Account for the new plan of a message."""
        if self.facts is not None:
            facts, plan = self.facts, row.plan_of(index)
            facts.statuses.add(str(plan.status))
            facts.first_submitted = min(facts.first_submitted, plan.submitted_at)
            facts.first_done = min(facts.first_done, plan.done_at)
            facts.last_done = max(facts.last_done, plan.sent_at, plan.done_at)
