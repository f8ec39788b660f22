"""The settings of a server. Names have underscores here and in JSON, dashes in files and flags."""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import Annotated, Literal

from msgspec import UNSET, Meta, field

from kobikom_emulator.domain.retention import Retention
from kobikom_emulator.domain.terms import AccountDefaults, AccountSettings, DeliverySettings
from kobikom_emulator.domain.values import Checked, Instant, milliseconds
from kobikom_emulator.faults.rule import Rule
from kobikom_emulator.protocol.readings import ReadingChoices, Readings
from kobikom_emulator.space.blueprint import Blueprint, ClockStart, Limits
from kobikom_emulator.space.new_space import NewSpace
from kobikom_emulator.space.registry import DEFAULT
from kobikom_emulator.space.webhooks import MOST, Webhook


def _base_path_problem(path: str) -> str:
    if not path or re.fullmatch(r"(/[\w.~%-]+)+", path, re.ASCII):
        return ""
    return f"must be a path as in /kobikom, without a slash at its end, not {path!r}"


def _public_url_problem(url: str) -> str:
    if not url or re.fullmatch(r"https?://([\w.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?(/[\w.~%-]+)*", url, re.ASCII):
        return ""
    return f"must be an address as in https://sms.example.test, without a slash at its end, not {url!r}"


def _trusted_problem(proxies: tuple[str, ...]) -> str:
    for proxy in proxies:
        try:
            ip_network(proxy, strict=False)
        except ValueError:
            return f"must be addresses or networks as in 127.0.0.1 or 172.16.0.0/12, not {proxy!r}"
    return ""


class ClockSettings(Checked, frozen=True):
    """`start` freezes the clock at an instant until it is moved."""

    start: Instant | None = None


class PushSettings(Checked, frozen=True):
    """Where reports may be pushed to (loopback and private networks, anywhere, nowhere) and how long to wait."""

    allow: Literal["private", "any", "none"] = "private"
    timeout: Annotated[float, Meta(gt=0, le=300)] = 10.0


class ProxySettings(Checked, frozen=True):
    """A proxy in front of the server: the path below which the server appears (`base_path`), the address that people
    see (`public_url`), and the addresses or networks of proxies whose headers X-Forwarded-… are believed (`trusted`).
    """

    base_path: Annotated[str, Meta(extra={"check": _base_path_problem})] = ""
    public_url: Annotated[str, Meta(extra={"check": _public_url_problem})] = ""
    trusted: Annotated[tuple[str, ...], Meta(extra={"check": _trusted_problem})] = ()


class TlsSettings(Checked, frozen=True):
    """The files (PEM) of a certificate, with its chain, and of its key, which may be in the same file."""

    cert: str = ""
    key: str = ""


class ControlSettings(Checked, frozen=True):
    """The control API: a bearer `token` that it requires, if set; more host names (`hosts`) that it answers to."""

    token: str = ""
    hosts: tuple[str, ...] = ()


DEFAULT_ACCOUNTS = (AccountSettings(user="test", password="test"),)  # noqa: S106  # the documented account


def _accounts_problem(accounts: tuple[AccountSettings, ...]) -> str:
    users = [account.user for account in accounts]
    return "two accounts have the same user" if len(set(users)) != len(users) else ""


def _spaces_problem(spaces: tuple[NewSpace, ...]) -> str:
    names = [space.name for space in spaces]
    if UNSET in names:
        return "every space needs a name"
    if DEFAULT in names:
        return f"the space {DEFAULT} is what the other settings describe"
    if any(webhook.secret is UNSET for space in spaces for webhook in space.webhooks):
        return "every webhook needs a secret: whsec_ and 24 to 64 bytes in base64"
    return "two spaces have the same name" if len(set(names)) != len(names) else ""


SERVE_RETENTION = {"messages": 100_000, "age": 30 * 24 * 3600.0, "unpulled": 100_000}
"""What a server keeps that runs for long. Embedded in a program it keeps everything."""


class Settings(Checked, frozen=True):
    """Everything that can be set."""

    host: Annotated[str, Meta(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8080
    seed: int = 0
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["text", "json"] = "text"
    store: str = ""
    magic_numbers: bool = True
    clock: ClockSettings = ClockSettings()
    delivery: DeliverySettings = DeliverySettings()
    limits: Limits = Limits()
    retention: Retention = Retention()
    push: PushSettings = PushSettings()
    control: ControlSettings = ControlSettings()
    proxy: ProxySettings = ProxySettings()
    tls: TlsSettings = TlsSettings()
    readings: ReadingChoices = field(default_factory=dict)
    account_defaults: AccountDefaults = AccountDefaults()
    accounts: Annotated[tuple[AccountSettings, ...], Meta(min_length=1, extra={"check": _accounts_problem})] = (
        DEFAULT_ACCOUNTS
    )
    faults: tuple[Rule, ...] = ()
    spaces: Annotated[tuple[NewSpace, ...], Meta(max_length=1000, extra={"check": _spaces_problem})] = ()
    webhooks: Annotated[tuple[Webhook, ...], Meta(max_length=MOST)] = ()

    def blueprint(self) -> Blueprint:
        """How the default space begins, and all but its accounts and seed where later spaces ask for nothing else."""
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
            delivery=self.delivery,
            account_defaults=self.account_defaults,
        )

    @property
    def frozen_at(self) -> int | None:
        """The instant at which the clock is frozen (ms), None if it runs."""
        return None if self.clock.start is None else milliseconds(self.clock.start)
