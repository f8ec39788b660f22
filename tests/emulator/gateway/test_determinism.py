"""Same seed, same configuration, same requests on a frozen clock: the same bytes, ids, reports and journal."""

from collections.abc import Callable
from typing import Any

import msgspec

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.delivery import Outcome, Profile, Status, Weighted
from kobikom_emulator.faults.rule import Rule

TURKCELL = "905321234567"
PROFILE = Profile((Weighted(Outcome(Status.DELIVERED), 3), Weighted(Outcome(Status.NOT_DELIVERED, 5000))), jitter=2000)
FLAKY = msgspec.convert({"effect": {"kind": "garbage"}, "when": {"probability": 0.3}}, Rule)


def story(kobikom: Any) -> list[Any]:
    """Requests of every kind, with faults and clock changes."""
    told: list[Any] = []
    for nth in range(12):
        told.append(
            kobikom.post(kobikom.body(kobikom.block(*[TURKCELL] * (nth % 4), "1", ids=["a"], metin="ş" * 80 * nth)))
        )
        kobikom.later(nth % 3)
        told.append(kobikom.pull())
    told.append(kobikom.post(b"<SMS>"))
    told.append(kobikom.journal())
    return told


def make(world: Callable[..., Any], seed: int) -> Any:
    return world(seed=seed, accounts=[Account("test", "test", profile=PROFILE)], faults=(FLAKY,))


def test_two_runs_are_the_same(world: Callable[..., Any]) -> None:
    """Byte for byte."""
    assert story(make(world, 7)) == story(make(world, 7))


def test_another_seed_is_another_run(world: Callable[..., Any]) -> None:
    """Ids and fates differ."""
    assert story(make(world, 7)) != story(make(world, 8))


def test_a_reset_space_tells_the_same_story_again(world: Callable[..., Any]) -> None:
    """Nothing of the first run is left: ids, fates, faults, clock, journal."""
    kobikom = make(world, 7)
    first = story(kobikom)
    kobikom.reset()
    again = story(kobikom)
    assert first[:-1] == again[:-1]
    assert [{**entry, "id": 0} for entry in first[-1]] == [{**entry, "id": 0} for entry in again[-1]]
