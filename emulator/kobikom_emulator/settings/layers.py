"""Settings from files, the environment and flags, merged; every mistake is one line that names its source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from kobikom_emulator.domain.values import milliseconds, seconds_problem
from kobikom_emulator.protocol.readings import choices_problem
from kobikom_emulator.settings.layer import FREE_KEYS, TABLES, BadSettings, Layer
from kobikom_emulator.settings.model import DEFAULT_ACCOUNTS, SERVE_RETENTION, Settings
from kobikom_emulator.settings.sources import CONFIG_VARIABLE, from_environment, from_files

_WITH_SECRETS = frozenset({"control", "accounts", "spaces"})
"""Tables whose values are in no message: a token or password may stand in the wrong place."""

_TWICE = "is given twice, with a dash and with an underscore"


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings and, by dotted name with dashes, where each value that is not a default came from. `warnings` are
    lines about what was ignored.
    """

    settings: Settings
    sources: Mapping[str, str]
    warnings: tuple[str, ...] = ()


def load(
    *,
    file: str | Path | None = None,
    environment: Mapping[str, str] | None = None,
    flags: Layer | None = None,
    defaults: Layer | None = None,
) -> Loaded:
    """Merge the layers; `BadSettings` says which value is wrong and where it came from. `defaults` are values that
    differ from the model's and that everything else comes before.
    """
    environment = environment or {}
    file = file or environment.get(CONFIG_VARIABLE)
    layers = [] if defaults is None else [defaults]
    if file:
        layers += from_files(Path(file))
    layers.append(from_environment(environment))
    if flags is not None:
        layers.append(flags)
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for layer in layers:
        for name, value in layer.values.items():
            fields = list(_by_field(name, value))
            if twice := [inner for nth, (inner, _) in enumerate(fields) if inner in dict(fields[:nth])]:
                raise BadSettings(f"{twice[0]} ({layer.source_of(name)}): {_TWICE}")
            for inner, inner_value in fields:
                values[inner] = inner_value
                sources[inner] = layer.source_of(name)
    warnings = tuple(warning for layer in layers for warning in layer.warnings)
    return Loaded(_validated(values, sources), sources, warnings)


def serve_defaults() -> Layer:
    """The defaults of the command `serve` where they differ: it may run for months."""
    return Layer({"retention": SERVE_RETENTION}, "default")


def _by_field(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """A setting, or each field of one that is a table, with its dotted name in dashes."""
    name = _with_dashes(name)
    if name in TABLES and isinstance(value, dict):
        for inner, inner_value in value.items():
            yield _with_dashes(f"{name}.{inner}"), inner_value
    else:
        yield name, value


def _with_dashes(name: str) -> str:
    """A dotted name as it is written in files; what follows `readings.` is not a field and is not changed."""
    table, dot, inner = name.partition(".")
    return table.replace("_", "-") + dot + (inner if table in FREE_KEYS else inner.replace("_", "-"))


def _with_underscores(value: Any) -> Any:
    """Tables and lists with the names of fields as the model writes them: underscores for dashes."""
    if isinstance(value, list | tuple):
        return [_with_underscores(item) for item in value]
    if not isinstance(value, dict):
        return value
    fields: dict[Any, Any] = {}
    for key, inner in value.items():
        field = key.replace("-", "_") if isinstance(key, str) else key
        if field in fields:
            raise BadSettings(f"{key} {_TWICE}")
        fields[field] = inner if field in FREE_KEYS else _with_underscores(inner)
    return fields


def _tree(values: Mapping[str, Any], sources: Mapping[str, str]) -> dict[str, Any]:
    """Dotted names as nested tables, with the names of fields as the model writes them."""
    tree: dict[str, Any] = {}
    for name, value in values.items():
        table, dot, inner = name.partition(".")
        try:
            renamed = _with_underscores(value)
        except BadSettings as error:
            raise BadSettings(f"{name} ({sources[name]}): {error}") from None
        table = table.replace("-", "_")
        if dot:
            within = tree.setdefault(table, {})
            if not isinstance(within, dict):
                shown = "something else" if table in _WITH_SECRETS else repr(within)
                raise BadSettings(f"{name} ({sources[name]}): {table} is {shown} already ({sources[table]})")
            within[inner if table in FREE_KEYS else inner.replace("-", "_")] = renamed
        else:
            tree[table] = renamed
    return tree


def _with_account_defaults(tree: dict[str, Any]) -> dict[str, Any]:
    """The tree, where the accounts have the default terms that they do not change. The defaults come first: a mistake
    in them is named there.
    """
    defaults = tree.get("account_defaults")
    if not isinstance(defaults, dict):
        return tree
    accounts = tree.get("accounts", [{"user": each.user, "password": each.password} for each in DEFAULT_ACCOUNTS])
    if isinstance(accounts, list):
        accounts = [{**defaults, **account} if isinstance(account, dict) else account for account in accounts]
    return {"account_defaults": defaults} | tree | {"accounts": accounts}


def _validated(values: Mapping[str, Any], sources: Mapping[str, str]) -> Settings:
    _check_readings(values, sources)
    tree = _with_account_defaults(_tree(values, sources))
    clock = tree.get("clock")
    if isinstance(clock, dict) and (problem := seconds_problem(clock.get("start"))):
        raise BadSettings(f"clock.start ({_source('clock.start', sources)}): {problem}")
    try:
        settings = msgspec.convert(tree, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise BadSettings(_one_line(error, tree, sources)) from None
    now = milliseconds(datetime.now(UTC)) if settings.frozen_at is None else settings.frozen_at
    for nth, rule in enumerate(settings.faults):
        if problem := rule.problem(now):
            raise BadSettings(f"faults[{nth}].{problem} ({_source('faults', sources)})")
    return settings


def _check_readings(values: Mapping[str, Any], sources: Mapping[str, str]) -> None:
    """Checked one by one, because each reading may have its own source."""
    for name, value in values.items():
        if not name.startswith("readings.") or not isinstance(value, str):
            continue
        if problem := choices_problem({name.removeprefix("readings."): value}):
            raise BadSettings(f"{problem} ({sources[name]})")


def _one_line(error: msgspec.ValidationError, tree: Mapping[str, Any], sources: Mapping[str, str]) -> str:
    from kobikom_emulator.domain.invalid import explain

    invalid = explain(error, Settings, tree)
    name = invalid.path.replace("_", "-") or "settings"
    sentence = invalid.sentence.replace("_", "-") if invalid.names_fields else invalid.sentence
    return f"{name} ({_source(name, sources)}): {sentence}"


def _source(name: str, sources: Mapping[str, str]) -> str:
    """Where the value of a dotted name came from; of a table, where the last of its fields did."""
    name = name.partition("[")[0]
    while name:
        if name in sources:
            return sources[name]
        within = [source for inner, source in sources.items() if inner.startswith(name + ".")]
        if within:
            return within[-1]
        name = name.rpartition(".")[0]
    return "default"
