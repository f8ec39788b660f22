"""The demo fills a space with every kind of message and refusal, the same for the same seed."""

import asyncio
from typing import Any

import pytest

from kobikom_emulator import Emulator, demo
from kobikom_emulator.domain.delivery import Status
from kobikom_emulator.driver import Entry


async def week(seed: int) -> list[Entry]:
    """The journal of a week."""
    async with Emulator(demo.settings(seed)) as emulator:
        await demo.fill(emulator.running, seed=seed)
        return emulator.journal


async def test_a_week_has_everything() -> None:
    """Every status of R-09, scheduled, flash, long, cut and Turkish messages, and many refusals are in it."""
    async with Emulator(demo.settings(1)) as emulator:
        await demo.fill(emulator.running, seed=1)
        messages = emulator.kobikom.messages
        alphabets = {emulator.kobikom.detail(message)["alphabet"] for message in messages}
        cut = [message for message in messages if emulator.kobikom.detail(message)["lost"]]
        entries = [entry for entry in emulator.journal if entry.kind == "request"]
    outcomes = {entry.outcome for entry in entries}
    codes = {entry.code for entry in entries}
    faults = {fault for entry in entries for fault in entry.faults}
    assert set() == ({str(status) for status in Status} | {"scheduled"}) - {message.status for message in messages}
    assert {"gsm", "ucs2"} <= alphabets
    assert any(message.flash for message in messages)
    assert any(message.parts > 1 for message in messages)
    assert cut
    assert {"accepted", "partly", "refused", "given", "answered"} <= outcomes
    assert {-2, -5, -13, -22, -26, -27, -34} <= codes
    assert {"#1 status", "#2 drop"} == faults


def _bytes(journal: list[Entry]) -> list[tuple[str, str]]:
    return [(entry.request["body"], entry.answer["body"]) for entry in journal if entry.answer]


def test_the_same_seed_is_the_same_week() -> None:
    """Two weeks of one seed hold the same bytes; another seed's do not."""
    first, second, other = (_bytes(asyncio.run(week(seed))) for seed in (1, 1, 2))
    assert first == second
    assert first != other


def test_without_faker_one_line_says_what_to_do(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    """Where Faker is not installed the command says in one line which extra has it."""
    import sys

    from kobikom_emulator.cli import main

    monkeypatch.setitem(sys.modules, "faker", None)
    with pytest.raises(SystemExit) as ended:
        main(["demo", "--port", "0"])
    assert (2, 1) == (ended.value.code, len(capsys.readouterr().err.strip().splitlines()))
