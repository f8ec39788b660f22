"""Settings from files, from the environment and from flags, each as a layer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from kobikom_emulator.settings.layer import NAMES, TABLES, BadSettings, Layer, check_known

PREFIX = "KOBIKOM_"
CONFIG_VARIABLE = "KOBIKOM_CONFIG"
_CLIENT_VARIABLES = frozenset({"KOBIKOM_URL", "KOBIKOM_USER", "KOBIKOM_PASSWORD"})
"""Read by the reference client's command line, not by the emulator."""

_SERVICE_LINK = re.compile(
    r"KOBIKOM_(\w+_)?(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR|START|END))?|ENV_\w+)"
)
"""What Kubernetes and Compose set for a service called kobikom or kobikom-something."""


def from_files(path: Path) -> list[Layer]:
    """A TOML file as a layer; of a folder, every `*.toml` in it, in the order of their names."""
    if not path.is_dir():
        return [from_file(path)]
    layers: list[Layer] = []
    spaces: list[Any] = []
    for file in sorted(path.glob("*.toml")):
        layer = from_file(file)
        if isinstance(more := layer.values.get("spaces"), list):  # one file a team: they are added up, not replaced
            spaces = [*spaces, *more]
            layer = replace(layer, values={**layer.values, "spaces": spaces})
        layers.append(layer)
    return layers


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
        check_known(name, f"file {path}")
    return Layer(tables, f"file {path}")


def from_environment(environment: Mapping[str, str]) -> Layer:
    """`KOBIKOM_PORT`, `KOBIKOM_LIMITS__MAX_BODY`, `KOBIKOM_ACCOUNTS` (JSON): upper case, `__` between levels.

    Other programs use the prefix too: a variable that names no setting, and the link to a service called kobikom, are
    warnings.
    """
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    links: list[str] = []
    warnings: list[str] = []
    for variable, text in sorted(environment.items()):
        if not variable.startswith(PREFIX) or variable in _CLIENT_VARIABLES or variable == CONFIG_VARIABLE:
            continue
        name = variable.removeprefix(PREFIX).lower().replace("__", ".").replace("_", "-")
        if _is_service_link(variable, text):
            links.append(variable)
        elif _is_setting(name):
            values[name] = _json_or_text(text)
            sources[name] = f"environment {variable}"
        else:
            warnings.append(f"environment {variable} is ignored: it names no setting{_nearest_variables(name)}")
    if links:
        names = ", ".join(links)
        warnings.append(f"environment {names}: ignored, as variables that Kubernetes and Compose set for a service")
    return Layer(values, "environment", sources, tuple(warnings))


def _is_service_link(variable: str, text: str) -> bool:
    if variable.endswith("_PORT") and re.match(r"(tcp|udp|sctp)://", text):
        return True
    if variable.endswith("_NAME") and text.startswith("/"):
        return True
    return _SERVICE_LINK.fullmatch(variable) is not None


def _is_setting(name: str) -> bool:
    table, dot, field = name.partition(".")
    return field in TABLES.get(table, ()) if dot else name in NAMES


def _nearest_variables(name: str) -> str:
    """The variables of the settings whose names are nearest, as the end of a sentence."""
    from difflib import get_close_matches

    known = [*NAMES, *(f"{table}.{field}" for table, fields in TABLES.items() for field in fields)]
    nearest = get_close_matches(name, known, n=2, cutoff=0.7)
    return f"; did you mean {' or '.join(map(variable_of, nearest))}?" if nearest else ""


def variable_of(setting: str) -> str:
    """The environment variable of a setting: `limits.max-body` is `KOBIKOM_LIMITS__MAX_BODY`."""
    return PREFIX + setting.replace(".", "__").replace("-", "_").upper()


def from_flags(flags: Sequence[tuple[str, Any, str]]) -> Layer:
    """(dotted name, value, flag or argument) triples as a layer; texts that look like JSON are read as JSON."""
    for name, _, flag in flags:
        if not isinstance(name, str):
            raise BadSettings(f"{name!r} is not the name of a setting ({flag})")
        check_known(name, flag)
    sources = {name: f"flag {flag}" if flag.startswith("-") else flag for name, _, flag in flags}
    values = {name: _json_or_text(value) if isinstance(value, str) else value for name, value, _ in flags}
    return Layer(values, "flags", sources)


def _json_or_text(text: str) -> Any:
    """Lists and tables are written as JSON; everything else is a text."""
    if text[:1] not in ("[", "{"):
        return text
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text
