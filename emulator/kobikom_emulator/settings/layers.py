"""Settings from a file, the environment and flags, merged; every mistake is one line that names its source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from kobikom_emulator.domain.values import milliseconds, seconds_problem, suggestion
from kobikom_emulator.protocol.readings import choices_problem
from kobikom_emulator.settings.model import SERVE_RETENTION, Settings

ENVIRONMENT = "KOBIKOM_"
CONFIG_VARIABLE = "KOBIKOM_CONFIG"
_CLIENT_VARIABLES = frozenset({"KOBIKOM_URL", "KOBIKOM_USER", "KOBIKOM_PASSWORD"})
"""Read by the reference client's command line, not by the emulator."""

_NAMES = tuple(name.replace("_", "-") for name in Settings.__struct_fields__)
_TABLES = frozenset({"clock", "control", "delivery", "limits", "push", "readings", "retention"})
"""Settings whose fields can be set one by one: `limits.max-body`."""
_FREE_KEYS = frozenset({"readings", "prices"})
"""Tables whose keys are not fields but names of readings or networks."""

_WITH_SECRETS = frozenset({"control", "accounts"})
"""Tables whose values are in no message: a token or password may stand in the wrong place."""

_TWICE = "is given twice, with a dash and with an underscore"


class BadSettings(ValueError):
    """A setting that cannot be used; the message is one line: which, where it came from, which values can be used."""


@dataclass(frozen=True, slots=True)
class Layer:
    """Values from one source by dotted name, and what to call the source of each."""

    values: Mapping[str, Any]
    source: str
    sources: Mapping[str, str] | None = None

    def source_of(self, name: str) -> str:
        return self.sources[name] if self.sources and name in self.sources else self.source


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings and, by dotted name with dashes, where each value that is not a default came from."""

    settings: Settings
    sources: Mapping[str, str]


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
        layers.append(from_file(Path(file)))
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
    return Loaded(_validated(values, sources), sources)


def serve_defaults() -> Layer:
    """The defaults of the command `serve` where they differ: it may run for months."""
    return Layer({"retention": SERVE_RETENTION}, "default")


def from_file(path: Path) -> Layer:
    """A TOML file as a layer."""
    import tomllib  # most servers start without a file

    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise BadSettings(f"cannot read {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadSettings(f"{path} is not UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(f"{path} is not TOML: {error}") from None
    for name in tables:
        _check_known(name, f"file {path}")
    return Layer(tables, f"file {path}")


def from_environment(environment: Mapping[str, str]) -> Layer:
    """`KOBIKOM_PORT`, `KOBIKOM_LIMITS__MAX_BODY`, `KOBIKOM_ACCOUNTS` (JSON): upper case, `__` between levels."""
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for variable, text in sorted(environment.items()):
        if not variable.startswith(ENVIRONMENT) or variable in _CLIENT_VARIABLES or variable == CONFIG_VARIABLE:
            continue
        name = variable.removeprefix(ENVIRONMENT).lower().replace("__", ".").replace("_", "-")
        _check_known(name, f"environment {variable}")
        if name == "port" and text.startswith("tcp://"):
            raise BadSettings(
                f"environment {variable} is {text!r}: Kubernetes sets it for a service called kobikom; "
                "set enableServiceLinks: false for the pod or give --port"
            )
        values[name] = _json_or_text(text)
        sources[name] = f"environment {variable}"
    return Layer(values, "environment", sources)


def from_flags(flags: Sequence[tuple[str, Any, str]]) -> Layer:
    """(dotted name, value, flag or argument) triples as a layer; texts that look like JSON are read as JSON."""
    sources = {name: f"flag {flag}" if flag.startswith("-") else flag for name, _, flag in flags}
    for name, _, flag in flags:
        _check_known(name, flag)
    values = {name: _json_or_text(value) if isinstance(value, str) else value for name, value, _ in flags}
    return Layer(values, "flags", sources)


def _check_known(name: str, where: str) -> None:
    top = name.partition(".")[0].replace("_", "-")
    if top not in _NAMES:
        nearest = suggestion(top, _NAMES) or f"; known: {', '.join(_NAMES)}"
        raise BadSettings(f"there is no setting {name!r} ({where}){nearest}")


def _json_or_text(text: str) -> Any:
    """Lists and tables are written as JSON; everything else is a text."""
    if text[:1] not in ("[", "{"):
        return text
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text


def _by_field(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """A setting, or each field of one that is a table, with its dotted name in dashes."""
    name = _with_dashes(name)
    if name in _TABLES and isinstance(value, dict):
        for inner, inner_value in value.items():
            yield _with_dashes(f"{name}.{inner}"), inner_value
    else:
        yield name, value


def _with_dashes(name: str) -> str:
    """A dotted name as it is written in files; what follows `readings.` is not a field and is not changed."""
    table, dot, inner = name.partition(".")
    return table.replace("_", "-") + dot + (inner if table in _FREE_KEYS else inner.replace("_", "-"))


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
        fields[field] = inner if field in _FREE_KEYS else _with_underscores(inner)
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
            within[inner if table in _FREE_KEYS else inner.replace("-", "_")] = renamed
        else:
            tree[table] = renamed
    return tree


def _validated(values: Mapping[str, Any], sources: Mapping[str, str]) -> Settings:
    _check_readings(values, sources)
    tree = _tree(values, sources)
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
