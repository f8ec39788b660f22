"""Fixtures that start and stop processes of the emulator; each process ends with its test."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(Path(__file__).parent))

READY = re.compile(r"kobikom-emulator listening on (http://(\S+):(\d+))\n")


class Ended(NamedTuple):
    """The exit status and the output of a process that has ended."""

    code: int
    out: str
    err: str


class Served:
    """A running `serve` process that has printed its ready line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        watchdog = threading.Timer(30, process.kill)
        watchdog.start()
        self.line = process.stdout.readline()
        watchdog.cancel()
        ready = READY.fullmatch(self.line)
        if ready is None:
            process.kill()
            raise AssertionError(f"not ready: {self.line!r} {process.communicate()}")
        self.url, self.host, self.port = ready[1], ready[2], int(ready[3])

    def stop(self, number: signal.Signals = signal.SIGTERM) -> Ended:
        """Send a signal and wait for the end; the output after the ready line."""
        self.process.send_signal(number)
        return self.ended()

    def ended(self) -> Ended:
        out, err = self.process.communicate(timeout=30)
        return Ended(self.process.returncode, out, err)


def environment(**more: str) -> dict[str, str]:
    """The environment variables, with the sources of the checkout and without settings of the emulator."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KOBIKOM_", "PYTHONPATH"))}
    sources = [str(ROOT / folder) for folder in ("emulator", "client_reference")]
    return kept | {"PYTHONPATH": os.pathsep.join(sources), "PYTHONWARNINGS": "error"} | more


Start = Callable[..., Served]
Run = Callable[..., Ended]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start `serve` with some arguments and wait until it is ready."""
    with contextlib.ExitStack() as stack:

        def begin(*arguments: str, **variables: str) -> Served:
            process = subprocess.Popen(
                [sys.executable, "-m", "kobikom_emulator", "serve", *arguments],
                env=environment(**variables),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            stack.enter_context(process)
            stack.callback(process.kill)
            return Served(process)

        yield begin


@pytest.fixture(scope="session")
def forker() -> Iterator[subprocess.Popen[str]]:
    """See forking.py."""
    with subprocess.Popen(
        [sys.executable, str(Path(__file__).parent / "forking.py")],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process


@pytest.fixture
def run(forker: subprocess.Popen[str]) -> Run:
    """Run a command to its end, in its own process."""

    def finish(*arguments: str, stdin: str = "", **variables: str) -> Ended:
        assert forker.stdin is not None
        assert forker.stdout is not None
        job = {
            "arguments": arguments,
            "stdin": stdin,
            "environment": environment(**variables),
            "folder": str(Path.cwd()),
        }
        forker.stdin.write(json.dumps(job) + "\n")
        forker.stdin.flush()
        return Ended(*json.loads(forker.stdout.readline()))

    return finish
