"""The commands `store`: what they show and change, and one line and exit code 2 where a file cannot be used."""

import asyncio
import json
import os
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from kobikom_emulator import Emulator
from kobikom_emulator.cli import main
from kobikom_emulator.settings import BadSettings
from kobikom_emulator.store_files import UnusableStore, export_state

Run = Callable[..., tuple[int, str, str]]

START = "2026-01-31T09:00:00+03:00"


@pytest.fixture
def run(capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command; exit code, standard output, standard error."""
    for variable in [name for name in os.environ if name.startswith("KOBIKOM_")]:
        monkeypatch.delenv(variable)

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        shown = capsysbinary.readouterr()
        return int(ended.value.code or 0), shown.out.decode(), shown.err.decode()

    return call


def serving(file: Path) -> Emulator:
    """An emulator that keeps everything in a file, its clock frozen at an instant of January 2026."""
    return Emulator(store=str(file), clock={"start": START})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A store with three messages in the space `default` and one in `orders`."""
    path = tmp_path / "kobikom.sqlite"
    with serving(path) as emulator:
        emulator.ask_control(
            "POST",
            "/_emulator/spaces",
            json.dumps({"name": "orders", "messages": [{"to": "905329975725", "text": "Sipariş"}]}).encode(),
        )
        for text in ("bir", "iki", "üç"):
            send(emulator, text)
    return path


def send(emulator: Emulator, text: str) -> None:
    """Send one message in the default space."""
    from kobikom_client import Client

    Client(emulator.url, "test", "test").send(text, "905352220087")


def state_in(emulator: Emulator, space: str = "default") -> bytes:
    return emulator.ask_control("GET", f"/_emulator/spaces/{space}/state")[1]


def texts_in(file: Path) -> list[str]:
    """The texts of the default space, sorted, as a server shows them."""
    with serving(file) as emulator:
        return sorted(message.text for message in emulator.kobikom.messages)


def one_line(err: str, *pieces: str) -> None:
    assert err.startswith("kobikom-emulator: ")
    assert 1 == err.count("\n")
    assert err.endswith("\n")
    for piece in pieces:
        assert piece in err


def test_info_shows_what_is_in_a_file(run: Run, file: Path) -> None:
    """Version, size, spaces with messages, accounts and clock; for programs as JSON."""
    code, out, err = run("store", "info", file)
    assert (0, "") == (code, err)
    assert [
        f"version 1, {file.stat().st_size:,} bytes, no server has it open",
        "space    messages  accounts  clock",
        "default  3         1         2026-01-31T06:00:00+00:00, frozen",
        "orders   1         1         2026-01-31T06:00:00+00:00, frozen",
    ] == out.splitlines()
    view = json.loads(run("store", "info", file, "--json")[1])
    assert (str(file), 1, file.stat().st_size, False) == tuple(view[name] for name in list(view)[:4])
    clock = {"now": "2026-01-31T06:00:00Z", "frozen": True, "rate": 1.0, "ended": False}
    assert [
        {"name": "default", "messages": 3, "accounts": 1, "clock": clock},
        {"name": "orders", "messages": 1, "accounts": 1, "clock": clock},
    ] == view["spaces"]


def test_info_of_a_file_that_a_server_has_open(run: Run, file: Path) -> None:
    """It says so, shows what the server has accepted since, and disturbs nothing."""
    with serving(file) as emulator:
        send(emulator, "dört")
        view = json.loads(run("store", "info", file, "--json")[1])
        send(emulator, "beş")
    assert (True, 4) == (view["in_use"], view["spaces"][0]["messages"])
    assert 5 == json.loads(run("store", "info", file, "--json")[1])["spaces"][0]["messages"]


def test_an_export_is_what_the_server_gives(run: Run, file: Path, tmp_path: Path) -> None:
    """Byte for byte what `GET …/state` gives, of each space; a file of it is only for its owner."""
    with serving(file) as emulator:
        states = {space: state_in(emulator, space) for space in ("default", "orders")}
    assert (0, states["default"].decode(), "") == run("store", "export", file)
    out = tmp_path / "orders.json"
    assert (0, "", "") == run("store", "export", file, "--space", "orders", "--out", out)
    assert states["orders"] == out.read_bytes()
    assert os.name != "posix" or stat.S_IMODE(out.stat().st_mode) == 0o600


def test_an_import_replaces_a_space(run: Run, file: Path, tmp_path: Path) -> None:
    """The next server goes on with the state, and the other spaces are as they were."""
    state = tmp_path / "state.json"
    with Emulator() as other:
        send(other, "başka")
        state.write_bytes(state_in(other))
    with serving(file) as emulator:
        orders = state_in(emulator, "orders")
    assert (0, "", "") == run("store", "import", file, state)
    with serving(file) as emulator:
        assert (["başka"], orders) == (
            [message.text for message in emulator.kobikom.messages],
            state_in(emulator, "orders"),
        )


def test_an_import_that_is_refused_changes_nothing(run: Run, file: Path, tmp_path: Path) -> None:
    """A document that is no state, a user that another space has, a space that is not there: one line each."""
    state, before = tmp_path / "state.json", run("store", "export", file)[1]
    state.write_text('{"format": "?"}')
    code, out, err = run("store", "import", file, state)
    assert (2, "") == (code, out)
    one_line(err, f"{state}: format")
    state.write_bytes(before.encode())
    code, _, err = run("store", "import", file, state, "--space", "orders")
    assert 2 == code
    one_line(err, f"{state}: ", "test")
    code, _, err = run("store", "import", file, state, "--space", "nowhere")
    assert 2 == code
    one_line(err, f"{file}: there is no space 'nowhere'")
    code, _, err = run("store", "import", file, tmp_path / "none")
    assert 2 == code
    one_line(err, "cannot read", "none")
    assert before == run("store", "export", file)[1]


def test_vacuum_gives_space_back_and_overwrites_what_was_deleted(run: Run, file: Path) -> None:
    """It prints the bytes before and after; a deleted text is in the file no more, and the rest is as before."""
    secret = "gizli" * 40
    with serving(file) as emulator:
        for _ in range(300):
            send(emulator, secret)
        emulator.reset()
        send(emulator, "bir")
        state = state_in(emulator)
    assert secret.encode() in file.read_bytes()
    before = file.stat().st_size
    code, out, err = run("store", "vacuum", file)
    after = file.stat().st_size
    assert (0, f"{before:,} bytes before, {after:,} bytes after\n", "") == (code, out, err)
    assert after < before
    assert secret.encode() not in file.read_bytes()
    assert state.decode() == run("store", "export", file)[1]


def test_what_is_no_store_is_one_line(run: Run, file: Path, tmp_path: Path) -> None:
    """A missing file, a file of something else, an empty one, one of a later version: refused and left as they are."""
    state = tmp_path / "state.json"
    state.write_text(run("store", "export", file)[1])
    (tmp_path / "text").write_text("no database\n" * 100)
    (tmp_path / "empty").touch()
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    files = {"missing": "there is no file", "text": "is not a store of kobikom-emulator", file.name: "has version 99"}
    for name, why in (files | {"empty": "is empty"}).items():
        path = tmp_path / name
        content = path.read_bytes() if path.exists() else None
        for command in (["info", path], ["export", path], ["import", path, state], ["vacuum", path]):
            if (name, command[0]) == ("empty", "info"):
                continue
            code, out, err = run("store", *command)
            assert (2, "") == (code, out)
            one_line(err, why, name)
        assert content == (path.read_bytes() if path.exists() else None)
    assert {file.name, f"{file.name}-lock", "state.json", "text", "empty"} == {path.name for path in tmp_path.iterdir()}
    assert "no spaces yet" in run("store", "info", tmp_path / "empty")[1]


def test_a_file_that_a_server_has_open_is_one_line(run: Run, file: Path, tmp_path: Path) -> None:
    """Export, import and vacuum are refused, and the server goes on."""
    state = tmp_path / "state.json"
    state.write_text(run("store", "export", file)[1])
    with serving(file) as emulator:
        for command in (["export", file], ["import", file, state], ["vacuum", file]):
            code, out, err = run("store", *command)
            assert (2, "") == (code, out)
            one_line(err, f"a server has the store {file} open")
        send(emulator, "dört")
    assert ["bir", "dört", "iki", "üç"] == texts_in(file)


def test_the_setting_has_a_flag_a_variable_and_a_name(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`config` shows `store` and where it came from; without any, nothing is kept."""

    def shown(*arguments: str | Path) -> list[str]:
        lines = run("config", *arguments)[1].splitlines()
        return next(line.split() for line in lines if line.split()[0] == "store")

    assert ["store", "default"] == shown()
    config = tmp_path / "k.toml"
    config.write_text('store = "a.sqlite"\n')
    assert ["store", "a.sqlite", "file", str(config)] == shown("--config", config)
    monkeypatch.setenv("KOBIKOM_STORE", "b.sqlite")
    assert ["store", "b.sqlite", "environment", "KOBIKOM_STORE"] == shown("--config", config)
    assert ["store", "c.sqlite", "flag", "--set"] == shown("--set", "store=c.sqlite")
    monkeypatch.setenv("KOBIKOM_STORE", "")
    assert ["store", "environment", "KOBIKOM_STORE"] == shown("--config", config)


def test_an_emulator_keeps_nothing_unless_it_is_asked_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`Emulator()` writes no file, also where the environment names a store."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KOBIKOM_STORE", "kobikom.sqlite")
    with Emulator() as emulator:
        send(emulator, "bir")
    assert [] == list(tmp_path.iterdir())


def test_the_files_of_a_store_are_for_their_owner(tmp_path: Path) -> None:
    """They hold passwords, numbers and texts: nobody else can read the file or its log."""
    with serving(tmp_path / "f") as emulator:
        send(emulator, "bir")
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir() if path.stat().st_size}
    assert os.name != "posix" or modes == dict.fromkeys(("f", "f-wal", "f-shm"), 0o600)


def test_a_space_that_cannot_be_read_is_one_line(run: Run, file: Path) -> None:
    """A file that was edited by hand ends the command, and the start of a server, with a line."""
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE spaces SET state = x'00' WHERE name = 'orders'")
    connection.close()
    for command in ("info", "export"):
        code, _, err = run("store", command, file)
        assert 2 == code
        one_line(err, f"the store {file} has a space that cannot be read")
    with pytest.raises(BadSettings, match="the space orders of the store cannot go on"), serving(file):
        pass
    with pytest.raises(UnusableStore, match="cannot be read"):
        asyncio.run(export_state(str(file), "default"))
