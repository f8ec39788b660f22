"""Explains a request without a server."""

from __future__ import annotations

from typing import Any

from kobikom_emulator.bootstrap.blueprints import blueprint_of
from kobikom_emulator.bootstrap.stores import build_space
from kobikom_emulator.exchange import WireRequest
from kobikom_emulator.gateway.gateway import Gateway
from kobikom_emulator.gateway.push_loop import REPORT_TYPE
from kobikom_emulator.phrases import Language
from kobikom_emulator.pusher import HttpPusher, OwnAddresses
from kobikom_emulator.server.app import SEND
from kobikom_emulator.settings import Settings
from kobikom_emulator.space.registry import DEFAULT, SpaceRegistry


async def explain_offline(
    settings: Settings, body: bytes, content_type: str, *, language: Language = "en"
) -> dict[str, Any]:
    """What a fresh server would answer to a body, as a rendered journal entry; nothing listens and nothing is sent."""
    headers = ((b"Content-Type", content_type.encode("latin-1", "replace")),) if content_type else ()
    wire = WireRequest("POST", f"{SEND}/", body, content_type, headers)
    return await _explained_offline(settings, wire, language)


async def explain_pull_offline(settings: Settings, target: str, *, language: Language = "en") -> dict[str, Any]:
    """The same for a pull; `target` is the path and query of its URL."""
    return await _explained_offline(settings, WireRequest("GET", target), language)


async def _explained_offline(settings: Settings, wire: WireRequest, language: Language) -> dict[str, Any]:
    pusher = HttpPusher(allowed=settings.push.allow, content_type=REPORT_TYPE, own=OwnAddresses({settings.port} - {0}))
    space = build_space(DEFAULT, blueprint_of(settings), pusher)
    await space.begin()
    gateway = Gateway(SpaceRegistry(space))
    await (gateway.pull(wire) if wire.method == "GET" else gateway.post(wire))
    from kobikom_emulator.journal.rendering import rendered

    return rendered(next(iter(space.journal)), language=language)
