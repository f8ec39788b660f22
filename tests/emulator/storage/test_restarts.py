"""A server that is stopped and started again on its file answers as if nothing had happened."""

import asyncio
import tempfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from kobikom_emulator.clock import ControlledClock
from kobikom_emulator.domain.account import Account
from kobikom_emulator.exchange import WireRequest
from kobikom_emulator.faults.rule import Rule
from kobikom_emulator.gateway.gateway import Gateway
from kobikom_emulator.ids import SeededIds
from kobikom_emulator.journal.rendering import rendered
from kobikom_emulator.operations.errors import OperationError
from kobikom_emulator.operations.spaces import ServerOperations
from kobikom_emulator.pusher import HttpPusher
from kobikom_emulator.space.blueprint import Blueprint, ClockStart
from kobikom_emulator.space.kept import KeepableSpace
from kobikom_emulator.space.new_space import AccountTerms, NewSpace
from kobikom_emulator.space.registry import DEFAULT, SpaceRegistry
from kobikom_emulator.space.scenario import ClockChange, Scenario
from kobikom_emulator.space.space import Space
from kobikom_emulator.storage.memory import MemoryStore
from kobikom_emulator.storage.sqlite import Database, SqliteStore
from kobikom_emulator.storage.sqlite.keeper import SqliteKeeper

START = 1_769_839_200_000
BLUEPRINT = Blueprint((Account("test", "test", credit=Decimal(20)),), seed=3, clock=ClockStart(at=START, frozen=True))
SMS = "/api/sendsms/xml/"


class Server:
    """The spaces of a server, in memory or in a file, without sockets."""

    def __init__(self, file: Path | None, blueprint: Blueprint = BLUEPRINT) -> None:
        self._file = file
        self._blueprint = blueprint

    async def start(self) -> None:
        self._database = None if self._file is None else Database(self._file)
        kept = {} if self._database is None else {space.name: space for space in self._database.kept_spaces()}
        self._pusher = HttpPusher(allowed="none", content_type="text/plain")
        free = None if self._database is None else self._database.free
        self.registry = SpaceRegistry(self._build(DEFAULT, self._blueprint), build=self._build, before_build=free)
        if DEFAULT in kept:
            await self.registry.resume(kept.pop(DEFAULT))
        else:
            await self.registry.start()
        for space in kept.values():
            await self.registry.resume(space)
        self.gateway = Gateway(self.registry)
        self.operations = ServerOperations(self.registry)

    def _build(self, name: str, blueprint: Blueprint) -> Space:
        clock, ids = ControlledClock(), SeededIds(blueprint.seed)
        if self._database is None:
            return Space(name, blueprint, MemoryStore(), clock, ids, self._pusher)
        number = self._database.space(name)
        space = Space(name, blueprint, SqliteStore(self._database, number), clock, ids, self._pusher)
        space.keeper = SqliteKeeper(self._database, number, KeepableSpace(space))
        return space

    async def stop(self) -> None:
        await self.registry.stop()
        await self._pusher.close()
        if self._database is not None:
            await self._database.close()

    async def everything(self) -> list[Any]:
        """What each space is: its state, and its journal in both languages."""
        spaces: list[Any] = []
        for space in sorted(self.registry, key=lambda space: space.name):
            state = b"".join(await self.operations.space(space.name).export_state())
            journal = [rendered(entry, language=language) for entry in space.journal for language in ("en", "tr")]
            spaces.append((space.name, state, journal, msgspec.to_builtins(space.blueprint)))
        return spaces


async def done(server: Server, step: Sequence[Any]) -> Any:
    """Take a step; its outcome."""
    kind, *values = step
    space = server.operations.space()
    try:
        match kind:
            case "post":
                return (await server.gateway.post(WireRequest("POST", SMS, values[0].encode(), "text/xml"))).sent_body
            case "pull":
                target = f"{SMS}pull?kullanici={values[0]}&parola={values[1]}"
                return (await server.gateway.pull(WireRequest("GET", target))).sent_body
            case "advance":
                return await space.clock.change(ClockChange(advance=values[0]))
            case "fault":
                return await space.faults.arm(msgspec.json.decode(values[0], type=Rule))
            case "credit":
                return await space.accounts.change("test", AccountTerms(credit=Decimal(values[0])))
            case "play":
                return await space.play(msgspec.json.decode(values[0], type=Scenario))
            case "open":
                return (await server.operations.open(NewSpace(name=values[0]))).blueprint
            case "close":
                return await server.operations.close(values[0])
            case "reset":
                return await space.reset()
    except OperationError as error:
        return str(error)
    raise AssertionError(kind)


def login(user: str, password: str = "test") -> str:
    return f"<dogrulama><kullanici>{user}</kullanici><parola>{password}</parola></dogrulama>"


USERS = st.sampled_from(["test", "test", "test", "team", "nobody"])
NUMBERS = st.lists(
    st.sampled_from(["905321234567", "905421234567", "905990000001", "905990000002", "123", ""]), min_size=1, max_size=4
)
TEXTS = st.sampled_from(["Merhaba", "çok uzun " * 30, "İyi günler", ""])
FAULTS = st.sampled_from(
    [
        '{"effect": {"kind": "status", "code": -1}, "when": {"skip": 1, "times": 1}}',
        '{"effect": {"kind": "status", "code": -3, "scope": "recipient"}, "when": {"probability": 0.5}}',
        '{"effect": {"kind": "garbage"}, "when": {"probability": 0.5}}',
        '{"effect": {"kind": "reports", "change": "repeated"}, "when": {"times": 2}}',
        '{"effect": {"kind": "as-printed"}, "match": {"operation": "send"}, "when": {"times": 1}}',
        '{"effect": {"kind": "http", "status": 503}, "when": {"skip": 2, "times": 1}}',
    ]
)
SCENARIOS = st.sampled_from(
    [
        '{"readings": {"message-id": "10-digits"}}',
        '{"steps": [{"after": {"operation": "send", "count": 2}, "advance": 3}]}',
        '{"delivery": {"outcomes": [{"status": "DELIVERED"}, {"status": "NOT_DELIVERED"}], "jitter": 5}}',
    ]
)


@st.composite
def sends(draw: st.DrawFn) -> tuple[str, str]:
    """A send of one or two messages, to recipients of any kind."""
    blocks = ""
    for _ in range(draw(st.integers(1, 2))):
        own = draw(st.sampled_from(["", " messageId='a'", " messageId='b'"]))
        gsm = "".join(f"<gsm{own if nth == 0 else ''}>{number}</gsm>" for nth, number in enumerate(draw(NUMBERS)))
        push = draw(st.sampled_from(["", "", "<pushurl>http://127.0.0.1:9/x</pushurl>"]))
        blocks += f"<mesajiniz><metin>{draw(TEXTS)}</metin>{push}<alicilar>{gsm}</alicilar></mesajiniz>"
    return "post", f"<SMS>{login(draw(USERS))}{blocks}</SMS>"


STEPS = st.one_of(
    sends(),
    sends(),
    st.tuples(st.just("pull"), USERS, st.just("test")),
    st.tuples(st.just("advance"), st.sampled_from([0, 1, 2, 3600, 200_000])),
    USERS.map(lambda user: ("post", f"<bakiye>{login(user)}</bakiye>")),
    USERS.map(lambda user: ("post", f"<basliklar>{login(user)}</basliklar>")),
    st.just(("post", "<SMS><mesajiniz>")),
    st.tuples(st.just("fault"), FAULTS),
    st.tuples(st.just("play"), SCENARIOS),
    st.tuples(st.just("credit"), st.sampled_from([0, 3, 50])),
    st.sampled_from([("open", "team"), ("close", "team"), ("reset",)]),
)


@given(steps=st.lists(STEPS, max_size=14), restarts=st.sets(st.integers(0, 13)))
@settings(deadline=None)
def test_restarts_change_no_byte(steps: list[Sequence[Any]], restarts: set[int]) -> None:
    """Any history with a frozen clock, cut by restarts anywhere, gives the answers of the uncut one in memory, and
    leaves the same state, journal and blueprint in each space.
    """

    async def played(server: Server, cuts: set[int]) -> list[Any]:
        outcomes: list[Any] = []
        await server.start()
        for nth, step in enumerate(steps):
            outcomes.append(await done(server, step))
            if nth in cuts:
                await server.stop()
                await server.start()
        outcomes.append(await server.everything())
        await server.stop()
        return outcomes

    with tempfile.TemporaryDirectory() as folder:
        uncut = asyncio.run(played(Server(None), set()))
        cut = asyncio.run(played(Server(Path(folder) / "store.sqlite"), restarts))
    assert uncut == cut
