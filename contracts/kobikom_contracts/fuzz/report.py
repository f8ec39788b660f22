"""What a fuzzing run prints: progress, each failure in sentences, a summary by kind."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kobikom_contracts.catalogue.sentences import Language, tell
from kobikom_contracts.fuzz.campaign import Campaign, Result
from kobikom_contracts.fuzz.run import Outcome, Run

LINES = 12
"""Lines of the command's output that are shown."""


def progress(result: Result, *, done: int) -> str:
    """A line after a day."""
    state = "flaky" if result.flaky else str(result.run.outcome)
    return f"{done:4} {result.trial.name}: {state} ({result.run.seconds:.1f} s)"


def failure_lines(result: Result, language: Language, *, file: Path | None) -> Iterable[str]:
    """A failure: the day, its sentences, what the emulator saw, the end of the output, the file to replay."""
    yield f"{result.trial.name}: {result.run.outcome}"
    yield from (f"  {sentence}" for sentence in tell(result.document, language))
    yield from run_lines(result.run)
    if file is None:
        yield from (f"  {line}" for line in file_text(result.document).splitlines())
    else:
        yield f"  replay it: kobikom-contracts fuzz --replay {file} -- COMMAND"


def run_lines(run: Run) -> Iterable[str]:
    """What the emulator saw, and the end of the output."""
    yield from (
        f"  {'the emulator saw' if finding.certain else 'remark'}: {finding.sentence}" for finding in run.findings
    )
    output = [line for line in run.output.splitlines() if line.strip()]
    yield from (f"  | {line}" for line in output[-LINES:])


def summary_lines(campaign: Campaign) -> Iterable[str]:
    """A line for each kind of day: how many were tried, came, failed, were flaky."""
    kinds = list(dict.fromkeys(result.trial.kind for result in campaign.results))
    yield f"{'kind':12} {'days':>5} {'passed':>7} {'failed':>7} {'flaky':>6} {'never came':>11}"
    for kind in kinds:
        results = [result for result in campaign.results if result.trial.kind == kind]
        states = Counter(_state(result) for result in results)
        yield (
            f"{kind:12} {len(results):5} {states['passed']:7} {states['failed']:7} {states['flaky']:6} "
            f"{states['never came']:11}"
        )
    fired = Counter[str]()
    for result in campaign.results:
        fired.update(result.run.seen.fired)
    came = ", ".join(f"{kind} {count}" for kind, count in sorted(fired.items()) if count)
    never = ", ".join(kind for kind, count in sorted(fired.items()) if not count)
    yield f"fired: {came or 'nothing'}" + (f"; never fired: {never}" if never else "")


def _state(result: Result) -> str:
    if result.flaky:
        return "flaky"
    if result.failed:
        return "failed"
    return "never came" if result.run.outcome is Outcome.IDLE else "passed"


def file_text(document: Mapping[str, Any]) -> str:
    """The text of a scenario file."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def save(document: Mapping[str, Any], folder: Path) -> Path:
    """Write a day into a folder, under its name."""
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^a-z0-9-]+", "-", str(document.get("name") or "day").lower())
    file = folder / f"{name}.json"
    file.write_text(file_text(document), encoding="utf-8")
    return file
