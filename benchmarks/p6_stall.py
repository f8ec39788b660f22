"""P6: the longest stall of the event loop while 1,000,000 reports are pulled over HTTP ÷ a 1,000-recipient send.

The server runs in this process's loop; a client in another process reads the answer to its end. Meanwhile a task
yields to the loop repeatedly; the stall is the longest processor time between two of its turns, which excludes the
time of other processes. It is divided by the median time of a send in process, without HTTP.
"""

from __future__ import annotations

import asyncio
import sys
from statistics import median

from benchmarks.bodies import pull_target, send_body
from benchmarks.in_process import RICH, Core
from benchmarks.interleave import after_collection, cpu_seconds
from benchmarks.processes import environment, load_cores, pinned
from benchmarks.result import Bar, Effort, Result, Row
from kobikom_emulator import Emulator

_SENDS = 31
_READ_ALL = """
import socket, sys
with socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=60) as s:
    s.sendall(f"GET {sys.argv[2]} HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n".encode())
    print(sum(iter(lambda: len(s.recv(1 << 16)), 0)))
"""


def measure(effort: Effort) -> list[Row]:
    samples: list[float] = []
    stalls: list[float] = []
    for _ in range(effort.pairs):
        stall, send = asyncio.run(_once(effort))
        stalls.append(stall)
        samples.append(stall / send)
    what = f"longest loop stall, pull of {effort.stored:,} ÷ send to 1,000"
    detail = f"stall {median(stalls) * 1e3:.1f} ms, longest of all {max(stalls) * 1e3:.1f} ms"
    return [Result("P6", what, Bar(3, 2), tuple(samples), detail)]


async def _once(effort: Effort) -> tuple[float, float]:
    """Seconds of the longest stall, and of the median send."""
    async with Emulator(accounts=RICH) as emulator:
        core = Core(emulator.running.gateway, emulator.operations)
        await core.fill(effort.sends - 1)
        times = []
        body = send_body(1000)
        with after_collection():
            for _ in range(_SENDS):
                started = cpu_seconds()
                await core.send(body)
                times.append(cpu_seconds() - started)
        await core.advance(2)
        reader = await asyncio.create_subprocess_exec(
            *pinned(load_cores(), [sys.executable, "-S", "-c", _READ_ALL, str(emulator.running.port), pull_target()]),
            stdout=asyncio.subprocess.PIPE,
            env=environment(),
        )
        reading = asyncio.ensure_future(reader.communicate())
        longest = 0.0
        last = cpu_seconds()
        try:
            async with asyncio.timeout(120):
                while not reading.done():
                    await asyncio.sleep(0)
                    now = cpu_seconds()
                    longest = max(longest, now - last)
                    last = now
            received = int((await reading)[0])
        finally:
            if reader.returncode is None:
                reader.kill()
                await reader.wait()
    if received < effort.stored * 80:
        raise AssertionError(f"only {received} bytes were received")
    return longest, median(times)
