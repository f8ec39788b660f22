"""Explains msgspec's validation errors: where the mistake is, and which names or values would do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import inspect

from kobikom_emulator.domain.values import suggestion

_PLACE = re.compile(r" - at (?:`key` in )?`\$\.?([^`]*)`$")
_NAMED = re.compile(r"^Object (contains unknown|missing required) field `([^`]*)`$")
_VALUE = re.compile(r"^Invalid (?:enum )?value (.*)$", re.DOTALL)
_TYPE = re.compile(r"^Expected `([^`]*)`(?:, got `([^`]*)`)?(.*)$", re.DOTALL)
_CHECKED = re.compile(r"^([a-z_]+): (.*)$", re.DOTALL)
_STEP = re.compile(r"\[(\d+|\.\.\.)\]|([^.\[\]]+)")

_WORDS = {
    "array": "a list",
    "bool": "true or false",
    "datetime": "an instant",
    "decimal": "a number",
    "float": "a number",
    "int": "a whole number",
    "object": "an object",
    "str": "a text",
}
"""What people call the types of JSON."""


class Invalid(msgspec.Struct, frozen=True):
    """What is wrong: the dotted path of the field ("" if it is the whole) and a sentence about it. `names_fields` if
    the sentence lists names of fields.
    """

    path: str
    sentence: str
    names_fields: bool = False


def explain(error: msgspec.ValidationError, wanted: Any, value: Any = None) -> Invalid:
    """What a validation error says about a value that was to become the type `wanted`.

    Unknown names come with the nearest known ones, wrong choices with all that there are. `value` is what was decoded;
    it tells the members of a union apart.
    """
    message = str(error)
    place = _PLACE.search(message)
    path = place[1] if place else ""
    sentence = message[: place.start()] if place else message
    types, at = _types_at(inspect.type_info(wanted), path, value)
    if field := _NAMED.match(sentence):
        where = f"{path}.{field[2]}".removeprefix(".")
        if field[1] == "missing required":
            return Invalid(where, "is required")
        known = _field_names(_structs(types, at))
        nearest = suggestion(field[2], known) or (f"; known: {', '.join(known)}" if known else "; there are none")
        return Invalid(where, f"is not known{nearest}", names_fields=True)
    if wrong := _VALUE.match(sentence):
        choices = list(dict.fromkeys(choice for member in types for choice in _choices(member)))
        return Invalid(path, f"cannot be {wrong[1]}: choose one of {', '.join(choices)}" if choices else sentence)
    if expected := _TYPE.match(sentence):
        got = f", not {_in_words(expected[2])}" if expected[2] else ""
        return Invalid(path, f"must be {_in_words(expected[1])}{expected[3]}{got}")
    if checked := _CHECKED.match(sentence):
        return Invalid(f"{path}.{checked[1]}".removeprefix("."), checked[2])
    return Invalid(path, sentence)


def _in_words(types: str) -> str:
    """The types of a message of msgspec: `int | null` is "a whole number or null"."""
    return " or ".join(_WORDS.get(name, name) for name in types.split(" | "))


def _types_at(root: inspect.Type, path: str, value: Any) -> tuple[list[inspect.Type], Any]:
    """The types that a place may have (a union has several), and the value there."""
    types = _members(root)
    for step in _STEP.finditer(path):
        index, name = step[1], step[2]
        if index is not None:
            types = [member for container in types for item in _items(container) for member in _members(item)]
            value = value[int(index)] if index.isdigit() and isinstance(value, list | tuple) else None
        else:
            structs = _structs(types, value)
            tags = [inspect.LiteralType((struct.tag,)) for struct in structs if struct.tag_field == name]
            fields = [field.type for struct in structs for field in struct.fields if field.encode_name == name]
            types = [member for inner in (fields or tags) for member in _members(inner)]
            value = value.get(name) if isinstance(value, dict) else None
    return types, value


def _members(wanted: inspect.Type) -> list[inspect.Type]:
    match wanted:
        case inspect.Metadata():
            return _members(wanted.type)
        case inspect.UnionType():
            return [member for inner in wanted.types for member in _members(inner)]
        case _:
            return [wanted]


def _items(wanted: inspect.Type) -> list[inspect.Type]:
    match wanted:
        case inspect.DictType():
            return [wanted.value_type]
        case inspect.CollectionType() | inspect.VarTupleType():
            return [wanted.item_type]
        case _:
            return []


def _structs(types: Iterable[inspect.Type], value: Any) -> list[inspect.StructType]:
    """The structs among types; of a tagged union only the one that the value names."""
    structs = [member for member in types if isinstance(member, inspect.StructType)]
    tagged = [struct for struct in structs if isinstance(value, dict) and struct.tag == value.get(struct.tag_field)]
    return tagged if tagged and len(structs) > 1 else structs


def _field_names(structs: Iterable[inspect.StructType]) -> list[str]:
    return list(dict.fromkeys(field.encode_name for struct in structs for field in struct.fields))


def _choices(wanted: inspect.Type) -> list[str]:
    match wanted:
        case inspect.EnumType():
            return [str(member.value) for member in wanted.cls]
        case inspect.LiteralType():
            return [str(value) for value in wanted.values]
        case _:
            return []
