"""The control API, loaded with the first request that needs it: most servers of a test run never get one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from kobikom_emulator.exchange import Answer
from kobikom_emulator.space.registry import SpaceRegistry

if TYPE_CHECKING:
    from kobikom_emulator.control.api import ControlApi

HEALTH = "/_emulator/health"


class LazyControlApi:
    """Answers `/_emulator/health` by itself, everything else through `control.api.ControlApi`. `version` gives that of
    the distribution; it is called when it is needed.
    """

    def __init__(
        self,
        registry: SpaceRegistry,
        *,
        version: Callable[[], str],
        base_url: str,
        base_path: str = "",
        public_url: str = "",
        token: str = "",
        hosts: tuple[str, ...] = (),
    ) -> None:
        self._registry = registry
        self._version = version
        self._address = (base_url, base_path, public_url)
        self._token = token
        self._hosts = hosts
        self._api: ControlApi | None = None

    async def answer(self, method: str, target: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        if target == HEALTH and method in ("GET", "HEAD"):
            health = {"status": "ok", "version": self._version()}
            return Answer((json.dumps(health, separators=(",", ":")).encode() + b"\n",), "application/json")
        if self._api is None:
            self._api = self._load()
        return await self._api.answer(method, target, body, headers)

    def close(self) -> None:
        """End what the control API started in the background."""
        if self._api is not None:
            self._api.close()

    def _load(self) -> ControlApi:
        import secrets

        from kobikom_emulator.control.api import ControlApi
        from kobikom_emulator.control.guard import Guard
        from kobikom_emulator.control.public_address import PublicAddress
        from kobikom_emulator.operations.spaces import ServerOperations

        base_url, base_path, public_url = self._address
        address = PublicAddress(base_url, base_path=base_path, public_url=public_url)
        return ControlApi(
            ServerOperations(self._registry),
            version=self._version(),
            address=address,
            guard=Guard(token=self._token, hosts=self._hosts, address=address),
            run=secrets.token_hex(4),
        )
