"""An emulator for tests with other clients: HTTP libraries, the reference client, public clients."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kobikom_emulator import Emulator

sys.path.insert(0, str(Path(__file__).parents[1] / "e2e"))


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """An emulator with seed 1 and a frozen clock."""
    with Emulator(seed=1, clock={"start": "2026-01-31T09:00:00+03:00"}) as running:
        yield running


@pytest.fixture
def port(emulator: Emulator) -> int:
    return emulator.running.port
