"""The machine over the shop finds mistakes that no single day shows, and raises no false alarm."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from fuzz_power.machine import failure_of
from fuzz_power.street import Street


@pytest.fixture(scope="module")
def street() -> Iterator[Street]:
    with Street() as opened:
        yield opened


def test_the_correct_service_passes(street: Street) -> None:
    """No drawn step is a reason for a service without mistakes to break a promise."""
    assert "" == failure_of(street, frozenset(), seed=1, examples=20)


@pytest.mark.parametrize(
    ("mistake", "broken"),
    [
        ("ids-cut-20", "each_report_ends_somewhere"),
        ("login-unquoted", "each_report_is_asked_for"),
        ("ids-begin-again", "each_report_is_right"),
    ],
)
def test_a_mistake_is_found(mistake: str, broken: str, street: Street) -> None:
    """A mistake of drawn inputs, and one of a restart, break a promise in some drawn run."""
    failure = failure_of(street, frozenset((mistake,)), seed=1, examples=150)
    assert failure.startswith(broken)
