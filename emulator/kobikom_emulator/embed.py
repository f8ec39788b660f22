"""The emulator inside a program: in a thread of its own, or in the caller's event loop.

    with Emulator() as kobikom:          # a thread, a free port
        post(kobikom.url + "/api/sendsms/xml/", ...)

    async with Emulator() as kobikom:    # the running loop
        ...

Start-up errors are raised in the caller.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Coroutine, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self, TypeVar

from kobikom_emulator import settings as configuration
from kobikom_emulator.bootstrap import Running, open_port
from kobikom_emulator.journal.rendering import rendered
from kobikom_emulator.ports import Pusher

T = TypeVar("T")


class EmulatorClock:
    """The lever on an emulator's time, usable from any thread of the program."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    def now(self) -> datetime:
        """The emulator's time, in UTC."""
        return datetime.fromtimestamp(self._emulator.running.space.clock.now() / 1000, UTC)

    def advance(self, seconds: float) -> None:
        """Move forward; every date, schedule, validity and push of the emulator follows."""
        self._emulator.in_loop(lambda: self._emulator.running.space.clock.advance(round(seconds * 1000)))

    def set(self, instant: datetime) -> None:
        """Stand at an aware instant."""
        if instant.tzinfo is None:
            raise ValueError("the instant needs a time zone")
        self._emulator.in_loop(lambda: self._emulator.running.space.clock.set(round(instant.timestamp() * 1000)))

    def freeze(self) -> None:
        self._emulator.in_loop(self._emulator.running.space.clock.freeze)

    def run(self, *, rate: float | None = None) -> None:
        """Let it run on, at `rate` emulated seconds a second."""
        self._emulator.in_loop(lambda: self._emulator.running.space.clock.run(rate=rate))


class Emulator:
    """A fake Kobikom on a free loopback port (or the one that is asked for).

    `settings` take the same names as a configuration file: `Emulator(seed=7, readings={"long-text": "split"})`,
    `Emulator({"accounts": [...]})`, `Emulator(config="kobikom.toml")`. Raises `BadSettings` when it is made, OSError
    when it is entered. `listening` is a socket that listens already, for those who must know the port first; it
    becomes the emulator's own.
    """

    def __init__(
        self,
        settings: Mapping[str, Any] | None = None,
        /,
        *,
        config: str | Path | None = None,
        pusher: Pusher | None = None,
        listening: socket.socket | None = None,
        **more: Any,
    ) -> None:
        given = {"port": 0, **(settings or {}), **{name.replace("_", "-"): value for name, value in more.items()}}
        layer = configuration.from_flags([(name, value, f"argument {name}") for name, value in given.items()])
        self._settings = configuration.load(file=config, flags=layer).settings
        self._pusher = pusher
        self._given = listening
        self._running: Running | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self.clock = EmulatorClock(self)

    @property
    def running(self) -> Running:
        """The server behind it; an error outside the `with` block."""
        if self._running is None:
            raise RuntimeError("the emulator is not running: use it in a with block")
        return self._running

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`: what stands before `/api/sendsms/xml/`."""
        return self.running.url

    def journal(self) -> list[dict[str, Any]]:
        """The journal, newest first, as `GET /_emulator/journal` shows it."""
        return self.in_loop(lambda: [rendered(each, base_url=self.url) for each in self.running.space.journal][::-1])

    def reset(self) -> None:
        """Forget every message and begin anew."""
        self._await(self.running.space.reset())

    def ask_control(self, method: str, target: str, body: bytes = b"") -> tuple[int, bytes]:
        """Ask the control API without a socket, from another thread than the server's: HTTP status and body."""
        token = self._settings.control.token
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = self._await(self.running.control.answer(method, target, body, headers))
        return answer.status, answer.body

    def in_loop(self, action: Callable[[], T]) -> T:
        """Run a plain function where the server runs."""
        if self._thread is None or threading.current_thread() is self._thread:
            return action()

        async def call() -> T:
            return action()

        return self._await(call())

    def _await(self, work: Coroutine[Any, Any, T]) -> T:
        if self._thread is None or self._loop is None:
            work.close()
            raise RuntimeError("in the caller's loop, await the emulator's own methods: running.space.reset()")
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

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
        with contextlib.suppress(RuntimeError):  # the loop is closed already: the thread broke down
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self._thread = self._loop = self._running = None
        if self._started.error is not None and error is None:
            raise RuntimeError("the emulator's thread broke down") from self._started.error

    def _serve(self, listening: Any, started: _Started) -> None:
        async def main() -> None:
            self._stop = asyncio.Event()
            self._loop = asyncio.get_running_loop()
            async with Running(self._settings, listening, pusher=self._pusher) as self._running:
                started.event.set()
                await self._stop.wait()

        try:
            asyncio.run(main())
        except BaseException as error:  # noqa: BLE001  # whatever it is, the caller gets it
            listening.close()
            started.error = error
            started.event.set()

    # in the caller's loop

    async def __aenter__(self) -> Self:
        self._claim()
        listening = self._listen()
        try:
            self._running = await Running(self._settings, listening, pusher=self._pusher).__aenter__()
        except BaseException:
            listening.close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        running, self._running = self.running, None
        await running.__aexit__()

    def _listen(self) -> socket.socket:
        given, self._given = self._given, None
        return given or open_port(self._settings.host, self._settings.port)

    def _claim(self) -> None:
        if self._running is not None:
            raise RuntimeError("the emulator is running already")


class _Started:
    """How the thread tells its starter that it serves, or why it does not."""

    def __init__(self) -> None:
        self.event = threading.Event()
        self.error: BaseException | None = None
