"""Starts processes on separate cores and stops each of them, also after an error."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_ANSWER_WITHIN = 60.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its port and its process id."""

    port: int
    pid: int

    def cpu_seconds(self) -> float | None:
        """Processor time of all its threads so far; None if the system does not report it."""
        if not sys.platform.startswith("linux"):
            return None
        return time.clock_gettime((~self.pid << 3) | 2)  # the clock id of another process on Linux


class NotStarted(RuntimeError):
    """A process did not answer; the message has the reason and its last output."""


def cores() -> list[int]:
    """The cores this process may use; all cores if the system does not report it."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def server_cores() -> set[int]:
    """The core for servers."""
    return set(cores()[:1])


def load_cores() -> set[int]:
    """The cores for load generators: all but the server's; on a machine with one core, that core."""
    return set(cores()[1:] or cores())


def pinned(allowed: set[int], command: Sequence[str]) -> list[str]:
    """The command, restricted to these cores if the system supports it."""
    if not hasattr(os, "sched_setaffinity"):
        return list(command)
    confine = (
        "import os, sys; os.sched_setaffinity(0, {int(c) for c in sys.argv[1].split(',')}); "
        "os.execvp(sys.argv[2], sys.argv[2:])"
    )
    return [sys.executable, "-S", "-c", confine, ",".join(map(str, sorted(allowed))), *command]


@contextmanager
def confined(allowed: set[int]) -> Iterator[None]:
    """Restrict this process, and those it starts, to these cores inside the block."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, allowed)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def environment() -> dict[str, str]:
    """The environment variables, with the sources of this checkout first and without settings of the emulator. Compiled
    files are written, as they are where the emulator is installed: else each start would compile its sources again.
    """
    mine = {name: value for name, value in os.environ.items() if not name.startswith("KOBIKOM_")}
    mine.pop("PYTHONDONTWRITEBYTECODE", None)
    mine["PYTHONPATH"] = os.pathsep.join([str(ROOT / "emulator"), str(ROOT)])
    return mine


def free_port() -> int:
    """A free loopback port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def stop(process: subprocess.Popen[bytes]) -> None:
    """Terminate a process, and kill it if it does not end."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            stream.close()


@contextmanager
def running(command: Sequence[str], *, log: Path, cwd: Path = ROOT) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server on its core inside the block; its output is written to the file `log`."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            pinned(server_cores(), command),
            cwd=cwd,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        yield process
    finally:
        stop(process)


def until_it_answers(
    process: subprocess.Popen[bytes],
    port: int,
    *,
    log: Path,
    path: str,
    method: str = "POST",
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """Send requests until one is answered with HTTP 2xx, and return its body.

    Raises `NotStarted` after a minute, or if the process has ended.
    """
    deadline = time.monotonic() + _ANSWER_WITHIN
    problem = "nothing"
    while time.monotonic() < deadline and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request(method, path, body, dict(headers or {}))
            answer = connection.getresponse()
            content = answer.read()
            if answer.status // 100 == 2:
                return content
            problem = f"HTTP {answer.status}"
        except (OSError, HTTPException) as error:
            problem = str(error) or type(error).__name__
        finally:
            connection.close()
        time.sleep(0.05)
    output = log.read_bytes()[-300:].decode(errors="replace").strip()
    raise NotStarted(f"{problem}; its output: {output}" if output else problem)
