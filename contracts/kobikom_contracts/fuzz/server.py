"""The emulator that a fuzzing run uses: one that runs already, or one that is started in a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO

from kobikom_contracts.core.verdicts import CannotRun

_LISTENING = re.compile(r"listening on (http://\S+)")


@contextmanager
def emulator(url: str) -> Iterator[str]:
    """The address of the server: `url`, or that of a `kobikom-emulator` that runs as long as the block does.

    `CannotRun` where none can be started.
    """
    if url:
        yield url.rstrip("/")
        return
    command = [sys.executable, "-m", "kobikom_emulator", "serve", "--port", "0", "--log-level", "error"]
    # KOBIKOM_PASSWORD and the like are meant for other programs; the emulator refuses settings that it does not know.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KOBIKOM_")}
    with (
        TemporaryFile("w+", encoding="utf-8") as errors,
        subprocess.Popen(  # noqa: S603 - this interpreter, and words of this module
            command, stdout=subprocess.PIPE, stderr=errors, stdin=subprocess.DEVNULL, text=True, env=environment
        ) as process,
    ):
        try:
            yield _address(process.stdout, errors)
        finally:
            process.terminate()


def _address(output: IO[str] | None, errors: IO[str]) -> str:
    line = output.readline() if output is not None else ""
    listening = _LISTENING.search(line)
    if listening is None:
        errors.seek(0)
        why = "".join(f" ({last.strip()})" for last in errors.read().splitlines()[-1:])
        raise CannotRun(f"the emulator did not start{why}; start one yourself and give its address with --url")
    return listening[1]
