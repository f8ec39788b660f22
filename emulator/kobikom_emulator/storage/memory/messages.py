"""The batches of a space as rows in blocks, and the numbers and ids by which a message is found."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator

from kobikom_emulator.domain.delivery import Plan
from kobikom_emulator.domain.messages import Batch
from kobikom_emulator.domain.states import BatchRecord
from kobikom_emulator.storage.memory.blocks import BLOCK, Block
from kobikom_emulator.storage.rows import PAUSE, Row


class Messages:
    """All batches in the order of acceptance; `block_size` is after how many messages a block is full."""

    def __init__(self, block_size: int = BLOCK) -> None:
        self._block_size = block_size
        self.next_number = 0
        self.size = 0
        """How many messages there are, without the deleted ones."""
        self._blocks: list[Block] = []
        self._starts: list[int] = []
        self._blocks_by_digits: dict[int, list[Block]] = {}
        """By the number of digits of the generated ids; they ascend in each list."""
        self._by_client_id: dict[tuple[str, str], list[int]] = {}
        self._client_id_users: dict[str, int] = {}
        """How many ids of each user `_by_client_id` has."""

    def add(self, batch: Batch) -> Row:
        size = len(batch)
        row = Row(self.next_number, batch, bytearray(size))
        self._append(row, size)
        return row

    def _append(self, row: Row, size: int) -> None:
        digits = len(str(row.batch.first_id))
        block = self._blocks[-1] if self._blocks else None
        if block is None or block.is_full or block.digits != digits:
            block = Block(row.number, digits, self._block_size)
            self._blocks.append(block)
            self._starts.append(row.number)
            self._blocks_by_digits.setdefault(digits, []).append(block)
        block.add(row)
        self.next_number = row.number + size
        self.size += size

    def index_client_ids(self, row: Row) -> Iterator[None]:
        """Let the messages of an added batch be found by their client ids; with pauses."""
        user = row.batch.user
        for index, client_id in enumerate(row.batch.client_ids or ()):
            if client_id and row.has(index):
                numbers = self._by_client_id.setdefault((user, client_id), [])
                if not numbers:
                    self._client_id_users[user] = self._client_id_users.get(user, 0) + 1
                numbers.append(row.number + index)
            if index % PAUSE == PAUSE - 1:
                yield

    # questions

    def place(self, number: int) -> tuple[Row, int] | None:
        """The row of a message and its index there, None if there is no such message or it was deleted."""
        position = bisect_right(self._starts, number) - 1
        return None if position < 0 else self._blocks[position].place(number)

    def used_ids(self, user: str, ids: Collection[str]) -> set[str]:
        return {client_id for client_id in ids if (user, client_id) in self._by_client_id}

    def with_id(self, user: str, message_id: str) -> list[int]:
        """The numbers of the user's messages that have this id, its own or the generated one."""
        numbers = list(self._by_client_id.get((user, message_id), ()))
        generated = self._with_generated_id(message_id)
        if generated is not None and generated[0].batch.user == user:
            numbers.append(generated[0].number + generated[1])
        return numbers

    def newest_with_id(self, message_id: str) -> tuple[Row, int] | None:
        """The newest message of any user that has this id."""
        lists = [self._by_client_id.get((user, message_id)) for user in self._client_id_users]
        newest = max([numbers[-1] for numbers in lists if numbers], default=-1)
        generated = self._with_generated_id(message_id)
        if generated is not None and generated[0].number + generated[1] > newest:
            return generated
        return self.place(newest)

    def _with_generated_id(self, text: str) -> tuple[Row, int] | None:
        blocks = self._blocks_by_digits.get(len(text))
        if not blocks or not (text.isascii() and text.isdigit()):
            return None
        generated_id = int(text)
        position = bisect_right(blocks, generated_id, key=lambda block: block.rows[0].batch.first_id) - 1
        return None if position < 0 else blocks[position].place_of_id(generated_id)

    def newest_first(self, before: int | None) -> Iterator[Block]:
        """The blocks that hold messages with numbers below `before`, newest first."""
        end = len(self._blocks) if before is None else bisect_left(self._starts, before)
        return reversed(self._blocks[:end])

    def oldest_first(self) -> Iterator[Row]:
        for block in self._blocks[:]:
            yield from block.rows

    # changes

    def replan(self, row: Row, index: int, plan: Plan) -> None:
        row.replan(index, plan)
        self._blocks[bisect_right(self._starts, row.number) - 1].replanned(row, index)

    def delete(self, numbers: Iterable[int]) -> list[int]:
        """Forget messages and return the numbers of those that were there."""
        deleted: list[int] = []
        touched: dict[int, Row] = {}
        client_ids: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        for number in numbers:
            place = self.place(number)
            if place is None:
                continue
            row, index = place
            if row.deleted is None:
                row.deleted = bytearray(len(row.batch))
            row.deleted[index] = row.given[index] = 1
            deleted.append(number)
            touched[row.number] = row
            if row.batch.client_ids is not None and (client_id := row.batch.client_ids[index]):
                client_ids[row.batch.user, client_id].add(number)
        for key, gone in client_ids.items():
            self._forget_client_id(key, gone)
        self.size -= len(deleted)
        emptied = {bisect_right(self._starts, row.number) - 1 for row in touched.values() if row.is_empty}
        if emptied:
            self._drop_empty_rows([self._blocks[position] for position in emptied])
        return deleted

    def _forget_client_id(self, key: tuple[str, str], gone: set[int]) -> None:
        left = [number for number in self._by_client_id[key] if number not in gone]
        if left:
            self._by_client_id[key] = left
            return
        del self._by_client_id[key]
        user, _ = key
        self._client_id_users[user] -= 1
        if not self._client_id_users[user]:
            del self._client_id_users[user]

    def _drop_empty_rows(self, blocks: list[Block]) -> None:
        """Free the memory of rows that have no message left, and of blocks that have no row left. The newest row stays:
        an export tells by it which number is next.
        """
        for block in blocks:
            block.drop_empty_rows(but=self.next_number)
        empty = [block for block in blocks if not block.rows]
        if not empty:
            return
        self._blocks = [block for block in self._blocks if block.rows]
        self._starts = [block.first for block in self._blocks]
        for digits in {block.digits for block in empty}:
            self._blocks_by_digits[digits] = [block for block in self._blocks_by_digits[digits] if block.rows]

    def dismantled(self) -> Iterator[None]:
        """Forget everything, block by block."""
        self._blocks_by_digits.clear()
        while self._blocks:
            self._blocks.pop()
            yield

    # export and import

    def export(self) -> Iterator[BatchRecord]:
        for row in self.oldest_first():
            deleted = row.deleted or bytearray(len(row.batch))
            yield BatchRecord(row.number, row.batch, bytes(row.given), bytes(deleted), dict(row.changed_plans))

    def load(self, record: BatchRecord) -> Row:
        batch, size = record.batch, len(record.batch)
        if record.number < self.next_number:
            raise ValueError(f"batch {batch.first_id} has number {record.number}, which is another message's")
        blocks = self._blocks_by_digits.get(len(str(batch.first_id)))
        newest = blocks[-1].rows[-1].batch if blocks else None
        if newest is not None and batch.first_id < newest.first_id + len(newest):
            raise ValueError(f"batch {batch.first_id} comes after a later one")
        if not size == len(record.given) == len(record.deleted):
            raise ValueError(f"batch {batch.first_id} has {size} recipients, but not as many marks")
        row = Row(record.number, batch, bytearray(record.given), dict(record.replanned) or None)
        self._append(row, size)
        if any(record.deleted):
            row.deleted = bytearray(record.deleted)
            row.given = bytearray(given | deleted for given, deleted in zip(row.given, row.deleted, strict=True))
            self.size -= row.deleted.count(1)
        if batch.client_ids is not None:
            deque(self.index_client_ids(row), maxlen=0)
        return row
