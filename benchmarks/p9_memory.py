"""P9: resident memory a stored recipient: a million different numbers, in sends of 1,000, journal and all.

Each sample is a process of its own that says how much it grew between the first send and the last, divided by the
recipients it stored. The journal is on and at its bound, so its bytes are in the figure.

    python -m benchmarks.p9_memory SENDS      (the process that is measured)
"""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
from pathlib import Path

from benchmarks.in_process import Core
from benchmarks.processes import ROOT, environment, pinned, server_cores
from benchmarks.result import Bar, Effort, LeftOut, Result, Row

_STATUS = Path("/proc/self/status")
_RUNS = 5


def measure(effort: Effort) -> list[Row]:
    what = f"resident memory a stored recipient, {effort.stored:,} stored"
    if not _STATUS.exists():
        return [LeftOut("P9", what, "this system does not say how much memory a process holds")]
    samples = tuple(_grown(effort.sends) / effort.stored for _ in range(min(_RUNS, effort.pairs)))
    return [Result("P9", what, Bar(500, 250, unit=" B"), samples)]


def _grown(sends: int) -> int:
    """Bytes by which a process grows that stores so many sends."""
    command = pinned(server_cores(), [sys.executable, "-m", "benchmarks.p9_memory", str(sends)])
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, timeout=300, check=True)
    return int(done.stdout)


def _resident() -> int:
    """Bytes of this process in memory now."""
    gc.collect()
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024


async def _fill(sends: int) -> int:
    core = await Core.begun()
    await core.fill(1)
    before = _resident()
    await core.fill(sends)
    return _resident() - before


if __name__ == "__main__":
    print(asyncio.run(_fill(int(sys.argv[1]))), flush=True)
