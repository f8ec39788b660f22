"""P7: from starting the process to the first answer, divided by an interpreter that imports aiohttp and lxml and ends.

The emulator's own command, asked for a send as soon as it says where it listens. The divisor is the cheapest process
that could serve this API with the same libraries: the ratio says what the emulator's own imports, settings and first
request add. In turns, by the wall clock, compiled files in place.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from http.client import HTTPConnection

from benchmarks.bodies import SEND_PATH, send_body
from benchmarks.interleave import divided, ratios
from benchmarks.processes import ROOT, ended, environment, pinned, server_cores
from benchmarks.result import Bar, Effort, Result, Row

_IMPORTS = "from aiohttp import web; import lxml.etree"
_PORT = re.compile(rb":(\d+)\s*$")


def measure(effort: Effort) -> list[Row]:
    if effort.warm_up:
        _first_answer()  # writes what is not compiled yet
    ours, imports = ratios(effort.pairs, _first_answer, _imports)
    detail = f"{sorted(ours)[len(ours) // 2] * 1e3:.0f} ms ÷ {sorted(imports)[len(imports) // 2] * 1e3:.0f} ms"
    return [
        Result("P7", "cold start to the first answer ÷ bare imports", Bar(1.3, 1.15), divided(ours, imports), detail)
    ]


def _first_answer() -> float:
    body = send_body(1)
    started = time.perf_counter()
    process = _start([sys.executable, "-m", "kobikom_emulator", "serve", "--port", "0"])
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = _PORT.search(line)
        if found is None:
            raise AssertionError(f"the emulator said {line!r}")
        connection = HTTPConnection("127.0.0.1", int(found[1]), timeout=30)
        connection.request("POST", SEND_PATH, body)
        answer = connection.getresponse().read()
        took = time.perf_counter() - started
        connection.close()
    finally:
        ended(process)
    if b"<status>0</status>" not in answer:
        raise AssertionError(f"refused: {answer!r}")
    return took


def _imports() -> float:
    started = time.perf_counter()
    process = _start([sys.executable, "-c", _IMPORTS])
    try:
        if process.wait(60):
            raise AssertionError("the imports failed")
        return time.perf_counter() - started
    finally:
        ended(process)


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        pinned(server_cores(), command),
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
