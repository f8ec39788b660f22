"""A server without sockets for the tests of operations: registry, gateway, operations and control API."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar

import msgspec
import pytest

from kobikom_emulator.bootstrap import blueprint_of, build_space
from kobikom_emulator.control.api import ControlApi
from kobikom_emulator.control.guard import Guard
from kobikom_emulator.control.public_address import PublicAddress
from kobikom_emulator.domain.matching import MessageMatch
from kobikom_emulator.exchange import WireRequest
from kobikom_emulator.gateway.gateway import Gateway
from kobikom_emulator.gateway.push_loop import PushLoop
from kobikom_emulator.operations.space import SpaceOperations
from kobikom_emulator.operations.spaces import NewSpace, ServerOperations
from kobikom_emulator.ports import PushResponse, PushResult
from kobikom_emulator.settings import Settings
from kobikom_emulator.space.registry import SpaceRegistry
from kobikom_emulator.space.scenario import ClockChange
from kobikom_emulator.space.space import Space

T = TypeVar("T")

START = "2026-01-31T09:00:00+03:00"
FROZEN = {"set": START, "freeze": True}


class Receivers:
    """Pushes to an address that ends with `/fails` are answered with HTTP 500, others with 200."""

    async def push(self, url: str, body: bytes) -> PushResult:
        return PushResult(PushResponse(500 if url.endswith("/fails") else 200))

    def address_problem(self, url: str) -> str:
        return ""

    async def close(self) -> None:
        """Nothing is open."""


class Server:
    """A server in a loop of its own that runs only while it is asked something."""

    def __init__(self, scenario: dict[str, Any] | None = None) -> None:
        self._runner = asyncio.Runner()
        document = None if scenario is None else json.dumps(scenario).encode()
        receivers: Any = Receivers()

        def build(name: str, blueprint: Any) -> Space:
            return build_space(name, blueprint, receivers)

        default = build("default", blueprint_of(Settings(), document))
        self.registry = SpaceRegistry(default, build=build, run_pushes=lambda space: PushLoop(space).run())
        self.operations = ServerOperations(self.registry)
        self.gateway = Gateway(self.registry)
        self._control = ControlApi(self.operations, version="0", address=PublicAddress("http://kobikom"), guard=Guard())
        self.run(self.registry.start())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(work)

    def close(self) -> None:
        self.run(self.registry.stop())
        self._runner.close()

    def open(self, **wanted: Any) -> SpaceOperations:
        """A space whose clock stands still unless another is wanted."""
        return self.run(self.operations.open(msgspec.convert({"clock": FROZEN} | wanted, NewSpace)))

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and JSON of a control API request below `/_emulator`."""
        sent = b"" if body is None else json.dumps(body).encode()
        answer = self.run(self._control.answer(method, f"/_emulator{path}", sent, {"X-Kobikom": "1"}))
        return answer.status, json.loads(answer.body) if answer.body else None

    def state(self, space: SpaceOperations) -> bytes:
        """The exported document of a space."""
        return b"".join(self.run(space.export_state()))

    def _gateway_to(self, space: str) -> Any:
        return self.gateway.within(space) if space else self.gateway

    def post(self, xml: str, *, space: str = "") -> tuple[Any, ...]:
        """What the vendor's client gets: HTTP status, body, and how it is sent. `space` is one that the path names."""
        answer = self.run(self._gateway_to(space).post(WireRequest("POST", "/api/sendsms/xml/", xml.encode())))
        return answer.status, answer.body, answer.transmission

    def send(self, user: str, password: str, *numbers: str, space: str = "", **fields: str) -> tuple[Any, ...]:
        """A send; a number may be followed by `#` and the customer's id."""
        gsm = "".join(
            f'<gsm messageId="{own}">{number}</gsm>' if own else f"<gsm>{number}</gsm>"
            for number, _, own in (each.partition("#") for each in numbers)
        )
        inner = "".join(f"<{name}>{value}</{name}>" for name, value in ({"metin": "Merhaba"} | fields).items())
        recipients = f"<alicilar>{gsm}</alicilar>"
        return self.post(f"<SMS>{login(user, password)}<mesajiniz>{inner}{recipients}</mesajiniz></SMS>", space=space)

    def balance(self, user: str, password: str, *, space: str = "") -> tuple[Any, ...]:
        return self.post(f"<bakiye>{login(user, password)}</bakiye>", space=space)

    def pull(self, user: str, password: str, message_id: str = "", *, space: str = "") -> tuple[Any, ...]:
        more = f"&messageid={message_id}" if message_id else ""
        target = f"/api/sendsms/xml/pull?kullanici={user}&parola={password}{more}"
        answer = self.run(self._gateway_to(space).pull(WireRequest("GET", target)))
        return answer.status, answer.body, answer.transmission


def login(user: str, password: str) -> str:
    return f"<dogrulama><kullanici>{user}</kullanici><parola>{password}</parola></dogrulama>"


@pytest.fixture
def make_server() -> Iterator[Callable[..., Server]]:
    """Makes servers, and closes them at the end."""
    servers: list[Server] = []

    def make(**arguments: Any) -> Server:
        servers.append(Server(**arguments))
        return servers[-1]

    yield make
    for server in servers:
        server.close()


@pytest.fixture
def server(make_server: Callable[..., Server]) -> Server:
    return make_server()


LONG = 60.0
"""A time-out that is never reached."""


class Waiting:
    """Waits in the server's loop, and what happens meanwhile."""

    def __init__(self, server: Server, space: SpaceOperations) -> None:
        self.server = server
        self.space = space
        self.state = server.registry.named(space.name)
        assert self.state is not None
        self.store: Any = self.state.store

    def start(self, match: dict[str, str], count: int = 1, timeout: float = LONG) -> "asyncio.Task[Any]":
        return asyncio.ensure_future(
            self.space.messages.wait(MessageMatch(**match), count=count, timeout=timeout)  # type: ignore[arg-type]
        )

    async def send(self, *numbers: str, text: str = "Merhaba", title: str = "Kobikom") -> None:
        user = f"<SMS>{login(self.space.name, 'pw')}"
        gsm = "".join(f"<gsm>{number}</gsm>" for number in numbers)
        fields = f"<baslik>{title}</baslik><metin>{text}</metin><alicilar>{gsm}</alicilar>"
        body = f"{user}<mesajiniz>{fields}</mesajiniz></SMS>"
        answer = await self.server.gateway.post(WireRequest("POST", "/api/sendsms/xml/", body.encode()))
        assert b"<status>0" in answer.body, answer.body

    async def advance(self, seconds: float) -> None:
        await self.space.clock.change(ClockChange(advance=seconds))

    def run(self, story: Any) -> None:
        self.server.run(story(self))


@pytest.fixture
def waiting(server: Server) -> Waiting:
    space = server.open(name="waits", accounts=[{"user": "waits", "password": "pw", "credit": "999999"}])
    return Waiting(server, space)
