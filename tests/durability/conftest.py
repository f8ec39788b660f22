"""Servers on a file: in this process, with a disk that fails on demand, and as a process of their own."""

from __future__ import annotations

import os
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kobikom_emulator.bootstrap import RunningServer, open_port
from kobikom_emulator.domain.delivery import Status
from kobikom_emulator.domain.terms import DeliveryOutcome, DeliverySettings
from kobikom_emulator.ports import Pusher
from kobikom_emulator.settings import Settings
from kobikom_emulator.settings.model import ClockSettings

AT_ONCE = DeliverySettings(outcomes=(DeliveryOutcome(Status.DELIVERED, 0),))
"""Every report exists with its message."""

FROZEN = ClockSettings(start=datetime(2026, 1, 31, 9, tzinfo=UTC))


class Disk:
    """Synchronizes files when it is let; fails while `failing` is set."""

    def __init__(self) -> None:
        self.free = threading.Event()
        self.free.set()
        self.failing = False
        self.waiting = threading.Event()
        self.failed = 0

    def synchronize(self, file: int) -> None:
        if not self.free.is_set():
            self.waiting.set()
        assert self.free.wait(30)
        if self.failing:
            self.failed += 1
            raise OSError(5, "Input/output error")
        os.fsync(file)


@asynccontextmanager
async def serving(
    path: Path, disk: Disk | None = None, *, pusher: Pusher | None = None, **settings: Any
) -> AsyncIterator[RunningServer]:
    """A server on a file, in this event loop."""
    chosen = Settings(store=str(path), port=0, **settings)
    with open_port("127.0.0.1", 0) as listening:
        server = RunningServer(chosen, listening, pusher=pusher)
        assert server._database is not None
        if disk is not None:
            server._database._synchronize_file = disk.synchronize
        async with server:
            yield server


@pytest.fixture
def disk() -> Disk:
    return Disk()
