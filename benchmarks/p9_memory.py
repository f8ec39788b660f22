"""P9: resident memory per stored recipient, for a million different numbers in sends to 1,000.

Each sample is a separate process that measures how much it grew from the first send to the last, divided by the
number of recipients. The journal is on and full, so its memory is included.

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
        return [LeftOut("P9", what, "this system does not report the memory of a process")]
    samples = tuple(_grown(effort.sends) / effort.stored for _ in range(min(_RUNS, effort.pairs)))
    return [Result("P9", what, Bar(250, 150, unit=" B"), samples)]


def _grown(sends: int) -> int:
    """Bytes by which a process grows when it stores `sends` sends."""
    command = pinned(server_cores(), [sys.executable, "-m", "benchmarks.p9_memory", str(sends)])
    process = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, timeout=300, check=True)
    return int(process.stdout)


def _resident() -> int:
    """The resident memory of this process in bytes."""
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
