"""`serve` and the commands `store` with a database: what they say, and one line where it cannot be used."""

import asyncio
import json
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from raw_http import ask, asking, order
from serve_process import Run, Start
from test_store import kept, one_line
from tests.postgresql import GUARDED, Cluster

from kobikom_emulator.bootstrap import RunningServer, open_port
from kobikom_emulator.settings import BadSettings, Settings


def execute(url: str, statement: str) -> None:
    """Run a statement."""
    import asyncpg

    async def run() -> None:
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(run())


@pytest.fixture
def store(postgresql_server: Cluster) -> str:
    """The URL of an empty database."""
    return asyncio.run(postgresql_server.new_database())


def test_the_start_says_what_is_kept_and_hides_the_password(start: Start, store: str) -> None:
    """A new database, then the number of its spaces and messages."""
    with_password = store.replace("test@", "test:hidden@")
    served = start("--port", "0", "--store", with_password, KOBIKOM_LOG_LEVEL="info")
    ask(served.port, asking(order()))
    said = served.stop().err
    assert [f"keeps everything in postgresql://{urlsplit(store).path}, a new database"] == kept(said)
    assert "hidden" not in said
    said = start("--port", "0", KOBIKOM_STORE=store, KOBIKOM_LOG_LEVEL="info").stop().err
    assert "goes on: 1 space, 1 message" in kept(said)[0]


def test_a_database_that_cannot_be_used(run: Run, postgresql_server: Cluster) -> None:
    """No server, no such database, a wrong password, tables of another program, and those of a later version."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    other = asyncio.run(postgresql_server.new_database())
    execute(other, "CREATE TABLE users (name TEXT)")
    execute(other, f"CREATE ROLE {GUARDED} LOGIN PASSWORD 'right'")
    newer = asyncio.run(postgresql_server.new_database())
    execute(newer, "CREATE TABLE kobikom_server (version BIGINT, tables BIGINT)")
    execute(newer, "INSERT INTO kobikom_server VALUES (0, 99)")
    for url, why in {
        f"postgresql://u:secret@127.0.0.1:{port}/d": "no database listens at its host and port",
        postgresql_server.url("missing"): 'database "missing" does not exist',
        other.replace("test@", f"{GUARDED}:secret@"): f'password authentication failed for user "{GUARDED}"',
        other: "a table users of another program",
        newer: "its tables have version 99",
    }.items():
        ended = run("serve", "--port", "0", "--store", url)
        assert (2, "") == (ended.code, ended.out), url
        one_line(ended.err, "the store postgresql://", why)
        assert "secret" not in ended.err


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:secret@127.0.0.1:port/d",
        "postgresql://u:secret@127.0.0.1:99999/d",
        "postgresql://u:secret@[::1/d",
        "postgresql://u:se#secret@127.0.0.1:9/d",
        "postgresql://u:se/secret@127.0.0.1:9/d",
        "postgresql://u:se@secret@127.0.0.1:9/d",
        "postgresql://u:se?secret@127.0.0.1:9/d",
        "postgresql://u:secret@/d?host=/nowhere",
        "postgresql://127.0.0.1:9/d?password=secret&sslmode=secret",
    ],
)
def test_a_url_that_leads_nowhere(url: str) -> None:
    """A port that is none, and passwords with characters that have another meaning in a URL."""
    with open_port("127.0.0.1", 0) as listening, pytest.raises(BadSettings) as refused:
        asyncio.run(serve(RunningServer(Settings(store=url, port=0), listening)))
    said = str(refused.value)
    assert (True, False, False) == ("cannot be used: " in said, "secret" in said, "\n" in said)
    assert "Errno" not in said


async def serve(server: RunningServer) -> None:
    async with server:
        raise AssertionError("it began")


def test_a_host_that_is_not_known() -> None:
    """Says what is not known."""
    from kobikom_emulator.storage.postgresql.connections import one_line as one_line_of

    assert "its host is not known (no such name)" == one_line_of(socket.gaierror(-2, "no such name"))


def test_no_command_shows_the_password_of_a_database(run: Run) -> None:
    """`config` shows host and database."""
    shown = run("config", KOBIKOM_STORE="postgresql://u:hidden@db.example.com/kobikom?password=hidden")
    assert (True, False) == ("postgresql://db.example.com/kobikom " in shown.out, "hidden" in shown.out + shown.err)


def test_the_commands_work_on_a_database(start: Start, run: Run, store: str, tmp_path: Path) -> None:
    """`info`, `export` and `import` take its URL, while servers use it; `vacuum` says that it is for files."""
    served = start("--port", "0", "--store", store, KOBIKOM_CLOCK__START="2026-01-31T09:00:00+03:00")
    ask(served.port, asking(order()))
    shown = json.loads(run("store", "info", store, "--json").out)
    assert ["default"] == [space["name"] for space in shown["spaces"]]
    assert (1, 1, True) == (shown["spaces"][0]["messages"], shown["version"], shown["in_use"])
    exported = run("store", "export", store)
    (tmp_path / "state.json").write_text(exported.out)
    ask(served.port, asking(order()))
    assert 0 == run("store", "import", store, str(tmp_path / "state.json")).code
    assert exported.out == run("store", "export", store).out
    assert (0, "") == (served.stop().code, "")
    assert not json.loads(run("store", "info", store, "--json").out)["in_use"]
    ended = run("store", "vacuum", store)
    assert 2 == ended.code
    one_line(ended.err, "files", "VACUUM")
