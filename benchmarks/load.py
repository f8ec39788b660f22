"""Load from 64 connections without pauses, by `wrk` if it is installed, otherwise by `benchmarks.generator`."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bodies import SEND_PATH
from benchmarks.processes import ROOT, Server, environment, load_cores, pinned

CONNECTIONS = 64

_SCRIPT = """
wrk.method = "POST"
wrk.body = io.open("{body}", "rb"):read("*a")
wrk.headers["Content-Type"] = "application/xml"
"""

_COUNTS = """
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('\\n{"requests": %d, "seconds": %f, "errors": %d}\\n', summary.requests,
    summary.duration / 1000000, e.connect + e.read + e.write + e.status + e.timeout))
end
"""


class LoadFailed(RuntimeError):
    """Nothing was answered, or too many answers were errors, so that the rate is meaningless."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Answers per second, and per second of the server's processor time (None if that is unknown)."""

    by_clock: float
    by_cpu: float | None


@dataclass(frozen=True, slots=True)
class Load:
    """One request that is sent repeatedly to a server: a POST of `body`, or the requests of a script for `wrk`."""

    folder: Path
    body: bytes
    script: str = _SCRIPT

    def rate(self, server: Server, seconds: int) -> Rate:
        """Answers per second. Up to 1 in 100 may fail, because peers that close connections lose some."""
        url = f"http://127.0.0.1:{server.port}{SEND_PATH}"
        content = self.folder / "body.xml"
        content.write_bytes(self.body)
        if wrk := shutil.which("wrk"):
            script = self.folder / "send.lua"
            script.write_text(self.script.format(body=content.as_posix()) + _COUNTS, "utf-8")
            command = [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s", "-s", str(script), url]
        else:
            command = [sys.executable, "-m", "benchmarks.generator", url, str(content), str(CONNECTIONS), str(seconds)]
        before = server.cpu_seconds()
        finished = subprocess.run(
            pinned(load_cores(), command),
            cwd=ROOT,
            env=environment(),
            capture_output=True,
            timeout=seconds + 30,
            check=False,
        )
        after = server.cpu_seconds()
        lines = [line for line in finished.stdout.decode().splitlines() if line.startswith("{")]
        if not lines:
            raise LoadFailed(finished.stderr.decode(errors="replace")[-300:] or "the generator printed nothing")
        counts = json.loads(lines[-1])
        if not counts["requests"] or counts["errors"] > counts["requests"] / 100:
            raise LoadFailed(f"{counts['errors']} errors in {counts['requests']} requests")
        busy = None if before is None or after is None else after - before
        return Rate(counts["requests"] / counts["seconds"], counts["requests"] / busy if busy else None)


def generator() -> str:
    """The load generator of this machine."""
    return (
        "wrk" if shutil.which("wrk") else "the generator of benchmarks/ (slower than wrk: ratios come out nearer to 1)"
    )
