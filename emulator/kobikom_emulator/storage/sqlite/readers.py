"""Connections that only read, used in threads, so that a long answer does not hold the event loop."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from itertools import islice
from queue import Empty, SimpleQueue
from typing import TypeVar

from kobikom_emulator.ports import StoreFailed
from kobikom_emulator.storage.sqlite.files import connect

T = TypeVar("T")

THREADS = 2
SLICE = 500
"""Records that are read before the thread serves other readers."""


class Readers:
    """Each reading sees the file as it was committed when it began, and does not wait for the writing connection."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="kobikom-emulator-read")
        self._idle: SimpleQueue[sqlite3.Connection] = SimpleQueue()

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What the function returns; its statements are interrupted where the caller is cancelled."""
        async with self._connection() as connection:
            return await self._run(connection, partial(_in_transaction, connection, work))

    async def stream(self, work: Callable[[sqlite3.Connection], Iterator[T]]) -> AsyncIterator[T]:
        """What the iterator yields, some at a time."""
        async with self._connection() as connection:
            await self._run(connection, partial(connection.execute, "BEGIN"))
            try:
                items = work(connection)
                while some := await self._run(connection, lambda: list(islice(items, SLICE))):
                    for item in some:
                        yield item
            finally:
                await self._run(connection, partial(connection.execute, "ROLLBACK"))

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[sqlite3.Connection]:
        try:
            connection = self._idle.get_nowait()
        except Empty:
            connection = connect(self._path, read_only=True)
        try:
            yield connection
        finally:
            self._idle.put(connection)

    async def _run(self, connection: sqlite3.Connection, work: Callable[[], T]) -> T:
        running = asyncio.get_running_loop().run_in_executor(self._threads, work)
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            connection.interrupt()
            await asyncio.wait([running])
            if not running.cancelled():
                running.exception()
            raise
        except sqlite3.Error as error:
            raise StoreFailed(str(error)) from error

    def close(self) -> None:
        self._threads.shutdown()
        while not self._idle.empty():
            self._idle.get().close()


def _in_transaction(connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], T]) -> T:
    connection.execute("BEGIN")
    try:
        return work(connection)
    finally:
        connection.execute("ROLLBACK")
