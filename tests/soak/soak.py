"""Rounds of traffic under faults and clock moves; after each the books are compared and the server starts again."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from kobikom_emulator import Emulator

from .books import NEVER_ALLOWED, Books, Send
from .wire import Answer, Receiver, Wire

PRICE = Decimal("0.75")
CREDIT = Decimal(100_000)
SPACES = ("first", "second", "third")
CLIENTS = 4
"""Clients of each space at the same time."""

FAULTS: tuple[dict[str, Any], ...] = (
    {"effect": {"kind": "status", "code": -26}, "when": {"probability": 0.2}},
    {"effect": {"kind": "http", "status": 503}, "when": {"probability": 0.2}},
    {"effect": {"kind": "http", "status": 502, "moment": "after"}, "when": {"probability": 0.2}},
    {"effect": {"kind": "drop", "moment": "after"}, "when": {"probability": 0.2}},
    {"effect": {"kind": "drop", "moment": "before"}, "when": {"probability": 0.2}},
    {"effect": {"kind": "truncate", "bytes": 40}, "when": {"probability": 0.2}},
    {"effect": {"kind": "garbage"}, "when": {"probability": 0.2}},
    {"effect": {"kind": "close"}, "when": {"probability": 0.2}},
)


class Failed(AssertionError):
    """The books and the server contradict each other; the message says where and with which seed."""


class Client:
    """Everything that is done in one space."""

    wire: Wire

    def __init__(self, name: str, push_url: str, draw: random.Random) -> None:
        self.name = name
        self.books = Books(CREDIT, PRICE)
        self.random = draw
        self.push_url = push_url
        self._made = 0
        self._settled = 0
        self._login = f"<dogrulama><kullanici>{name}</kullanici><parola>pw</parola></dogrulama>"

    async def begin(self, wire: Wire, state: bytes | None) -> None:
        """Open the space in a new server, as it was in the last one."""
        self.wire = wire
        account = {"user": self.name, "password": "pw", "credit": str(CREDIT), "price": str(PRICE)}
        clock = {"set": "2026-01-31T09:00:00+03:00", "freeze": True}
        await self.wire.control("POST", "/spaces", {"name": self.name, "accounts": [account], "clock": clock})
        if state is not None:
            await wire.control("PUT", f"/spaces/{self.name}/state", state)

    async def state(self) -> bytes:
        """The whole space, while no push is under way."""
        await self.wire.control("POST", f"/spaces/{self.name}/drain", {"timeout": 30})
        answer = await self.wire.ask("GET", f"/_emulator/spaces/{self.name}/state")
        assert answer is not None, "the state was not answered"
        return answer.body

    def abort(self) -> int | None:
        """After how many bytes a request is aborted; mostly it is not."""
        return self.random.randrange(400) if self.random.random() < 0.1 else None

    async def something(self) -> None:
        """One request, drawn."""
        action: Callable[[], Any] = self.random.choice(
            (
                self.send,
                self.send,
                self.send,
                self.send,
                self.pull,
                self.balance,
                self.move_clock,
                self.arm,
                self.disarm,
            )
        )
        await action()

    async def send(self) -> None:
        self._made += 1
        text = f"{self.name} {self._made}"
        draw = self.random
        recipients = tuple(f"90532{draw.randrange(10**7):07}" for _ in range(draw.randrange(1, 5)))
        if draw.random() < 0.1:
            recipients += (NEVER_ALLOWED,)
        pushed = draw.random() < 0.3
        send = self.books.sends[text] = Send(text, recipients, pushed)
        push = f"<pushurl>{self.push_url}/{self.name}</pushurl>" if pushed else ""
        numbers = "".join(f"<gsm>{number}</gsm>" for number in recipients)
        body = (
            f"<SMS>{self._login}<mesajiniz><metin>{text}</metin>{push}<alicilar>{numbers}</alicilar></mesajiniz></SMS>"
        )
        answer = await self.wire.ask("POST", "/api/sendsms/xml/", body.encode(), abort_after=self.abort())
        if answer is None or answer.status != 200 or not answer.body.rstrip().endswith(b"</results>"):
            return
        statuses = re.findall(rb"<status>(-?\d+)</status>", answer.body)
        ids = re.findall(rb"<messageid>(\d+)</messageid>", answer.body)
        if statuses == [b"0"] * len(recipients):
            send.ids = tuple(each.decode() for each in ids)
        elif len(statuses) == 1 and int(statuses[0]) < 0:
            send.refused = True

    async def pull(self) -> None:
        target = f"/api/sendsms/xml/pull?kullanici={self.name}&parola=pw"
        self._take_pull(await self.wire.ask("GET", target, abort_after=self.abort()))

    def _take_pull(self, answer: Answer | None) -> None:
        """Count the reports of an answer. Where it may have been another one, what was in it nobody knows."""
        if answer is not None and answer.status == 200 and answer.body.rstrip().endswith(b"</DeliveryReport>"):
            self.take_reports(answer.body)
        elif answer is None or answer.status != 200 or not (answer.body == b"NO_DATA" or answer.body.isdigit()):
            self.books.lost_pulls += 1

    def take_reports(self, document: bytes) -> None:
        self.books.reports.update(each.decode() for each in re.findall(rb'<message id="(\d+)"', document))

    async def balance(self) -> None:
        await self.wire.ask("POST", "/api/sendsms/xml/", f"<bakiye>{self._login}</bakiye>".encode())

    async def move_clock(self) -> None:
        change: dict[str, Any] = {"advance": self.random.choice((0, 1, 60, 3600))}
        if self.random.random() < 0.2:
            change = {"set": f"2026-01-31T{self.random.randrange(9, 23):02}:00:00+03:00"}
        await self.wire.control("POST", f"/spaces/{self.name}/clock", change)

    async def arm(self) -> None:
        await self.wire.control("POST", f"/spaces/{self.name}/faults", self.random.choice(FAULTS))

    async def disarm(self) -> None:
        await self.wire.control("DELETE", f"/spaces/{self.name}/faults")

    async def settle(self) -> None:
        """Let everything become final, be pushed and pulled."""
        await self.disarm()
        self._settled += 1
        end = f"{2026 + self._settled}-01-01T00:00:00+03:00"  # after every instant that was before
        await self.wire.control("POST", f"/spaces/{self.name}/clock", {"set": end})
        for _ in range(6):  # pushes are tried five times within 18 minutes
            await self.wire.control("POST", f"/spaces/{self.name}/drain", {"timeout": 30})
            await self.wire.control("POST", f"/spaces/{self.name}/clock", {"advance": 3600})
        answer = await self.wire.ask("GET", f"/api/sendsms/xml/pull?kullanici={self.name}&parola=pw")
        assert answer is not None, "the last pull was not answered"
        self._take_pull(answer)

    async def problems(self) -> list[str]:
        messages: list[dict[str, Any]] = []
        cursor = ""
        while True:
            page = await self.wire.control("GET", f"/spaces/{self.name}/messages?limit=1000{cursor}")
            messages += page["messages"]
            if page["next"] is None:
                break
            cursor = f"&before={page['next']}"
        [account] = (await self.wire.control("GET", f"/spaces/{self.name}/accounts"))["accounts"]
        return self.books.problems(messages, Decimal(account["credit"]))


async def soak(*, seed: int, rounds: int, requests: int, seconds: float = 0.0) -> int:
    """Rounds of `requests` requests of each client, and more of them until `seconds` are over; how many requests were
    made. `Failed` names the first contradiction.
    """
    draw = random.Random(seed)
    clients: dict[str, Client] = {}
    states: dict[str, bytes] = {}
    made, started, nth = 0, time.monotonic(), 0

    def pushed(name: str, document: bytes) -> None:
        clients[name].take_reports(document)

    async with Receiver(pushed) as receiver:
        for name in SPACES:
            clients[name] = Client(name, receiver.url, random.Random(draw.random()))
        while nth < rounds or time.monotonic() - started < seconds:
            with Emulator() as emulator:
                wire = Wire(emulator.running.host, emulator.running.port)
                for client in clients.values():
                    await client.begin(wire, states.get(client.name))
                await asyncio.gather(*[_traffic(client, requests) for client in clients.values()])
                made += requests * CLIENTS * len(clients)
                for client in clients.values():
                    # Every second restart is in the middle: with reports to pull, pushes to retry and rules armed.
                    if nth % 2:
                        await client.settle()
                        if problems := await client.problems():
                            where = f"seed {seed}, round {nth}, space {client.name}"
                            raise Failed(f"{where}: {'; '.join(problems[:5])}")
                    states[client.name] = await client.state()
            nth += 1
    return made


async def _traffic(client: Client, requests: int) -> None:
    async def one() -> None:
        for _ in range(requests):
            await client.something()

    await asyncio.gather(*[one() for _ in range(CLIENTS)])
