"""A state of any size up to its own limit can be put back; what is too large is refused by the name of the setting."""

import asyncio
import json
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any

import pytest

from kobikom_emulator import Emulator
from kobikom_emulator.operations import state as states
from kobikom_emulator.operations.errors import Invalid

from .conftest import Server, Waiting


def put(emulator: Emulator, path: str, body: bytes) -> tuple[int, bytes]:
    connection = HTTPConnection(emulator.running.host, emulator.running.port, timeout=30)
    try:
        connection.request("PUT", path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_a_state_may_be_larger_than_other_bodies() -> None:
    """`limits.max-body` does not hold for it; `limits.max-state` does, and the answer says so."""
    path = "/_emulator/spaces/default/state"
    with Emulator() as emulator:
        state = emulator.ask_control("GET", path)[1]
    with Emulator({"limits": {"max-body": 100, "max-state": len(state)}}) as emulator:
        assert 200 == put(emulator, path, state)[0]
        status, body = put(emulator, path, state + b" ")
        assert (413, f"413: the body is over {len(state)} bytes, the setting limits.max-state\n".encode()) == (
            status,
            body,
        )
        status, body = put(emulator, "/_emulator/spaces/default/readings", b" " * 101)
        assert (413, b"413: the body is over 100 bytes, the setting limits.max-body\n") == (status, body)


@pytest.fixture
def exported(make_server: Callable[..., Server]) -> tuple[Server, bytes]:
    """A server, and the state of a space with 1,500 messages of 300 sends."""
    server = make_server()
    space = server.open(name="large", accounts=[{"user": "large", "password": "pw", "credit": "9999"}])
    waiting = Waiting(server, space)

    async def story(waiting: Waiting) -> None:
        for _ in range(300):
            await waiting.send(*[f"9053200000{nth:02}" for nth in range(5)])

    waiting.run(story)
    return server, server.state(space)


def test_each_record_of_a_state_is_a_line(exported: tuple[Server, bytes]) -> None:
    """The document is JSON, and reading it line by line gives the same as reading it whole."""
    _, document = exported
    lines = document.splitlines()
    records = json.loads(document)["records"]
    assert len(records) == len(lines) - 2
    assert records == [json.loads(line.removesuffix(b",")) for line in lines[1:-1]]


def test_reading_and_writing_a_state_lets_others_in(exported: tuple[Server, bytes]) -> None:
    """Other tasks get a turn many times while a state is exported and imported, however it is written."""
    server, document = exported
    space = server.operations.space("large")
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async def while_counting(work: Any) -> tuple[Any, int]:
        nonlocal turns
        task = asyncio.ensure_future(others())
        await asyncio.sleep(0)
        turns = 0
        result = await work
        task.cancel()
        return result, turns

    pieces, during_export = server.run(while_counting(space.export_state()))
    assert document == b"".join(pieces)
    _, during_import = server.run(while_counting(space.import_state(document)))
    assert during_export >= 1500 // states.SLICE
    assert during_import >= len(document) // states.SLICE_BYTES + 1500 // states.SLICE
    assert document == server.state(space)
    server.run(space.import_state(json.dumps(json.loads(document)).encode()))
    assert document == server.state(space)


@pytest.mark.parametrize(
    "damage",
    [
        lambda document: document.replace(b",\n", b"\n", 1),
        lambda document: document.replace(b"\n]}", b",\n]}"),
        lambda document: document[:-3],
        lambda document: document.replace(b'"record":"batch"', b'"record":"bitch"', 1),
    ],
)
def test_a_damaged_state_is_refused_as_before(exported: tuple[Server, bytes], damage: Callable[[bytes], bytes]) -> None:
    """Whether it is read by lines or not, the error is that of the whole document, and nothing changes."""
    server, document = exported
    damaged = damage(document)
    assert damaged != document
    with pytest.raises(Invalid):
        server.run(server.operations.space("large").import_state(damaged))
    assert document == server.state(server.operations.space("large"))
