"""Servers of this process on one database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from tests.durability.wire import Client
from tests.postgresql import Cluster

from kobikom_emulator.bootstrap import RunningServer, open_port
from kobikom_emulator.ports import Pusher
from kobikom_emulator.settings import Settings


@asynccontextmanager
async def serving(store: str, *, pusher: Pusher | None = None, **settings: Any) -> AsyncIterator[Client]:
    """A client of a server on a database."""
    with open_port("127.0.0.1", 0) as listening:
        server = RunningServer(Settings(store=store, port=0, **settings), listening, pusher=pusher)
        async with server, Client(server.host, server.port) as client:
            yield client


@pytest.fixture
async def store(postgresql_server: Cluster) -> str:
    """The URL of an empty database."""
    return await postgresql_server.new_database()
