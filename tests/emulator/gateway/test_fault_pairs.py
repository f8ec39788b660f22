"""Two rules on one request: every pair of effects, on every operation."""

from itertools import product
from typing import Any

import msgspec
import pytest

from kobikom_emulator.exchange import WireRequest
from kobikom_emulator.faults.kinds import KINDS
from kobikom_emulator.faults.rule import Rule

START = 1_769_839_200_000
EFFECTS: list[dict[str, Any]] = [
    {"kind": "status", "code": -26},
    {"kind": "status", "code": -3, "scope": "recipient", "places": [1]},
    {"kind": "http", "status": 503},
    {"kind": "http", "status": 502, "moment": "after"},
    {"kind": "delay", "seconds": 1},
    {"kind": "drop", "moment": "before"},
    {"kind": "drop", "moment": "after"},
    {"kind": "truncate", "bytes": 0},
    {"kind": "truncate", "bytes": 30},
    {"kind": "garbage"},
    {"kind": "dribble", "bytes_per_second": 1000},
    {"kind": "as-printed"},
    {"kind": "reports", "change": "repeated"},
    {"kind": "reports", "change": "unknown-id"},
    {"kind": "reports", "change": "unknown-status"},
    {"kind": "close"},
    {"kind": "stall", "moment": "before"},
    {"kind": "stall", "moment": "after"},
    {"kind": "push", "change": "before-answer"},
]
QUERY = "<{0}><dogrulama><kullanici>test</kullanici><parola>test</parola></dogrulama></{0}>"
LOGIN = "kullanici=test&parola=test"


async def requested(kobikom: Any, operation: str) -> Any:
    """The answer to a request of an operation."""
    match operation:
        case "send":
            return await kobikom.posted(kobikom.body(kobikom.block("905321234567", "905421234567")))
        case "pull":
            return await kobikom.gateway.pull(WireRequest("GET", f"/api/sendsms/xml/pull?{LOGIN}"))
        case _:
            return await kobikom.posted(QUERY.format({"titles": "basliklar", "balance": "bakiye"}[operation]).encode())


def test_every_kind_is_among_the_effects() -> None:
    """A new kind has to be tried together with the others."""
    assert set(KINDS) == {effect["kind"] for effect in EFFECTS}


@pytest.mark.parametrize("first", EFFECTS, ids=str)
@pytest.mark.parametrize("operation", ["send", "pull", "titles", "balance"])
async def test_two_effects_on_one_request(kobikom: Any, operation: str, first: dict[str, Any]) -> None:
    """With any second effect, in any order, there is an answer and a journal entry with the rules that fired."""
    for one, other in product([first], EFFECTS):
        kobikom.space.faults.clear()
        await requested(kobikom, "send")
        kobikom.later(60)
        armed = []
        for effect in (one, other):
            rule = msgspec.convert({"effect": effect, "match": {"operation": operation}}, Rule)
            if not rule.problem(START):
                armed.append(kobikom.space.faults.arm(rule, START).label)
        answer = await requested(kobikom, operation)
        assert isinstance(answer.sent_body, bytes)
        entry = kobikom.journal()[-1]
        assert (operation, set(armed)) == (entry["operation"], set(entry["faults"]))
