"""The settings of a server. Names have underscores here and in JSON, dashes in files and flags."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from kobikom_emulator.domain.retention import Retention
from kobikom_emulator.domain.terms import AccountSettings, DeliverySettings
from kobikom_emulator.domain.values import Checked, Instant, milliseconds
from kobikom_emulator.faults.rule import Rule
from kobikom_emulator.protocol.readings import ReadingChoices, Readings
from kobikom_emulator.space.blueprint import Blueprint, ClockStart, Limits
from kobikom_emulator.space.webhooks import MOST, Webhook


class ClockSettings(Checked, frozen=True):
    """`start` freezes the clock at an instant until it is moved."""

    start: Instant | None = None


class PushSettings(Checked, frozen=True):
    """Where reports may be pushed to (loopback and private networks, anywhere, nowhere) and how long to wait."""

    allow: Literal["private", "any", "none"] = "private"
    timeout: Annotated[float, Meta(gt=0, le=300)] = 10.0


class ControlSettings(Checked, frozen=True):
    """The control API: a bearer `token` that it requires, if set; more host names (`hosts`) that it answers to."""

    token: str = ""
    hosts: tuple[str, ...] = ()


_DEFAULT_ACCOUNTS = (AccountSettings(user="test", password="test"),)  # noqa: S106  # the documented account


def _accounts_problem(accounts: tuple[AccountSettings, ...]) -> str:
    users = [account.user for account in accounts]
    return "two accounts have the same user" if len(set(users)) != len(users) else ""


SERVE_RETENTION = {"messages": 100_000, "age": 30 * 24 * 3600.0, "unpulled": 100_000}
"""What a server keeps that runs for long. Embedded in a program it keeps everything."""


class Settings(Checked, frozen=True):
    """Everything that can be set."""

    host: Annotated[str, Meta(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8080
    seed: int = 0
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["text", "json"] = "text"
    magic_numbers: bool = True
    clock: ClockSettings = ClockSettings()
    delivery: DeliverySettings = DeliverySettings()
    limits: Limits = Limits()
    retention: Retention = Retention()
    push: PushSettings = PushSettings()
    control: ControlSettings = ControlSettings()
    readings: ReadingChoices = field(default_factory=dict)
    accounts: Annotated[tuple[AccountSettings, ...], Meta(min_length=1, extra={"check": _accounts_problem})] = (
        _DEFAULT_ACCOUNTS
    )
    faults: tuple[Rule, ...] = ()
    webhooks: Annotated[tuple[Webhook, ...], Meta(max_length=MOST)] = ()

    def blueprint(self) -> Blueprint:
        """The blueprint of a space with these settings."""
        return Blueprint(
            accounts=tuple(account.account(self.delivery) for account in self.accounts),
            readings=Readings().with_choices(self.readings),
            limits=self.limits,
            retention=self.retention,
            magic_numbers=self.magic_numbers,
            seed=self.seed,
            faults=self.faults,
            webhooks=self.webhooks,
            clock=ClockStart(at=self.frozen_at, frozen=self.frozen_at is not None),
        )

    @property
    def frozen_at(self) -> int | None:
        """The instant at which the clock is frozen (ms), None if it runs."""
        return None if self.clock.start is None else milliseconds(self.clock.start)
