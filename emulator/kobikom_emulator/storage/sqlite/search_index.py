"""The index of texts: which trigrams some consecutive messages have, so that a search need not look at the others.

It is written some time after the messages, in pieces; a search looks at every message that is not in it yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from kobikom_emulator.domain.matching import words_searched
from kobikom_emulator.domain.messages import Batch
from kobikom_emulator.storage.rows import Row
from kobikom_emulator.storage.sql.connection import Connection
from kobikom_emulator.storage.sql.contents import Contents
from kobikom_emulator.storage.sql.keys import MOST, SHIFT

TOGETHER = 16
"""Recipients of a batch that are one document: so many numbers have few of all trigrams of digits between them."""

PIECE = 200
"""Messages that are indexed at a time, about: a few milliseconds."""

MOST_TRIGRAMS = 40
"""Trigrams that are looked for; what has all of them and not the others is sorted out by the query."""

DIGITS = 9
"""The digits of a number that are looked for, its last."""

_encode = msgspec.json.encode

_EACH = "SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?)"
"""Rows from JSON: one statement for many documents."""


def documents(contents: int, number: int, batch: Batch) -> Iterator[tuple[int, str]]:
    """The documents of a batch: the key of the first message of each, and its words."""
    key = contents << SHIFT | number
    for start in range(0, len(batch), TOGETHER):
        words = words_searched(batch, range(start, min(start + TOGETHER, len(batch))))
        # In an order of their own: what is deleted must have the trigrams that were added, between words as well.
        yield key + start, "\n".join(sorted(words)).replace("\0", "\n")


def add_documents(connection: Connection, rows: Iterable[tuple[int, str]]) -> None:
    connection.execute(f"INSERT INTO search (rowid, words) {_EACH}", (_encode(list(rows)).decode(),))


def delete_documents(connection: Connection, contents: int, rows: Iterable[Row], searchable: int) -> None:
    """Take the documents of batches out of the index, as far as they are in it."""
    gone = [
        (key, words)
        for row in rows
        if row.number < searchable
        for key, words in documents(contents, row.number, row.batch)
    ]
    if gone:
        connection.execute(
            "INSERT INTO search (search, rowid, words) SELECT 'delete', json_extract(value, '$[0]'),"
            " json_extract(value, '$[1]') FROM json_each(?)",
            (_encode(gone).decode(),),
        )


def expression(words: Iterable[str]) -> str:
    """What documents with all of these words match, in the language of FTS5; "" where trigrams say nothing of them."""
    # Most numbers and ids begin alike: their last digits say more, and are in fewer documents.
    ends = [word[-DIGITS:] if word.isdigit() else word for word in sorted(words)]
    trigrams = {word[start : start + 3]: None for word in ends for start in range(len(word) - 2)}
    usable = [trigram for trigram in trigrams if "\0" not in trigram]
    step = max(1, len(usable) // MOST_TRIGRAMS)
    return " AND ".join(['"' + trigram.replace('"', '""') + '"' for trigram in usable[::step]])


def candidates(connection: Connection, contents: int, words: str, first: int, last: int) -> Iterator[int]:
    """The numbers, newest first, at which documents begin that have the words. What no document from `first` on to
    `last` has, no message between them has.
    """
    lowest = contents << SHIFT | max(0, first - TOGETHER + 1)
    documents_found = connection.execute(
        "SELECT rowid FROM search WHERE search MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid DESC",
        (words, lowest, contents << SHIFT | last),
    )
    return (key & MOST for (key,) in documents_found)


class TrigramIndex:
    """`sql.text_index.TextIndex` of a file."""

    together = TOGETHER
    expression = staticmethod(expression)
    candidates = staticmethod(candidates)
    delete = staticmethod(delete_documents)


INDEX = TrigramIndex()


def index_some(contents: Contents) -> bool:
    """Put some more messages into the index; whether there are more."""
    batches = contents.batches
    rows = batches.connection.execute(
        "SELECT key, first_id, pushed, body, NULL, NULL, NULL FROM batches WHERE key BETWEEN ? AND ?"
        " ORDER BY key LIMIT ?",
        (batches.first_key | contents.searchable, batches.last_key, PIECE),
    )
    found: list[tuple[int, str]] = []
    end = contents.searchable
    for columns in rows:
        row = batches.row(columns)
        found += documents(contents.number, row.number, row.batch)
        end = row.number + len(row.batch)
        if end - contents.searchable >= PIECE * 4:
            break
    rows.close()
    if found:
        add_documents(contents.connection, found)
    contents.searchable = end
    return end < contents.next_number
