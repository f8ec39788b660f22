"""The clock of a space: frozen, moved, run at another rate, waited for."""

import asyncio

import pytest

from kobikom_emulator.clock import ControlledClock, machine_time


class Source:
    """A machine's time that only a test moves."""

    def __init__(self) -> None:
        self.at = 1_000_000

    def __call__(self) -> int:
        return self.at


def frozen_at(instant: int, source: Source | None = None) -> ControlledClock:
    clock = ControlledClock(source=source or Source())
    clock.start(at=instant, frozen=True)
    return clock


def test_a_running_clock_follows_its_source() -> None:
    """Millisecond by millisecond."""
    source = Source()
    clock = ControlledClock(source=source)
    source.at += 1234
    assert (1_001_234, False, 1.0) == (clock.now(), clock.frozen, clock.rate)


def test_a_frozen_clock_stands_until_it_is_moved() -> None:
    """`advance` and `set` leave it frozen."""
    source = Source()
    clock = frozen_at(50, source)
    source.at += 9999
    assert (50, True) == (clock.now(), clock.frozen)
    clock.advance(7)
    assert 57 == clock.now()
    clock.set(3)
    source.at += 9999
    assert (3, True) == (clock.now(), clock.frozen)


def test_freezing_and_running_on_lose_no_time() -> None:
    """It stands where it was frozen and goes on from there."""
    source = Source()
    clock = ControlledClock(source=source)
    source.at += 10
    clock.freeze()
    source.at += 500
    assert 1_000_010 == clock.now()
    clock.run()
    source.at += 5
    assert 1_000_015 == clock.now()


def test_rates_apply_from_where_it_stands() -> None:
    """Ten times as fast, then as fast as before, through `advance` too; a new start forgets the rate."""
    source = Source()
    clock = ControlledClock(source=source)
    clock.run(rate=10)
    source.at += 100
    assert 1_001_000 == clock.now()
    clock.advance(1)
    source.at += 1
    assert (1_001_011, 10) == (clock.now(), clock.rate)
    clock.freeze()
    clock.run()
    source.at += 1
    assert 1_001_021 == clock.now()
    clock.start()
    assert (1_000_102, 1.0) == (clock.now(), clock.rate)


def test_a_start_forgets_what_was_before() -> None:
    """It stands at the instant that is given, or follows its source, `advance` later and at the rate that is given."""
    clock = ControlledClock(source=Source())
    clock.advance(7)
    clock.run(rate=3)
    clock.start(at=50, advance=5, frozen=True)
    assert (55, True, 1.0) == (clock.now(), clock.frozen, clock.rate)
    clock.set(3)
    clock.start(advance=4, rate=2)
    assert (1_000_004, False, 2) == (clock.now(), clock.frozen, clock.rate)


@pytest.mark.parametrize("rate", [0, -1, float("nan")])
def test_rates_are_positive(rate: float) -> None:
    """Time neither stands nor goes back at a rate."""
    with pytest.raises(ValueError, match="more than 0"):
        ControlledClock().run(rate=rate)


def test_no_advance_goes_back() -> None:
    """Setting does that."""
    with pytest.raises(ValueError, match="0 or more"):
        frozen_at(0).advance(-1)


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_reaching_waits_for_the_instant_or_a_nudge() -> None:
    """A frozen clock keeps its waiters until it is moved or nudged."""
    clock = frozen_at(0)
    await clock.reach(None)  # the nudge of starting it
    await clock.reach(0)
    waiting = asyncio.create_task(clock.reach(100))
    await settle()
    assert not waiting.done()
    clock.advance(100)
    await waiting
    nudged = asyncio.create_task(clock.reach(None))
    await settle()
    clock.nudge()
    await nudged


async def test_a_running_clock_reaches_the_instant_by_itself() -> None:
    """At its rate: an hour in a few milliseconds."""
    clock = ControlledClock()
    clock.start(at=0, frozen=True)
    clock.run(rate=1_000_000)
    async with asyncio.timeout(5):
        await clock.reach(None)  # the nudge of starting it
        await clock.reach(3_600_000)
    assert clock.now() >= 3_600_000


def test_machine_time_is_in_milliseconds() -> None:
    """Since the epoch; after this test was written and before the year 2286."""
    assert 1_700_000_000_000 < machine_time() < 10_000_000_000_000
