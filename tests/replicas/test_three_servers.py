"""Three server processes under load, of which one is killed and replaced: nothing is lost, and all is in one order."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from itertools import count

from tests.durability.histories import Balance, History, Pull, Send
from tests.durability.kills import ServerProcess, pages
from tests.durability.wire import Client, NoAnswer
from tests.postgresql import Cluster

CLIENTS = 64
REQUESTS = 12
"""Of each client; script/soak makes more."""

USERS = ("first", "second")
CREDIT = 100_000
AT_ONCE = {"outcomes": [{"status": "DELIVERED", "after": 0}]}
"""Every report exists with its message."""


class Recorder:
    """A client of one user that goes on at the next server when its own is killed, and writes down what it saw."""

    def __init__(self, user: str, history: History, draw: random.Random) -> None:
        self._user, self._history, self._draw = user, history, draw
        self.lost_pulls = 0

    async def run(self, requests: int, servers: list[ServerProcess], nth: int) -> None:
        made = 0
        for place in count(nth):
            server = servers[place % len(servers)]
            try:
                async with Client(server.host, server.port) as client:
                    while made < requests:
                        made += 1
                        await self._one(client)
                    return
            except (NoAnswer, OSError):
                continue

    async def _one(self, client: Client) -> None:
        began = time.monotonic()
        match self._draw.choice(["send", "send", "send", "balance", "pull"]):
            case "send":
                try:
                    sent = await client.send(f"90532{self._draw.randrange(10**7):07}", user=self._user)
                except NoAnswer:
                    self._history.sends.append(Send(began, time.monotonic(), None))
                    raise
                assert [0] == sent.codes
                self._history.sends.append(Send(began, time.monotonic(), sent.ids[0]))
            case "balance":
                spent = CREDIT - int(float((await client.balance(self._user)).amount))
                self._history.balances.append(Balance(began, time.monotonic(), spent))
            case _:
                try:
                    reports = (await client.pull(user=self._user)).reports
                except NoAnswer:
                    self.lost_pulls += 1
                    raise
                self._history.pulls.append(Pull(began, time.monotonic(), tuple(reports)))


async def run(store: str, *, requests: int, seed: int = 1) -> None:
    """Let 64 clients make so many requests each, while one of three servers is killed and another one is started."""
    servers = [ServerProcess(store) for _ in range(4)]
    for server in servers[:3]:
        await server.start()
    async with Client(servers[0].host, servers[0].port) as client:
        for user in USERS:
            terms = {"password": "test", "credit": CREDIT, "delivery": AT_ONCE}
            await client.control("PUT", f"/accounts/{user}", terms)
    draw = random.Random(seed)
    histories = {user: History() for user in USERS}
    serving = servers[:3]
    users = [USERS[nth % len(USERS)] for nth in range(CLIENTS)]
    recorders = [Recorder(user, histories[user], random.Random(draw.random())) for user in users]
    try:
        working = [asyncio.ensure_future(each.run(requests, serving, nth)) for nth, each in enumerate(recorders)]
        while sum(len(history.sends) for history in histories.values()) < CLIENTS * requests // 4:
            for ended in (await asyncio.wait(working, timeout=0.05))[0]:
                ended.result()
        serving[0].kill()
        await servers[3].start()
        serving[0] = servers[3]
        await asyncio.gather(*working)
        for user, history in histories.items():
            lost = sum(each.lost_pulls for each, whose in zip(recorders, users, strict=True) if whose == user)
            await _check(serving, user, history, lost)
    finally:
        for server in servers:
            await server.ended()


async def _check(servers: list[ServerProcess], user: str, history: History, lost_pulls: int) -> None:
    """What one server says of a user is what the others say, and what the clients saw."""
    async with Client(servers[0].host, servers[0].port) as client:
        messages = await pages(client, f"/messages?user={user}&limit=1000&", "messages")
        left = (await client.pull(user=user)).reports
    answered = [send.message_id for send in history.sends if send.message_id is not None]
    unanswered = len(history.sends) - len(answered)
    stored = [message["id"] for message in messages]
    assert 1 == max(Counter(stored).values(), default=1)
    assert set(answered) <= set(stored)
    assert len(stored) <= len(answered) + unanswered
    for server in servers:
        async with Client(server.host, server.port) as client:
            assert CREDIT - len(stored) == int(float((await client.balance(user)).amount))
    pulled = [message_id for pull in history.pulls for message_id in pull.ids]
    ready = {message["id"] for message in messages if message["report"] == "given"} - {*pulled, *left}
    assert lost_pulls or not ready, "reports were given to nobody"
    seen = [send for send in history.sends if send.message_id not in ready]
    problems = History(seen, [], history.pulls).problems() + History(history.sends, history.balances).problems()
    assert [] == [problem for problem in problems if "nobody sent" not in problem or not unanswered]


async def test_what_clients_of_three_servers_see_is_linearizable(postgresql_server: Cluster) -> None:
    """Every acknowledged send is there and charged once, each report was given once, balances fit into one order."""
    await run(await postgresql_server.new_database(), requests=REQUESTS)
