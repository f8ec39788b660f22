"""The tables of a database, by version: what a new one gets, and what brings one of an earlier version up to date.

They are those of `storage/sqlite/schema.py`, but for the index of texts, with what several servers need to share them.
"""

from __future__ import annotations

LOCK = 0x6B6F6269
"""The key of the advisory locks: one server at a time changes the tables, or begins or resumes what is stored."""

_VERSION_1 = """
CREATE TABLE kobikom_server (
    version BIGINT NOT NULL,
    tables BIGINT NOT NULL
);
INSERT INTO kobikom_server VALUES (0, 0);

CREATE SEQUENCE contents_numbers;

-- `version` grows with each change of the space or of anything in it. A server that changes it has locked the row.
CREATE TABLE spaces (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name TEXT NOT NULL UNIQUE COLLATE "C",
    contents BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 0,
    state BYTEA
);

-- The users whose requests go to a space.
CREATE TABLE claims (
    name TEXT PRIMARY KEY COLLATE "C",
    space BIGINT NOT NULL
);
CREATE INDEX claims_of_space ON claims (space);

-- Which server makes the pushes of a space, calls its webhooks and drops its old messages, and until when if it does
-- not say that it goes on.
CREATE TABLE leases (
    space BIGINT PRIMARY KEY,
    server TEXT NOT NULL,
    until TIMESTAMPTZ NOT NULL
);

CREATE TABLE contents (
    number BIGINT PRIMARY KEY,
    size BIGINT NOT NULL DEFAULT 0,
    searchable BIGINT NOT NULL DEFAULT 0,
    next_push BIGINT NOT NULL,
    replans BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE journal (
    space BIGINT NOT NULL,
    number BIGINT NOT NULL,
    entry BYTEA NOT NULL,
    PRIMARY KEY (space, number)
);

CREATE TABLE users (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    contents BIGINT NOT NULL,
    name TEXT NOT NULL COLLATE "C",
    spent TEXT NOT NULL DEFAULT '0',
    returned TEXT NOT NULL DEFAULT '0',
    messages BIGINT NOT NULL DEFAULT 0,
    opened BIGINT,
    balance TEXT,
    account BYTEA,
    UNIQUE (contents, name)
);

CREATE TABLE ledger (
    key BIGINT PRIMARY KEY,
    "user" BIGINT NOT NULL,
    at BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    amount TEXT NOT NULL,
    first_id BIGINT NOT NULL,
    title TEXT NOT NULL,
    messages BIGINT NOT NULL,
    parts BIGINT NOT NULL,
    message BIGINT,
    planned BIGINT NOT NULL
);
CREATE INDEX ledger_by_time ON ledger ((key >> 40), at);
CREATE INDEX ledger_by_user ON ledger ("user", at);
CREATE INDEX planned_refunds ON ledger ("user", at) WHERE planned = 1;
CREATE INDEX refunds_by_id ON ledger ((key >> 40), first_id, at) WHERE kind = 2;

CREATE TABLE batches (
    key BIGINT PRIMARY KEY,
    size BIGINT NOT NULL,
    first_id BIGINT NOT NULL,
    "user" BIGINT NOT NULL,
    pushed BIGINT NOT NULL,
    submitted_at BIGINT NOT NULL,
    first_done BIGINT NOT NULL,
    last_done BIGINT NOT NULL,
    status BIGINT,
    body BYTEA NOT NULL
);
CREATE INDEX batches_by_id ON batches ((key >> 40), first_id);

CREATE TABLE marks (
    key BIGINT PRIMARY KEY,
    given BYTEA,
    deleted BYTEA,
    replanned BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE plans (
    key BIGINT PRIMARY KEY,
    plan BYTEA NOT NULL
);

CREATE TABLE client_ids (
    contents BIGINT NOT NULL,
    client_id TEXT NOT NULL COLLATE "C",
    "user" BIGINT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (contents, client_id, "user", number)
);

CREATE TABLE queues (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    "user" BIGINT NOT NULL,
    app_id TEXT NOT NULL COLLATE "C",
    UNIQUE ("user", app_id)
);
CREATE TABLE reports (
    queue BIGINT NOT NULL,
    done_at BIGINT NOT NULL,
    number BIGINT NOT NULL,
    replanned BIGINT NOT NULL,
    PRIMARY KEY (queue, done_at, number, replanned)
);

CREATE TABLE pushes (
    key BIGINT PRIMARY KEY,
    message BIGINT NOT NULL UNIQUE,
    due BIGINT NOT NULL,
    attempt BIGINT NOT NULL,
    destination TEXT NOT NULL COLLATE "C"
);
CREATE INDEX pushes_by_destination ON pushes ((key >> 40), destination, due);
"""

MIGRATIONS = (_VERSION_1,)
"""What makes a database of version n one of version n + 1. An entry is never changed once it was released."""

VERSION = len(MIGRATIONS)
