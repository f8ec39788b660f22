"""P7: time from the start of the process to its first answer, divided by the time to import aiohttp and lxml.

The emulator's command gets a send directly after its ready line. Any server of this API with the same libraries needs
the imports of the divisor, so the ratio is the cost of the emulator's own imports, settings and first request.
Measured alternately, by the wall clock, with compiled files.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from statistics import median

from benchmarks.bodies import SEND_PATH, send_body
from benchmarks.processes import ROOT, Server, confined, environment, server_cores, stop
from benchmarks.result import Bar, Effort, Result, Row

_IMPORTS = "from aiohttp import web; import lxml.etree"
_PORT = re.compile(rb":(\d+)\s*$")


def measure(effort: Effort) -> list[Row]:
    if effort.warm_up:
        _first_answer()  # writes the compiled files
    turns = [(_first_answer(), _imports()) for _ in range(effort.pairs)]
    detail = f"{median(a.clock for a, _ in turns) * 1e3:.0f} ms ÷ {median(b.clock for _, b in turns) * 1e3:.0f} ms"
    by_cpu = [a.cpu / b.cpu for a, b in turns if a.cpu and b.cpu]
    if by_cpu:
        detail += f"; by processor time {median(by_cpu):.2f}"
    return [
        Result(
            "P7",
            "cold start to the first answer ÷ bare imports",
            Bar(1.15, 1.0),
            tuple(a.clock / b.clock for a, b in turns),
            detail,
        )
    ]


@dataclass(frozen=True, slots=True)
class Duration:
    """Seconds of the wall clock, and of the process's processor time if the system reports it."""

    clock: float
    cpu: float | None


def _first_answer() -> Duration:
    body = send_body(1)
    started = time.perf_counter()
    process = _start([sys.executable, "-m", "kobikom_emulator", "serve", "--port", "0"])
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        port = _PORT.search(line)
        if port is None:
            raise AssertionError(f"the emulator printed {line!r}")
        connection = HTTPConnection("127.0.0.1", int(port[1]), timeout=30)
        connection.request("POST", SEND_PATH, body)
        answer = connection.getresponse().read()
        duration = Duration(time.perf_counter() - started, Server(0, process.pid).cpu_seconds())
        connection.close()
    finally:
        stop(process)
    if b"<status>0</status>" not in answer:
        raise AssertionError(f"refused: {answer!r}")
    return duration


def _imports() -> Duration:
    started = time.perf_counter()
    process = _start([sys.executable, "-c", _IMPORTS])
    try:
        _, status, used = os.wait4(process.pid, 0)
        duration = Duration(time.perf_counter() - started, used.ru_utime + used.ru_stime)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise AssertionError("the imports failed")
        return duration
    finally:
        stop(process)


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    """Start a process on the server's core. It inherits the core, because a launcher would be measured as well."""
    with confined(server_cores()):
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
