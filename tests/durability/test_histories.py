"""The checker of histories passes what can have happened and names what cannot; then it judges a server."""

from __future__ import annotations

import asyncio
import random
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .conftest import AT_ONCE, serving
from .histories import Balance, History, Pull, Send
from .wire import Client

CLIENTS = 64
REQUESTS = 40
"""Of each client."""

CREDIT = 1_000_000


@st.composite
def linear_histories(draw: st.DrawFn) -> History:
    """Requests that took effect one after the other, each at an instant between its begin and its end."""
    history, spent, ready = History(), 0, list[str]()
    for at in range(draw(st.integers(0, 12))):
        began, ended = at - draw(st.floats(0, 5)), at + draw(st.floats(0, 5))
        match draw(st.sampled_from(["send", "unanswered", "lost", "balance", "pull"])):
            case "send":
                spent += 1
                ready.append(str(at))
                history.sends.append(Send(began, ended, str(at)))
            case "unanswered":
                spent += 1
                ready.append(str(at))
                history.sends.append(Send(began, ended, None))
            case "lost":
                history.sends.append(Send(began, ended, None))
            case "balance":
                history.balances.append(Balance(began, ended, spent))
            case _:
                history.pulls.append(Pull(began, ended, tuple(ready)))
                ready.clear()
    return history


@given(linear_histories())
def test_what_happened_one_after_the_other_has_no_problem(history: History) -> None:
    """Whatever the requests overlap."""
    assert [] == history.problems()


SENT = Send(1, 2, "a")


@pytest.mark.parametrize(
    ("history", "problem"),
    [
        (History([SENT], [Balance(3, 4, 0)]), "before which more had ended"),
        (History([SENT], [Balance(-1, 0, 1)]), "before which at most 0 began"),
        (History([SENT], [Balance(0, 3, 2)]), "before which at most 1 began"),
        (History([Send(0, 9, "a")], [Balance(1, 2, 1), Balance(3, 4, 0)]), "an earlier one less"),
        (History([Send(0, 9, None)], [Balance(1, 2, 1), Balance(3, 4, 0)]), "an earlier one less"),
        (History([Send(0, 1, "a"), Send(4, 5, "b")], [Balance(2, 9, 0)]), "before which more had ended"),
        (History([Send(0, 9, "a"), Send(4, 5, "b")], [Balance(2, 3, 0), Balance(6, 7, 0)]), "more had ended"),
        (History([SENT], pulls=[Pull(3, 4, ("a",)), Pull(5, 6, ("a",))]), "the report of a was given 2 times"),
        (History([SENT], pulls=[Pull(3, 4, ())]), "did not give the report of a"),
        (History([SENT], pulls=[Pull(3, 4, ()), Pull(5, 6, ("a",))]), "did not give the report of a"),
        (History([SENT], pulls=[Pull(-1, 0, ("a",))]), "given before it was sent"),
        (History([], pulls=[Pull(0, 1, ("a",))]), "which nobody sent"),
        (History([SENT, Send(3, 4, "a")]), "two messages have the same id"),
    ],
)
def test_what_cannot_have_happened_is_named(history: History, problem: str) -> None:
    """Each kind of contradiction."""
    assert any([problem in found for found in history.problems()])


class Recorder:
    """A client that sends, asks and pulls as it draws, and writes down what it saw."""

    def __init__(self, client: Client, user: str, history: History, draw: random.Random) -> None:
        self._client, self._user, self._history, self._draw = client, user, history, draw

    async def run(self, requests: int) -> None:
        for _ in range(requests):
            began = time.monotonic()
            match self._draw.choice(["send", "send", "send", "balance", "pull"]):
                case "send":
                    sent = await self._client.send(f"90532{self._draw.randrange(10**7):07}", user=self._user)
                    assert [0] == sent.codes
                    self._history.sends.append(Send(began, time.monotonic(), sent.ids[0]))
                case "balance":
                    spent = CREDIT - int(float((await self._client.balance(self._user)).amount))
                    self._history.balances.append(Balance(began, time.monotonic(), spent))
                case _:
                    reports = (await self._client.pull(user=self._user)).reports
                    self._history.pulls.append(Pull(began, time.monotonic(), tuple(reports)))


async def test_what_many_clients_see_is_linearizable(tmp_path: Path) -> None:
    """64 clients of four accounts at a server with a file; afterwards credit, messages and reports are in balance."""
    users = [f"user{nth}" for nth in range(4)]
    histories = {user: History() for user in users}
    draw = random.Random(3)
    async with serving(tmp_path / "f", delivery=AT_ONCE) as server:
        clients = [Client(server.host, server.port) for _ in range(CLIENTS)]
        for user in users:
            await clients[0].control("PUT", f"/accounts/{user}", {"password": "test", "credit": CREDIT})
        recorders = [
            Recorder(client, users[nth % 4], histories[users[nth % 4]], random.Random(draw.random()))
            for nth, client in enumerate(clients)
        ]
        await asyncio.gather(*[recorder.run(REQUESTS) for recorder in recorders])
        assert CLIENTS * REQUESTS == sum(
            [len(history.sends) + len(history.balances) + len(history.pulls) for history in histories.values()]
        )
        for user, history in histories.items():
            assert [] == history.problems(), user
            left = await clients[0].pull(user=user)
            given_before = [message_id for pull in history.pulls for message_id in pull.ids]
            assert sorted([send.message_id or "" for send in history.sends]) == sorted([*given_before, *left.reports])
            assert CREDIT - len(history.sends) == int(float((await clients[0].balance(user)).amount))
        for client in clients:
            client.close()
