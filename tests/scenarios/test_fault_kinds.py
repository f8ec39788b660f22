"""A kind of fault is registered in one place; what cannot follow from it is named here if it is missing."""

import re
from pathlib import Path

import pytest

from kobikom_contracts.scenario_words import EFFECTS, FINAL_STATUSES, OPERATIONS
from kobikom_emulator.domain.delivery import Status
from kobikom_emulator.faults.kinds import KINDS
from kobikom_emulator.faults.rule import Operation

ROOT = Path(__file__).parents[2]
ASSETS = ROOT / "emulator/kobikom_emulator/inbox/assets"
FAULTS_JS = (ASSETS / "faults.js").read_text(encoding="utf-8")
WORDS_JS = (ASSETS / "words/controls.js").read_text(encoding="utf-8")


def form_of_the_page() -> dict[str, str]:
    """The source of each entry of the table KINDS in faults.js, by kind."""
    table = re.search(r"^const KINDS = \{\n(.*?)^\};", FAULTS_JS, re.MULTILINE | re.DOTALL)
    assert table, "faults.js has no table KINDS"
    entries = re.split(r"""^  "?([\w-]+)"?: \{""", table[1], flags=re.MULTILINE)[1:]
    return dict(zip(entries[::2], entries[1::2], strict=True))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_everywhere(kind: str) -> None:
    """The scenarios of the contracts draw it with all its fields, the page's form sends them, and names it in words."""
    fields = set(KINDS[kind].__struct_fields__)
    missing = []
    if kind not in EFFECTS:
        missing.append("an entry of EFFECTS in contracts/kobikom_contracts/scenario_words.py")
    elif drawn := fields - {name for effect in EFFECTS[kind] for name in effect}:
        missing.append(f"{drawn} in EFFECTS of contracts/kobikom_contracts/scenario_words.py")
    form = form_of_the_page()
    if kind not in form:
        missing.append("an entry of KINDS in inbox/assets/faults.js")
    missing += [
        f"the field {name} of {kind} in inbox/assets/faults.js" for name in fields if name not in form.get(kind, name)
    ]
    if not re.search(rf"""["\s]{kind}"?: \["[^"]+", "[^"]+"\]""", WORDS_JS):
        missing.append("English and Turkish words for it in inbox/assets/words/controls.js")
    assert [] == missing


def test_no_other_kinds_are_offered() -> None:
    """Neither the contracts nor the page know a kind that the emulator does not."""
    assert (set(KINDS), set(KINDS)) == (set(EFFECTS), set(form_of_the_page()))


def test_the_contracts_know_the_emulators_words() -> None:
    """Operations that rules match and statuses that messages end with, written down by each for itself."""
    assert set(Operation.__args__) == set(OPERATIONS)  # type: ignore[attr-defined]
    assert set(Status) == set(FINAL_STATUSES)
