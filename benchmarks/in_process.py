"""The emulator without HTTP, for measurements without sockets."""

from __future__ import annotations

from benchmarks.bodies import PASSWORD, SEND_PATH, USER, pull_target, send_body
from kobikom_emulator.bootstrap import build_space
from kobikom_emulator.exchange import WireRequest
from kobikom_emulator.gateway.gateway import Gateway
from kobikom_emulator.gateway.push_loop import REPORT_TYPE
from kobikom_emulator.operations.space import SpaceOperations
from kobikom_emulator.operations.spaces import ServerOperations
from kobikom_emulator.pusher import HttpPusher
from kobikom_emulator.settings import Settings, from_flags, load
from kobikom_emulator.space.registry import DEFAULT, SpaceRegistry
from kobikom_emulator.space.scenario import ClockChange

RICH = '[{"user": "%s", "password": "%s", "credit": "999999999999"}]' % (USER, PASSWORD)  # noqa: UP031  # braces in JSON


def settings() -> Settings:
    """The default settings, with an account whose credit is never used up."""
    return load(flags=from_flags([("accounts", RICH, "benchmark")])).settings


def fresh_registry(settings: Settings) -> SpaceRegistry:
    """The default space of a server, not begun yet."""
    pusher = HttpPusher(allowed="none", content_type=REPORT_TYPE)
    return SpaceRegistry(build_space(DEFAULT, settings.blueprint(), pusher))


class Core:
    """Gateway and operations of a server's default space."""

    def __init__(self, gateway: Gateway, operations: SpaceOperations) -> None:
        self.gateway = gateway
        self.operations = operations

    @classmethod
    async def begun(cls) -> Core:
        registry = fresh_registry(settings())
        await registry.start()
        return cls(Gateway(registry), ServerOperations(registry).space())

    async def advance(self, seconds: float) -> None:
        """Move the clock of the space forwards."""
        await self.operations.clock.change(ClockChange(advance=seconds))

    async def send(self, body: bytes) -> bytes:
        """Send and return the answer; raise AssertionError if the send is refused."""
        answer = await self.gateway.post(WireRequest("POST", SEND_PATH, body, "application/xml"))
        content = answer.chunks[0]
        if b"<status>0</status>" not in content[:120]:
            raise AssertionError(f"refused: {content[:200]!r}")
        return content

    async def pull(self, message_id: str = "") -> int:
        """Pull and return the length of the answer in bytes."""
        answer = await self.gateway.pull(WireRequest("GET", pull_target(message_id)))
        return answer.length

    async def fill(self, sends: int, *, recipients: int = 1000) -> None:
        """Store `sends` sends to different recipients, and advance the clock until they are final."""
        for nth in range(sends):
            await self.send(send_body(recipients, start=nth * recipients))
        await self.advance(2)
