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
    assert {name: counts[0] for name, counts in rows.items()} == {
        name: sum(counts[1:]) for name, counts in rows.items()
    }
    total = rows.pop("all")
    assert total == [sum(column) for column in zip(*rows.values(), strict=True)]


def test_the_table_has_a_row_for_each_module_in_order() -> None:
    """Each module of the pure core, but for one that is a table of names without anything to change."""
    paths = [path for layer in ("domain", "protocol") for path in sorted((PACKAGE / layer).glob("*.py"))]
    modules = [path.relative_to(PACKAGE).as_posix() for path in paths if path.stem != "__init__"]
    assert [*(module for module in modules if module != "domain/countries.py"), "all"] == list(table())


def test_the_table_counts_the_listed_mutants_as_equivalent() -> None:
    """The modules with equivalent mutants are those of the list."""
    rows = table()
    rows.pop("all")
    assert {entry["module"] for entry in LISTED} == {module for module, counts in rows.items() if counts[3]}
