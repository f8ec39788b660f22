"""Faults of a deviant service: single recipients by their place, pages instead of answers, wrong reports and pushes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from kobikom_emulator.exchange import Transmission, WireRequest
from kobikom_emulator.faults.rule import Rule
from kobikom_emulator.gateway.push_loop import PushLoop
from kobikom_emulator.ports import PushResponse, PushResult

NUMBERS = ("905321234561", "905321234562", "905421234563", "905421234564", "905421234565")
URL = "http://127.0.0.1:9/dlr"
START = 1_769_839_200_000


def arm(kobikom: Any, effect: dict[str, Any], **more: Any) -> None:
    kobikom.space.faults.arm(msgspec.convert({"effect": effect, **more}, Rule), START)


@pytest.mark.parametrize(
    ("whom", "refused"),
    [
        ({}, [1, 2, 3, 4, 5]),
        ({"places": [1]}, [1]),
        ({"places": [2, -1]}, [2, 5]),
        ({"places": [-5]}, [1]),
        ({"every": 2}, [2, 4]),
        ({"every": 5}, [5]),
    ],
    ids=str,
)
def test_a_code_for_recipients_by_their_place(kobikom: Any, whom: dict[str, Any], refused: list[int]) -> None:
    """Those at the places are refused and cost nothing, the others are accepted."""
    arm(kobikom, {"kind": "status", "code": -3, "scope": "recipient", **whom})
    codes = kobikom.codes(*NUMBERS)
    assert refused == [place for place, code in enumerate(codes, 1) if code == -3]
    assert Decimal(1000) - 5 + len(refused) == kobikom.balance()


def test_places_count_the_recipients_that_match(kobikom: Any) -> None:
    """Over all messages of a request, and only those that the rule's pattern names."""
    effect = {"kind": "status", "code": -13, "scope": "recipient", "places": [2]}
    arm(kobikom, effect, match={"to": "90542*"})
    assert [0, 0, 0, -13, 0] == kobikom.codes(*NUMBERS)
    blocks = kobikom.body(*[kobikom.block(number) for number in NUMBERS])
    assert [0, 0, 0, -13, 0] == [code for code, _, _ in kobikom.results(kobikom.post(blocks))]


def test_a_place_that_a_request_does_not_have_leaves_the_rule_waiting(kobikom: Any) -> None:
    """A send to one recipient does not use up a rule on the second one."""
    effect = {"kind": "status", "code": -3, "scope": "recipient", "places": [2]}
    arm(kobikom, effect, match={"operation": "send"}, when={"times": 1})
    assert [0] == kobikom.codes(NUMBERS[0])
    assert [0, -3] == kobikom.codes(*NUMBERS[:2])
    assert [0, 0] == kobikom.codes(*NUMBERS[:2])


@pytest.mark.parametrize(("moment", "left"), [("before", Decimal(1000)), ("after", Decimal(999))])
@pytest.mark.parametrize("status", [200, 302, 502])
async def test_a_page_before_or_after_the_work(kobikom: Any, status: int, moment: str, left: Decimal) -> None:
    """The client gets the same page; `after`, its message was accepted and charged."""
    arm(kobikom, {"kind": "http", "status": status, "moment": moment}, when={"times": 1})
    wire = WireRequest("POST", "/api/sendsms/xml/", kobikom.body(kobikom.block(NUMBERS[0])))
    answer = await kobikom.gateway.post(wire)
    assert (status, "text/html", True) == (answer.status, answer.content_type, answer.body.startswith(b"<html>"))
    assert left == await kobikom.space.store.credit("test", START)
    intended = kobikom.journal()[-1]["intended"]
    assert (moment == "after") is (intended is not None)


@pytest.mark.parametrize("layout", ["lines", "compact"])
@pytest.mark.parametrize(
    ("change", "ids", "statuses"),
    [
        ("repeated", ["a", "a", "b", "b"], {"DELIVERED"}),
        ("unknown-id", ["a", "999999999999999", "b"], {"DELIVERED"}),
        ("unknown-status", ["a", "b"], {"IN_PROGRESS"}),
    ],
)
def test_wrong_reports(world: Callable[..., Any], layout: str, change: str, ids: list[str], statuses: set[str]) -> None:
    """The document is well-formed, and the reports count as given."""
    kobikom = world(readings={"answer-layout": layout})
    arm(kobikom, {"kind": "reports", "change": change}, when={"times": 2})
    assert b"NO_DATA" == kobikom.pull()
    kobikom.send(*NUMBERS[:2], ids=["a", "b"])
    kobikom.later(1)
    reports = kobikom.reports()
    assert (ids, statuses) == ([report["id"] for report in reports], {report["status"] for report in reports})
    assert [] == kobikom.reports()


def test_a_held_or_closed_answer_is_whole(kobikom: Any) -> None:
    """What is held or closed afterwards is the answer that would have come."""
    arm(kobikom, {"kind": "stall"})
    arm(kobikom, {"kind": "close"})
    assert [0] == kobikom.codes(NUMBERS[0])
    entry = list(kobikom.space.journal)[-1][1]
    assert Transmission(stall=60.0, close=True) == entry.answer.transmission


@asynccontextmanager
async def pushing(kobikom: Any) -> AsyncIterator[Callable[..., Any]]:
    """The push loop; yields a function that moves the clock and lets the loop do what is due."""
    task = asyncio.create_task(PushLoop(kobikom.space).run())

    async def later(seconds: float = 0) -> None:
        if seconds:
            kobikom.later(seconds)
        for _ in range(60):
            await asyncio.sleep(0)

    yield later
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def send(kobikom: Any, *numbers: str, **more: Any) -> None:
    await kobikom.posted(kobikom.body(kobikom.block(*numbers, pushurl=URL, **more)))


async def test_a_report_is_pushed_twice(kobikom: Any) -> None:
    """The same document twice; the next report once; both attempts are in the journal with the rule."""
    arm(kobikom, {"kind": "push", "change": "twice"}, when={"times": 1})
    async with pushing(kobikom) as later:
        await send(kobikom, NUMBERS[0], ids=["a"])
        await later(1)
        assert 2 == len(kobikom.pusher.pushed)
        assert kobikom.pusher.pushed[0] == kobikom.pusher.pushed[1]
        await send(kobikom, NUMBERS[1], ids=["b"])
        await later(1)
        assert 3 == len(kobikom.pusher.pushed)
    faults = [entry["faults"] for entry in kobikom.journal() if entry["kind"] == "push"]
    assert [["#1 push"], ["#1 push"], []] == faults


async def test_reports_are_pushed_out_of_order(kobikom: Any) -> None:
    """The first report comes late, after the second; its rule names the text."""
    effect = {"kind": "push", "change": "late", "seconds": 60}
    arm(kobikom, effect, match={"operation": "push", "text": "one"}, when={"times": 1})
    async with pushing(kobikom) as later:
        await send(kobikom, NUMBERS[0], ids=["a"], metin="one")
        await send(kobikom, NUMBERS[1], ids=["b"], metin="two")
        await later(1)
        assert [b"b"] == [body.split(b'"')[1] for _, body in kobikom.pusher.pushed]
        await later(60)
        assert [b"b", b"a"] == [body.split(b'"')[1] for _, body in kobikom.pusher.pushed]


async def test_a_report_is_late_once_however_often_the_rule_fires(kobikom: Any) -> None:
    """A rule without a limit puts each report off once; the journal says so, and an attempt that fails comes again."""
    arm(kobikom, {"kind": "push", "change": "late", "seconds": 60})
    kobikom.pusher.script = [PushResult(PushResponse(500, (), b""))]
    async with pushing(kobikom) as later:
        await send(kobikom, NUMBERS[0], ids=["a"])
        await later(1)
        assert [] == kobikom.pusher.pushed
        await later(60)
        assert 1 == len(kobikom.pusher.pushed)
        await later(3600)
        assert 2 == len(kobikom.pusher.pushed)
    entries = [(entry["outcome"], entry["faults"]) for entry in kobikom.journal() if entry["kind"] == "push"]
    assert [("postponed", ["#1 push"]), ("postponed", []), ("pushed", [])] == entries


@pytest.mark.parametrize("late_first", [True, False])
async def test_a_report_is_pushed_late_and_twice(kobikom: Any, late_first: bool) -> None:
    """Two rules on one push, each to fire once, both do what they say, in either order."""
    effects = [{"kind": "push", "change": "late", "seconds": 60}, {"kind": "push", "change": "twice"}]
    for effect in effects if late_first else effects[::-1]:
        arm(kobikom, effect, when={"times": 1})
    async with pushing(kobikom) as later:
        await send(kobikom, NUMBERS[0], ids=["a"])
        await later(1)
        assert [] == kobikom.pusher.pushed
        await later(60)
        assert 2 == len(kobikom.pusher.pushed)
    assert {"push": 2} == kobikom.space.faults.fired


async def test_a_report_is_pushed_twice_and_unclosed(kobikom: Any) -> None:
    """Both copies lack the end of the document."""
    for change in ("twice", "unclosed"):
        arm(kobikom, {"kind": "push", "change": change}, when={"times": 1})
    async with pushing(kobikom) as later:
        await send(kobikom, NUMBERS[0])
        await later(1)
    assert [False, False] == [b"</DeliveryReport>" in body for _, body in kobikom.pusher.pushed]


async def test_a_report_is_pushed_unclosed(kobikom: Any) -> None:
    """Its document lacks the end, as in the vendor's printed example (R-02)."""
    arm(kobikom, {"kind": "push", "change": "unclosed"})
    async with pushing(kobikom) as later:
        await send(kobikom, NUMBERS[0])
        await later(1)
    ((_, body),) = kobikom.pusher.pushed
    assert (b"<DeliveryReport>", False) == (body[:16], b"</DeliveryReport>" in body)


async def test_reports_are_pushed_before_the_answer(world: Callable[..., Any]) -> None:
    """What the answer waits for is over only when the pushes that are due were attempted."""
    kobikom = world()
    arm(kobikom, {"kind": "push", "change": "before-answer"}, match={"operation": "send"})
    kobikom.pusher.gate = asyncio.Event()
    async with pushing(kobikom) as later:
        wire = WireRequest("POST", "/api/sendsms/xml/", kobikom.body(kobikom.block(NUMBERS[0], pushurl=URL)))
        answer = await kobikom.gateway.post(wire)
        kobikom.later(1)
        waiting = asyncio.ensure_future(answer.transmission.released())
        await later()
        assert (1, False) == (len(kobikom.pusher.pushed), waiting.done())
        kobikom.pusher.gate.set()
        await later()
        assert waiting.done()
