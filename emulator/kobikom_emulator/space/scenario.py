"""A scenario: conditions for a test, as one value that can be applied to a space."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from msgspec import UNSET, Meta, UnsetType, field

from kobikom_emulator.domain.terms import DeliverySettings
from kobikom_emulator.domain.values import Amount, Checked, Instant, Rate
from kobikom_emulator.faults.rule import Rule
from kobikom_emulator.protocol.readings import ReadingChoices
from kobikom_emulator.space.steps import Step

SCENARIO_FORMAT: Final = "kobikom-emulator-scenario/1"


class ClockChange(Checked, frozen=True, omit_defaults=True):
    """Any of: `set` the clock to an instant, `advance` it by seconds, `freeze` it or let it run, `rate` in seconds of
    the space a second. They are done in this order.
    """

    set: Instant | UnsetType = UNSET
    advance: Annotated[float, Meta(ge=0, le=3e9)] | UnsetType = UNSET
    freeze: bool | UnsetType = UNSET
    rate: Rate | UnsetType = UNSET


class Scenario(Checked, frozen=True, omit_defaults=True):
    """Readings, fault rules, how ordinary messages end, the clock, the credit of every account, and what happens
    between the requests. What is left out stays as it is.

    `seed` is what drawn outcomes and faults come from. `name`, `sentence` and `inputs` are for people and for the
    program that wrote the scenario: a server passes them over.
    """

    format: Literal["kobikom-emulator-scenario/1"] = SCENARIO_FORMAT
    readings: ReadingChoices = field(default_factory=dict)
    faults: tuple[Rule, ...] = ()
    delivery: DeliverySettings | UnsetType = UNSET
    clock: ClockChange | UnsetType = UNSET
    credit: Amount | UnsetType = UNSET
    steps: tuple[Step, ...] = ()
    seed: int | UnsetType = UNSET
    name: str = ""
    sentence: str = ""
    inputs: dict[str, Any] = field(default_factory=dict)
