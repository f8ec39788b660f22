"""The command behind script/fuzz."""

from __future__ import annotations

import argparse
import importlib.util
import sys
import time
from pathlib import Path
from typing import Any

FOUND = Path(".fuzz")
"""Where inputs go that a fuzzer finds; a good one is copied to the corpus by hand."""

NAMES = ("body", "pull", "wire", "control", "state", "settings", "scenario", "text")


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/fuzz", description=__doc__)
    parser.add_argument("target", nargs="?", choices=NAMES, help="one of them [each in turn, without coverage]")
    parser.add_argument("--seconds", type=int, default=60, help="for each target [60]")
    parser.add_argument("--without-coverage", action="store_true", help="draw inputs with Hypothesis")
    chosen = parser.parse_args()
    if chosen.target and not chosen.without_coverage and importlib.util.find_spec("atheris") is not None:
        _by_coverage(chosen.target, chosen.seconds)
    for target in (chosen.target,) if chosen.target else NAMES:
        print(f"{target}: {_drawn(target, chosen.seconds)} inputs", flush=True)
    return 0


def _by_coverage(target: str, seconds: int) -> None:
    """Fuzz a target with atheris, and exit the process with its status."""
    import importlib

    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["kobikom_emulator"]):
        from tests.fuzz.targets import TARGETS
    from tests.fuzz.mutation import CORPUS

    found = FOUND / target
    found.mkdir(parents=True, exist_ok=True)
    arguments = [f"-max_total_time={seconds}", f"-artifact_prefix={found}/", "-timeout=30", "-rss_limit_mb=2000"]
    atheris.Setup([sys.argv[0], *arguments, str(found), str(CORPUS / target)], TARGETS[target])
    atheris.Fuzz()


def _drawn(target: str, seconds: int) -> int:
    """Fuzz a target with inputs that Hypothesis draws; how many."""
    from hypothesis import HealthCheck, given, seed, settings
    from tests.fuzz.mutation import corpus, mutated
    from tests.fuzz.targets import TARGETS

    count = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:

        @seed(time.time_ns())
        @settings(max_examples=500, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(mutated(corpus(target)))
        def changed(data: bytes) -> None:
            nonlocal count
            count += 1
            TARGETS[target](data)

        changed()
    return count


if __name__ == "__main__":
    sys.exit(main())
