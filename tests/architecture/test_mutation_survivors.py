"""The list of surviving mutants speaks of code that is there and gives reasons, and the table of scores adds up."""

import tomllib
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "emulator/kobikom_emulator"
LISTED = tomllib.loads((ROOT / "mutation/survivors.toml").read_text(encoding="utf-8")).get("survivor", [])


def test_each_listed_mutant_changes_code_that_is_there() -> None:
    """A line that was rewritten takes its entries along: they are tried again."""
    gone = []
    for entry in LISTED:
        source = (PACKAGE / entry["module"]).read_text(encoding="utf-8")
        if entry["was"] not in " ".join(source.split()):
            gone.append(entry)
    assert [] == gone


def test_each_listed_mutant_has_a_reason_and_is_listed_once() -> None:
    """An entry without a sentence says nothing, one that is there twice hides another."""
    assert [] == [entry for entry in LISTED if not entry["reason"].endswith(".") or entry["was"] == entry["now"]]
    keys = Counter((entry["module"], entry["was"], entry["now"]) for entry in LISTED)
    assert [] == [key for key, count in keys.items() if count > 1]


def table() -> dict[str, list[int]]:
    """The counts of each row of the table: mutants, killed, timed out, equivalent, survived."""
    lines = (ROOT / "docs/mutation.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return {row[0]: [int(count) for count in row[1:6]] for row in rows if row[1].isdigit()}


def test_each_row_of_the_table_adds_up() -> None:
    """Every mutant has one verdict, and the last row is the sum of the others."""
    rows = table()
    assert [counts[0] for counts in rows.values()] == [sum(counts[1:]) for counts in rows.values()]
    total = rows.pop("sum")
    assert total == [sum(column) for column in zip(*rows.values(), strict=True)]


def test_the_rows_of_the_table_are_modules_in_order() -> None:
    """A module that was renamed or deleted has no row."""
    paths = [path for layer in ("domain", "protocol") for path in sorted((PACKAGE / layer).glob("*.py"))]
    modules = [path.relative_to(PACKAGE).as_posix() for path in paths]
    rows = [name for name in table() if name != "sum"]
    assert rows == [module for module in modules if module in rows]


def test_the_table_counts_the_listed_mutants_as_equivalent() -> None:
    """A module of the table has equivalent mutants if it has entries in the list."""
    rows = table()
    rows.pop("sum")
    listed = {entry["module"] for entry in LISTED}
    assert {name for name in rows if name in listed} == {name for name, counts in rows.items() if counts[3]}
