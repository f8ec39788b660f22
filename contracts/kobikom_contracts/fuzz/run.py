"""One run of the command on one day."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from time import monotonic
from typing import Any

from kobikom_contracts.core.verdicts import CannotRun
from kobikom_contracts.fuzz.judge import Finding, findings
from kobikom_contracts.fuzz.space import START, Seen, fresh_space
from kobikom_contracts.programs import CannotStart, kill, start

OUTPUT_KEPT = 20_000
"""Bytes at the end of a command's output that are kept."""


class Outcome(StrEnum):
    """How a run ended. `idle`: it passed, but nothing of the day happened."""

    PASSED = "passed"
    IDLE = "never came"
    FAILED = "failed"
    TIMED_OUT = "timed out"
    FOUND = "passed, but the emulator saw a mistake"


BAD = frozenset({Outcome.FAILED, Outcome.TIMED_OUT, Outcome.FOUND})


@dataclass(frozen=True)
class Run:
    """A run of the command: how it ended, its output, and what the emulator saw."""

    outcome: Outcome
    output: str
    seconds: float
    seen: Seen
    findings: tuple[Finding, ...] = ()

    @property
    def bad(self) -> bool:
        """Whether the command failed or did what no correct program does."""
        return self.outcome in BAD

    @property
    def failure(self) -> str:
        """What two failures have in common if they are of the same kind."""
        if self.outcome is Outcome.FOUND:
            return ", ".join(sorted({finding.kind for finding in self.findings if finding.certain}))
        return str(self.outcome)


@dataclass(frozen=True)
class Runner:
    """Runs a command, each time against a fresh space of the server at `url`. `timeout` is in seconds."""

    command: Sequence[str]
    url: str
    token: str = ""
    clock: str = START
    timeout: float = 60.0
    strict: bool = False

    def run(self, document: Mapping[str, Any], ordinary: Seen | None = None, *, seed: int = 0) -> Run:
        """Run the command on a day; `ordinary` is what the emulator saw on an ordinary one."""
        with fresh_space(self.url, token=self.token, clock=self.clock, seed=seed) as space:
            space.play(document)
            began = monotonic()
            status, output = self._execute(space.environment)
            seconds = monotonic() - began
            seen = space.seen()
        found = tuple(findings(seen, ordinary)) if ordinary is not None else ()
        return Run(self._outcome(status, seen, found), output, seconds, seen, found)

    def _outcome(self, status: int | None, seen: Seen, found: Sequence[Finding]) -> Outcome:
        if status is None:
            return Outcome.TIMED_OUT
        if status:
            return Outcome.FAILED
        if any(finding.certain or self.strict for finding in found):
            return Outcome.FOUND
        return Outcome.IDLE if seen.fired and not any(seen.fired.values()) else Outcome.PASSED

    def _execute(self, environment: Mapping[str, str]) -> tuple[int | None, str]:
        """Exit status (None after the time-out) and the end of the output."""
        with tempfile.TemporaryFile() as output:
            try:
                process = start(self.command, env={**os.environ, **environment}, stdout=output)
            except CannotStart as error:
                raise CannotRun(str(error)) from None
            try:
                status: int | None = process.wait(self.timeout)
            except subprocess.TimeoutExpired:
                status = None
            finally:
                kill(process)
                process.wait()
            output.seek(0, os.SEEK_END)
            output.seek(max(0, output.tell() - OUTPUT_KEPT))
            return status, output.read().decode("utf-8", "replace")
