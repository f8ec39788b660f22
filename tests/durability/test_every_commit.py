"""A server that ends right after any commit: what is in its file then is a whole state of its spaces."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from kobikom_emulator.bootstrap import RunningServer
from kobikom_emulator.space.blueprint import Limits

from .conftest import AT_ONCE, FROZEN, serving
from .kills import NOT_KNOWN
from .wire import Client

NUMBERS = [f"90532{number:07}" for number in range(400)]


class Copies:
    """Copies the file of a server after each of its commits."""

    def __init__(self, server: RunningServer, folder: Path) -> None:
        assert server._database is not None
        self._path = Path(server._database.path)
        self._folder = folder
        self._commits = server._database.commits
        self._commit = self._commits.commit
        self._commits.commit = self._copying  # type: ignore[method-assign]  # to look on
        self.files: list[Path] = []

    def _copying(self) -> None:
        before = self._commits.commits
        self._commit()
        if self._commits.commits > before:
            copy = self._folder / f"copy-{len(self.files)}"
            shutil.copy(self._path, copy)
            shutil.copy(f"{self._path}-wal", f"{copy}-wal")
            self.files.append(copy)


async def state_and_next_id(path: Path) -> tuple[set[str], int]:
    """The ids of the messages in a file, and the first id that a server on it gives."""
    async with serving(path) as server, Client(server.host, server.port) as client:
        listed = (await client.control("GET", "/messages?limit=1000"))["messages"]
        sent = await client.send(NUMBERS[0])
        return {message["id"] for message in listed}, int(sent.ids[0])


@pytest.mark.parametrize("recipients", [1, 400])
async def test_no_id_is_given_twice_after_any_commit(tmp_path: Path, recipients: int) -> None:
    """A small send is written at once, a large one in a thread."""
    async with serving(tmp_path / "f") as server, Client(server.host, server.port) as client:
        copies = Copies(server, tmp_path)
        for _ in range(2):
            assert [0] * recipients == (await client.send(*NUMBERS[:recipients])).codes
    assert copies.files
    for copy in copies.files:
        ids, following = await state_and_next_id(copy)
        assert max([int(message_id) for message_id in ids], default=0) < following


async def perhaps_lost(path: Path) -> list[str]:
    """The operations in the journal of a server on a file whose answers may not have reached the client, in order."""
    async with serving(path) as server, Client(server.host, server.port) as client:
        entries = (await client.control("GET", "/journal?limit=100"))["entries"][::-1]
        return [entry["operation"] for entry in entries if NOT_KNOWN in str(entry["explanation"])]


async def test_answers_that_the_end_of_the_server_may_have_lost_are_marked(tmp_path: Path) -> None:
    """After each commit those of the requests that it keeps, and no earlier ones; none after an orderly end (R-03)."""
    async with serving(tmp_path / "f", delivery=AT_ONCE) as server, Client(server.host, server.port) as client:
        copies = Copies(server, tmp_path)
        await client.send(NUMBERS[0])
        assert [1, 0] == [len((await client.pull()).reports) for _ in range(2)]
        await client.send(NUMBERS[1])
    marked = [await perhaps_lost(copy) for copy in copies.files]
    assert [["send"], ["pull"], ["pull"], ["send"]] == [operations for operations in marked if operations]
    assert [] == marked[-1]
    assert [] == await perhaps_lost(tmp_path / "f")


Operation = tuple[str, str, Any]

OPERATIONS: dict[str, list[Operation]] = {
    "reset": [("POST", "/reset", None)],
    "terms": [("PATCH", "/accounts/test", {"credit": 5, "titles": ["KOBIKOM"]})],
    "account": [("PUT", "/accounts/other", {"password": "test", "credit": 7})],
    "scenario": [
        ("POST", "/scenario", {"readings": {"message-id": "10-digits"}, "faults": [{"effect": {"kind": "garbage"}}]})
    ],
    "delete": [("DELETE", "/messages?", None)],
    "clock": [("POST", "/clock", {"advance": 100})],
    "state": [("PUT", "/state", "of before")],
}


@pytest.mark.parametrize("name", OPERATIONS)
async def test_an_operation_is_made_whole_or_not_at_all(tmp_path: Path, name: str) -> None:
    """After each commit of it, also where it is large, the space is as before or as after it."""
    more = Limits(max_recipients=2000)
    async with serving(tmp_path / "f", clock=FROZEN, limits=more) as server, Client(server.host, server.port) as client:
        early = await client.control("GET", "/state")
        assert [0] * 400 == (await client.send(*NUMBERS)).codes
        before = await client.control("GET", "/state")
        copies = Copies(server, tmp_path)
        for method, path, value in OPERATIONS[name]:
            await client.control(method, path, early if value == "of before" else value)
        after = await client.control("GET", "/state")
    assert copies.files
    assert before != after
    for copy in copies.files:
        async with serving(copy, clock=FROZEN, limits=more) as server, Client(server.host, server.port) as client:
            assert (await client.control("GET", "/state")) in (before, after)


async def test_the_journal_has_the_limits_of_the_last_start(tmp_path: Path) -> None:
    """Smaller ones, and larger ones; what was dropped does not come back."""
    kept: list[list[int]] = []
    for limit in (6, 3, 4):
        async with (
            serving(tmp_path / "f", limits=Limits(journal_entries=limit)) as server,
            Client(server.host, server.port) as client,
        ):
            for _ in range(3):
                await client.send(NUMBERS[0])
            kept.append([entry["id"] for entry in (await client.control("GET", "/journal"))["entries"]])
    assert [[3, 2, 1], [6, 5, 4], [9, 8, 7, 6]] == kept
