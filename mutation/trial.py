"""Run the tests against mutants, each in a fork of a process that has loaded the libraries but not the emulator.

No source is written: the fork imports the mutated module from memory.
"""

from __future__ import annotations

import gc
import importlib
import multiprocessing
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from multiprocessing.connection import wait
from pathlib import Path
from types import ModuleType
from typing import Literal, NamedTuple

from mutation.mutants import Mutant

Verdict = Literal["killed", "survived", "timeout"]

# Imported once before forking: they take longer than most trials.
LIBRARIES = ("pytest", "hypothesis", "lxml.etree", "msgspec", "phonenumbers", "gsm0338", "zoneinfo", "asyncio")
# The plugins that the settings of pytest need. All others only take time, and our own would load the emulator before
# there is a test.
PLUGINS = ("_hypothesis_pytestplugin", "pytest_asyncio.plugin", "xdist.plugin")
# The warning is about libraries imported early.
PYTEST = (
    "-q", "-x", "--disable-plugin-autoload", *(f"-p{plugin}" for plugin in PLUGINS), "-p", "no:cacheprovider",
    "-W", "ignore::pytest.PytestAssertRewriteWarning", "--hypothesis-profile=mutation",
)  # fmt: skip
PASSED, USAGE_ERROR, NOTHING_COLLECTED = 0, 4, 5
PATIENCE = 20
"""A mutant that waits without computing is given up after so many times its limit by the wall clock."""


class Unusable(Exception):
    """The tests cannot serve as a judge: they fail without a mutant, or none was found."""


class _FromMemory(MetaPathFinder, Loader):
    """Imports one module from a given source."""

    def __init__(self, name: str, path: Path, source: str) -> None:
        self.name, self.path, self.source = name, path, source

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if fullname != self.name:
            return None
        return spec_from_file_location(fullname, self.path, loader=self)

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.source, str(self.path), "exec"), module.__dict__)  # noqa: S102  # the mutant of our own source


class _Trial(NamedTuple):
    mutant: Mutant
    process: multiprocessing.process.BaseProcess
    deadline: float


def load_libraries() -> None:
    """Import what the tests need, and register their quick profile without shrinking: only the verdict counts."""
    for name in (*LIBRARIES, *PLUGINS):
        importlib.import_module(name)
    from hypothesis import HealthCheck, Phase, settings

    settings.register_profile(
        "mutation",
        max_examples=50,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )
    # pytest collects garbage at its end, which would look at all the libraries in every fork.
    gc.freeze()


def baseline(module: Path, name: str, tests: Sequence[str], *, show: bool) -> float:
    """Processor seconds that the tests take on the module as it is; `Unusable` if they fail.

    The tests run file by file: most mutants end in the first, and the others are not even imported then.
    """
    before = _used()
    process = _start(name, module, module.read_text("utf-8"), tests, show=show)
    process.join()
    if process.exitcode != PASSED:
        raise Unusable(f"the tests fail without any mutant (pytest's exit status {process.exitcode})")
    elapsed = _used() - before
    empty = _start(name, module, "", tests, show=show)
    empty.join()
    if empty.exitcode == PASSED:
        raise Unusable("the tests pass with an empty module, so they do not see the mutants")
    return elapsed


def try_all(
    mutants: Iterable[Mutant],
    module: Path,
    name: str,
    tests: Sequence[str],
    *,
    jobs: int,
    limit: float,
    show: bool,
) -> Iterator[tuple[Mutant, Verdict]]:
    """Each mutant with its verdict, `jobs` at a time; one that takes more than `limit` processor seconds is a timeout.

    Processor time, because a mutant must not count as killed by what else the machine does.
    """
    waiting = iter(mutants)
    running: list[_Trial] = []
    while True:
        while len(running) < jobs and (mutant := next(waiting, None)) is not None:
            process = _start(name, module, mutant.source, tests, limit=limit, show=show)
            running.append(_Trial(mutant, process, time.monotonic() + PATIENCE * limit))
        if not running:
            return
        nearest = min(trial.deadline for trial in running) - time.monotonic()
        wait([trial.process.sentinel for trial in running], timeout=max(0, nearest))
        for trial in list(running):
            if trial.process.is_alive() and time.monotonic() < trial.deadline:
                continue
            running.remove(trial)
            yield trial.mutant, _verdict(trial)


def _verdict(trial: _Trial) -> Verdict:
    if trial.process.is_alive():
        trial.process.kill()
        trial.process.join()
        return "timeout"
    trial.process.join()
    if trial.process.exitcode == -signal.SIGXCPU:
        return "timeout"
    if trial.process.exitcode in (USAGE_ERROR, NOTHING_COLLECTED):
        raise Unusable(f"pytest's exit status {trial.process.exitcode} on {trial.mutant.was!r}")
    return "survived" if trial.process.exitcode == PASSED else "killed"


def _used() -> float:
    """Processor seconds of all processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _start(
    name: str, path: Path, source: str, tests: Sequence[str], *, limit: float | None = None, show: bool
) -> multiprocessing.process.BaseProcess:
    target: Callable[..., None] = _in_the_fork
    process = multiprocessing.get_context("fork").Process(target=target, args=(name, path, source, tests, limit, show))
    process.start()
    return process


def _in_the_fork(name: str, path: Path, source: str, tests: Sequence[str], limit: float | None, show: bool) -> None:
    import pytest

    if limit is not None:
        resource.setrlimit(resource.RLIMIT_CPU, (int(limit), int(limit) + 1))
    if not show:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
    sys.meta_path.insert(0, _FromMemory(name, path, source))
    # Before pytest puts its own importer in front of ours.
    importlib.import_module(name)
    status: int = PASSED
    for file in tests:
        status = pytest.main([*PYTEST, file])
        if status != PASSED:
            break
    # Not sys.exit: nothing that the parent prepared is to be cleaned up here.
    os._exit(status)
