"""How many mutants of each module were killed, and the table of these scores in docs/mutation.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from mutation.mutants import Mutant

Key = tuple[str, str, str]

VERDICTS = ("killed", "timeout", "equivalent", "survived")
HEADINGS = ("module", "mutants", "killed", "timed out", "equivalent", "survived", "score")
SUM = "sum"
BEGIN, END = "<!-- table -->\n", "<!-- end of the table -->\n"


@dataclass
class Score:
    """How many mutants of one module were killed or survived."""

    module: str
    verdicts: Counter[str] = field(default_factory=Counter)
    survivors: list[Mutant] = field(default_factory=list)
    stale: list[Key] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.verdicts.total()

    @property
    def percent(self) -> float:
        """Killed of those that can be killed."""
        killable = self.total - self.verdicts["equivalent"]
        return 100 * (self.verdicts["killed"] + self.verdicts["timeout"]) / killable if killable else 100.0

    def row(self) -> tuple[str, ...]:
        counts = [str(self.verdicts[verdict]) for verdict in VERDICTS]
        return self.module, str(self.total), *counts, f"{self.percent:.1f} %"


def table(scores: Sequence[Score]) -> str:
    """The scores as a text with aligned columns."""
    rows = [HEADINGS, *_rows(scores)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    aligned = [
        [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        for row in rows
    ]
    return "\n".join(map("  ".join, aligned))


def rewritten(page: str, scores: Iterable[Score], modules: Sequence[str]) -> str:
    """The page with the rows of these scores replaced; rows of the other `modules` stay, all others go."""
    before, _, rest = page.partition(BEGIN)
    written, _, after = rest.partition(END)
    known = {score.module: score for score in [*_read(written), *scores]}
    rows = _rows([known[module] for module in modules if module in known])
    lines = [f"| {' | '.join(row)} |\n" for row in [HEADINGS, ("---",) + ("---:",) * (len(HEADINGS) - 1), *rows]]
    return f"{before}{BEGIN}\n{''.join(lines)}\n{END}{after}"


def _rows(scores: Sequence[Score]) -> list[tuple[str, ...]]:
    """A row for each score, and their sum if there are several."""
    total = Score(SUM)
    for score in scores:
        total.verdicts += score.verdicts
    return [score.row() for score in scores] + ([total.row()] if len(scores) > 1 else [])


def _read(lines: str) -> list[Score]:
    """The scores of a written table."""
    rows = [[cell.strip() for cell in line.strip("| \n").split("|")] for line in lines.splitlines()]
    return [
        Score(row[0], Counter(dict(zip(VERDICTS, map(int, row[2:6]), strict=True))))
        for row in rows
        if len(row) == len(HEADINGS) and row[1].isdigit()
    ]
