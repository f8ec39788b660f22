"""P20: how late the reports of a receiver come that stands beside ten silent ones, in milliseconds.

The silent receivers accept connections and never answer; each has 32 reports that are due before. The receiver that
answers gets its own over HTTP, on the machine's clock, and is asked for nothing else. What is measured is the time from
when a report is due to when its request has arrived.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

from benchmarks.result import Bar, Effort, Result, Row
from kobikom_emulator import Emulator
from kobikom_emulator.exchange import WireRequest

_SILENT = 10
_EACH = 32
_AFTER = 0.2
"""Seconds after which a message is final."""


def measure(effort: Effort) -> list[Row]:
    samples = tuple(asyncio.run(_once()) for _ in range(effort.pairs))
    what = f"latest report beside {_SILENT} silent receivers"
    return [Result("P20", what, Bar(100, 20, unit="ms"), samples, f"{_EACH} reports for each")]


async def _once() -> float:
    """Milliseconds from when the reports are due to when the last of them has arrived."""
    profile = {"outcomes": [{"status": "DELIVERED", "after": _AFTER}]}
    async with AsyncExitStack() as stack:
        silent = [await stack.enter_async_context(await _server(_say_nothing)) for _ in range(_SILENT)]
        arrivals: list[float] = []
        every = asyncio.Event()

        async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while await reader.readline():
                await reader.readuntil(b"</DeliveryReport>")
                arrivals.append(time.time())
                if len(arrivals) == _EACH:
                    every.set()
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

        answering = await stack.enter_async_context(await _server(take))
        emulator = await stack.enter_async_context(Emulator(delivery=profile))
        for receiver in silent:
            await _send(emulator, receiver)
        await asyncio.sleep(2 * _AFTER)
        due = time.time() + _AFTER
        await _send(emulator, answering)
        async with asyncio.timeout(60):
            await every.wait()
    return max(arrivals[-1] - due, 0.0001) * 1000


async def _server(
    handle: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> asyncio.Server:
    return await asyncio.start_server(handle, "127.0.0.1", 0)


async def _say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while await reader.read(65536):
        pass
    writer.close()


async def _send(emulator: Emulator, receiver: asyncio.Server) -> None:
    url = f"http://127.0.0.1:{receiver.sockets[0].getsockname()[1]}/"
    login = "<dogrulama><kullanici>test</kullanici><parola>test</parola></dogrulama>"
    numbers = "<gsm>905321234567</gsm>" * _EACH
    message = f"<mesajiniz><metin>x</metin><pushurl>{url}</pushurl><alicilar>{numbers}</alicilar></mesajiniz>"
    body = f"<SMS>{login}{message}</SMS>".encode()
    await emulator.running.gateway.post(WireRequest("POST", "/api/sendsms/xml/", body))
