"""Fixtures that start and stop processes of the emulator; each process ends with its test."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from serve_process import Ended, Run, Served, Start, environment


@pytest.fixture
def start() -> Iterator[Start]:
    """Start `serve` (or another `command`) with some arguments and wait until it is ready."""
    with contextlib.ExitStack() as stack:

        def begin(*arguments: str, command: str = "serve", **variables: str) -> Served:
            variables.setdefault("KOBIKOM_LOG_LEVEL", "warning")
            process = subprocess.Popen(
                [sys.executable, "-m", "kobikom_emulator", command, *arguments],
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
