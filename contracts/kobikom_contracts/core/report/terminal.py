"""Progress and result of a run on a terminal (one live line) or on any other stream (plain lines)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from io import TextIOWrapper
from typing import TextIO

from kobikom_contracts.clauses import Source
from kobikom_contracts.core.report.text import UNKEPT, explained, tool
from kobikom_contracts.core.runner import ContractEnded
from kobikom_contracts.core.verdicts import Outcome, Run, Verdict

MARKS = {
    Outcome.HELD: ("held", "32"),
    Outcome.VIOLATED: ("VIOLATED", "31;1"),
    Outcome.NOT_CHECKABLE: ("not checkable", "33"),
    Outcome.DIFFERS: ("differs", "35"),
    Outcome.ERROR: ("ERROR", "31;1"),
}
BAR = 30


class Terminal:
    """Writes to a stream; colours and the progress bar only when it is a terminal.

    ``statements``: each statement that was seen has a line of its own below its clause.
    """

    def __init__(self, out: TextIO, *, statements: bool = False) -> None:
        if isinstance(out, TextIOWrapper):
            # What the stream's encoding lacks is escaped: a report must not end in an encoding error.
            out.reconfigure(errors="backslashreplace")
        self._out = out
        self._live = out.isatty()
        self._statements = statements

    def watch(self, event: ContractEnded) -> None:
        """Show that one contract ended; a stream that is closed by its reader does not end the run."""
        with suppress(BrokenPipeError):
            self._show(event)

    def _show(self, event: ContractEnded) -> None:
        if self._live:
            full = BAR * event.index // event.total
            bar = "█" * full + "·" * (BAR - full)
            self._out.write(f"\r\x1b[2K{bar} {event.index}/{event.total} {event.name}{_left(event.left)}")
            if event.outcome in {Outcome.VIOLATED, Outcome.ERROR}:
                line = f"{self._mark(event.outcome)} {event.detail.splitlines()[0][:160]}"
                self._out.write(f"\r\x1b[2K{line}\n")
        else:
            detail = event.detail.splitlines()[0][:160] if event.detail else ""
            count = f"({event.index}/{event.total}{_left(event.left)})"
            self._line(f"{event.statement:6} {event.outcome:13} {event.name} {count} {detail}".rstrip())
        self._out.flush()

    def finish(self, run: Run, command: Callable[[Verdict], str]) -> None:
        """Write one line a clause, then violations and errors in full, then the summary."""
        with suppress(BrokenPipeError):
            self._conclude(run, command)

    def _conclude(self, run: Run, command: Callable[[Verdict], str]) -> None:
        if self._live:
            self._out.write("\r\x1b[2K")
        for verdict in run.verdicts:
            note = verdict.reading or ""
            if verdict.outcome not in UNKEPT:
                note = f"{note} {verdict.detail}".strip()
            self._line(
                f"{verdict.clause.id:5} {self._mark(verdict.outcome)} "
                f"{_statement(verdict)}{verdict.examples} examples {note}".rstrip()
            )
            for one in verdict.statements if self._statements else ():
                if one.outcome is not Outcome.NOT_CHECKABLE:
                    times = f"{one.examples} time{'s' * (one.examples != 1)}"
                    shown = f", first in {one.detail}" if one.outcome is Outcome.HELD else ""
                    self._line(f"  {one.statement.id:8} {self._mark(one.outcome)} {times}{shown}")
        for verdict in run.verdicts:
            if verdict.outcome in UNKEPT:
                self._line("")
                self._line(explained(verdict, command(verdict)))
        self._line("")
        for disturbance in run.disturbances:
            self._line(f"disturbed: {disturbance.sentence} ({disturbance.times} times)")
        if run.ended:
            self._line(f"ENDED EARLY: {run.ended}; this report is partial")
        self._line(f"{tool()}, {run.date}")
        counts = ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in run.summary.items())
        spent = ", ".join(f"{n} {name}" for name, n in run.spent.items())
        self._line(f"{run.target}: {counts}; seed {run.seed}, {run.profile}, {spent}, {run.seconds:.1f} s")

        self._out.flush()

    def _mark(self, outcome: Outcome) -> str:
        word, colour = MARKS[outcome]
        padded = f"{word:13}"
        return f"\x1b[{colour}m{padded}\x1b[0m" if self._live else padded

    def _line(self, text: str) -> None:
        self._out.write(text + "\n")


def _left(seconds: float) -> str:
    """An estimate in words; none of less than a few seconds."""
    if seconds < 3:
        return ""
    return f", about {seconds:.0f} s left" if seconds < 100 else f", about {seconds / 60:.0f} min left"


def _statement(verdict: Verdict) -> str:
    """The statement that decided the verdict, and its marks; of a clause that held, the marks of what held."""
    if verdict.statement is None:
        held = {mark for one in verdict.statements if one.outcome is Outcome.HELD for mark in one.statement.sources}
        marks = ", ".join(mark for mark in Source if mark in held)
        return f"[{marks}] " if marks else ""
    return f"{verdict.statement.id} [{verdict.statement.source}] "
