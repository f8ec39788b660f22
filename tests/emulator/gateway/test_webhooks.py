"""Webhooks on the manual clock: which events are posted, when, how signed and repeated, and what is dropped."""

import asyncio
import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from kobikom_emulator.domain.delivery import Outcome, Status
from kobikom_emulator.gateway import webhook_loop
from kobikom_emulator.gateway.webhook_loop import AGAIN_AFTER, WebhookLoop
from kobikom_emulator.operations.space import SpaceOperations
from kobikom_emulator.ports import PushResponse, PushResult
from kobikom_emulator.space import webhooks
from kobikom_emulator.space.new_space import NewWebhook
from kobikom_emulator.space.webhooks import ArmedWebhook, Webhook

TURKCELL = "905321234567"
URL = "http://127.0.0.1:9/hook"
KEY = b"0123456789abcdef0123456789abcdef"
SECRET = "whsec_" + b64encode(KEY).decode()
NOW = 1_800_000_000
FAILED = PushResult(PushResponse(500))


class Posting:
    """The webhook loop of a world while a test runs: its pauses return at once and are kept."""

    def __init__(self, kobikom: Any) -> None:
        self.kobikom = kobikom
        self.operations = SpaceOperations(kobikom.space, kobikom.gateway.spaces)
        self.pauses: list[float] = []
        self.loop = WebhookLoop(kobikom.space, pause=self._pause, seconds=lambda: NOW + 0.9)

    async def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)

    async def add(self, *events: Any, url: str = URL) -> ArmedWebhook:
        wanted = {"events": events} if events else {}
        return await self.operations.webhooks.add(NewWebhook(url=url, secret=SECRET, **wanted))

    async def send(self, *numbers: str, **more: Any) -> None:
        await self.kobikom.posted(self.kobikom.body(self.kobikom.block(*numbers, **more)))

    async def later(self, seconds: float = 0) -> None:
        """Move the clock and let the loop do what is due."""
        if seconds:
            self.kobikom.later(seconds)
            self.kobikom.space.announce()
        for _ in range(60):
            await asyncio.sleep(0)

    @property
    def events(self) -> list[dict[str, Any]]:
        """The documents that were posted, in order."""
        return [json.loads(body) for _, body in self.kobikom.pusher.pushed]

    @property
    def types(self) -> list[str]:
        return [event["type"] for event in self.events]


@asynccontextmanager
async def posting(kobikom: Any) -> AsyncIterator[Posting]:
    running = Posting(kobikom)
    task = asyncio.create_task(running.loop.run())
    yield running
    done = task.done()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert not done


async def test_an_accepted_message_is_an_event(kobikom: Any) -> None:
    """Its data are the fields of the message, without a password."""
    async with posting(kobikom) as running:
        await running.add()
        await running.send(TURKCELL, ids=["own"])
        await running.later()
        (event,) = running.events
    assert ("message.accepted", "2026-01-31T06:00:00.000Z") == (event["type"], event["timestamp"])
    data = event["data"]
    assert {
        "space": "default", "id": data["id"], "message_id": "own", "user": "test", "title": "Kobikom", "to": TURKCELL,
        "text": "Merhaba", "parts": 1, "cost": "1", "status": "sent", "gsm_error": None,
        "submitted_at": "2026-01-31T06:00:00.000Z", "done_at": "2026-01-31T06:00:01.000Z",
    } == data  # fmt: skip


async def test_a_refusal_is_an_event_with_its_reasons(kobikom: Any) -> None:
    """Clause, place and code of each; accepted messages of the same request are events of their own."""
    async with posting(kobikom) as running:
        await running.add("message.refused")
        await running.send(TURKCELL, "12")
        await kobikom.posted(b"<nonsense")
        await kobikom.posted(kobikom.body(kobikom.block(TURKCELL), password="gizli-parola"))
        await running.later()
        partly, unreadable, login = (event["data"] for event in running.events)
    assert ("partly", 1, 1) == (partly["outcome"], partly["accepted"], partly["request"])
    assert [("S-05", "/SMS/mesajiniz/alicilar/gsm[2]")] == [(why["clause"], why["path"]) for why in partly["refusals"]]
    assert ("unreadable", -22, "A-04") == (
        unreadable["operation"], unreadable["code"], unreadable["refusals"][0]["clause"],
    )  # fmt: skip
    assert (-5, "test") == (login["code"], login["user"])
    assert b"gizli-parola" not in b"".join(body for _, body in kobikom.pusher.pushed)


async def test_the_end_of_a_message_is_an_event_when_it_comes(kobikom: Any) -> None:
    """Delivered or not, at the instant of the plan by the space's clock; the status is in the data."""
    async with posting(kobikom) as running:
        await running.add("message.delivered", "message.failed")
        await running.send(TURKCELL, "905990000010")
        await running.later(0.999)
        assert [] == running.events
        await running.later(0.001)
        await running.later(3600)
    ends = [(event["type"], event["data"]["status"], event["data"]["gsm_error"]) for event in running.events]
    assert [("message.delivered", "DELIVERED", 0), ("message.failed", "REJECTED")] == [ends[0], ends[1][:2]]
    assert "2026-01-31T06:00:01.000Z" == running.events[0]["timestamp"]


async def test_a_decided_end_is_an_event_instead_of_the_planned_one(kobikom: Any) -> None:
    """Earlier than planned, once; an end that is decided again after it came is another event."""
    async with posting(kobikom) as running:
        await running.add("message.delivered", "message.failed")
        await running.send(TURKCELL)
        await running.later()
        (message,) = (await running.operations.messages.list()).messages
        identity = str(message.batch.first_id)
        await running.operations.messages.force_outcome(identity, Outcome(Status.REJECTED, 0))
        await running.later(60)
        assert ["message.failed"] == running.types
        await running.operations.messages.force_outcome(identity, Outcome(Status.DELIVERED, 5000))
        await running.later(60)
        assert ["message.failed", "message.delivered"] == running.types


async def test_an_end_that_is_put_off_is_no_event_at_the_planned_time(kobikom: Any) -> None:
    """It is one when it comes."""
    async with posting(kobikom) as running:
        await running.add("message.delivered", "message.failed")
        await running.send(TURKCELL, ids=["a"])
        await running.later()
        await running.operations.messages.force_outcome("a", Outcome(Status.REJECTED, 60_000))
        await running.later(59)
        assert [] == running.types
        await running.later(1)
        assert ["message.failed"] == running.types


async def test_ids_that_come_again_after_a_reset_are_other_messages(world: Callable[..., Any]) -> None:
    """Each generation has its own ends, though its ids and times are the same."""
    kobikom = world(webhooks=(Webhook(URL, SECRET, ("message.delivered",)),))
    async with posting(kobikom) as running:
        for _ in range(2):
            await running.send(TURKCELL)
            await running.later()
            await running.operations.reset()
        await running.send(TURKCELL)
        await running.later(60)
        assert ["message.delivered"] == running.types


async def test_a_deleted_message_has_no_end(kobikom: Any) -> None:
    """What is gone before its end is no event."""
    async with posting(kobikom) as running:
        await running.add("message.delivered")
        await running.send(TURKCELL, ids=["a"])
        await running.later()
        await running.operations.messages.delete("a")
        await running.later(60)
        assert [] == running.events


async def test_only_chosen_events_are_posted(kobikom: Any) -> None:
    """Each webhook gets those that it was added for, at its own address."""
    async with posting(kobikom) as running:
        await running.add("message.delivered", url=URL + "/end")
        await running.add("message.refused", url=URL + "/no")
        await running.send(TURKCELL)
        await running.send("12")
        await running.later(60)
    urls = {url: json.loads(body)["type"] for url, body in kobikom.pusher.pushed}
    assert {URL + "/end": "message.delivered", URL + "/no": "message.refused"} == urls


async def test_every_post_is_signed(kobikom: Any) -> None:
    """As Standard Webhooks defines it: HMAC-SHA256 over id, time and body, in base64."""
    async with posting(kobikom) as running:
        await running.add()
        await running.send(TURKCELL, metin="Şifreniz 1234")
        await running.later()
    ((_, body),) = kobikom.pusher.pushed
    (headers,) = kobikom.pusher.headers
    signed = f"{headers['webhook-id']}.{NOW}.".encode() + body
    signature = b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
    assert {
        "Content-Type": "application/json",
        "webhook-id": headers["webhook-id"],
        "webhook-timestamp": str(NOW),
        "webhook-signature": f"v1,{signature}",
    } == headers


async def test_a_failed_post_is_repeated(kobikom: Any) -> None:
    """After 1, 5 and 30 real seconds with the same id; the events behind it wait, then they follow in order."""
    kobikom.pusher.script = [FAILED, FAILED, PushResult(error="connection refused")]
    async with posting(kobikom) as running:
        armed = await running.add("message.accepted")
        await running.send(TURKCELL, ids=["a"])
        await running.send(TURKCELL, ids=["b"])
        await running.later()
    assert [1.0, 5.0, 30.0] == running.pauses
    assert ["a", "a", "a", "a", "b"] == [event["data"]["message_id"] for event in running.events]
    assert [4, 1] == [
        [each["webhook-id"] for each in kobikom.pusher.headers].count(one)
        for one in dict.fromkeys(each["webhook-id"] for each in kobikom.pusher.headers)
    ]
    assert (2, 0, 0, "") == (armed.sent, armed.failed, armed.dropped, armed.error)


async def test_an_event_is_given_up_after_the_last_attempt(kobikom: Any) -> None:
    """It counts as failed, the error says why, and later events are posted still."""
    kobikom.pusher.script = [FAILED] * (len(AGAIN_AFTER) + 1)
    async with posting(kobikom) as running:
        armed = await running.add("message.accepted")
        await running.send(TURKCELL, ids=["a"])
        await running.later()
        assert (0, 1, "HTTP 500") == (armed.sent, armed.failed, armed.error)
        await running.send(TURKCELL, ids=["b"])
        await running.later()
        assert (1, 1, "") == (armed.sent, armed.failed, armed.error)


async def test_an_address_that_may_not_be_pushed_to_is_tried_once(kobikom: Any) -> None:
    """A name that leads to an address outside is a failure at once."""
    kobikom.pusher.script = [PushResult(error="neither loopback nor private", refused=True)]
    async with posting(kobikom) as running:
        armed = await running.add("message.accepted")
        await running.send(TURKCELL)
        await running.later()
    assert ([], 1, 1) == (running.pauses, len(kobikom.pusher.pushed), armed.failed)


async def test_what_waits_is_bounded(kobikom: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Events over the bound are dropped and counted, while a receiver does not answer."""
    monkeypatch.setattr(webhooks, "WAITING", 5)
    kobikom.pusher.gate = asyncio.Event()
    async with posting(kobikom) as running:
        armed = await running.add("message.accepted")
        await running.send(*[TURKCELL] * 20)
        await running.later()
        assert (5, 15) == (len(armed.waiting), armed.dropped)
        kobikom.pusher.gate.set()
        await running.later()
        assert (0, 5, 15) == (len(armed.waiting), armed.sent, armed.dropped)


async def test_the_ends_that_are_waited_for_are_bounded(kobikom: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The end of further messages is no event, and counted as dropped."""
    monkeypatch.setattr(webhook_loop, "UNDER_WAY", 3)
    async with posting(kobikom) as running:
        armed = await running.add("message.delivered")
        await running.send(*[TURKCELL] * 8)
        await running.later(60)
    assert (3, 5) == (len(running.events), armed.dropped)


async def test_a_reset_forgets_what_was_to_be_posted(kobikom: Any) -> None:
    """No event of before it, no webhook that was added; those of the settings are there again."""
    async with posting(kobikom) as running:
        await running.add("message.delivered")
        await running.send(TURKCELL)
        await running.later()
        await running.operations.reset()
        await running.later(60)
        assert ([], []) == (running.events, list(running.operations.webhooks.list()))


async def test_webhooks_of_the_settings_are_there_from_the_beginning(world: Callable[..., Any]) -> None:
    """And after each reset."""
    kobikom = world(webhooks=(Webhook(URL, SECRET, ("message.accepted",)),))
    async with posting(kobikom) as running:
        for _ in range(2):
            await running.send(TURKCELL)
            await running.later()
            await running.operations.reset()
        assert ["message.accepted"] * 2 == running.types


async def test_a_removed_webhook_gets_nothing_more(kobikom: Any) -> None:
    """Not even what waited for it."""
    kobikom.pusher.gate = asyncio.Event()
    async with posting(kobikom) as running:
        armed = await running.add("message.accepted")
        await running.send(TURKCELL, TURKCELL)
        await running.later()
        await running.operations.webhooks.remove(armed.number)
        kobikom.pusher.gate.set()
        await running.later()
    assert 1 == len(kobikom.pusher.pushed)


async def test_messages_of_before_are_no_events(kobikom: Any) -> None:
    """Nor is their end: a webhook is about what is accepted after it was added."""
    async with posting(kobikom) as running:
        await running.send(TURKCELL)
        await running.add()
        await running.later(60)
        assert [] == running.events


def test_a_secret_is_not_shown() -> None:
    """Values end up in logs."""
    assert SECRET not in repr(Webhook(URL, SECRET))


def test_a_generated_secret_is_a_key() -> None:
    """Of 32 bytes, a new one each time."""
    from kobikom_emulator.operations.webhooks import made_up_secret

    secrets = {made_up_secret() for _ in range(3)}
    assert [32] * 3 == [len(b64decode(secret.removeprefix("whsec_"))) for secret in secrets]
