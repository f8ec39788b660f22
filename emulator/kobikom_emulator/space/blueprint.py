"""How a space begins, and begins again after a reset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.terms import AccountDefaults, DeliverySettings
from kobikom_emulator.domain.values import Checked
from kobikom_emulator.faults.rule import Rule
from kobikom_emulator.protocol.readings import Readings
from kobikom_emulator.space.first_messages import FirstMessage
from kobikom_emulator.space.steps import Step

Positive = Annotated[int, Meta(ge=1)]


class Limits(Checked, frozen=True):
    """The limits of T-11 (bytes, elements deep, recipients a request), of an imported state (bytes) and of the journal
    (entries, bytes).
    """

    max_body: Positive = 16 * 1024 * 1024
    max_depth: Annotated[int, Meta(ge=8, le=250)] = 64
    max_recipients: Positive = 100_000
    max_state: Positive = 1024 * 1024 * 1024
    journal_entries: Positive = 1000
    journal_bytes: Positive = 64 * 1024 * 1024


if TYPE_CHECKING:
    LimitChoices = Limits
else:
    LimitChoices = msgspec.defstruct(
        "LimitChoices",
        [(limit.name, limit.type | UnsetType, UNSET) for limit in msgspec.structs.fields(Limits)],
        bases=(Checked,),
        frozen=True,
        module=__name__,
        namespace={"__doc__": "Some of the limits; those that are left out keep their value."},
    )


class ClockStart(msgspec.Struct, frozen=True, gc=False):
    """Where a clock begins: at an instant (ms; None: the machine's time), `advance` ms later, frozen or running
    at `rate` emulated seconds a second.
    """

    at: int | None = None
    advance: int = 0
    frozen: bool = False
    rate: float = 1.0


class Blueprint(msgspec.Struct, frozen=True, gc=False):
    """Everything a reset restores. `delivery` and `account_defaults` are what an account that is opened later gets
    where it says nothing else.
    """

    accounts: tuple[Account, ...]
    readings: Readings = Readings()
    limits: Limits = Limits()
    magic_numbers: bool = True
    seed: int = 0
    faults: tuple[Rule, ...] = ()
    steps: tuple[Step, ...] = ()
    clock: ClockStart = ClockStart()
    messages: tuple[FirstMessage, ...] = ()
    delivery: DeliverySettings = DeliverySettings()
    account_defaults: AccountDefaults = AccountDefaults()
