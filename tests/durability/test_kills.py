"""A server process that is killed at drawn moments keeps what it acknowledged, and nothing happens twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from .kills import Failed, Traffic

KILLS = 5
EVENTS = 150


@pytest.mark.parametrize("seed", [1, 2])
async def test_what_was_acknowledged_survives_kills(tmp_path: Path, seed: int) -> None:
    """After each of five kills sends, credit, reports, pushes, rules and ids are as the clients saw them."""
    try:
        await Traffic(tmp_path / "store.sqlite", seed).run(KILLS, EVENTS)
    except Failed as failure:
        raise Failed(f"seed {seed}: {failure}") from None
