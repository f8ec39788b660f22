"""Programs that the user names: each runs in a session of its own, and ends with everything that it started."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import IO


class CannotStart(Exception):
    """A program cannot be run at all; the text is one line."""


def start(
    words: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    stdin: int = subprocess.DEVNULL,
    stdout: int | IO[bytes] = subprocess.PIPE,
    stderr: int = subprocess.STDOUT,
) -> subprocess.Popen[bytes]:
    """Start a program; raises :class:`CannotStart`."""
    if shutil.which(words[0]) is None:
        raise CannotStart(f"no program {words[0]!r} to run")
    try:
        return subprocess.Popen(  # noqa: S603 - running what the user names is the purpose
            list(words), env=env, stdin=stdin, stdout=stdout, stderr=stderr, start_new_session=True
        )
    except OSError as error:
        raise CannotStart(f"cannot run {words[0]}: {error.strerror or error}") from None


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a program and the processes that it started; nothing happens when it has ended."""
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
