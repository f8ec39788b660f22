"""One model of every setting, filled from defaults, a TOML file, the environment and flags, in this order.

`load` merges the layers and remembers where each value came from; `Settings` turns into what the core needs. May be
imported by bootstrap, embed and cli.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, field

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.delivery import Outcome, Profile, Status, Weighted
from kobikom_emulator.domain.values import ALPHANUMERIC_TITLE_LENGTH, NUMERIC_TITLE_LENGTH, title_limit
from kobikom_emulator.faults.rule import Rule
from kobikom_emulator.protocol.readings import BY_NAME, Readings, UnknownReading
from kobikom_emulator.space.space import Blueprint, Limits

ENVIRONMENT = "KOBIKOM_"
CONFIG_VARIABLE = "KOBIKOM_CONFIG"
_CLIENTS_VARIABLES = frozenset({"KOBIKOM_URL", "KOBIKOM_USER", "KOBIKOM_PASSWORD"})
"""Read by the reference client's command line, not by the emulator."""

Seconds = Annotated[float, Meta(ge=0, le=10 * 365 * 24 * 3600)]
Positive = Annotated[int, Meta(ge=1)]


class BadSettings(ValueError):
    """A setting that cannot be used; the message is one line: which, where it came from, what would do."""


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename=lambda name: name.replace("_", "-")):
    """A table of the settings; names are written with dashes."""


class DeliveryOutcome(_Part, frozen=True):
    """One line of a delivery profile: how messages end, how many seconds after sending, in which share."""

    status: Status
    after: Seconds = 1.0
    weight: Positive = 1
    gsm_error: Annotated[int, Meta(ge=0, le=9999)] | None = None


class DeliverySettings(_Part, frozen=True):
    """How ordinary messages end. `jitter` spreads `after` by up to so many seconds, drawn from the seed."""

    outcomes: Annotated[tuple[DeliveryOutcome, ...], Meta(min_length=1)] = (DeliveryOutcome(Status.DELIVERED),)
    jitter: Seconds = 0.0

    def profile(self) -> Profile:
        lines = (
            Weighted(Outcome(each.status, round(each.after * 1000), each.gsm_error), each.weight)
            for each in self.outcomes
        )
        return Profile(tuple(lines), round(self.jitter * 1000))


_TOO_MUCH = Decimal(10) ** 15
"""Below it every sum and product of amounts is exact in Decimal's 28 digits (C-04)."""


class AccountSettings(_Part, frozen=True):
    """An account. `prices` are by network (turkcell, vodafone, turktelekom, …) or country code (de, gb, …)."""

    user: Annotated[str, Meta(min_length=1)]
    password: Annotated[str, Meta(min_length=1)]
    credit: Decimal = Decimal("1000.000")
    currency: str = "TRY"
    titles: tuple[str, ...] = ("Kobikom", "TEST", "DEMO")
    price: Decimal = Decimal(1)
    prices: dict[str, Decimal] = {}
    coverage: frozenset[str] = frozenset({"TR"})
    delivery: DeliverySettings | None = None
    push_url: str = ""

    def problem(self) -> str:
        """Why this account cannot be, "" if it can."""
        if self.user != self.user.strip() or self.password != self.password.strip():
            return "user and password have no white space around them"
        for name, amount in [("credit", self.credit), ("price", self.price), *self.prices.items()]:
            if not (amount.is_finite() and 0 <= amount < _TOO_MUCH) or amount != round(amount, 3):
                return f"{name} is an amount from 0 to below 10^15 with at most three decimals, not {amount}"
        for title in self.titles:
            limit = title_limit(title)
            if not title.isprintable() or not title.strip() or title != title.strip() or len(title) > limit:
                return f"title {title!r}: at most {ALPHANUMERIC_TITLE_LENGTH} characters, {NUMERIC_TITLE_LENGTH} digits"
        return ""

    def account(self, delivery: DeliverySettings) -> Account:
        return Account(
            user=self.user,
            password=self.password,
            credit=self.credit,
            currency=self.currency,
            titles=self.titles,
            price=self.price,
            prices={network.lower(): price for network, price in self.prices.items()},
            coverage=frozenset(each.upper() if len(each) == 2 else each.lower() for each in self.coverage),
            profile=(self.delivery or delivery).profile(),
            push_url=self.push_url,
        )


class ClockSettings(_Part, frozen=True):
    """`start` (an instant with its zone) freezes the clock there until somebody moves it."""

    start: datetime | None = None


_CAPS = Limits()


class LimitSettings(_Part, frozen=True):
    """The caps of T-11 (bytes, elements deep, recipients a request) and of the journal (entries, bytes of bodies)."""

    max_body: Positive = _CAPS.max_body
    max_depth: Annotated[int, Meta(ge=8, le=250)] = _CAPS.max_depth
    max_recipients: Positive = _CAPS.max_recipients
    journal_entries: Positive = _CAPS.journal_entries
    journal_bytes: Positive = _CAPS.journal_bytes


class PushSettings(_Part, frozen=True):
    """Where reports may be pushed to (loopback and private networks, anywhere, nowhere) and how long to wait."""

    allow: Literal["private", "any", "none"] = "private"
    timeout: Annotated[float, Meta(gt=0, le=300)] = 10.0


class ControlSettings(_Part, frozen=True):
    """The control API: `token`, if set, is wanted as a bearer token; `hosts` are more names it may be called by."""

    token: str = ""
    hosts: tuple[str, ...] = ()


_DEFAULT_ACCOUNTS = (AccountSettings(user="test", password="test"),)  # noqa: S106  # the documented account


class Settings(_Part, frozen=True):
    """Everything that can be set."""

    host: Annotated[str, Meta(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8080
    seed: int = 0
    log_level: Literal["debug", "info", "warning", "error"] = "warning"
    magic_numbers: bool = True
    clock: ClockSettings = ClockSettings()
    delivery: DeliverySettings = DeliverySettings()
    limits: LimitSettings = LimitSettings()
    push: PushSettings = PushSettings()
    control: ControlSettings = ControlSettings()
    readings: dict[str, str] = field(default_factory=dict)
    accounts: Annotated[tuple[AccountSettings, ...], Meta(min_length=1)] = _DEFAULT_ACCOUNTS
    faults: tuple[Rule, ...] = ()

    def blueprint(self) -> Blueprint:
        """What a space made from these settings is like."""
        return Blueprint(
            accounts=tuple(each.account(self.delivery) for each in self.accounts),
            readings=Readings().with_choices(self.readings),
            limits=Limits(**msgspec.structs.asdict(self.limits)),
            magic_numbers=self.magic_numbers,
            seed=self.seed,
            faults=self.faults,
        )

    @property
    def frozen_at(self) -> int | None:
        """Where the clock stands (ms), None if it runs."""
        return None if self.clock.start is None else round(self.clock.start.timestamp() * 1000)


@dataclass(frozen=True, slots=True)
class Layer:
    """Values from one source by dotted name, and what to call the source of each."""

    values: Mapping[str, Any]
    source: str
    each: Mapping[str, str] | None = None

    def source_of(self, name: str) -> str:
        return self.each[name] if self.each and name in self.each else self.source


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings and, by dotted name, where each value that is no default came from."""

    settings: Settings
    sources: Mapping[str, str]


def load(
    *, file: str | Path | None = None, environment: Mapping[str, str] | None = None, flags: Layer | None = None
) -> Loaded:
    """Merge the layers; `BadSettings` says which value is wrong and where it came from."""
    environment = environment or {}
    file = file or environment.get(CONFIG_VARIABLE)
    layers = [from_file(Path(file))] if file else []
    layers.append(from_environment(environment))
    if flags is not None:
        layers.append(flags)
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for layer in layers:
        for name, value in layer.values.items():
            for inner, each in _flat({name: value}).items():
                values[inner] = each
                sources[inner] = layer.source_of(name)
    return Loaded(_validated(values, sources), sources)


def from_file(path: Path) -> Layer:
    """A TOML file as a layer."""
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise BadSettings(f"cannot read {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadSettings(f"{path} is not UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(f"{path} is not TOML: {error}") from None
    return Layer(tables, f"file {path}")


def from_environment(environment: Mapping[str, str]) -> Layer:
    """`KOBIKOM_PORT`, `KOBIKOM_LIMITS__MAX_BODY`, `KOBIKOM_ACCOUNTS` (JSON): upper case, `__` between levels."""
    values: dict[str, Any] = {}
    each: dict[str, str] = {}
    for variable, text in sorted(environment.items()):
        if not variable.startswith(ENVIRONMENT) or variable in _CLIENTS_VARIABLES or variable == CONFIG_VARIABLE:
            continue
        name = variable.removeprefix(ENVIRONMENT).lower().replace("__", ".").replace("_", "-")
        if name.partition(".")[0] not in _NAMES:
            raise BadSettings(f"there is no setting {name!r} (environment {variable}); known: {', '.join(_NAMES)}")
        if name == "port" and text.startswith("tcp://"):
            raise BadSettings(
                f"environment {variable} is {text!r}: Kubernetes sets it for a service called kobikom; "
                "set enableServiceLinks: false for the pod or give --port"
            )
        values[name] = _json_or_text(text)
        each[name] = f"environment {variable}"
    return Layer(values, "environment", each)


def from_flags(given: Sequence[tuple[str, Any, str]]) -> Layer:
    """(dotted name, value, flag or argument) triples as a layer; texts that look like JSON are read as JSON."""
    values = {name: _json_or_text(value) if isinstance(value, str) else value for name, value, _ in given}
    for name, _, flag in given:
        if name.partition(".")[0] not in _NAMES:
            raise BadSettings(f"there is no setting {name!r} ({flag}); known: {', '.join(_NAMES)}")
    return Layer(values, "flags", {name: f"flag {flag}" if flag.startswith("-") else flag for name, _, flag in given})


_NAMES = tuple(name.replace("_", "-") for name in Settings.__struct_fields__)
_TABLES = frozenset({"clock", "control", "delivery", "limits", "push", "readings"})
_AT = re.compile(r" - at `\$\.?([^`]*)`$")


def _flat(tables: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in tables.items():
        if name in _TABLES and isinstance(value, dict):
            flat |= {f"{name}.{inner}": each for inner, each in value.items()}
        else:
            flat[name] = value
    return flat


def _json_or_text(text: str) -> Any:
    """Lists and tables are written as JSON; everything else is taken as it stands."""
    if text[:1] not in ("[", "{"):
        return text
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text


def _tree(values: Mapping[str, Any], sources: Mapping[str, str]) -> dict[str, Any]:
    """Dotted names as nested tables."""
    tree: dict[str, Any] = {}
    for name, value in values.items():
        table, dot, inner = name.partition(".")
        if dot:
            within = tree.setdefault(table, {})
            if not isinstance(within, dict):
                raise BadSettings(f"{name} ({sources[name]}): {table} is {within!r} already ({sources[table]})")
            within[inner] = value
        else:
            tree[table] = value
    return tree


def _validated(values: Mapping[str, Any], sources: Mapping[str, str]) -> Settings:
    try:
        settings = msgspec.convert(_tree(values, sources), Settings, strict=False)
    except msgspec.ValidationError as error:
        raise BadSettings(_with_source(str(error), sources)) from None
    for nth, account in enumerate(settings.accounts):
        if problem := account.problem():
            raise BadSettings(f"accounts[{nth}] ({_source('accounts', sources)}): {problem}")
    users = [account.user for account in settings.accounts]
    if len(set(users)) != len(users):
        raise BadSettings(f"accounts ({_source('accounts', sources)}): two accounts have the same user")
    for name, value in settings.readings.items():
        try:
            Readings().with_choices({name: value})
        except UnknownReading as error:
            raise BadSettings(f"{error} ({_source(f'readings.{name}', sources)})") from None
    if settings.clock.start is not None and settings.clock.start.tzinfo is None:
        raise BadSettings(
            f"clock.start ({_source('clock.start', sources)}) needs a zone, as in 2026-01-31T09:00:00+03:00"
        )
    now = round(datetime.now(UTC).timestamp() * 1000) if settings.frozen_at is None else settings.frozen_at
    for nth, rule in enumerate(settings.faults):
        if problem := rule.problem(now):
            raise BadSettings(f"faults[{nth}].{problem} ({_source('faults', sources)})")
    return settings


def _with_source(message: str, sources: Mapping[str, str]) -> str:
    found = _AT.search(message)
    if found is None:
        unknown = re.search(r"unknown field `([^`]+)`", message)
        name = unknown[1] if unknown else ""
        return (
            f"there is no setting {name!r} ({_source(name, sources)}); known: {', '.join(_NAMES)}" if name else message
        )
    where = found[1] or "settings"
    if unknown := re.search(r"unknown field `([^`]+)`", message):
        where = f"{where}.{unknown[1]}"
        return f"{where} ({_source(where, sources)}): there is no such setting"
    return f"{where} ({_source(where, sources)}): {message[: found.start()]}"


def _source(name: str, sources: Mapping[str, str]) -> str:
    name = re.sub(r"\[.*", "", name)
    while name:
        if name in sources:
            return sources[name]
        within = [source for each, source in sources.items() if each.startswith(name + ".")]
        if within:
            return within[-1]
        name = name.rpartition(".")[0]
    return "default"


def described(loaded: Loaded) -> list[tuple[str, str, str]]:
    """Every setting as (dotted name, value, source) with passwords masked: what `config` prints."""
    rows: list[tuple[str, str, str]] = []
    tree = msgspec.to_builtins(loaded.settings)
    if tree["control"]["token"]:
        tree["control"]["token"] = "********"  # noqa: S105  # the mask
    tree["readings"] = {name: tree["readings"].get(name, BY_NAME[name].default) for name in BY_NAME}
    for name, value in tree.items():
        if name == "accounts":
            for account in value:
                account["password"] = "********"  # noqa: S105  # the mask
                prefix = f"accounts.{account['user']}"
                rows += [
                    (f"{prefix}.{key}", _printed(each), _source("accounts", loaded.sources))
                    for key, each in account.items()
                ]
        elif isinstance(value, dict):
            rows += [
                (f"{name}.{key}", _printed(each), _source(f"{name}.{key}", loaded.sources))
                if f"{name}.{key}" in loaded.sources
                else (f"{name}.{key}", _printed(each), "default")
                for key, each in value.items()
            ]
        else:
            rows.append((name, _printed(value), loaded.sources.get(name, "default")))
    return rows


def _printed(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
