"""How a space begins, and begins again after a reset."""

from __future__ import annotations

import msgspec

from kobikom_emulator.domain.account import Account
from kobikom_emulator.faults.rule import Rule
from kobikom_emulator.protocol.readings import Readings


class Limits(msgspec.Struct, frozen=True, gc=False):
    """The caps of T-11 and what the journal may hold."""

    max_body: int = 16 * 1024 * 1024
    max_depth: int = 64
    max_recipients: int = 100_000
    journal_entries: int = 1000
    journal_bytes: int = 64 * 1024 * 1024


class ClockStart(msgspec.Struct, frozen=True, gc=False):
    """Where a clock begins: at an instant (ms; None: the machine's time), `advance` ms later, standing still or running
    at `rate` emulated seconds a second.
    """

    at: int | None = None
    advance: int = 0
    frozen: bool = False
    rate: float = 1.0


class Blueprint(msgspec.Struct, frozen=True, gc=False):
    """Everything a reset restores."""

    accounts: tuple[Account, ...]
    readings: Readings = Readings()
    limits: Limits = Limits()
    magic_numbers: bool = True
    seed: int = 0
    faults: tuple[Rule, ...] = ()
    clock: ClockStart = ClockStart()
