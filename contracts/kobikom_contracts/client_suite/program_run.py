"""Runs the program of ``client --run`` with the address of the judge's server in its environment."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kobikom_contracts.client_suite.strategies import PASSWORD, USER
from kobikom_contracts.documents import PULL_PATH, SEND_PATH
from kobikom_contracts.programs import kill, start

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
    started = time.monotonic()
    process = start(words, env=env)
    status: int | None
    try:
        output, _ = process.communicate(timeout=seconds)
        status = process.returncode
    except subprocess.TimeoutExpired:
        kill(process)
        output, _ = process.communicate()
        status = None
    except BaseException:
        kill(process)
        process.communicate()
        raise
    return ProgramEnd(status, output[-_OUTPUT_KEPT:].decode("utf-8", "backslashreplace"), time.monotonic() - started)
