"""A `serve` process from its ready line to its end, and the environment it runs in."""

import os
import re
import signal
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]

READY = re.compile(r"kobikom-emulator listening on (https?://(\S+):(\d+))\n")


class Ended(NamedTuple):
    """The exit status and the output of a process that has ended."""

    code: int
    out: str
    err: str


def _line(descriptor: int) -> str:
    """The next line of a pipe; `Popen.communicate` would not see what is read into a buffer beyond it."""
    line = b""
    while not line.endswith(b"\n") and (octet := os.read(descriptor, 1)):
        line += octet
    return line.decode()


class Served:
    """A running `serve` process that has printed its ready line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        watchdog = threading.Timer(30, process.kill)
        watchdog.start()
        self.line = _line(process.stdout.fileno())
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
