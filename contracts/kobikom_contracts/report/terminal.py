"""Law: what a person sees while and after a run. A live line on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TextIO

from kobikom_contracts.judge import Event
from kobikom_contracts.report.plain import explained
from kobikom_contracts.verdicts import Outcome, Run, Verdict

MARKS = {
    Outcome.HELD: ("held", "32"),
    Outcome.VIOLATED: ("VIOLATED", "31;1"),
    Outcome.NOT_CHECKABLE: ("not checkable", "33"),
    Outcome.DIFFERS: ("differs", "35"),
}
BAR = 30


class Terminal:
    """Writes progress and the outcome to a stream; colours and the bar only on a terminal."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._live = out.isatty()

    def watch(self, event: Event) -> None:
        """One contract is done."""
        if self._live:
            full = BAR * event.index // event.total
            bar = "█" * full + "·" * (BAR - full)
            self._out.write(f"\r\x1b[2K{bar} {event.index}/{event.total} {event.contract.name}")
            if event.outcome is Outcome.VIOLATED:
                line = f"{self._mark(event.outcome)} {event.detail.splitlines()[0][:160]}"
                self._out.write(f"\r\x1b[2K{line}\n")
        else:
            detail = event.detail.splitlines()[0][:160] if event.detail else ""
            self._line(f"{event.contract.clause:5} {event.outcome:13} {event.contract.name} {detail}")
        self._out.flush()

    def finish(self, run: Run, command: Callable[[Verdict], str]) -> None:
        """Everything worth reading, violations last and whole."""
        if self._live:
            self._out.write("\r\x1b[2K")
        bad = [v for v in run.verdicts if v.outcome in {Outcome.VIOLATED, Outcome.DIFFERS}]
        for verdict in run.verdicts:
            note = verdict.reading or ""
            if verdict.outcome is Outcome.NOT_CHECKABLE or (verdict.detail and verdict not in bad):
                note = f"{note} {verdict.detail}".strip()
            self._line(
                f"{verdict.clause.id:5} {self._mark(verdict.outcome)} "
                f"[{verdict.clause.source}] {verdict.examples} examples {note}".rstrip()
            )
        for verdict in bad:
            self._line("")
            self._line(explained(verdict, command(verdict)))
        self._line("")
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
