"""A wait ends when enough messages match, looks at each message once, and does not slow others down."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

import pytest

from kobikom_emulator.domain.delivery import Outcome, Status
from kobikom_emulator.domain.matching import MessageMatch
from kobikom_emulator.domain.states import MessageState
from kobikom_emulator.operations.errors import NotInTime
from kobikom_emulator.space.errors import SpaceClosed
from kobikom_emulator.space.scenario import ClockChange

from .conftest import START, Server, Waiting


async def turns() -> None:
    """Let every task go on until it waits."""
    for _ in range(50):
        await asyncio.sleep(0)


def numbers(messages: Sequence[MessageState]) -> list[int]:
    return [message.number for message in messages]


@pytest.mark.parametrize(
    ("match", "sends", "expected"),
    [
        ({}, [("905320000001",)], [0]),
        ({"to": "0532 000 00 02"}, [("905320000001",), ("905320000003", "05320000002")], [2]),
        ({"to": "*02"}, [("905320000001",), ("905320000002",)], [1]),
        ({"to": "90532*", "user": "waits"}, [("905320000001",)], [0]),
        ({"user": "waits"}, [("905320000001",)], [0]),
        ({"text": "*haba"}, [("905320000001",)], [0]),
        ({"text": "Merhaba", "to": "905320000002"}, [("905320000001",), ("905320000002",)], [1]),
        ({"title": "Kob?kom"}, [("905320000001",)], [0]),
        ({"text": "*"}, [("905320000001",)], [0]),
    ],
)
def test_a_wait_ends_with_the_message_that_matches(
    waiting: Waiting, match: dict[str, str], sends: list[tuple[str, ...]], expected: list[int]
) -> None:
    """Whatever its conditions are, and however a number is written; not before the message is there."""

    async def story(waiting: Waiting) -> None:
        wait = waiting.start(match)
        for nth, send in enumerate(sends):
            await turns()
            assert not wait.done(), nth
            await waiting.send(*send)
        assert expected == numbers(await wait)

    waiting.run(story)


def test_a_wait_counts_what_is_there_and_what_comes(waiting: Waiting) -> None:
    """Three messages are two that were there and one that arrived; the newest are given, newest first."""

    async def story(waiting: Waiting) -> None:
        await waiting.send("905320000001", "905320000002")
        wait = waiting.start({}, count=3)
        await turns()
        await waiting.send("905320000003", "905320000004")
        assert [3, 2, 1] == numbers(await wait)

    waiting.run(story)


def test_deleted_messages_do_not_count(waiting: Waiting) -> None:
    """A message that was deleted before enough were there is not given; an older one may be in its place."""

    async def story(waiting: Waiting) -> None:
        await waiting.send("905320000001")
        wait = waiting.start({}, count=2)
        await turns()
        await waiting.space.messages.delete_matching(MessageMatch())
        await waiting.send("905320000002")
        await turns()
        assert not wait.done()
        await waiting.send("905320000003")
        assert [2, 1] == numbers(await wait)

    waiting.run(story)


@pytest.mark.parametrize("status", ["sent", "DELIVERED"])
def test_a_wait_for_a_status_ends_when_the_clock_gets_there(waiting: Waiting, status: str) -> None:
    """By the clock's being moved, both for messages that were there and for those that came."""

    async def story(waiting: Waiting) -> None:
        await waiting.send("905320000001")
        wait = waiting.start({"status": status}, count=2)
        await turns()
        await waiting.send("905320000002")
        await turns()
        assert (status == "sent") == wait.done()
        await waiting.advance(1)
        await turns()
        assert [1, 0] == numbers(await wait)

    waiting.run(story)


def test_a_wait_for_a_status_ends_when_a_running_clock_gets_there(waiting: Waiting) -> None:
    """Nothing has to change in the space, and nothing is looked at again and again."""

    async def story(waiting: Waiting) -> None:
        await waiting.space.clock.change(ClockChange(freeze=False, rate=50.0))
        await waiting.send("905320000001")
        looked_at = waiting.store.looked_at
        assert [0] == numbers(await waiting.start({"status": "DELIVERED"}))
        assert waiting.store.looked_at - looked_at <= 4

    waiting.run(story)


def test_a_wait_for_a_status_follows_forced_outcomes_and_a_clock_set_back(waiting: Waiting) -> None:
    """A forced outcome counts at its instant; what is not so any more after the clock was set back does not count."""

    async def story(waiting: Waiting) -> None:
        await waiting.send("905320000001")
        wait = waiting.start({"status": "REJECTED"})
        await turns()
        message = (await waiting.space.messages.list()).messages[0]
        await waiting.space.messages.force_outcome(message.batch.message_id(0), Outcome(Status.REJECTED, 500))
        await turns()
        assert not wait.done()
        await waiting.advance(0.5)
        assert [0] == numbers(await wait)
        both = waiting.start({"status": "REJECTED"}, count=2)
        await turns()
        await waiting.space.clock.change(ClockChange(set=datetime.fromisoformat(START)))
        await turns()
        await waiting.send("905320000002")
        second = (await waiting.space.messages.list()).messages[0]
        await waiting.space.messages.force_outcome(second.batch.message_id(0), Outcome(Status.REJECTED, 0))
        await turns()
        assert not both.done()
        await waiting.advance(1)
        assert [1, 0] == numbers(await both)

    waiting.run(story)


def test_a_wait_goes_on_after_a_reset(waiting: Waiting) -> None:
    """Messages from before do not count, and the numbers begin again."""

    async def story(waiting: Waiting) -> None:
        await waiting.send("905320000001")
        wait = waiting.start({}, count=2)
        await turns()
        await waiting.space.reset()
        await waiting.send("905320000002")
        await turns()
        assert not wait.done()
        await waiting.send("905320000003")
        assert ["905320000003", "905320000002"] == [state.batch.msisdns[0] for state in await wait]

    waiting.run(story)


def test_a_wait_ends_when_its_space_is_closed(waiting: Waiting) -> None:
    """With an error, at once."""

    async def story(waiting: Waiting) -> None:
        wait = waiting.start({})
        await turns()
        await waiting.server.operations.close("waits")
        with pytest.raises(SpaceClosed):
            await wait

    waiting.run(story)


def test_a_wait_without_time_sees_what_is_there(waiting: Waiting) -> None:
    """A time-out of 0 is one look; what it found is counted, and the nearest misses are named."""

    async def story(waiting: Waiting) -> None:
        await waiting.send("905320000001")
        assert [0] == numbers(await waiting.start({}, timeout=0))
        with pytest.raises(NotInTime, match="1 of the 2 messages matched"):
            await waiting.start({}, count=2, timeout=0)

    waiting.run(story)


def test_each_wait_looks_at_a_new_message_once_at_most(waiting: Waiting) -> None:
    """With 200 waits open, a message that none of them waits for is looked at by none, and one that one waits for by
    that one only; none looks again at the 1,000 messages that were there.
    """

    async def story(waiting: Waiting) -> None:
        await waiting.send(*[f"90532{number:07}" for number in range(1000)], text="*")
        waits = [waiting.start({"text": f"kod {nth:03}*"}) for nth in range(100)]
        waits += [waiting.start({"to": f"90533{nth:07}"}) for nth in range(100)]
        looked_at = -1
        while looked_at != waiting.store.looked_at:  # they look one after another
            looked_at = waiting.store.looked_at
            await turns()
        for _ in range(20):
            await waiting.send("905320000001")
        await turns()
        assert 0 == waiting.store.looked_at - looked_at
        await waiting.send("905320000001", text="kod 042 x")
        await turns()
        # it is compared, and not looked for before
        assert 1 == waiting.store.looked_at - looked_at
        assert [1020] == numbers(await waits[42])
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)
        assert 0 == len(waiting.state.watches)  # type: ignore[union-attr]

    waiting.run(story)


def test_deleting_leaves_everything_else(make_server: Callable[..., Server]) -> None:
    """Credit, ledger, clock and faults are as before, after deleting one, some and all messages; only the messages and
    their reports are gone.
    """
    server = make_server()
    space = server.open(name="waits", accounts=[{"user": "waits", "password": "pw"}])
    waiting = Waiting(server, space)

    async def sent(_: Waiting) -> None:
        for text in ("a", "b", "c", "c"):
            await waiting.send("905320000001", text=text)

    waiting.run(sent)
    path = "/spaces/waits"
    server.ask("POST", f"{path}/faults", {"effect": {"kind": "garbage"}, "match": {"text": "none"}})
    kept = ("accounts", "ledger", "clock", "faults", "readings", "journal")
    before = [server.ask("GET", f"{path}/{what}") for what in kept]
    message = server.ask("GET", f"{path}/messages?text=a")[1]["messages"][0]
    assert 204 == server.ask("DELETE", f"{path}/messages/{message['id']}")[0]
    assert (200, {"deleted": 1}) == server.ask("DELETE", f"{path}/messages?text=b")
    assert (200, {"deleted": 2}) == server.ask("DELETE", f"{path}/messages")
    assert before == [server.ask("GET", f"{path}/{what}") for what in kept]
    assert (200, {"messages": [], "next": None}) == server.ask("GET", f"{path}/messages?q=c")
    assert b"905320000001" not in server.pull("waits", "pw")[1]
    exported = server.ask("GET", f"{path}/state")[1]
    assert (200, {"status": "replaced"}) == server.ask("PUT", f"{path}/state", exported)
    assert before[0] == server.ask("GET", f"{path}/accounts")
