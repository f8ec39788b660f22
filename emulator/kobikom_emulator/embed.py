"""The emulator inside a program: in a thread of its own, or in the caller's event loop.

    with Emulator() as emulator:          # a thread, a free port
        send_sms(emulator.url, "test", "test")
        emulator.kobikom.assert_sent(count=1)

    async with Emulator() as emulator:    # the running event loop
        await send_sms(emulator.url, "test", "test")
        await emulator.kobikom.aio.wait_for(text="*code*")

Start-up errors are raised in the caller.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
import threading
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from kobikom_emulator import settings as configuration
from kobikom_emulator.bootstrap import RunningServer, open_port
from kobikom_emulator.ports import Pusher
from kobikom_emulator.shared_loop import SharedLoop, result_from_thread

if TYPE_CHECKING:
    from kobikom_emulator.driver import ClockControl, Entry, Kobikom
    from kobikom_emulator.operations.space import SpaceOperations

T = TypeVar("T")

NOT_RUNNING = "the emulator is not running: use it in a with block"
MUST_WAIT = (
    "this has to wait, and it was called in the event loop that the emulator runs in: await the coroutine of the same "
    "name in `kobikom.aio`, or one of `operations`"
)


class Emulator:
    """A fake Kobikom on a free loopback port (or the one that is asked for).

    `settings` take the same names as a configuration file: `Emulator(seed=7, readings={"long-text": "split"})`,
    `Emulator({"accounts": [...]})`, `Emulator(config="kobikom.toml")`. Raises `BadSettings` when it is made, OSError
    when it is entered. `environment` is where variables `KOBIKOM_…` are read from, `os.environ` for one; none are read
    without it. `listening` is a socket that listens already, for callers that must know the port first; the
    emulator closes it.

    `kobikom` is the handle on the default space. Under `async with` its methods run in the caller's event loop, so
    those that have to wait raise `RuntimeError` there: await their coroutines in `kobikom.aio`, or `operations`.
    """

    def __init__(
        self,
        settings: Mapping[str, Any] | None = None,
        /,
        *,
        config: str | Path | None = None,
        environment: Mapping[str, str] | None = None,
        pusher: Pusher | None = None,
        listening: socket.socket | None = None,
        **more: Any,
    ) -> None:
        arguments: dict[str, Any] = {
            "port": 0,
            **(settings or {}),
            **{name.replace("_", "-"): value for name, value in more.items()},
        }
        layer = configuration.from_flags([(name, value, f"argument {name}") for name, value in arguments.items()])
        self._settings = configuration.load(file=config, environment=environment, flags=layer).settings
        self._pusher = pusher
        self._listening = listening
        self._running: RunningServer | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._loop_thread: int | None = None
        self._thread: threading.Thread | None = None

    @property
    def running(self) -> RunningServer:
        """The running server; `RuntimeError` outside the `with` block."""
        if self._running is None:
            raise RuntimeError(NOT_RUNNING)
        return self._running

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`: what stands before `/api/sendsms/xml/`."""
        return self.running.url

    # the default space, as `Kobikom` shows it

    @property
    def kobikom(self) -> Kobikom:
        """A handle on the default space, whose user is the first account: messages, waits, faults, clock, journal."""
        from kobikom_emulator.driver import KobikomServer

        return KobikomServer.of(self).space()

    @property
    def clock(self) -> ClockControl:
        """The time of the default space; see `Kobikom.clock`."""
        return self.kobikom.clock

    @property
    def journal(self) -> list[Entry]:
        """What the default space was asked, answered and why, oldest first; see `Kobikom.journal`."""
        return self.kobikom.journal

    def reset(self) -> None:
        """Reset the default space to its beginning; see `Kobikom.reset`."""
        self.kobikom.reset()

    @property
    def operations(self) -> SpaceOperations:
        """The operations on the default space as coroutines, for programs that run the emulator in their own loop."""
        from kobikom_emulator.operations.spaces import ServerOperations

        return ServerOperations(self.running.registry).space()

    # how handles reach the server

    def ask_control(self, method: str, target: str, body: bytes = b"") -> tuple[int, bytes]:
        """Send a request to the control API without a socket; HTTP status and body.

        From any thread. In the thread of the emulator's own event loop, `RuntimeError` if the request has to wait.
        """
        token = self._settings.control.token
        bearer = {"Authorization": f"Bearer {token.encode().decode('latin-1')}"} if token else {}
        headers = {"Content-Type": "application/json"} | bearer

        async def asked() -> tuple[int, bytes]:
            answer = await self.running.control.answer(method, target, body, headers)
            if answer.stream is None or answer.content_type.startswith("text/event-stream"):  # that one has no end
                return answer.status, answer.body
            return answer.status, b"".join([piece async for piece in answer.stream()])

        return self._result(asked())

    def in_loop(self, action: Callable[[], T]) -> T:
        """Run a plain function in the emulator's event loop."""

        async def call() -> T:
            return action()

        return self._result(call())

    def _result(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of a coroutine, run in the emulator's event loop."""
        if self._loop is None:
            work.close()
            raise RuntimeError(NOT_RUNNING)
        loop, thread = self._loop, threading.get_ident()
        if thread == self._loop_thread:
            return _without_waiting(work)
        if not isinstance(loop, SharedLoop):
            return result_from_thread(work, loop)
        return _without_waiting(work) if thread == loop.visitor else loop.result_of(work)

    # in a thread

    def __enter__(self) -> Self:
        self._claim()
        listening = self._listen()
        started = self._started = _Started()
        self._thread = threading.Thread(
            target=self._serve, args=(listening, started), name="kobikom-emulator", daemon=True
        )
        self._thread.start()
        started.event.wait()
        if started.error is not None:
            self._thread.join()
            self._thread = None
            raise started.error
        return self

    def __exit__(self, _: object = None, error: BaseException | None = None, __: object = None) -> None:
        assert self._loop is not None
        assert self._thread is not None
        with contextlib.suppress(RuntimeError):  # the loop is closed already: the thread ended with an error
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self._thread = self._loop = self._loop_thread = self._running = None
        if self._started.error is not None and error is None:
            raise RuntimeError("the emulator's thread ended with an error") from self._started.error

    def _serve(self, listening: Any, started: _Started) -> None:
        async def main() -> None:
            self._stop = asyncio.Event()
            self._loop, self._loop_thread = asyncio.get_running_loop(), threading.get_ident()
            async with RunningServer(self._settings, listening, pusher=self._pusher) as self._running:
                started.event.set()
                await self._stop.wait()

        try:
            # A selector loop serves at most 512 sockets on Windows.
            with asyncio.Runner(loop_factory=None if sys.platform == "win32" else SharedLoop) as runner:
                runner.run(main())
        except BaseException as error:  # noqa: BLE001  # raised again in the caller
            listening.close()
            started.error = error
            started.event.set()

    # in the caller's loop

    async def __aenter__(self) -> Self:
        self._claim()
        listening = self._listen()
        try:
            self._running = await RunningServer(self._settings, listening, pusher=self._pusher).__aenter__()
        except BaseException:
            listening.close()
            raise
        self._loop, self._loop_thread = asyncio.get_running_loop(), threading.get_ident()
        return self

    async def __aexit__(self, *_: object) -> None:
        running, self._running = self.running, None
        self._loop = self._loop_thread = None
        await running.__aexit__()

    def _listen(self) -> socket.socket:
        listening, self._listening = self._listening, None
        return listening or open_port(self._settings.host, self._settings.port)

    def _claim(self) -> None:
        if self._running is not None:
            raise RuntimeError("the emulator is running already")


class _Started:
    """Whether the thread serves, or the error that stopped it."""

    def __init__(self) -> None:
        self.event = threading.Event()
        self.error: BaseException | None = None


def _without_waiting(work: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that never waits for anything; `RuntimeError` where it has to.

    A plain `asyncio.sleep(0)` only gives other tasks a turn: it is passed over. A coroutine that waits is cancelled at
    that point, as a task would be, and so releases the locks that it holds or waits for.
    """
    try:
        while work.send(None) is None:
            pass
    except StopIteration as finished:
        result: T = finished.value
        return result
    with contextlib.suppress(asyncio.CancelledError):
        work.throw(asyncio.CancelledError())
    work.close()
    raise RuntimeError(MUST_WAIT)
