"""A Kobikom in memory for the tests of the gateway: no sockets, no threads, a clock that the test moves."""

import asyncio
import re
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar, get_args
from urllib.parse import urlencode
from xml.sax.saxutils import escape, quoteattr

import pytest
from lxml import etree

from kobikom_emulator.clock import ControlledClock
from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.matching import EVERYTHING
from kobikom_emulator.domain.messages import Batch
from kobikom_emulator.domain.states import MessageState
from kobikom_emulator.exchange import Answer, WireRequest
from kobikom_emulator.gateway.gateway import Gateway
from kobikom_emulator.ids import SeededIds
from kobikom_emulator.journal import kept as kept_entries
from kobikom_emulator.journal.rendering import rendered
from kobikom_emulator.operations.space import SpaceOperations
from kobikom_emulator.phrases import Language
from kobikom_emulator.ports import PushResponse, PushResult
from kobikom_emulator.protocol.readings import Readings
from kobikom_emulator.space import kept
from kobikom_emulator.space.blueprint import Blueprint, ClockStart
from kobikom_emulator.space.registry import SpaceRegistry
from kobikom_emulator.space.space import Space
from kobikom_emulator.storage.memory import MemoryStore

START = 1_769_839_200_000
"""2026-01-31 09:00:00 in Turkey, a Saturday."""
SECOND = 1000
DELIVERED = PushResult(PushResponse(200))
T = TypeVar("T")
SMS = "/api/sendsms/xml/"


def drive(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that waits for nobody, without an event loop."""
    try:
        while True:
            work.send(None)
    except StopIteration as done:
        return done.value


class FakePusher:
    """Keeps what is pushed; answers from a script, then 200."""

    def __init__(self) -> None:
        self.pushed: list[tuple[str, bytes]] = []
        self.headers: list[Mapping[str, str]] = []
        self.script: list[PushResult] = []
        self.always: PushResult | None = None
        self.gate: asyncio.Event | None = None

    async def push(self, url: str, body: bytes, *, headers: Mapping[str, str] | None = None) -> PushResult:
        self.pushed.append((url, body))
        self.headers.append(headers or {})
        if self.gate is not None:
            await self.gate.wait()
        if self.always is not None:
            return self.always
        return self.script.pop(0) if self.script else DELIVERED

    def address_problem(self, url: str) -> str:
        return "" if url.startswith("http") else f"{url!r} is not an http or https URL"

    async def close(self) -> None:
        return None


class YieldingStore:
    """A store between whose calls everybody else gets a turn."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._store, name)

        async def yielding(*arguments: Any, **more: Any) -> Any:
            await asyncio.sleep(0)
            result = await call(*arguments, **more)
            await asyncio.sleep(0)
            return result

        return yielding


class World:
    """One space behind a gateway, and the page's dialect to talk to it."""

    def __init__(
        self,
        *,
        accounts: Sequence[Account] = (Account("test", "test"),),
        readings: Mapping[str, str] | None = None,
        yielding: bool = False,
        seed: int = 1,
        **blueprint: Any,
    ) -> None:
        chosen = Readings().with_choices(readings or {})
        store: Any = YieldingStore(MemoryStore()) if yielding else MemoryStore()
        self.pusher = FakePusher()
        self.clock = ControlledClock()
        self.space = Space(
            "default",
            Blueprint(
                tuple(accounts), readings=chosen, seed=seed, clock=ClockStart(at=START, frozen=True), **blueprint
            ),
            store,
            self.clock,
            SeededIds(seed),
            self.pusher,
        )
        self.gateway = Gateway(SpaceRegistry(self.space))
        if yielding:
            asyncio.run(self.space.begin())
        else:
            drive(self.space.begin())
        _MADE.append(self.space)

    def reset(self) -> None:
        drive(SpaceOperations(self.space, self.gateway.spaces).reset())

    # the wire

    def body(self, *blocks: str, user: str = "test", password: str = "test") -> bytes:
        login = f"<dogrulama><kullanici>{user}</kullanici><parola>{password}</parola></dogrulama>"
        return f"<SMS>{login}{''.join(blocks)}</SMS>".encode()

    def block(self, *numbers: str, ids: Sequence[str] = (), **fields: str) -> str:
        """One `<mesajiniz>`; the text is `Merhaba` unless given."""
        fields = {"metin": "Merhaba"} | fields
        inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items())
        own = list(ids) + [""] * len(numbers)
        gsm = "".join(
            f"<gsm messageId={quoteattr(own[at])}>{number}</gsm>" if own[at] else f"<gsm>{number}</gsm>"
            for at, number in enumerate(numbers)
        )
        return f"<mesajiniz>{inner}<alicilar>{gsm}</alicilar></mesajiniz>"

    async def posted(self, body: bytes, content_type: str = "") -> Answer:
        return await self.gateway.post(WireRequest("POST", SMS, body, content_type))

    def post(self, body: bytes, content_type: str = "") -> bytes:
        return drive(self.posted(body, content_type)).body

    def send(self, *numbers: str, ids: Sequence[str] = (), **fields: str) -> list[tuple[int, str, str]]:
        return self.results(self.post(self.body(self.block(*numbers, ids=ids, **fields))))

    def codes(self, *numbers: str, ids: Sequence[str] = (), **fields: str) -> list[int]:
        return [status for status, _, _ in self.send(*numbers, ids=ids, **fields)]

    @staticmethod
    def results(answer: bytes) -> list[tuple[int, str, str]]:
        root = etree.fromstring(answer)
        assert root.tag == "results"
        return [(int(each[0].text or ""), each[1].text or "", each[2].text or "") for each in root.iter("result")]

    def balance(self, user: str = "test") -> Decimal:
        query = f"<bakiye><dogrulama><kullanici>{user}</kullanici><parola>test</parola></dogrulama></bakiye>"
        found = re.search(rb"<miktar>([0-9.]+)</miktar>", self.post(query.encode()))
        assert found is not None
        return Decimal(found[1].decode())

    async def pulled(self, *, user: str = "test", password: str = "test", **more: str) -> bytes:
        query = urlencode({"kullanici": user, "parola": password, **more})
        return (await self.gateway.pull(WireRequest("GET", f"{SMS}pull?{query}"))).body

    def pull(self, **more: str) -> bytes:
        return drive(self.pulled(**more))

    def reports(self, **more: str) -> list[dict[str, str]]:
        return self.read_reports(self.pull(**more))

    @staticmethod
    def read_reports(answer: bytes) -> list[dict[str, str]]:
        if answer == b"NO_DATA":
            return []
        return [dict(each.attrib) for each in etree.fromstring(answer)]

    # what was kept and written down

    def journal(self) -> list[dict[str, Any]]:
        return [rendered(entry) for entry in self.space.journal]

    def why(self) -> list[tuple[str, str, str]]:
        """Kind, clause and path of each note of the newest entry."""
        return [(n["kind"], n["clause"], n["path"]) for n in self.journal()[-1]["explanation"]]

    def later(self, seconds: float) -> None:
        self.clock.advance(round(seconds * SECOND))

    def messages(self) -> list[MessageState]:
        """All messages, oldest first."""
        newest_first = drive(self.space.store.messages(EVERYTHING, now=self.clock.now(), limit=1_000_000))
        return list(reversed(newest_first))

    def batches(self) -> list[Batch]:
        """What was accepted, one batch for each message of a request."""
        return [message.batch for message in self.messages() if message.index == 0]

    def sent(self) -> Batch:
        """The newest batch."""
        return self.batches()[-1]


_MADE: list[Space] = []
"""The spaces of the running test."""

_LOOKED_AT = 40
"""Entries of a journal that are compared: some tests write thousands."""


@pytest.fixture(autouse=True)
def keepable() -> Iterator[None]:
    """After each test of the gateway: its spaces and their journals can be kept as bytes, and go on from them."""
    _MADE.clear()
    yield
    for space in _MADE[-3:]:
        for numbered in list(space.journal)[-_LOOKED_AT:]:
            again = kept_entries.decoded(kept_entries.encoded(numbered))
            for language in get_args(Language):
                assert rendered(numbered, language=language) == rendered(again, language=language)
        octets = kept.state_of(space)
        state = kept.read(octets)
        assert space.blueprint == state.blueprint
        resumed = Space(space.name, state.blueprint, MemoryStore(), ControlledClock(), SeededIds(0), FakePusher())
        kept.resume(resumed, state, map(kept_entries.encoded, space.journal))
        assert octets == kept.state_of(resumed)
    _MADE.clear()


@pytest.fixture(scope="session")
def world() -> Callable[..., World]:
    """Makes worlds: `world(readings={"dates": "padded"})`."""
    return World


@pytest.fixture
def kobikom() -> World:
    """A world with every default."""
    return World()
