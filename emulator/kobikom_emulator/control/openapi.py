"""The OpenAPI 3.1 document, made from the endpoints."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import msgspec

from kobikom_emulator.control.guard import HEADER, SAFE
from kobikom_emulator.control.problems import PROBLEM_TYPE, ProblemDocument
from kobikom_emulator.control.routing import PATH_PARAMETERS, Endpoint, NoQuery

_SCHEMAS = "#/components/schemas/"
_REF = _SCHEMAS + "{name}"

_NAMES = {
    "kobikom_emulator.domain.delivery.Outcome": "OutcomeState",
    "kobikom_emulator.domain.delivery.Status": "FinalStatus",
    "kobikom_emulator.faults.status.Status": "StatusEffect",
    "kobikom_emulator.journal.entries.Outcome": "EntryOutcome",
}
"""Names of schemas whose classes share a name with another."""


def document(endpoints: Sequence[Endpoint], *, version: str) -> dict[str, Any]:
    """Bodies, answers and parameters of every endpoint."""
    schemas = _Schemas(endpoints)
    paths: dict[str, Any] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _endpoint(endpoint, schemas)
    described: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {
            "title": "kobikom-emulator control API",
            "version": version,
            "summary": "Spaces, accounts, messages, clock, faults, readings and journal of a fake Kobikom.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": paths,
        "components": {
            "schemas": schemas.components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"token": []}],
    }
    renamed: dict[str, Any] = _renamed(described)
    return renamed


def _renamed(value: Any) -> Any:
    """A part of the document with the `_NAMES` in its keys and references."""
    match value:
        case dict():
            return {_NAMES.get(key, key): _renamed(item) for key, item in value.items()}
        case list() | tuple():
            return [_renamed(item) for item in value]
        case str() if value.startswith(_SCHEMAS):
            name = value.removeprefix(_SCHEMAS)
            return _SCHEMAS + _NAMES.get(name, name)
        case _:
            return value


class _Schemas:
    """The schemas of all types, made at once: what a type is called depends on the others."""

    def __init__(self, endpoints: Sequence[Endpoint]) -> None:
        bodies = [body for endpoint in endpoints for body in (endpoint.body, *endpoint.answers.values())]
        queries = [endpoint.query for endpoint in endpoints if endpoint.query is not NoQuery]
        self._types = [ProblemDocument, *(body for body in bodies if body is not None), *queries]
        self._schemas, self.components = msgspec.json.schema_components(self._types, ref_template=_REF)

    def of(self, wanted: Any) -> dict[str, Any]:
        """The schema of a body, mostly a reference."""
        return self._schemas[self._types.index(wanted)]

    def properties(self, query: type[msgspec.Struct]) -> dict[str, Any]:
        """The schemas of the parameters of a query."""
        properties: dict[str, Any] = self.components[self.of(query)["$ref"].removeprefix(_SCHEMAS)]["properties"]
        return properties


def _endpoint(endpoint: Endpoint, schemas: _Schemas) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": endpoint.id,
        "summary": endpoint.summary,
        "responses": {
            str(status): _answer(status, wanted, endpoint.content_type, schemas)
            for status, wanted in endpoint.answers.items()
        }
        | {str(status): _problem(status) for status in _problems(endpoint)},
    }
    parameters = [
        {
            "name": name, "in": "path", "required": True, "description": PATH_PARAMETERS[name],
            "schema": {"type": "string", "minLength": 1},
        }
        for name in endpoint.parameters
    ]  # fmt: skip
    if endpoint.query is not NoQuery:
        parameters += [
            {"name": name, "in": "query", "required": False, "schema": _without_null(parameter)}
            for name, parameter in schemas.properties(endpoint.query).items()
        ]
    if endpoint.method not in SAFE:
        parameters.append(_mark(required=endpoint.body is None))
    if parameters:
        described["parameters"] = parameters
    if endpoint.body is not None:
        content = {"application/json": {"schema": schemas.of(endpoint.body)}}
        described["requestBody"] = {"required": False, "content": content}
    return described


def _problems(endpoint: Endpoint) -> list[int]:
    """The error statuses of an endpoint: its own, those of a body or path parameter, and those of the guard."""
    statuses = {400, 401, 403, *endpoint.problems}
    if endpoint.method not in SAFE:
        statuses.add(415)
    if endpoint.body is not None:
        statuses.add(422)
    if endpoint.parameters:
        statuses.add(404)
    return sorted(statuses)


def _mark(*, required: bool) -> dict[str, Any]:
    """The header that every change without a JSON body needs."""
    return {
        "name": HEADER, "in": "header", "required": required, "schema": {"type": "string"}, "example": "1",
        "description": "A change needs this header, with any value, or the content type application/json.",
    }  # fmt: skip


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A query parameter is present or absent, never null."""
    schema = {key: value for key, value in schema.items() if not (key == "default" and value is None)}
    options = [each for each in schema.pop("anyOf", []) if each.get("type") != "null"]
    if len(options) == 1:
        return {**schema, **options[0]}
    return schema | {"anyOf": options} if options else schema


def _answer(status: int, wanted: Any, content_type: str, schemas: _Schemas) -> dict[str, Any]:
    described: dict[str, Any] = {"description": HTTPStatus(status).phrase}
    if wanted is not None:
        described["content"] = {content_type: {"schema": schemas.of(wanted)}}
    return described


def _problem(status: int) -> dict[str, Any]:
    return {
        "description": HTTPStatus(status).phrase,
        "content": {PROBLEM_TYPE: {"schema": {"$ref": _REF.format(name="ProblemDocument")}}},
    }
