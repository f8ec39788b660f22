"""Databases of every version of the tables are brought up to date, by one of the servers that start."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.durability.conftest import FROZEN

from kobikom_emulator.storage.postgresql.schema import VERSION

from .conftest import serving

FILES = Path(__file__).parents[1] / "emulator" / "storage" / "files"
NUMBER = "905321234567"


@pytest.mark.parametrize("version", range(1, VERSION + 1))
async def test_a_server_goes_on_with_a_database_of_this_version(store: str, version: int) -> None:
    """Messages, credit, given reports, pending pushes, faults and the journal are there; ids go on."""
    import asyncpg

    connection = await asyncpg.connect(store)
    await connection.execute((FILES / f"version-{version}.postgresql.sql").read_text(encoding="utf-8"))
    await connection.close()
    async with serving(store, clock=FROZEN) as one, serving(store, clock=FROZEN) as other:
        messages = (await one.control("GET", "/messages"))["messages"]
        assert ["dört", "üç", "üç", "iki", "iki", "bir", "bir"] == [message["text"] for message in messages]
        assert ["waiting", *["given"] * 6] == [
            "given" if message["report"] == "given" else "waiting" for message in messages
        ]
        assert 7 == len({message["id"] for message in messages})
        assert [int(messages[0]["id"]) + 1] == [int(each) for each in (await other.send(NUMBER)).ids]
        assert "992.000" == (await one.balance()).amount
        assert b"NO_DATA" == (await other.pull()).body
        assert [-1] == (await other.send("905320000000")).codes
        assert 9 == (await one.control("GET", "/journal"))["entries"][0]["id"]
