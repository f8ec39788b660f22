"""The command behind script/mutate: mutants of the named modules, the tests' verdicts and a score."""

from __future__ import annotations

import argparse
import os
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from mutation import trial
from mutation.mutants import Mutant, mutants
from mutation.score import Key, Score, rewritten, table

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "emulator/kobikom_emulator"
LAYERS = ("domain", "protocol")
SURVIVORS = Path(__file__).with_name("survivors.toml")
REPORT = ROOT / "docs/mutation.md"
VALUE_CLASSES = ROOT / "tests/emulator/test_value_classes.py"
AGREEMENT = ROOT / "tests/agreement"
LEAST_LIMIT = 20.0


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/mutate", description="Mutation testing of domain/ and protocol/.")
    parser.add_argument("modules", nargs="*", metavar="domain/segments.py", help="default: all of both folders")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="trials at a time (default: every core)")
    parser.add_argument("--list", action="store_true", help="print the mutants and try none")
    parser.add_argument("--line", type=int, help="only the mutants of this line")
    parser.add_argument("--show", action="store_true", help="show pytest's output")
    parser.add_argument("--write", action="store_true", help="write the modules' rows into docs/mutation.md")
    chosen = parser.parse_args(arguments)
    if chosen.write and (chosen.list or chosen.line is not None):
        parser.error("--write takes whole modules: neither --list nor --line")
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
        if not found:
            continue
        scores.append(_score(module, found, known, jobs=chosen.jobs, show=chosen.show, whole=chosen.line is None))
        if chosen.write:
            REPORT.write_text(rewritten(REPORT.read_text("utf-8"), scores[-1:], _all_modules()), "utf-8")
    if scores:
        print(table(scores))
    return int(any(score.survivors or score.stale for score in scores))


def tests_of(module: str) -> list[str]:
    """The test files that belong to a module: its own, where most mutants end, then those of its layer, then the
    comparison with the other packages.
    """
    layer, _, name = module.partition("/")
    folder = ROOT / "tests/emulator" / layer
    own = folder / f"test_{name}"
    others = sorted(path for path in folder.glob("test_*.py") if path != own)
    files = [*([own] if own.exists() else []), VALUE_CLASSES, *others, *sorted(AGREEMENT.glob("test_*.py"))]
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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
