"""How a space begins, and begins again after a reset."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.retention import Retention
from kobikom_emulator.domain.terms import AccountDefaults, DeliverySettings
from kobikom_emulator.domain.values import Checked
from kobikom_emulator.faults.rule import Rule
from kobikom_emulator.protocol.readings import Readings
from kobikom_emulator.space.first_messages import FirstMessage
from kobikom_emulator.space.steps import Step
from kobikom_emulator.space.webhooks import Webhook

Positive = Annotated[int, Meta(ge=1)]


class Limits(Checked, frozen=True):
    """The limits of T-11 (bytes of a body, elements deep, elements and attributes, bytes of a text or tag, messages and
    recipients of a send, ids of a pull), of an imported state (bytes), of the journal (entries, bytes) and of
    connections (seconds without anything on them, seconds for the head of a request, bytes of its target).
    """

    max_body: Positive = 16 * 1024 * 1024
    max_depth: Annotated[int, Meta(ge=8, le=250)] = 64
    max_elements: Positive = 1_048_576
    max_text: Positive = 262_144
    max_messages: Positive = 10_000
    max_recipients: Positive = 100_000
    max_ids: Positive = 10_000
    max_state: Positive = 1024 * 1024 * 1024
    journal_entries: Positive = 1000
    journal_bytes: Positive = 64 * 1024 * 1024
    idle_timeout: Annotated[float, Meta(gt=0, le=86_400)] = 75.0
    header_timeout: Annotated[float, Meta(gt=0, le=86_400)] = 20.0
    max_target: Annotated[int, Meta(ge=1024, le=16 * 1024 * 1024)] = 64 * 1024


SERVER_LIMITS = frozenset({"max_body", "max_state", "idle_timeout", "header_timeout", "max_target"})
"""Limits that hold before it is known to which space a request belongs: they are the server's alone."""

if TYPE_CHECKING:
    LimitChoices = Limits
    RetentionChoices = Retention
else:

    def _choices(name: str, struct: type[Checked], leaving_out: Collection[str] = ()) -> type[Checked]:
        """The struct with fields that may be left out and then keep their value."""
        return msgspec.defstruct(
            name,
            [(f.name, f.type | UnsetType, UNSET) for f in msgspec.structs.fields(struct) if f.name not in leaving_out],
            bases=(Checked,),
            frozen=True,
            module=__name__,
            namespace={"__doc__": f"{struct.__doc__} What is left out keeps its value."},
        )

    LimitChoices = _choices("LimitChoices", Limits, SERVER_LIMITS)
    RetentionChoices = _choices("RetentionChoices", Retention)


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
    retention: Retention = Retention()
    magic_numbers: bool = True
    seed: int = 0
    faults: tuple[Rule, ...] = ()
    steps: tuple[Step, ...] = ()
    webhooks: tuple[Webhook, ...] = ()
    clock: ClockStart = ClockStart()
    messages: tuple[FirstMessage, ...] = ()
    delivery: DeliverySettings = DeliverySettings()
    account_defaults: AccountDefaults = AccountDefaults()
