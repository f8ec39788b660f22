"""Values as the JSON of the adapter protocol, for findings; long ones are cut."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from enum import Enum
from typing import Any

import msgspec

MOST_CHARACTERS = 600
"""Characters of one value that a finding shows."""


def as_json(value: object, most: int = MOST_CHARACTERS) -> str:
    """A value in JSON, its structures as objects without their empty fields; at most so many characters."""
    return cut(json.dumps(_plain(value), ensure_ascii=False, default=str), most)


def cut(text: str, most: int = MOST_CHARACTERS) -> str:
    """The text, or its beginning and its length."""
    return text if len(text) <= most else f"{text[:most]}… ({len(text)} characters)"


def _plain(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case bytes():
            return value.decode("utf-8", "backslashreplace")
        case Mapping():
            return {str(key): _plain(one) for key, one in value.items()}
        case tuple() | list() | set() | frozenset():
            return [_plain(one) for one in value]
        case msgspec.Struct():
            fields = {name: getattr(value, name) for name in value.__struct_fields__}
            beside = ("reports", "results") if "error" in fields else ()  # of a failed call, where there are any
            fields = {name: one for name, one in fields.items() if one or name not in beside}
            return _filled({"op": value.__struct_config__.tag, **fields})
        case _ if dataclasses.is_dataclass(value):
            return _filled({one.name: getattr(value, one.name) for one in dataclasses.fields(value)})
        case _:
            return value


def _filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    plain = {name: _plain(value) for name, value in fields.items()}
    return {name: value for name, value in plain.items() if value not in (None, "", {})}
