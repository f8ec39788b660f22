"""The emulator inside a program: in a thread, in the caller's event loop, several, entered again, cleaned up."""

import asyncio
import gc
import socket
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from raw_http import PULL, ask, asking, credit, order

from kobikom_emulator import BadSettings, Emulator
from kobikom_emulator.driver import ControlRefused, Kobikom

START = "2026-01-31T09:00:00+03:00"


async def ask_here(port: int, request: bytes) -> bytes:
    """One request from the running loop."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    writer.write_eof()
    answer = await asyncio.wait_for(reader.read(), 20)
    writer.close()
    await writer.wait_closed()
    return answer


def descriptors() -> set[str]:
    """What this process holds open that is a socket."""
    found = set()
    for each in Path("/proc/self/fd").iterdir():
        try:
            name = str(each.readlink())
        except OSError:
            continue
        if name.startswith(("socket:", "anon_inode:[eventpoll]", "pipe:")):
            found.add(f"{each.name} {name}")
    return found


def gone(port: int) -> bool:
    """Whether nobody listens there."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except ConnectionRefusedError:
        return True
    return False


def test_in_a_thread() -> None:
    """It answers inside the block, on a loopback port of its own, and nobody does after it."""
    with Emulator() as emulator:
        port = emulator.running.port
        assert f"http://127.0.0.1:{port}" == emulator.url
        assert 0 == ask(port, asking(order())).results[0][0]
    assert gone(port)


async def test_in_the_callers_loop() -> None:
    """The same in the running loop, under pytest-asyncio."""
    async with Emulator(clock={"start": START}) as emulator:
        port = emulator.running.port
        assert b"<status>0</status>" in await ask_here(emulator.running.port, asking(order()))
        emulator.clock.advance(2)
        assert b'status="DELIVERED"' in await ask_here(emulator.running.port, asking(None, target=PULL))
        assert ["send", "pull"] == [entry.operation for entry in emulator.journal]
    assert gone(port)


async def test_the_handle_in_the_callers_loop() -> None:
    """What need not wait works where the loop runs; what waits is a coroutine of `aio`, and a plain call says so."""
    async with Emulator(clock={"start": START}) as emulator:
        kobikom, port = emulator.kobikom, emulator.running.port
        waiting = asyncio.ensure_future(kobikom.aio.wait_for_all(2, text="*"))
        for _ in range(2):
            await ask_here(port, asking(order()))
        assert kobikom.messages == await waiting
        await kobikom.aio.assert_none(text="nothing like this")
        kobikom.assert_none(text="nothing like this")
        assert 2 == len([line for line in kobikom.ledger if line.kind == "charge"])
        state = kobikom.state()
        assert (2, []) == (kobikom.delete(), kobikom.messages)
        kobikom.restore(state)
        assert 2 == len(kobikom.messages)
        with pytest.raises(RuntimeError, match=r"has to wait.*`kobikom\.aio`"):
            kobikom.wait_for_all(3)
        kobikom.clock.advance(2)
        assert ["DELIVERED", "DELIVERED"] == [report.status for report in kobikom.reports]
        emulator.reset()
        assert ([], []) == (kobikom.messages, emulator.journal)


async def test_a_wait_that_was_refused_holds_nothing_up() -> None:
    """A call that would have to wait for another one's lock is refused, and the lock is free after that."""
    async with Emulator(clock={"start": START}) as emulator:
        default = emulator.running.registry.named("default")
        assert default is not None
        async with default.lock:
            with pytest.raises(RuntimeError, match="has to wait"):
                emulator.reset()
        emulator.reset()


def test_the_emulator_delegates_to_its_handle() -> None:
    """`journal`, `clock` and `reset` of an emulator are those of the handle on its default space."""
    with Emulator(clock={"start": START}) as emulator:
        kobikom = emulator.kobikom
        assert isinstance(kobikom, Kobikom)
        assert ("default", "test", "test", emulator.url) == (
            kobikom.name,
            kobikom.user,
            kobikom.password,
            kobikom.base_url,
        )
        ask(emulator.running.port, asking(order()))
        ask(emulator.running.port, asking(None, target=PULL))
        assert [1, 2] == [entry.id for entry in emulator.journal]
        assert emulator.journal == kobikom.journal
        assert emulator.clock.advance(5) == kobikom.clock.now()
        emulator.reset()
        assert ([], emulator.clock.now()) == (kobikom.journal, kobikom.clock.now())


async def test_a_thread_beside_a_loop() -> None:
    """`with` works inside a coroutine too: its thread has a loop of its own."""
    with Emulator(clock={"start": START}) as emulator:
        await ask_here(emulator.running.port, asking(order()))
        emulator.clock.advance(2)
        assert b'status="DELIVERED"' in await ask_here(emulator.running.port, asking(None, target=PULL))


def test_two_at_once_know_nothing_of_each_other() -> None:
    """Two emulators are two services: ports, credit and reports apart."""
    with Emulator(clock={"start": START}) as one, Emulator(clock={"start": START}) as other:
        ask(one.running.port, asking(order()))
        one.clock.advance(2)
        other.clock.advance(2)
        assert ["999.000", "1000.000"] == [credit(each.running.port) for each in (one, other)]
        assert b"NO_DATA" == ask(other.running.port, asking(None, target=PULL)).body


async def test_thread_and_loop_at_once() -> None:
    """One in a thread and one in the loop go together."""
    with Emulator() as one:
        async with Emulator() as other:
            for each in (one, other):
                assert b"200 OK" in await ask_here(each.running.port, asking(order()))


def test_the_same_object_again() -> None:
    """An emulator can be entered again after it has ended, and begins anew."""
    emulator = Emulator(seed=3, clock={"start": START})
    told = []
    for _ in range(3):
        with emulator:
            assert "1000.000" == credit(emulator.running.port)
            told.append(ask(emulator.running.port, asking(order())))
    assert told[0] == told[1] == told[2]


async def test_the_same_object_in_thread_and_loop_by_turns() -> None:
    """Nor does it matter how it is entered the next time."""
    emulator = Emulator()
    async with emulator:
        await ask_here(emulator.running.port, asking(order()))
    with emulator:
        await ask_here(emulator.running.port, asking(order()))
    async with emulator:
        assert [] == emulator.journal


def test_entering_twice_is_an_error() -> None:
    """It is one server: entering it while it runs raises and disturbs nothing."""
    with Emulator() as emulator:
        with pytest.raises(RuntimeError), emulator:
            pass
        assert 200 == ask(emulator.running.port, asking(order())).status


def test_outside_its_block() -> None:
    """Before and after the block, what needs a server says so."""
    emulator = Emulator()
    for _ in range(2):
        for act in (
            lambda: emulator.url,
            lambda: emulator.journal,
            lambda: emulator.kobikom,
            lambda: emulator.operations,
            lambda: emulator.in_loop(list),
            lambda: emulator.clock.advance(1),
            emulator.reset,
        ):
            with pytest.raises(RuntimeError, match="not running"):
                act()
        with emulator:
            pass


def test_a_taken_port_is_raised_here() -> None:
    """The caller gets the OSError, in both ways to enter, and the object may be used once the port is free."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        emulator = Emulator(port=port)
        with pytest.raises(OSError, match="in use"), emulator:
            pass
        with pytest.raises(OSError, match="in use"):
            asyncio.run(enter(emulator))
    with emulator:
        assert port == emulator.running.port


async def enter(emulator: Emulator) -> None:
    async with emulator:
        pass


@pytest.mark.parametrize(
    "settings",
    [
        {"colour": "red"},
        {"port": "x"},
        {"readings": {"long-text": "bogus"}},
        {"accounts": []},
        {"limits": {"max-body": 0}},
        {"clock": {"start": "2026-01-31T09:00:00"}},
    ],
    ids=str,
)
def test_bad_settings_are_raised_here(settings: dict[str, object]) -> None:
    """A setting that cannot be is a BadSettings where it was given."""
    with pytest.raises(BadSettings), Emulator(settings):
        pass


def test_a_broken_start_leaves_nothing_behind() -> None:
    """A server that fails while it starts raises in the caller and gives its port back (both ways)."""

    class Fault(Exception):
        pass

    def broken() -> Emulator:
        emulator = Emulator()

        class Trap:
            def __getattr__(self, name: str) -> object:
                raise Fault(name)

        trap = Trap()
        object.__setattr__(trap, "host", "127.0.0.1")
        object.__setattr__(trap, "port", 0)
        emulator._settings = trap  # type: ignore[assignment]
        return emulator

    before = descriptors()
    with pytest.raises(Fault), broken():
        pass
    with pytest.raises(Fault):
        asyncio.run(enter(broken()))
    gc.collect()
    assert before == descriptors()


def test_an_error_in_the_block_is_the_callers() -> None:
    """Exceptions pass through, in both ways, and the server ends all the same."""
    ports = []

    async def inside() -> None:
        async with Emulator() as emulator:
            ports.append(emulator.running.port)
            raise LookupError("mine")

    def beside() -> None:
        with Emulator() as emulator:
            ports.append(emulator.running.port)
            raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        beside()
    with pytest.raises(LookupError, match="mine"):
        asyncio.run(inside())
    assert [True, True] == [gone(port) for port in ports]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open sockets are counted as Linux tells them")
def test_nothing_is_left_behind() -> None:
    """After the block: no thread, no socket, though a client still holds its connection."""
    with Emulator():
        pass  # whatever is kept once for good
    threads, sockets = threading.active_count(), descriptors()
    with Emulator() as emulator:
        client = socket.create_connection(("127.0.0.1", emulator.running.port), timeout=20)
        client.sendall(asking(order()))
        assert client.recv(65536)
    assert threads == threading.active_count()
    with client:
        assert b"" == client.recv(1)
    gc.collect()
    assert sockets == descriptors()


async def test_no_task_is_left_behind() -> None:
    """After `async with` the caller's loop has the tasks it had, though clients went in the middle of things."""
    before = asyncio.all_tasks()
    async with Emulator(faults=[{"effect": {"kind": "delay", "seconds": 60}}]) as emulator:
        writers = []
        for said in (b"", asking(order())[:30], asking(order())[:-5], asking(order())):
            _, writer = await asyncio.open_connection("127.0.0.1", emulator.running.port)
            writer.write(said)
            await writer.drain()
            writers.append(writer)
        await ask_here(emulator.running.port, b"garbage\r\n\r\n")
        for writer in writers[1:3]:
            writer.transport.abort()
    for writer in writers:
        writer.close()
    for _ in range(5):
        await asyncio.sleep(0)
    assert before == asyncio.all_tasks()


def test_a_hundred_in_a_row() -> None:
    """One for each test is cheap: a hundred come and go, no thread stays."""
    before = threading.active_count()
    for _ in range(100):
        with Emulator():
            pass
    assert before == threading.active_count()


def test_the_clock_is_moved_by_hand() -> None:
    """It stands at its start, is advanced and set, refuses wrong values, and stands at its start after a reset."""
    with Emulator(clock={"start": START}) as emulator:
        began = datetime(2026, 1, 31, 6, tzinfo=UTC)
        assert began == emulator.clock.now()
        emulator.clock.advance(90.5)
        assert 90.5 == (emulator.clock.now() - began).total_seconds()
        emulator.clock.set(datetime(2030, 1, 1, tzinfo=UTC))
        assert datetime(2030, 1, 1, tzinfo=UTC) == emulator.clock.now()
        with pytest.raises(ControlRefused, match="set"):
            emulator.clock.set(datetime(2030, 1, 1))  # noqa: DTZ001 - the mistake that is refused
        with pytest.raises(ControlRefused, match="advance"):
            emulator.clock.advance(-1)
        emulator.reset()
        assert began == emulator.clock.now()


def test_a_configuration_file(tmp_path: Path) -> None:
    """`config=` takes the file that `serve --config` takes; keywords win over it."""
    file = tmp_path / "kobikom.toml"
    file.write_text('seed = 5\nport = 1\n[[accounts]]\nuser = "test"\npassword = "test"\ncredit = 7\n')
    with Emulator(config=file) as emulator:
        assert "7.000" == credit(emulator.running.port)


def test_an_error_of_the_servers_thread_is_raised_in_the_caller() -> None:
    """The end of the `with` block raises what ended the server, unless the block itself has failed."""

    def end_the_server() -> None:
        for task in asyncio.all_tasks():
            if getattr(task.get_coro(), "__name__", "") == "main":
                task.cancel()

    with pytest.raises(RuntimeError, match="thread ended with an error"), Emulator() as kobikom:
        kobikom.in_loop(end_the_server)

    def fail_beside_it(kobikom: Emulator) -> None:
        kobikom.in_loop(end_the_server)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), Emulator() as kobikom:
        fail_beside_it(kobikom)
