"""Law: the demo's week is lively, and the same for the same seed."""

import asyncio
from typing import Any

import pytest

from kobikom_emulator import Emulator, demo


async def week(seed: int) -> list[dict[str, Any]]:
    """The journal of a week."""
    async with Emulator(demo.settings(seed)) as emulator:
        await demo.fill(emulator.running, seed=seed)
        return emulator.journal()


async def test_a_week_has_everything() -> None:
    """Every status of R-09, scheduled, flash, long, cut and Turkish messages, and many refusals are in it."""
    from kobikom_emulator.domain.delivery import Status, status_at
    from kobikom_emulator.journal.entries import RequestEntry
    from kobikom_emulator.operations.messages import newest_first

    async with Emulator(demo.settings(1)) as emulator:
        await demo.fill(emulator.running, seed=1)
        space = emulator.running.space
        standings = [each async for each in newest_first(space)]
        entries = [entry for _, entry in space.journal if isinstance(entry, RequestEntry)]
        outcomes = {entry.outcome for entry in entries}
        codes = {entry.code for entry in entries}
        faults = {fault for entry in entries for fault in entry.faults}
    found = {str(status_at(each.plan, space.clock.now())) for each in standings}
    assert set() == ({str(status) for status in Status} | {"scheduled"}) - found
    assert {"gsm", "ucs2"} <= {str(each.batch.segmentation.alphabet) for each in standings}
    assert any(each.batch.flash for each in standings)
    assert any(len(each.batch.segmentation.parts) > 1 for each in standings)
    assert any(each.batch.segmentation.lost for each in standings)
    assert {"accepted", "partly", "refused", "given", "answered"} <= outcomes
    assert {-2, -5, -13, -22, -26, -27, -34} <= codes
    assert {"#1 status", "#2 drop"} == faults


def _bytes(journal: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(entry["request"]["body"], entry["answer"]["body"]) for entry in journal]


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
