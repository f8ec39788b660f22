"""An emulator in a thread for each test, and a check that the server logs no warning and no traceback."""

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kobikom_emulator import Emulator

sys.path.insert(0, str(Path(__file__).parents[2] / "e2e"))

START = "2026-01-31T09:00:00+03:00"


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """An emulator with seed 1 and a frozen clock."""
    with Emulator(seed=1, clock={"start": START}) as running:
        yield running


@pytest.fixture
def port(emulator: Emulator) -> int:
    return emulator.running.port


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """The server logs no warning and no traceback, whatever a client does."""
    yield
    loud = [
        f"{record.name}: {record.getMessage()}"
        for when in ("setup", "call")
        for record in caplog.get_records(when)
        if record.levelno >= logging.WARNING or record.exc_info
    ]
    assert [] == loud
