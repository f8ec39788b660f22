"""`learn` names the readings of a second server, which shares no code with the emulator."""

import asyncio
import sys
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from asking import learn_run
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kobikom_contracts.clauses import READING_BY_NAME
from kobikom_contracts.learning.probing.run import LearnRun

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from paper_server import Account, PaperServer
from paper_server.readings import Choices, Readings

READINGS = st.fixed_dictionaries({name: st.sampled_from(one.values) for name, one in READING_BY_NAME.items()})
CHOICES = st.builds(
    Choices,
    echo_refused_ids=st.booleans(),
    duplicate_in_one=st.booleans(),
    ties_reversed=st.booleans(),
    escaping=st.sampled_from(["named", "least", "numeric"]),
)
FEW = settings(max_examples=min(200, settings.default.max_examples // 8))
DEFAULTS = {name: one.default for name, one in READING_BY_NAME.items()}


class Clock:
    """A clock that moves when the run waits."""

    def __init__(self) -> None:
        self.now = datetime.fromisoformat("2026-03-05T09:04:07+03:00")

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


async def learned(readings: dict[str, str], choices: Choices) -> tuple[LearnRun, Decimal]:
    """A run against the server, and the credit that is left."""
    clock = Clock()
    account = Account(user="kahve", password="gizli-parola", credit=Decimal("1020.000"), price=Decimal(40))
    followed = Readings(choices=choices, **{name.replace("-", "_"): value for name, value in readings.items()})
    async with PaperServer([account], clock=lambda: clock.now, readings=followed) as server:
        run = learn_run(server.url, wait=clock.advance)
        await asyncio.to_thread(run.run)
    return run, account.credit


@FEW
@example({**DEFAULTS, "duplicate-id": "whole-request"}, Choices(duplicate_in_one=True))
@given(READINGS, CHOICES)
def test_every_reading_of_the_naive_server_is_learned(readings: dict[str, str], choices: Choices) -> None:
    """All readings, each right, whatever it chooses where the protocol leaves a choice without a name."""
    run, credit = asyncio.run(learned(readings, choices))
    assert readings == run.learned.decided
    assert (1020 - credit) / 40 <= run.spending.parts <= 40
