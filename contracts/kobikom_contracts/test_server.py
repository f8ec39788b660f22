"""The server suite as pytest tests, one a clause, for ``pytest --pyargs kobikom_contracts``."""

from __future__ import annotations

import pytest

from kobikom_contracts.clauses import CLAUSES
from kobikom_contracts.core.report.text import explained
from kobikom_contracts.core.verdicts import Outcome, Run


@pytest.mark.xdist_group("kobikom-contracts")
@pytest.mark.parametrize("clause", list(CLAUSES))
def test_clause(clause: str, kobikom_run: Run) -> None:
    """The target keeps this clause."""
    verdict = kobikom_run.of(clause)
    if verdict.outcome is Outcome.NOT_CHECKABLE:
        pytest.skip(verdict.detail)
    if verdict.outcome is Outcome.DIFFERS:
        statement = verdict.statement
        pytest.xfail(f"{statement.id} ({statement.source}): {verdict.found}" if statement else verdict.detail)
    if verdict.outcome in {Outcome.VIOLATED, Outcome.ERROR}:
        pytest.fail(explained(verdict, f"--kobikom-url {kobikom_run.target}"), pytrace=False)
