"""The example adapters keep every clause that they claim to be able to keep."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings

from kobikom_contracts.client_suite.form_lines import FORM_LINES
from kobikom_contracts.client_suite.judge import judge_client
from kobikom_contracts.core.profiles import PROFILES
from kobikom_contracts.core.verdicts import Outcome

LIGHT = replace(PROFILES["tiny"], name="light", examples=6)
UNCLAIMED = frozenset({"K-42", "K-43"})
"""What needs a capability that none of them claims."""
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("language", ["python", "php", "node"])
def test_example_keeps_every_clause(adapter: Callable[[str], str], language: str) -> None:
    """The reference client, the one in PHP and the one in Node are judged clean, strictly."""
    deep = settings().max_examples > 100
    run = judge_client(
        adapter(language),
        profile="quick" if deep else LIGHT,
        seed=1,
        strict=True,
        short_timeout=0.4,
    )
    kept = {v.clause.id: v.found for v in run.verdicts if v.outcome is not Outcome.HELD}
    assert {} == {clause: found for clause, found in kept.items() if clause not in UNCLAIMED}
    assert "result-shape=as-printed: read" == run.of("K-25").reading


def test_the_java_example_keeps_every_clause_it_claims(adapter: Callable[[str], str]) -> None:
    """The client in Java, whose adapter speaks forms, violates nothing."""
    run = judge_client(adapter("java"), profile=LIGHT, seed=1, strict=True, patience=30.0, lines=FORM_LINES)
    violated = {v.clause.id: v.found for v in run.verdicts if v.outcome is Outcome.VIOLATED}
    unclaimed = {v.clause.id for v in run.verdicts if v.outcome is Outcome.NOT_CHECKABLE}
    assert ({}, UNCLAIMED | {"K-34"}) == (violated, unclaimed)


@pytest.mark.parametrize("file", ["php_adapter.php", "node_adapter.mjs"])
def test_adapters_stay_short(file: str) -> None:
    """What stands between a client and the judge is twenty lines."""
    assert len((ROOT / "examples/adapters" / file).read_text(encoding="utf-8").splitlines()) <= 20
