"""The traffic of a day names the readings of an emulator that the inference does not know, and never a wrong one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_recorder import Recorder
from recorded_day import ACCOUNTS, DAY, live

from kobikom_contracts.clauses import READING_BY_NAME
from kobikom_contracts.learning.result import Learned
from kobikom_contracts.learning.trace import learn
from kobikom_contracts.recording.exchanges import RecordedExchange
from kobikom_emulator import Emulator

READINGS = st.fixed_dictionaries({name: st.sampled_from(one.values) for name, one in READING_BY_NAME.items()})
EXAMPLES = settings(max_examples=min(200, max(20, settings.default.max_examples // 2)))

A_DAY = timedelta(days=1)

SHOWN_BY_BALANCES = {"turkish-table", "unencodable"}
"""Readings that the day decides where its balances count, and not otherwise; a refused long text shows itself, and so
does a send that is paid in part."""
SHOWN_BY_BALANCES_IN_PART = {"long-text", "short-credit"}


def record(readings: Mapping[str, str], steps: Sequence[str], unrecorded: Sequence[bool]) -> list[RecordedExchange]:
    """The recording of some steps of the day; other programs do those that are not recorded."""
    with Emulator(readings=readings, accounts=list(ACCOUNTS), clock={"start": "2026-03-05T09:04:07+03:00"}) as emulator:
        client = Recorder(emulator.url, lambda: emulator.clock.advance(60))
        for step, hidden in zip(steps, unrecorded, strict=True):
            client.recording = not hidden
            live(client, [step])
        client.close()
    return client.exchanges


def wrong(result: Learned, readings: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The readings whose hidden value was excluded, with what is left of them."""
    return {name: result.of(name).left for name, value in readings.items() if value not in result.of(name).left}


@EXAMPLES
@given(READINGS)
def test_the_day_decides_every_reading(readings: dict[str, str]) -> None:
    """With the word that nothing else changed the balances, the whole day names every reading, each right."""
    result = learn({"": record(readings, tuple(DAY), [False] * len(DAY))}, exclusive=True)
    assert readings == result.decided


@EXAMPLES
@given(READINGS)
def test_the_day_without_its_balances(readings: dict[str, str]) -> None:
    """Where others may use the account, everything is decided but what only charges show, and nothing is wrong."""
    result = learn({"": record(readings, tuple(DAY), [False] * len(DAY))})
    open_ = set(readings) - set(result.decided)
    assert {} == wrong(result, readings)
    assert SHOWN_BY_BALANCES <= open_ <= SHOWN_BY_BALANCES | SHOWN_BY_BALANCES_IN_PART


@EXAMPLES
@given(
    READINGS,
    st.lists(st.tuples(st.sampled_from(tuple(DAY)), st.booleans()), min_size=1, max_size=12),
)
def test_other_programs_lead_to_no_wrong_reading(readings: dict[str, str], steps: list[tuple[str, bool]]) -> None:
    """Steps in any order, some of them done by programs that are not recorded, exclude no value that is followed."""
    recording = record(readings, [step for step, _ in steps], [hidden for _, hidden in steps])
    assert {} == wrong(learn({"": recording}), readings)


@pytest.mark.parametrize("name", sorted(set(READING_BY_NAME) - SHOWN_BY_BALANCES - SHOWN_BY_BALANCES_IN_PART))
def test_a_service_that_changes_contradicts_itself(name: str) -> None:
    """Two days under different values of a reading are a contradiction that names exchanges of both days."""
    first, second = READING_BY_NAME[name].values[:2]
    monday, tuesday = (record({name: value}, tuple(DAY), [False] * len(DAY)) for value in (first, second))
    tuesday = [replace(one, begun_at=one.begun_at + A_DAY, ended_at=None) for one in tuesday]
    value = learn({"monday": monday, "tuesday": tuesday}).of(name)
    excluded = {one.value: one.position < len(monday) for one in value.evidence}
    assert (True, False) == (excluded[second], excluded[first])
    assert [] == [one for one in value.left if one in (first, second)]


@pytest.mark.parametrize("table", READING_BY_NAME["turkish-table"].values)
@pytest.mark.parametrize("price", ["0.5", "0.7"])
def test_rounded_balances_lead_to_no_wrong_reading(price: str, table: str) -> None:
    """Whole units below a thousand may be exact or rounded: only what holds in both forms is concluded."""
    readings = {"amount": "grouped", "turkish-table": table, "unencodable": "ucs2", "long-text": "split"}
    accounts = [{**ACCOUNTS[0], "credit": "400", "price": price}]
    with Emulator(readings=readings, accounts=accounts, clock={"start": "2026-03-05T09:04:07+03:00"}) as emulator:
        client = Recorder(emulator.url, lambda: emulator.clock.advance(60))
        live(client, ["campaign", "reports"])
        client.close()
    assert {} == wrong(learn({"": client.exchanges}, exclusive=True), readings)
