"""Law: an emulator for clients that know nothing of it: libraries, the reference client, real ones."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kobikom_emulator import Emulator

sys.path.insert(0, str(Path(__file__).parents[1] / "e2e"))


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """Seed 1, a clock that stands still."""
    with Emulator(seed=1, clock={"start": "2026-01-31T09:00:00+03:00"}) as running:
        yield running


@pytest.fixture
def port(emulator: Emulator) -> int:
    return emulator.running.port
