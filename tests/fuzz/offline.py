"""A server without sockets that a target starts afresh as often as it needs, in an event loop of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from kobikom_emulator.bootstrap import blueprint_of, build_space
from kobikom_emulator.control.api import ControlApi
from kobikom_emulator.control.guard import Guard
from kobikom_emulator.control.public_address import PublicAddress
from kobikom_emulator.gateway.gateway import Gateway
from kobikom_emulator.operations.spaces import ServerOperations
from kobikom_emulator.ports import PushResponse, PushResult
from kobikom_emulator.settings import Settings
from kobikom_emulator.space.registry import SpaceRegistry
from kobikom_emulator.space.space import Space

T = TypeVar("T")


class NoPushes:
    """Every push is taken and goes nowhere."""

    async def push(self, url: str, body: bytes) -> PushResult:
        return PushResult(PushResponse(200))

    def address_problem(self, url: str) -> str:
        return ""

    async def close(self) -> None:
        """Nothing is open."""


class Offline:
    """Registry, gateway and control API of a server."""

    def __init__(self, scenario: bytes | None = None) -> None:
        self._runner = asyncio.Runner()
        pusher: Any = NoPushes()

        def build(name: str, blueprint: Any) -> Space:
            return build_space(name, blueprint, pusher)

        self.space = build("default", blueprint_of(Settings(), scenario))
        registry = SpaceRegistry(self.space, build=build)
        self.gateway = Gateway(registry)
        self.operations = ServerOperations(registry)
        self.control = ControlApi(
            self.operations, version="0", address=PublicAddress("http://localhost"), guard=Guard()
        )
        self.run(registry.start())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(work)

    def close(self) -> None:
        self._runner.close()
