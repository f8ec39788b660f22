"""Law: the judge and the emulator meet: every clause holds, and lies in front of it are caught."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from teeth.catalogue import DEVIATIONS
from teeth.front import Front, forward

from kobikom_contracts.control import Control
from kobikom_contracts.judge import judge_server
from kobikom_contracts.target import Target
from kobikom_contracts.verdicts import Outcome, Run

PORT_LINE = "kobikom-emulator listening on "
LIES = (
    "drops the plus from the echo",
    "gives reports again",
    "answers chunked",
    "sends duplicates",
    "does not know languageCode TR",
    "writes two places",
)


@pytest.fixture(scope="module")
def emulator() -> Iterator[str]:
    """The URL of an emulator in a process of its own, default readings."""
    command = [sys.executable, "-m", "kobikom_emulator", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().removeprefix(PORT_LINE).strip()
        finally:
            process.terminate()


def judge(url: str, only: tuple[str, ...] = ()) -> Run:
    """A tiny run with the control API."""
    control = Control(url)
    control.probe()
    return judge_server(Target(url, "test", "test", control=control), profile="tiny", only=only)


@pytest.mark.xdist_group("judged-emulator")
def test_emulator_keeps_every_clause(emulator: str) -> None:
    """Nothing is violated and nothing is left unchecked."""
    run = judge(emulator)
    assert {} == {
        v.clause.id: f"{v.detail} {v.expected} {v.found}" for v in run.verdicts if v.outcome is not Outcome.HELD
    }


@pytest.mark.xdist_group("judged-emulator")
@pytest.mark.parametrize("lie", LIES)
def test_lie_in_front_of_the_emulator_is_caught(emulator: str, lie: str) -> None:
    """A lying proxy in front of the emulator is caught by the same clause as elsewhere."""
    deviation = next(one for one in DEVIATIONS if one.lie == lie)
    front = Front(forward(emulator), deviation.tell, deviation.manners)
    with front.listening():
        run = judge(front.url, (deviation.clause, "A-03"))
    broken = {v.clause.id for v in run.verdicts if v.outcome is Outcome.VIOLATED}
    assert {deviation.clause} == broken - deviation.also
