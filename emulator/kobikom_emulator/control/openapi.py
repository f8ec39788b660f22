"""The OpenAPI 3.1 document, read off the operations."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import msgspec

from kobikom_emulator.control.problems import PROBLEM_TYPE, ProblemDocument
from kobikom_emulator.control.routing import PATH_PARAMETERS, NoQuery, Operation

_REF = "#/components/schemas/{name}"


def document(operations: Sequence[Operation], *, version: str) -> dict[str, Any]:
    """Everything the control API takes and gives."""
    types: list[Any] = [ProblemDocument]
    for operation in operations:
        types += [each for each in (operation.body, *operation.answers.values()) if each is not None]
        types.append(operation.query)
    _, components = msgspec.json.schema_components(types, ref_template=_REF)
    for query in {operation.query for operation in operations}:
        components.pop(query.__name__, None)
    paths: dict[str, Any] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "kobikom-emulator control API",
            "version": version,
            "summary": "SpaceRegistry, accounts, messages, clock, faults, readings and journal of a fake Kobikom.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"token": []}],
    }


def _operation(operation: Operation) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": operation.id,
        "summary": operation.summary,
        "responses": {
            str(status): _answer(status, wanted, operation.content_type) for status, wanted in operation.answers.items()
        }
        | {str(status): _problem(status) for status in (*operation.problems, 401, 403)},
    }
    parameters = [
        {
            "name": name, "in": "path", "required": True, "description": PATH_PARAMETERS[name],
            "schema": {"type": "string", "minLength": 1},
        }
        for name in operation.parameters
    ]  # fmt: skip
    if operation.query is not NoQuery:
        schema = msgspec.json.schema_components([operation.query], ref_template=_REF)[1][operation.query.__name__]
        parameters += [
            {"name": name, "in": "query", "required": False, "schema": _without_null(each)}
            for name, each in schema["properties"].items()
        ]
    if parameters:
        found["parameters"] = parameters
    if operation.body is not None:
        schema = msgspec.json.schema_components([operation.body], ref_template=_REF)[0][0]
        found["requestBody"] = {"required": False, "content": {"application/json": {"schema": schema}}}
    return found


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A query parameter is there or not there, never null."""
    schema = {key: value for key, value in schema.items() if not (key == "default" and value is None)}
    options = [each for each in schema.pop("anyOf", []) if each.get("type") != "null"]
    if len(options) == 1:
        return {**schema, **options[0]}
    return schema | {"anyOf": options} if options else schema


def _answer(status: int, wanted: Any, content_type: str) -> dict[str, Any]:
    found: dict[str, Any] = {"description": HTTPStatus(status).phrase}
    if wanted is not None:
        schema = msgspec.json.schema_components([wanted], ref_template=_REF)[0][0]
        found["content"] = {content_type: {"schema": schema}}
    return found


def _problem(status: int) -> dict[str, Any]:
    return {
        "description": HTTPStatus(status).phrase,
        "content": {PROBLEM_TYPE: {"schema": {"$ref": _REF.format(name="ProblemDocument")}}},
    }
