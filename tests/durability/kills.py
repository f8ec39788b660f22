"""Traffic on server processes that are killed again and again, and what has to be true of their store each time."""

from __future__ import annotations

import asyncio
import os
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import cycle
from pathlib import Path
from typing import Any

from .wire import Answer, Client, NoAnswer

ROOT = Path(__file__).parents[2]
READY = re.compile(rb"listening on http://([\d.]+):(\d+)")
USERS = ("first", "second")
CLIENTS = 4
"""Of each user."""

MANY = 350
"""Recipients of a large send, which a server writes in a thread."""

SLOTS = 16
"""Pushes that a server makes to one destination at one time."""

NOT_KNOWN = "whether the answer reached the client is not known"
"""What the journal says of an answer that may have been lost with the server."""

FIRES = 3
"""How often each rule fires."""


class Failed(AssertionError):
    """What the clients saw and the file contradict each other."""


class ServerProcess:
    """A `serve` process on a file or a database."""

    def __init__(self, store: str | Path) -> None:
        self._store = store

    async def start(self) -> None:
        """Start it and wait for its ready line."""
        self._process = self._begun()
        assert self._process.stdout is not None
        line = await asyncio.wait_for(asyncio.to_thread(self._process.stdout.readline), 60)
        ready = READY.search(line)
        if ready is None:
            raise Failed(f"the server did not start: {line!r}")
        self.host, self.port = ready[1].decode(), int(ready[2])

    def _begun(self) -> subprocess.Popen[bytes]:
        arguments = [
            "serve",
            "--port",
            "0",
            "--store",
            str(self._store),
            "--set",
            "clock.start=2026-01-31T09:00:00+03:00",
        ]
        for user in USERS:
            arguments += ["--account", f"{user}:test:100000"]
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("KOBIKOM_", "PYTHONPATH"))}
        return subprocess.Popen(
            [sys.executable, "-m", "kobikom_emulator", *arguments],
            env=kept | {"PYTHONPATH": str(ROOT / "emulator"), "KOBIKOM_LOG_LEVEL": "error"},
            stdout=subprocess.PIPE,
        )

    def kill(self) -> None:
        self._process.kill()

    async def ended(self) -> None:
        """Kill it, if that was not done yet, and wait for its end."""
        self.kill()
        await asyncio.to_thread(self._process.communicate)


class Receiver:
    """Takes pushes; writes down in which run of the server each report came."""

    def __init__(self) -> None:
        self.runs: dict[str, list[int]] = {}
        self.run = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/"

    async def stop(self) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"(?i)content-length: (\d+)", head)
                assert length is not None
                for message_id in Answer(200, await reader.readexactly(int(length[1]))).reports:
                    self.runs.setdefault(message_id, []).append(self.run)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                await writer.drain()
        except (OSError, EOFError):
            pass
        finally:
            writer.close()


@dataclass(slots=True)
class Sent:
    """A send. `ids` are None where its answer did not come; `refused` is the code of an answered refusal."""

    recipients: tuple[str, ...]
    pushed: bool
    ids: tuple[str, ...] | None = None
    refused: int = 0


@dataclass
class Books:
    """What the clients of one user know."""

    user: str
    sends: dict[str, Sent] = field(default_factory=dict)
    credits: dict[Decimal, bool] = field(default_factory=dict)
    """The amounts that the credit was set to, and whether that was answered."""
    pulled: Counter[str] = field(default_factory=Counter)
    lost: set[str] = field(default_factory=set)
    """The messages whose reports were given in answers that did not come."""
    unanswered_pulls: int = 0
    """Since the last comparison."""
    fired: dict[str, list[int]] = field(default_factory=dict)
    """Of each number with a rule the requests that it refused, those that it let pass, and those without an answer."""
    armed: dict[str, bool] = field(default_factory=dict)

    def problems(
        self, messages: Sequence[Mapping[str, Any]], ledger: Sequence[Mapping[str, Any]], credit: Decimal
    ) -> list[str]:
        """What contradicts the server's messages, its ledger (oldest first) and its credit."""
        by_text: dict[str, list[Mapping[str, Any]]] = {}
        for message in messages:
            by_text.setdefault(message["text"], []).append(message)
        problems = [f"{text!r} was never sent" for text in by_text.keys() - self.sends.keys()]
        for text, sent in self.sends.items():
            problems += _send_problems(text, sent, by_text.get(text, []))
        return [
            *problems,
            *self._ledger_problems(messages, ledger, credit),
            *self._report_problems(messages),
            *self._rule_problems(),
        ]

    def _ledger_problems(
        self, messages: Sequence[Mapping[str, Any]], ledger: Sequence[Mapping[str, Any]], credit: Decimal
    ) -> list[str]:
        left, charged, sets = Decimal(0), 0, Counter[Decimal]()
        problems: list[str] = []
        for line in ledger:
            amount = Decimal(line["amount"])
            match line["kind"]:
                case "charge":
                    left -= amount
                    charged += line["messages"]
                    if amount != line["messages"]:
                        problems.append(f"{line['messages']} messages were charged {amount}")
                case "set":
                    left = amount
                    sets[amount] += 1
                case _:
                    left = amount
        if left != credit:
            problems.append(f"the ledger leaves {left}, the credit is {credit}")
        if charged != len(messages):
            problems.append(f"{charged} messages were charged, there are {len(messages)}")
        for amount, answered in self.credits.items():
            if sets[amount] > 1 or (answered and sets[amount] != 1):
                problems.append(f"the credit was set to {amount} {sets[amount]} times (answered: {answered})")
        return problems

    def _report_problems(self, messages: Sequence[Mapping[str, Any]]) -> list[str]:
        problems = [f"the report of {report} was given {n} times" for report, n in self.pulled.items() if n > 1]
        problems += [f"the lost report of {report} was given again" for report in self.pulled.keys() & self.lost]
        pulls = [message for message in messages if not self.sends[message["text"]].pushed]
        given = {message["id"] for message in pulls if message["report"] == "given"}
        problems += [f"the pulled report of {report} is not given" for report in self.pulled.keys() - given]
        problems += [f"the lost report of {report} is not given any more" for report in self.lost - given]
        lost = given - self.pulled.keys() - self.lost
        if lost and not self.unanswered_pulls:
            problems.append(f"every pull was answered, but {len(lost)} reports were given to nobody")
        self.lost |= lost
        self.unanswered_pulls = 0
        return problems

    def _rule_problems(self) -> list[str]:
        problems: list[str] = []
        for number, (refused, passed, unanswered) in self.fired.items():
            if refused > FIRES:
                problems.append(f"the rule for {number} fired {refused} times")
            if self.armed[number] and passed and refused + unanswered < FIRES:
                problems.append(f"the rule for {number} let a request pass after {refused} (unanswered: {unanswered})")
        return problems


def _send_problems(text: str, sent: Sent, stored: Sequence[Mapping[str, Any]]) -> list[str]:
    ids = sorted([message["id"] for message in stored])
    recipients = sorted([message["to"] for message in stored])
    if sent.refused and stored:
        return [f"{text!r} was refused with {sent.refused} and is stored"]
    if sent.ids is not None and ids != sorted(sent.ids):
        return [f"{text!r} was accepted as {sent.ids[:3]}…, stored are {ids[:3]}…"]
    if stored and recipients != sorted(sent.recipients):
        return [f"{text!r} has {len(stored)} messages of {len(sent.recipients)}"]
    return []


class Traffic:
    """Clients of all users, until the servers on a store are killed."""

    def __init__(self, store: str | Path, seed: int, *, servers: int = 1) -> None:
        self._servers = [ServerProcess(store) for _ in range(servers)]
        self._server = self._servers[0]
        self._draw = random.Random(seed)
        self.books = {user: Books(user) for user in USERS}
        self._receiver = Receiver()
        self._names = 0
        self._until_kill = 0
        self._pushes_seen: dict[str, int] = {}

    def _event(self) -> None:
        """A request was written, or an answer came: at one of them, drawn, the server is killed."""
        self._until_kill -= 1
        if self._until_kill == 0:
            for server in self._servers:
                server.kill()

    async def _start(self) -> None:
        for server in self._servers:
            await server.start()

    async def _ended(self) -> None:
        for server in self._servers:
            await server.ended()

    async def run(self, kills: int, events: int) -> None:
        """Kill the servers so often, each time after up to so many events; compare after each start."""
        await self._receiver.start()
        try:
            for _ in range(kills):
                await self._start()
                await self._compare()
                self._until_kill = self._draw.randrange(1, events)
                clients = [(user, random.Random(self._draw.random())) for user in USERS for _ in range(CLIENTS)]
                servers = cycle(self._servers)
                await asyncio.gather(*[self._client(self.books[user], draw, next(servers)) for user, draw in clients])
                await self._ended()
                self._receiver.run += 1
            await self._start()
            await self._compare()
            await self._settle()
        finally:
            await self._ended()
            await self._receiver.stop()

    async def _client(self, books: Books, draw: random.Random, server: ServerProcess) -> None:
        async with _Watched(server.host, server.port, self._event) as client:
            try:
                while True:
                    action = draw.choice(
                        [self._send] * 6 + [self._pull] * 2 + [self._set_credit, self._refused, self._later]
                    )
                    await action(client, books, draw)
            except NoAnswer:
                return

    def _name(self, what: str) -> str:
        self._names += 1
        return f"{what} {self._names}"

    async def _send(self, client: Client, books: Books, draw: random.Random, number: str = "") -> Sent:
        count = MANY if draw.random() < 0.05 else draw.randrange(1, 4)
        pushed = not number and count < MANY and draw.random() < 0.3
        recipients = (number,) if number else tuple([f"90532{draw.randrange(10**7):07}" for _ in range(count)])
        sent, name = Sent(recipients, pushed), self._name(books.user)
        books.sends[name] = sent
        answer = await client.send(
            *recipients, text=name, push_url=self._receiver.url if pushed else "", user=books.user
        )
        if set(answer.codes) == {0}:
            sent.ids = tuple(answer.ids)
        else:
            sent.refused = answer.codes[0]
        return sent

    async def _pull(self, client: Client, books: Books, draw: random.Random) -> None:
        named = [sent.ids[0] for sent in books.sends.values() if sent.ids][-20:]
        ids = draw.sample(named, min(3, len(named))) if draw.random() < 0.3 else []
        try:
            answer = await client.pull(*ids, user=books.user)
        except NoAnswer:
            books.unanswered_pulls += 1
            raise
        if answer.body != b"NO_DATA" and not answer.reports:
            raise Failed(f"a pull was answered {answer}")
        books.pulled.update(answer.reports)

    async def _set_credit(self, client: Client, books: Books, draw: random.Random) -> None:
        self._names += 1
        amount = Decimal(100_000 + self._names)
        books.credits[amount] = False
        await client.control("PATCH", f"/accounts/{books.user}", {"credit": str(amount)})
        books.credits[amount] = True

    async def _refused(self, client: Client, books: Books, draw: random.Random) -> None:
        """Arm a rule for one number, and send to it; also in later runs of the server."""
        number = next((number for number, armed in books.armed.items() if armed and sum(books.fired[number]) < 6), "")
        if not number:
            self._names += 1
            number = f"90533{self._names:07}"
            books.armed[number], books.fired[number] = False, [0, 0, 0]
            rule = {"effect": {"kind": "status", "code": -1}, "match": {"to": number}, "when": {"times": FIRES}}
            await client.control("POST", "/faults", rule)
            books.armed[number] = True
        counts = books.fired[number]
        counts[2] += 1  # as long as it has no answer
        sent = await self._send(client, books, draw, number)
        counts[2] -= 1
        counts[0 if sent.refused else 1] += 1

    async def _later(self, client: Client, books: Books, draw: random.Random) -> None:
        await client.control("POST", "/clock", {"advance": 2})

    # comparing

    async def _compare(self) -> None:
        async with Client(self._server.host, self._server.port) as client:
            seen: Counter[str] = Counter()
            for user, books in self.books.items():
                messages = await pages(client, f"/messages?user={user}&limit=1000&", "messages")
                ledger = await pages(client, f"/ledger?user={user}&limit=1000&", "lines")
                account = await client.control("GET", f"/accounts/{user}")
                seen.update([message["id"] for message in messages])
                lost_before = set(books.lost)
                problems = books.problems(messages, ledger[::-1], Decimal(account["credit"]))
                if len(self._servers) == 1:  # other servers go on, and do not know how far a killed one came
                    problems += await _unmarked(client, user, books.lost - lost_before)
                if problems:
                    raise Failed("; ".join(problems[:5]))
            twice = [message_id for message_id, times in seen.items() if times > 1]
            if twice:
                raise Failed(f"ids were given twice: {twice[:5]}")
            problems = self._push_problems(set(seen))
            if problems:
                raise Failed("; ".join(problems[:5]))

    def _push_problems(self, ids: set[str]) -> list[str]:
        runs = self._receiver.runs
        problems = [f"a report of {report} was pushed, which is not a message" for report in runs.keys() - ids]
        again: Counter[int] = Counter()
        for report, came in runs.items():
            if len(set(came)) < len(came):
                problems.append(f"the report of {report} was pushed twice in one run")
            again.update(sorted(came)[1:])
        problems += [f"{count} reports were pushed again in run {run}" for run, count in again.items() if count > SLOTS]
        return problems

    async def _settle(self) -> None:
        """Everything is reported now, to a pull or a push."""
        async with Client(self._server.host, self._server.port) as client:
            await client.control("DELETE", "/faults")
            await client.control("POST", "/clock", {"advance": 3600})
            await client.control("POST", "/drain", {"timeout": 60})
            for user, books in self.books.items():
                books.pulled.update((await client.pull(user=user)).reports)
                waiting = [
                    message["id"]
                    for message in await pages(client, f"/messages?user={user}&limit=1000&", "messages")
                    if message["report"] != "given"
                    or (books.sends[message["text"]].pushed and message["id"] not in self._receiver.runs)
                ]
                if waiting:
                    raise Failed(f"{len(waiting)} reports were never given, such as that of {waiting[0]}")
        await self._compare()


async def _unmarked(client: Client, user: str, lost: set[str]) -> list[str]:
    """The lost reports whose pulls are in the journal without the note that their answers may be lost."""
    if not lost:
        return []
    marked: set[str] = set()
    pulls = await client.control("GET", "/journal?operation=pull&limit=1000")
    for entry in pulls["entries"]:
        if entry["user"] == user and any(NOT_KNOWN in str(note["found"]) for note in entry["explanation"]):
            marked |= lost & set(re.findall(r'id="([^"]*)"', entry["answer"]["body"]))
    return [f"the pull that lost the report of {report} is not marked" for report in lost - marked]


class _Watched(Client):
    """A client that says when a request was written and when an answer came."""

    def __init__(self, host: str, port: int, event: Any) -> None:
        super().__init__(host, port)
        self.event = event

    async def _ask(self, method: str, target: str, body: bytes) -> Answer:
        answer = await super()._ask(method, target, body)
        self.event()
        return answer

    def written(self) -> None:
        self.event()


async def pages(client: Client, path: str, name: str) -> list[dict[str, Any]]:
    """All items of a list, newest first."""
    items: list[dict[str, Any]] = []
    page = await client.control("GET", path)
    items += page[name]
    while page["next"] is not None:
        page = await client.control("GET", f"{path}before={page['next']}")
        items += page[name]
    return items
