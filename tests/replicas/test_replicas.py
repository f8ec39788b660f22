"""What one server does is true on the others at once: every test asks them in turns."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from tests.durability.conftest import AT_ONCE, FROZEN
from tests.durability.wire import SMS, Client, order

from kobikom_emulator.domain.delivery import Status
from kobikom_emulator.domain.terms import DeliveryOutcome, DeliverySettings
from kobikom_emulator.ports import PushResponse, PushResult
from kobikom_emulator.space.blueprint import Limits
from kobikom_emulator.storage.postgresql.lock import SpaceLock

from .conftest import serving

NUMBER = "905321234567"


async def test_ids_credit_and_journal_go_on_from_server_to_server(store: str) -> None:
    """Ids follow each other, each send is charged once, and each entry has a number of its own (S-02, C-04)."""
    async with serving(store) as one, serving(store) as other:
        answers = [await client.send(NUMBER) for client in (one, other, other, one)]
        ids = [int(answer.ids[0]) for answer in answers]
        assert list(range(ids[0], ids[0] + 4)) == ids
        assert ["996.000"] * 2 == [(await client.balance()).amount for client in (one, other)]
        for client in (one, other):
            entries = (await client.control("GET", "/journal"))["entries"]
            assert [6, 5, 4, 3, 2, 1] == [entry["id"] for entry in entries]
            assert 4 == len((await client.control("GET", "/messages"))["messages"])


async def test_each_report_is_given_by_one_server(store: str) -> None:
    """The first that asks gets all of them, in order; nobody gets one again (R-02, R-03)."""
    async with serving(store, delivery=AT_ONCE) as one, serving(store, delivery=AT_ONCE) as other:
        sent = [(await client.send(NUMBER)).ids[0] for client in (one, other, one)]
        assert sent == (await other.pull()).reports
        assert b"NO_DATA" == (await one.pull()).body
        again = (await one.send(NUMBER)).ids[0]
        both = await asyncio.gather(one.pull(), other.pull())
        assert [again] == [report for answer in both for report in answer.reports]


async def test_settings_of_a_space_are_shared(store: str) -> None:
    """Clock, readings, accounts, faults with their counters, webhooks and a reset."""
    async with serving(store, clock=FROZEN) as one, serving(store, clock=FROZEN) as other:
        await one.control("POST", "/clock", {"advance": 60})
        assert "2026-01-31T09:01:00" in str((await other.control("GET", "/clock"))["now"])
        await other.control("PATCH", "/readings", {"pull-refusal": "positive"})
        refused = await one.ask("GET", f"{SMS}pull?kullanici=test&parola=wrong")
        assert refused.body.isdigit()
        await one.control("PUT", "/accounts/new", {"password": "test", "credit": "3"})
        assert [0] == (await other.send(NUMBER, user="new")).codes
        rule = {"effect": {"kind": "status", "code": -1}, "when": {"times": 2, "skip": 1}}
        await other.control("POST", "/faults", rule)
        codes = [(await client.send(NUMBER)).codes[0] for client in (one, other, one, other)]
        assert [0, -1, -1, 0] == codes
        secret = "whsec_" + "QUJD" * 12
        hook = {"url": "http://127.0.0.1:9/", "secret": secret, "events": ["message.refused"]}
        await one.control("POST", "/webhooks", hook)
        assert 1 == len((await other.control("GET", "/webhooks"))["webhooks"])
        await other.control("POST", "/reset")
        assert [] == (await one.control("GET", "/messages"))["messages"]
        assert [] == (await one.control("GET", "/faults"))["faults"]
        assert "1000.000" == (await one.balance()).amount


async def test_the_journal_has_the_limits_of_the_newest_server(store: str) -> None:
    """On all servers, smaller ones and larger ones; in the database as well."""

    async def numbers(*clients: Client) -> list[list[int]]:
        return [[entry["id"] for entry in (await client.control("GET", "/journal"))["entries"]] for client in clients]

    async with serving(store) as one:
        for _ in range(6):
            await one.send(NUMBER)
        async with serving(store, limits=Limits(journal_entries=3)) as other:
            await other.send(NUMBER)
            assert [[7, 6, 5]] * 2 == await numbers(other, one)
            await one.send(NUMBER)
            assert [[8, 7, 6]] * 2 == await numbers(other, one)
        async with serving(store, limits=Limits(journal_entries=4)) as other:
            for client in (one, other, one):
                await client.send(NUMBER)
            assert [[11, 10, 9, 8]] * 2 == await numbers(other, one)


async def test_spaces_are_opened_and_closed_on_all_servers(store: str) -> None:
    """A space that one opened is used on the other at once, by user, by path and by the control API; so is its end."""
    async with serving(store) as one, serving(store) as other:
        assert 201 == await opened(one, "orders", "o")
        assert [0] == (await other.send(NUMBER, user="o")).codes
        assert 201 == await opened(one, "more", "m")
        assert [0] == (await other.ask("POST", f"/s/more{SMS}", order(NUMBER, text="x", user="m"))).codes
        listed = json.loads((await other.ask("GET", "/_emulator/spaces")).body)["spaces"]
        assert [("default", 0), ("orders", 1), ("more", 1)] == [(space["name"], space["messages"]) for space in listed]
        assert 409 == await opened(other, "third", "o")
        assert 204 == (await other.ask("DELETE", "/_emulator/spaces/orders")).status
        assert 404 == (await one.ask("GET", "/_emulator/spaces/orders/messages")).status
        assert 404 == (await one.ask("POST", f"/s/orders{SMS}", order(NUMBER, text="x", user="o"))).status
        assert [0] != (await one.send(NUMBER, user="o")).codes
        assert 201 == await opened(one, "orders", "o")
        assert [0] == (await other.send(NUMBER, user="o")).codes


async def test_a_space_in_use_is_closed_on_all_servers(store: str) -> None:
    """Closed on one server while another works in it: the space is gone on both, each request gets an answer."""
    async with serving(store) as one, serving(store) as other:
        for _ in range(10):
            assert 201 == await opened(one, "busy", "b")
            sent = [one.ask_beside("POST", f"/s/busy{SMS}", order(NUMBER, text="x", user="b")) for _ in range(4)]
            looked = [one.ask_beside("GET", "/_emulator/spaces/busy/messages") for _ in range(4)]
            answers = await asyncio.gather(other.ask_beside("DELETE", "/_emulator/spaces/busy"), *sent, *looked)
            assert {200, 204, 404} >= {answer.status for answer in answers}
            for client in (one, other):
                assert 404 == (await client.ask("GET", "/_emulator/spaces/busy/messages")).status
                assert ["default"] == [
                    space["name"] for space in json.loads((await client.ask("GET", "/_emulator/spaces")).body)["spaces"]
                ]


async def test_a_space_is_closed_while_it_is_read(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One server closes a space while the other one takes over what was sent in it."""
    reading, may_read = asyncio.Event(), asyncio.Event()
    read_version = SpaceLock._read_version

    async def read_late(lock: SpaceLock) -> None:
        if lock.name == "busy" and may_wait:
            reading.set()
            await may_read.wait()
        await read_version(lock)

    may_wait = False
    monkeypatch.setattr(SpaceLock, "_read_version", read_late)
    async with serving(store) as one, serving(store) as other:
        assert 201 == await opened(one, "busy", "b")
        assert [0] == (await other.send(NUMBER, user="b")).codes
        assert 200 == (await one.ask("GET", "/_emulator/spaces/busy/messages")).status
        may_wait = True
        assert [0] == (await other.send(NUMBER, user="b")).codes
        await reading.wait()
        assert 204 == (await other.ask("DELETE", "/_emulator/spaces/busy")).status
        meanwhile = await one.ask("GET", "/_emulator/spaces/busy/messages")
        may_read.set()
        assert [404, 404] == [meanwhile.status, (await one.ask("GET", "/_emulator/spaces/busy/messages")).status]


async def opened(client: Client, name: str, user: str) -> int:
    """The status of the answer to a space with one account."""
    wanted = {"name": name, "accounts": [{"user": user, "password": "test", "credit": "10"}]}
    return (await client.ask("POST", "/_emulator/spaces", json.dumps(wanted).encode())).status


async def test_one_of_two_opens_a_space_of_a_name(store: str) -> None:
    """Asked at the same time; the other one is refused with a conflict, or because the user is taken."""
    async with serving(store) as one, serving(store) as other:
        assert [201, 409] == sorted(await asyncio.gather(*[opened(client, "wanted", "w") for client in (one, other)]))
        for client in (one, other):
            assert [0] == (await client.send(NUMBER, user="w")).codes


async def test_a_wait_on_one_server_sees_a_message_on_the_other(store: str) -> None:
    """NOTIFY wakes it, also for a change of a plan."""
    async with serving(store) as one, serving(store) as other:
        waiting = asyncio.ensure_future(
            one.control("POST", "/messages/wait", {"match": {"text": "Merhaba"}, "count": 1, "timeout": 30})
        )
        await one_waits(other)
        await other.send(NUMBER)
        assert 1 == len((await waiting)["messages"])


async def one_waits(client: Client) -> None:
    """Some requests, during which the other one begins to wait."""
    for _ in range(3):
        await client.balance()


class Pushes:
    """Takes pushes, and writes down which server made each."""

    def __init__(self) -> None:
        self.came: list[tuple[str, str]] = []
        self.changed = asyncio.Condition()

    def pusher(self, name: str) -> Any:
        outer = self

        class Taking:
            async def push(self, url: str, body: bytes, **_: Any) -> PushResult:
                async with outer.changed:
                    outer.came.append((name, body.decode()))
                    outer.changed.notify_all()
                return PushResult(PushResponse(200))

            def address_problem(self, url: str) -> str:
                return ""

            async def close(self) -> None:
                return None

        return Taking()

    async def until(self, count: int) -> None:
        async with self.changed:
            await asyncio.wait_for(self.changed.wait_for(lambda: len(self.came) >= count), 30)


async def test_each_report_is_pushed_by_one_server_and_taken_over_when_it_ends(store: str) -> None:
    """One server makes the pushes of a space, also for messages that others accepted; then another one does."""
    pushes, url = Pushes(), "http://127.0.0.1:9/push"
    late = DeliverySettings(outcomes=(DeliveryOutcome(Status.DELIVERED, 1),))
    async with serving(store, pusher=pushes.pusher("second"), clock=FROZEN, delivery=late) as second_later:
        async with serving(store, pusher=pushes.pusher("first"), clock=FROZEN, delivery=late) as other:
            sent = [(await client.send(NUMBER, push_url=url)).ids[0] for client in (second_later, other, other)]
            await other.control("POST", "/clock", {"advance": 2})
            await pushes.until(3)
            await other.control("POST", "/drain", {"timeout": 30})
        assert {"second"} == {name for name, _ in pushes.came}
        assert sorted(sent) == sorted([body.partition('id="')[2].partition('"')[0] for _, body in pushes.came])
        async with serving(store, pusher=pushes.pusher("third"), clock=FROZEN, delivery=late) as third:
            await third.send(NUMBER, push_url=url)
            await second_later.control("POST", "/clock", {"advance": 2})
            await pushes.until(4)
    async with serving(store, pusher=pushes.pusher("fourth"), clock=FROZEN, delivery=late) as fourth:
        await fourth.send(NUMBER, push_url=url)
        await fourth.control("POST", "/clock", {"advance": 2})
        await pushes.until(5)
    assert "fourth" == pushes.came[-1][0]
