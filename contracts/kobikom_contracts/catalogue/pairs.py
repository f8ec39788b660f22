"""The few days on which two things that belong together are different: neither shows anything alone."""

from collections.abc import Iterator
from typing import Any

from kobikom_contracts.catalogue.day import Day
from kobikom_contracts.scenario import Scenario


def pairs() -> Iterator[Day]:
    """A refusal in a reading that only refusals show; a refused send, after which its message ids come again."""
    for code in (-5, -99):
        yield _refused(f"pull-refused-negative{code}", "pull", code, {"pull-refusal": "negative"})
    yield _refused("send-refused-per-recipient", "send", -99, {"refusal-shape": "per-recipient"})
    yield _refused("send-refused-ids-used", "send", -99, {"duplicate-id": "account-history"})
    short = Scenario(credit="1", readings={"short-credit": "whole-request"})
    yield Day("pair-short-credit-whole-request", "pair", short)


def _refused(name: str, operation: str, code: int, readings: dict[str, str]) -> Day:
    rule: dict[str, Any] = {
        "effect": {"kind": "status", "code": code, "scope": "request"},
        "match": {"operation": operation},
        "when": {"times": 1},
    }
    return Day(f"pair-{name}", "pair", Scenario(faults=(rule,), readings=readings), operations=(operation,))
