"""The schemas of the OpenAPI document, written in such a way that the common generators of clients understand them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, get_args

import msgspec

from kobikom_emulator.control.problems import ProblemDocument
from kobikom_emulator.control.routing import Endpoint, NoQuery
from kobikom_emulator.domain.matching import MessageStatusName

_PREFIX = "#/components/schemas/"

_NAMES = {
    "kobikom_emulator.domain.delivery.Outcome": "OutcomeState",
    "kobikom_emulator.domain.delivery.Status": "FinalStatus",
    "kobikom_emulator.faults.status.Status": "StatusEffect",
    "kobikom_emulator.journal.entries.Outcome": "EntryOutcome",
}
"""Names of schemas whose classes share a name with another."""

_STATUSES = sorted(get_args(MessageStatusName))
_MESSAGE_STATUS = {
    "title": "MessageStatus",
    "description": "scheduled or sent, or how the message ended.",
    "type": "string",
    "enum": _STATUSES,
    # Generators write the names of constants in capitals, in which `sent` and `SENT` would be one.
    "x-enum-varnames": [status if status.isupper() else f"NOW_{status.upper()}" for status in _STATUSES],
}
"""One component for all places, so that a generated client has one type for them."""


class Schemas:
    """The schemas of all types, made at once: what a type is called depends on the others."""

    def __init__(self, endpoints: Sequence[Endpoint]) -> None:
        bodies = [body for endpoint in endpoints for body in (endpoint.body, *endpoint.answers.values())]
        queries = [endpoint.query for endpoint in endpoints if endpoint.query is not NoQuery]
        self._types = [ProblemDocument, *(body for body in bodies if body is not None), *queries]
        schemas, components = msgspec.json.schema_components(self._types, ref_template=reference("{name}"))
        self._schemas = [_plain(schema) for schema in schemas]
        named = {_NAMES.get(name, name): _plain(schema) for name, schema in components.items()}
        self._queries = {name: named[name] for name in (query.__name__ for query in queries)}
        # The parameters of a query are written out in its operation: most queries are nowhere referred to.
        used = _references([schema for name, schema in named.items() if name not in self._queries])
        self.components = {
            name: {**schema, "title": name} if "title" in schema else schema
            for name, schema in named.items()
            if name not in self._queries or name in used
        } | {"MessageStatus": _MESSAGE_STATUS}

    def of(self, wanted: Any) -> dict[str, Any]:
        """The schema of a body, mostly a reference."""
        schema: dict[str, Any] = self._schemas[self._types.index(wanted)]
        return schema

    def properties(self, query: type[msgspec.Struct]) -> dict[str, Any]:
        """The schemas of the parameters of a query."""
        properties: dict[str, Any] = self._queries[query.__name__]["properties"]
        return {name: _without_null(schema) for name, schema in properties.items()}


def reference(name: str) -> str:
    return _PREFIX + name


def _references(value: Any) -> set[str]:
    """The names of the components that a part of the document refers to."""
    match value:
        case dict():
            own = {value["$ref"].removeprefix(_PREFIX)} if isinstance(value.get("$ref"), str) else set()
            return own.union(*map(_references, value.values()))
        case list() | tuple():
            return set().union(*map(_references, value))
        case _:
            return set()


def _plain(value: Any) -> Any:
    """A part of a schema as generators read it: components by their plain names, choices of words with their type,
    `oneOf` where a field decides between schemas, no `prefixItems`, descriptions on one line.
    """
    match value:
        case {"enum": list(choices)} if sorted(map(str, choices)) == _STATUSES:
            return {
                **{key: _plain(item) for key, item in value.items() if key != "enum"},
                "$ref": reference("MessageStatus"),
            }
        case {"enum": list(choices)} if all(isinstance(choice, str) for choice in choices) and "type" not in value:
            return {"type": "string", **value}
        case {"prefixItems": list() | tuple() as items, "items": False} if all(item == items[0] for item in items):
            rest = {key: item for key, item in value.items() if key != "prefixItems"}
            return {**rest, "items": _plain(items[0])}
        case {"anyOf": options, "discriminator": discriminator}:
            return {"oneOf": _plain(options), "discriminator": _plain(discriminator)}
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case str() if value.startswith(_PREFIX):
            name = value.removeprefix(_PREFIX)
            return reference(_NAMES.get(name, name))
        case str():
            return re.sub(r"\n\s+", " ", value)
        case _:
            return value


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A query parameter is present or absent, never null."""
    schema = {key: value for key, value in schema.items() if not (key == "default" and value is None)}
    options = [option for option in schema.pop("anyOf", []) if option.get("type") != "null"]
    if len(options) == 1:
        return {**schema, **options[0]}
    return schema | {"anyOf": options} if options else schema
