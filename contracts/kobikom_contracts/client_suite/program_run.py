"""Runs the program of ``client --run`` with the address of the judge's server in its environment."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from kobikom_contracts.client_suite.adapter_errors import CannotStart
from kobikom_contracts.client_suite.strategies import PASSWORD, USER
from kobikom_contracts.documents import PULL_PATH, SEND_PATH

_OUTPUT_KEPT = 2000


@dataclass(frozen=True, slots=True)
class ProgramEnd:
    """How a run of the program ended: its exit status, None when it was killed; the end of its output; seconds."""

    status: int | None
    output: str
    seconds: float


def environment(url: str, names: Iterable[str] = ()) -> dict[str, str]:
    """The environment of this process with the server's address in it, under further names as well."""
    return {
        **os.environ,
        "KOBIKOM_URL": url,
        "KOBIKOM_SEND_URL": url + SEND_PATH,
        "KOBIKOM_PULL_URL": url + PULL_PATH,
        "KOBIKOM_USER": USER,
        "KOBIKOM_PASSWORD": PASSWORD,
        **dict.fromkeys(names, url),
    }


def run_program(words: Sequence[str], env: dict[str, str], seconds: float) -> ProgramEnd:
    """Run the program to its end, or kill it and the processes it started after so many seconds.

    Raises :class:`CannotStart` when it cannot be run at all.
    """
    if shutil.which(words[0]) is None:
        raise CannotStart(f"no program {words[0]!r} to run")
    started = time.monotonic()
    try:
        process = subprocess.Popen(  # noqa: S603 - running what the user names is the purpose
            words,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        raise CannotStart(f"cannot run {words[0]}: {error}") from None
    status: int | None
    try:
        output, _ = process.communicate(timeout=seconds)
        status = process.returncode
    except subprocess.TimeoutExpired:
        _kill(process)
        output, _ = process.communicate()
        status = None
    except BaseException:
        _kill(process)
        process.communicate()
        raise
    return ProgramEnd(status, output[-_OUTPUT_KEPT:].decode("utf-8", "backslashreplace"), time.monotonic() - started)


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
