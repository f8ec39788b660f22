"""The list of surviving mutants speaks of code that is there, and gives a reason for each."""

import tomllib
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LISTED = tomllib.loads((ROOT / "mutation/survivors.toml").read_text(encoding="utf-8")).get("survivor", [])


def test_each_listed_mutant_changes_code_that_is_there() -> None:
    """A line that was rewritten takes its entries along: they are tried again."""
    gone = []
    for entry in LISTED:
        source = (ROOT / "emulator/kobikom_emulator" / entry["module"]).read_text(encoding="utf-8")
        if entry["was"] not in " ".join(source.split()):
            gone.append(entry)
    assert [] == gone


def test_each_listed_mutant_has_a_reason_and_is_listed_once() -> None:
    """An entry without a sentence says nothing, one that is there twice hides another."""
    assert [] == [entry for entry in LISTED if not entry["reason"].endswith(".") or entry["was"] == entry["now"]]
    keys = Counter((entry["module"], entry["was"], entry["now"]) for entry in LISTED)
    assert [] == [key for key, count in keys.items() if count > 1]
