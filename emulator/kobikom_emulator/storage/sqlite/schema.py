"""The tables of a file, by version: what a new file gets, and what brings a file of an earlier version up to date.

A message has one number in its space. `key` is that of `sql.keys`; `key >> 40` in an index is the contents.
"""

from __future__ import annotations

APPLICATION_ID = 0x6B6F6269
"""What marks a file as one of ours, in its header: "kobi"."""

_VERSION_1 = """
CREATE TABLE spaces (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    contents INTEGER NOT NULL,
    state BLOB
);

-- What a space holds. A space that is cleared or replaced gets new contents; the rows of the old are deleted later.
-- Messages below `searchable` are in `search`.
CREATE TABLE contents (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    size INTEGER NOT NULL DEFAULT 0,
    searchable INTEGER NOT NULL DEFAULT 0,
    next_push INTEGER NOT NULL
);

CREATE TABLE journal (
    space INTEGER NOT NULL,
    number INTEGER NOT NULL,
    entry BLOB NOT NULL,
    PRIMARY KEY (space, number)
) WITHOUT ROWID;

-- The users that have an account, a message or a line. `opened` (the order of opening), `balance` and `account` are
-- null where no account is open.
CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    contents INTEGER NOT NULL,
    name TEXT NOT NULL,
    spent TEXT NOT NULL DEFAULT '0',
    returned TEXT NOT NULL DEFAULT '0',
    messages INTEGER NOT NULL DEFAULT 0,
    opened INTEGER,
    balance TEXT,
    account BLOB,
    UNIQUE (contents, name)
);

-- `kind` is the place in codec.LEDGER_KINDS. A planned refund is no part of the balance yet.
CREATE TABLE ledger (
    key INTEGER PRIMARY KEY,
    user INTEGER NOT NULL,
    at INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    amount TEXT NOT NULL,
    first_id INTEGER NOT NULL,
    title TEXT NOT NULL,
    messages INTEGER NOT NULL,
    parts INTEGER NOT NULL,
    message INTEGER,
    planned INTEGER NOT NULL
);
CREATE INDEX ledger_by_time ON ledger (key >> 40, at);
CREATE INDEX ledger_by_user ON ledger (user, at);
CREATE INDEX planned_refunds ON ledger (user, at) WHERE planned = 1;
CREATE INDEX refunds_by_id ON ledger (key >> 40, first_id, at) WHERE kind = 2;

-- A batch is never changed. The key is that of its first message. The instants and the status (a place in
-- codec.STATUSES; null where there are several) are those of the plans it was accepted with: from `last_done` on
-- every message is sent and final.
CREATE TABLE batches (
    key INTEGER PRIMARY KEY,
    size INTEGER NOT NULL,
    first_id INTEGER NOT NULL,
    user INTEGER NOT NULL,
    pushed INTEGER NOT NULL,
    submitted_at INTEGER NOT NULL,
    first_done INTEGER NOT NULL,
    last_done INTEGER NOT NULL,
    status INTEGER,
    body BLOB NOT NULL
);
CREATE INDEX batches_by_id ON batches (key >> 40, first_id);

-- What happened to the messages of a batch, an octet 0 or 1 for each; null where nothing did. The report of a batch
-- that is pushed is gone when its push is.
CREATE TABLE marks (
    key INTEGER PRIMARY KEY,
    given BLOB,
    deleted BLOB,
    replanned INTEGER NOT NULL DEFAULT 0
);

-- The plans that were changed, by message.
CREATE TABLE plans (
    key INTEGER PRIMARY KEY,
    plan BLOB NOT NULL
);

CREATE TABLE client_ids (
    contents INTEGER NOT NULL,
    client_id TEXT NOT NULL,
    user INTEGER NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (contents, client_id, user, number)
) WITHOUT ROWID;

-- The reports that wait for a pull: of a batch those with one instant, from the message `number` on, in one row; a
-- replanned message has a row of its own.
CREATE TABLE queues (
    id INTEGER PRIMARY KEY,
    user INTEGER NOT NULL,
    app_id TEXT NOT NULL,
    UNIQUE (user, app_id)
);
CREATE TABLE reports (
    queue INTEGER NOT NULL,
    done_at INTEGER NOT NULL,
    number INTEGER NOT NULL,
    replanned INTEGER NOT NULL,
    PRIMARY KEY (queue, done_at, number, replanned)
) WITHOUT ROWID;

-- The pushes that are still to be made; `message` is the key of a message.
CREATE TABLE pushes (
    key INTEGER PRIMARY KEY,
    message INTEGER NOT NULL UNIQUE,
    due INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    destination TEXT NOT NULL
);
CREATE INDEX pushes_by_destination ON pushes (key >> 40, destination, due);

-- The trigrams of the folded words of some consecutive messages of one batch; the rowid is the key of the first.
CREATE VIRTUAL TABLE search USING fts5 (
    words, content = '', columnsize = 0, detail = none, tokenize = 'trigram case_sensitive 1'
);
"""

MIGRATIONS = (_VERSION_1,)
"""What makes a file of version n one of version n + 1. An entry is never changed once it was released."""

VERSION = len(MIGRATIONS)
