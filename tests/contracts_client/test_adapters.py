"""Law: the example adapters keep every clause that they claim to be able to keep."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings

from kobikom_contracts.bench.judge import judge_client
from kobikom_contracts.bench.rules import rules
from kobikom_contracts.profiles import PROFILES
from kobikom_contracts.verdicts import Outcome

LETTER = "pulls_cut_inside_a_letter"
LIGHT = replace(PROFILES["tiny"], name="light", examples=6)
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("language", ["python", "php", "node"])
def test_example_keeps_every_clause(adapter: Callable[[str], str], language: str) -> None:
    """The reference client, the one in PHP and the one in Node are judged clean, strictly."""
    # The reference client's one fault is kept in sight below.
    todo = [one for one in rules() if language != "python" or one.name != LETTER]
    deep = settings().max_examples > 100
    run = judge_client(
        adapter(language),
        profile="quick" if deep else LIGHT,
        seed=1,
        strict=True,
        brief=0.4,
        rules=todo,
    )
    assert {} == {v.clause.id: v.found for v in run.verdicts if v.outcome is not Outcome.HELD}
    assert "result-shape=as-printed: read" == run.of("K-25").reading


@pytest.mark.xfail(strict=True, reason="a cut inside a letter turns the whole answer into windows-1254")
def test_reference_survives_a_cut_inside_a_letter(adapter: Callable[[str], str]) -> None:
    """The reports before the cut keep their ids; once they do, drop this mark and the filter."""
    alone = [one for one in rules() if one.name == LETTER]
    run = judge_client(adapter("python"), only=("K-30",), rules=alone)
    assert run.of("K-30").outcome is Outcome.HELD


@pytest.mark.parametrize("file", ["php_adapter.php", "node_adapter.mjs"])
def test_adapters_stay_short(file: str) -> None:
    """What stands between a client and the judge is twenty lines."""
    assert len((ROOT / "examples/adapters" / file).read_text(encoding="utf-8").splitlines()) <= 20
