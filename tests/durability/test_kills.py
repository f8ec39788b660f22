"""Server processes that are killed at drawn moments keep what they acknowledged, and nothing happens twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.postgresql import Cluster

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


async def test_what_two_servers_on_a_database_acknowledged_survives_kills(postgresql_server: Cluster) -> None:
    """The same of two servers, each with half of the clients, that are killed together."""
    store = await postgresql_server.new_database()
    await Traffic(store, 3, servers=2).run(KILLS, EVENTS)
