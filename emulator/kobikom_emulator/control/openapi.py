"""The OpenAPI 3.1 document, made from the endpoints."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import msgspec

from kobikom_emulator.control.problems import PROBLEM_TYPE, ProblemDocument
from kobikom_emulator.control.routing import PATH_PARAMETERS, Endpoint, NoQuery

_REF = "#/components/schemas/{name}"


def document(endpoints: Sequence[Endpoint], *, version: str) -> dict[str, Any]:
    """Bodies, answers and parameters of every endpoint."""
    types: list[Any] = [ProblemDocument]
    for endpoint in endpoints:
        types += [body for body in (endpoint.body, *endpoint.answers.values()) if body is not None]
    _, components = msgspec.json.schema_components(types, ref_template=_REF)
    paths: dict[str, Any] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _endpoint(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "kobikom-emulator control API",
            "version": version,
            "summary": "Spaces, accounts, messages, clock, faults, readings and journal of a fake Kobikom.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"token": []}],
    }


def _endpoint(endpoint: Endpoint) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": endpoint.id,
        "summary": endpoint.summary,
        "responses": {
            str(status): _answer(status, wanted, endpoint.content_type) for status, wanted in endpoint.answers.items()
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
        schema = msgspec.json.schema_components([endpoint.query], ref_template=_REF)[1][endpoint.query.__name__]
        parameters += [
            {"name": name, "in": "query", "required": False, "schema": _without_null(parameter)}
            for name, parameter in schema["properties"].items()
        ]
    if parameters:
        described["parameters"] = parameters
    if endpoint.body is not None:
        schema = msgspec.json.schema_components([endpoint.body], ref_template=_REF)[0][0]
        described["requestBody"] = {"required": False, "content": {"application/json": {"schema": schema}}}
    return described


def _problems(endpoint: Endpoint) -> list[int]:
    """The error statuses of an endpoint: its own, those of a body or path parameter, and those of the guard."""
    statuses = {400, 401, 403, *endpoint.problems}
    if endpoint.body is not None:
        statuses.add(422)
    if endpoint.parameters:
        statuses.add(404)
    return sorted(statuses)


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A query parameter is present or absent, never null."""
    schema = {key: value for key, value in schema.items() if not (key == "default" and value is None)}
    options = [each for each in schema.pop("anyOf", []) if each.get("type") != "null"]
    if len(options) == 1:
        return {**schema, **options[0]}
    return schema | {"anyOf": options} if options else schema


def _answer(status: int, wanted: Any, content_type: str) -> dict[str, Any]:
    described: dict[str, Any] = {"description": HTTPStatus(status).phrase}
    if wanted is not None:
        schema = msgspec.json.schema_components([wanted], ref_template=_REF)[0][0]
        described["content"] = {content_type: {"schema": schema}}
    return described


def _problem(status: int) -> dict[str, Any]:
    return {
        "description": HTTPStatus(status).phrase,
        "content": {PROBLEM_TYPE: {"schema": {"$ref": _REF.format(name="ProblemDocument")}}},
    }
