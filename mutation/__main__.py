"""The command behind script/mutate: mutants of the named modules, the tests' verdicts and a score."""

from __future__ import annotations

import argparse
import os
import sys
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mutation import trial
from mutation.mutants import Mutant, mutants

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "emulator/kobikom_emulator"
LAYERS = ("domain", "protocol")
SURVIVORS = Path(__file__).with_name("survivors.toml")
REPORT = ROOT / "docs/mutation.md"
TABLE = ("<!-- table -->\n", "<!-- end of the table -->\n")
LEAST_LIMIT = 20.0

Key = tuple[str, str, str]


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
        kinds = ("killed", "timeout", "equivalent", "survived")
        counts = [str(self.verdicts[kind]) for kind in kinds]
        return self.module, str(self.total), *counts, f"{self.percent:.1f} %"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/mutate", description="Mutation testing of domain/ and protocol/.")
    parser.add_argument("modules", nargs="*", metavar="domain/segments.py", help="default: all of both folders")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="trials at a time (default: every core)")
    parser.add_argument("--list", action="store_true", help="print the mutants and try none")
    parser.add_argument("--line", type=int, help="only the mutants of this line")
    parser.add_argument("--show", action="store_true", help="show pytest's output")
    parser.add_argument("--write", action="store_true", help="write the table into docs/mutation.md (all modules)")
    chosen = parser.parse_args(arguments)
    modules = [_existing(parser, name) for name in chosen.modules] or _all_modules()
    known = _known_survivors()
    if not chosen.list:
        trial.load_libraries()
    scores = []
    for module in modules:
        found = [each for each in mutants(module, (PACKAGE / module).read_text("utf-8")) if _on(chosen.line, each)]
        if chosen.list:
            for mutant in found:
                print(f"{module}:{mutant.line}  {mutant.was}  ->  {mutant.now}")
            continue
        if found:
            scores.append(_score(module, found, known, jobs=chosen.jobs, show=chosen.show, whole=chosen.line is None))
    _print(scores)
    if chosen.write and not chosen.modules:
        _write(scores)
    return int(any(score.survivors or score.stale for score in scores))


def tests_of(module: str) -> list[str]:
    """The tests that belong to a module, its own file first: most mutants end there."""
    layer, _, name = module.partition("/")
    folder = ROOT / "tests/emulator" / layer
    own = folder / f"test_{name}"
    rest = sorted(path for path in folder.glob("test_*.py") if path != own)
    files = [*([own] if own.exists() else []), *rest, ROOT / "tests/agreement"]
    return [str(path.relative_to(ROOT)) for path in files]


def _score(
    module: str, found: Sequence[Mutant], known: Mapping[Key, str], *, jobs: int, show: bool, whole: bool
) -> Score:
    path, tests = PACKAGE / module, tests_of(module)
    name = f"{PACKAGE.name}.{module.removesuffix('.py').replace('/', '.')}"
    limit = max(LEAST_LIMIT, 5 * trial.baseline(path, name, tests, show=show))
    score = Score(module)
    unseen = {key for key in known if key[0] == module}
    for mutant, verdict in trial.try_all(found, path, name, tests, jobs=jobs, limit=limit, show=show):
        if verdict == "survived" and mutant.key in known:
            unseen.discard(mutant.key)
            score.verdicts["equivalent"] += 1
            continue
        score.verdicts[verdict] += 1
        if verdict == "survived":
            score.survivors.append(mutant)
            print(f"{module}:{mutant.line}\n  - {mutant.was}\n  + {mutant.now}", flush=True)
    score.stale = sorted(unseen) if whole else []
    for _, was, now in score.stale:
        print(f"{module}: listed as a survivor, but killed or gone\n  - {was}\n  + {now}", flush=True)
    print(f"script/mutate: {module}: {score.percent:.1f} % of {score.total}", file=sys.stderr, flush=True)
    return score


def _known_survivors() -> dict[Key, str]:
    """Mutants that no test can kill, with the reason."""
    lines = tomllib.loads(SURVIVORS.read_text("utf-8")).get("survivor", [])
    return {(line["module"], line["was"], line["now"]): line["reason"] for line in lines}


def _all_modules() -> list[str]:
    paths = (path for layer in LAYERS for path in sorted((PACKAGE / layer).glob("*.py")) if path.stem != "__init__")
    return [path.relative_to(PACKAGE).as_posix() for path in paths]


def _existing(parser: argparse.ArgumentParser, name: str) -> str:
    if name not in _all_modules():
        parser.error(f"no module {name!r}; there are {', '.join(_all_modules())}")
    return name


def _on(line: int | None, mutant: Mutant) -> bool:
    return line is None or mutant.line == line


HEADINGS = ("module", "mutants", "killed", "timed out", "equivalent", "survived", "score")


def _rows(scores: Sequence[Score]) -> list[tuple[str, ...]]:
    everything = Score("all")
    for score in scores:
        everything.verdicts += score.verdicts
    return [score.row() for score in scores] + ([everything.row()] if len(scores) > 1 else [])


def _print(scores: Sequence[Score]) -> None:
    table = [HEADINGS, *_rows(scores)] if scores else []
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        cells = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        print("  ".join([row[0].ljust(widths[0]), *cells]))


def _write(scores: Sequence[Score]) -> None:
    lines = [f"| {' | '.join(row)} |\n" for row in [HEADINGS, ("---",) + ("---:",) * 6, *_rows(scores)]]
    before, _, rest = REPORT.read_text("utf-8").partition(TABLE[0])
    after = rest.partition(TABLE[1])[2]
    REPORT.write_text(before + TABLE[0] + "\n" + "".join(lines) + "\n" + TABLE[1] + after, "utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
