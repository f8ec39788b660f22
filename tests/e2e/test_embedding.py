"""The emulator inside a program: in a thread or in the caller's loop, repeatedly, without leaving resources open."""

import asyncio
import gc
import socket
import threading
import warnings
from datetime import UTC, datetime
from pathlib import Path

import pytest
from raw_http import PULL, ask, asking, credit, order

from kobikom_emulator import BadSettings, Emulator
from kobikom_emulator.driver import ControlRefused, Kobikom

START = "2026-01-31T09:00:00+03:00"


async def ask_here(port: int, request: bytes) -> bytes:
    """Send one request from the running loop."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    writer.write_eof()
    answer = await asyncio.wait_for(reader.read(), 20)
    writer.close()
    await writer.wait_closed()
    return answer


def descriptors() -> set[str]:
    """The open sockets, pipes and event polls of this process."""
    opened = set()
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            name = str(descriptor.readlink())
        except OSError:
            continue
        if name.startswith(("socket:", "anon_inode:[eventpoll]", "pipe:")):
            opened.add(f"{descriptor.name} {name}")
    return opened


def is_closed(port: int) -> bool:
    """Whether no server listens on the port."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except ConnectionRefusedError:
        return True
    return False


def test_in_a_thread() -> None:
    """The emulator answers on a loopback port inside the block, and no server does after it."""
    with Emulator() as emulator:
        port = emulator.running.port
        assert f"http://127.0.0.1:{port}" == emulator.url
        assert 0 == ask(port, asking(order())).results[0][0]
    assert is_closed(port)


async def test_in_the_callers_loop() -> None:
    """The emulator runs in the caller's loop, under pytest-asyncio."""
    async with Emulator(clock={"start": START}) as emulator:
        port = emulator.running.port
        assert b"<status>0</status>" in await ask_here(emulator.running.port, asking(order()))
        emulator.clock.advance(2)
        assert b'status="DELIVERED"' in await ask_here(emulator.running.port, asking(None, target=PULL))
        assert ["send", "pull"] == [entry.operation for entry in emulator.journal]
    assert is_closed(port)


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


async def test_background_work_that_never_began_gives_no_warning() -> None:
    """A reset and a webhook start work in the background; where the block ends before its first step, nothing is said
    about a coroutine that was never awaited.
    """
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        async with Emulator(clock={"start": START}) as emulator:
            emulator.reset()
            emulator.kobikom.webhooks.add("http://127.0.0.1:9/hook")
        gc.collect()
    assert [] == [str(warning.message) for warning in said]


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
    """`with` also works inside a coroutine, because its thread has its own loop."""
    with Emulator(clock={"start": START}) as emulator:
        await ask_here(emulator.running.port, asking(order()))
        emulator.clock.advance(2)
        assert b'status="DELIVERED"' in await ask_here(emulator.running.port, asking(None, target=PULL))


def test_two_emulators_are_independent() -> None:
    """Two emulators have separate ports, credit and reports."""
    with Emulator(clock={"start": START}) as one, Emulator(clock={"start": START}) as other:
        ask(one.running.port, asking(order()))
        one.clock.advance(2)
        other.clock.advance(2)
        assert ["999.000", "1000.000"] == [credit(emulator.running.port) for emulator in (one, other)]
        assert b"NO_DATA" == ask(other.running.port, asking(None, target=PULL)).body


async def test_thread_and_loop_at_once() -> None:
    """An emulator in a thread and one in the loop run at the same time."""
    with Emulator() as one:
        async with Emulator() as other:
            for emulator in (one, other):
                assert b"200 OK" in await ask_here(emulator.running.port, asking(order()))


def test_an_emulator_can_be_entered_again() -> None:
    """Entering an emulator again starts it with its initial state."""
    emulator = Emulator(seed=3, clock={"start": START})
    answers = []
    for _ in range(3):
        with emulator:
            assert "1000.000" == credit(emulator.running.port)
            answers.append(ask(emulator.running.port, asking(order())))
    assert answers[0] == answers[1] == answers[2]


async def test_an_emulator_can_be_entered_in_thread_and_loop_in_turn() -> None:
    """One object can be entered with `async with`, then `with`, then `async with`."""
    emulator = Emulator()
    async with emulator:
        await ask_here(emulator.running.port, asking(order()))
    with emulator:
        await ask_here(emulator.running.port, asking(order()))
    async with emulator:
        assert [] == emulator.journal


def test_entering_twice_is_an_error() -> None:
    """Entering a running emulator raises RuntimeError, and the server continues to answer."""
    with Emulator() as emulator:
        with pytest.raises(RuntimeError), emulator:
            pass
        assert 200 == ask(emulator.running.port, asking(order())).status


def test_outside_its_block() -> None:
    """Before and after the block, what needs a server raises RuntimeError."""
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


def test_a_port_in_use_raises_oserror() -> None:
    """`with` and `async with` raise the OSError, and the object can be used when the port is free."""
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
def test_invalid_settings_raise_bad_settings(settings: dict[str, object]) -> None:
    """An invalid setting raises BadSettings in the caller."""
    with pytest.raises(BadSettings), Emulator(settings):
        pass


def test_a_failed_start_leaves_nothing_open() -> None:
    """A server that fails while it starts raises in the caller and closes its sockets, in a thread and in the loop."""

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

    gc.collect()  # what earlier tests left open is not this one's
    before = descriptors()
    with pytest.raises(Fault), broken():
        pass
    with pytest.raises(Fault):
        asyncio.run(enter(broken()))
    gc.collect()
    assert before == descriptors()


def test_an_error_in_the_block_is_raised() -> None:
    """An exception in the block is raised unchanged, and the server ends."""
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
    assert [True, True] == [is_closed(port) for port in ports]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open sockets are counted in /proc")
def test_nothing_stays_open() -> None:
    """No thread and no socket stays after the block, even if a client keeps its connection open."""
    with Emulator():
        pass  # creates what is kept for the whole process
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


async def test_no_task_stays() -> None:
    """After `async with`, the loop has the same tasks as before, even if clients disconnect during a request."""
    before = asyncio.all_tasks()
    async with Emulator(faults=[{"effect": {"kind": "delay", "seconds": 60}}]) as emulator:
        writers = []
        for request in (b"", asking(order())[:30], asking(order())[:-5], asking(order())):
            _, writer = await asyncio.open_connection("127.0.0.1", emulator.running.port)
            writer.write(request)
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
    """A hundred emulators can be started and stopped, and no thread stays."""
    before = threading.active_count()
    for _ in range(100):
        with Emulator():
            pass
    assert before == threading.active_count()


def test_the_clock_can_be_moved() -> None:
    """The clock is frozen at its start, can be advanced and set, and a reset returns it to the start."""
    with Emulator(clock={"start": START}) as emulator:
        began = datetime(2026, 1, 31, 6, tzinfo=UTC)
        assert began == emulator.clock.now()
        emulator.clock.advance(90.5)
        assert 90.5 == (emulator.clock.now() - began).total_seconds()
        emulator.clock.set(datetime(2030, 1, 1, tzinfo=UTC))
        assert datetime(2030, 1, 1, tzinfo=UTC) == emulator.clock.now()
        with pytest.raises(ControlRefused, match="zone"):
            emulator.clock.set(datetime(2030, 1, 1))  # noqa: DTZ001 - the error under test
        with pytest.raises(ControlRefused, match="advance"):
            emulator.clock.advance(-1)
        emulator.reset()
        assert began == emulator.clock.now()


def test_a_configuration_file(tmp_path: Path) -> None:
    """`config=` reads the same file as `serve --config`; keywords have precedence."""
    file = tmp_path / "kobikom.toml"
    file.write_text('seed = 5\nport = 1\n[[accounts]]\nuser = "test"\npassword = "test"\ncredit = 7\n')
    with Emulator(config=file) as emulator:
        assert "7.000" == credit(emulator.running.port)


def test_an_exception_of_the_server_thread_is_raised() -> None:
    """The `with` block raises the exception that ended the server, unless the block itself failed."""

    def end_the_server() -> None:
        for task in asyncio.all_tasks():
            if getattr(task.get_coro(), "__name__", "") == "main":
                task.cancel()

    with pytest.raises(RuntimeError, match="ended with an error"), Emulator() as kobikom:
        kobikom.in_loop(end_the_server)

    def fail_as_well(kobikom: Emulator) -> None:
        kobikom.in_loop(end_the_server)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), Emulator() as kobikom:
        fail_as_well(kobikom)
