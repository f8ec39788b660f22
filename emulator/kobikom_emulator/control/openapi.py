"""The OpenAPI 3.1 document, made from the endpoints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from kobikom_emulator.control.examples import BODIES, PATHS
from kobikom_emulator.control.guard import HEADER, SAFE
from kobikom_emulator.control.problems import PROBLEM_TYPE
from kobikom_emulator.control.routing import PATH_PARAMETERS, Endpoint, NoQuery
from kobikom_emulator.control.schemas import Schemas, reference

SUBJECTS: Mapping[str, str] = {
    "server": "The emulator itself.",
    "spaces": "Private Kobikoms: open, show, close, reset.",
    "state": "A whole space as one document, and scenarios.",
    "accounts": "Accounts: credit, titles, prices.",
    "messages": "Messages: list, wait for, delete, decide how one ends.",
    "clock": "The time of a space.",
    "faults": "Rules that make requests fail.",
    "readings": "The choices where the vendor's page can be understood in more than one way.",
    "journal": "Requests and pushes with their answers and explanations.",
    "ledger": "What changed the credit of the accounts.",
    "events": "A stream of changes.",
    "webhooks": "Addresses that events are posted to.",
    "metrics": "Numbers for monitoring.",
    "clauses": "The clauses of the protocol that explanations cite.",
}
"""The tags of the document: what an endpoint is about, as `Endpoint.subject`."""


def document(endpoints: Sequence[Endpoint], *, version: str) -> dict[str, Any]:
    """Bodies, answers and parameters of every endpoint. `with_server` adds the server's address."""
    schemas = Schemas(endpoints)
    paths: dict[str, Any] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _endpoint(endpoint, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "kobikom-emulator control API",
            "version": version,
            "summary": "Spaces, accounts, messages, clock, faults, readings and journal of a fake Kobikom.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "tags": [{"name": name, "description": description} for name, description in SUBJECTS.items()],
        "paths": paths,
        "components": {
            "schemas": schemas.components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"token": []}],
    }


def with_server(described: Mapping[str, Any], url: str) -> dict[str, Any]:
    """The document with the server's address, as the client that asks for the document knows it."""
    return {**described, "servers": [{"url": url}]}


def _endpoint(endpoint: Endpoint, schemas: Schemas) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": endpoint.id,
        "summary": endpoint.summary,
        "tags": [endpoint.subject],
        "responses": {
            str(status): _answer(status, wanted, endpoint, schemas) for status, wanted in endpoint.answers.items()
        }
        | {str(status): _problem(status) for status in _problems(endpoint)},
    }
    parameters: list[dict[str, Any]] = [
        {
            "name": name, "in": "path", "required": True, "description": PATH_PARAMETERS[name],
            "schema": {"type": "string", "minLength": 1},
        } | ({"example": PATHS[name]} if name in PATHS else {})
        for name in endpoint.parameters
    ]  # fmt: skip
    if endpoint.query is not NoQuery:
        parameters += [
            {"name": name, "in": "query", "required": False, "schema": parameter}
            for name, parameter in schemas.properties(endpoint.query).items()
        ]
    if endpoint.method not in SAFE:
        parameters.append(_mark(required=endpoint.body is None))
    if parameters:
        described["parameters"] = parameters
    if endpoint.body is not None:
        content: dict[str, Any] = {"schema": schemas.of(endpoint.body)}
        if endpoint.id in BODIES:
            content["example"] = BODIES[endpoint.id]
        described["requestBody"] = {"required": False, "content": {"application/json": content}}
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
        "name": HEADER, "in": "header", "required": required,
        # The default lets a generated client send it by itself.
        "schema": {"type": "string", "default": "1"}, "example": "1",
        "description": "A change needs this header, with any value, or the content type application/json.",
    }  # fmt: skip


def _answer(status: int, wanted: Any, endpoint: Endpoint, schemas: Schemas) -> dict[str, Any]:
    described: dict[str, Any] = {"description": HTTPStatus(status).phrase}
    if wanted is not None:
        described["content"] = {endpoint.content_type: {"schema": schemas.of(wanted)}}
        described["content"] |= {
            kind: {"schema": {"type": "object" if kind.endswith("+json") else "string"}} for kind in endpoint.formats
        }
    return described


def _problem(status: int) -> dict[str, Any]:
    return {
        "description": HTTPStatus(status).phrase,
        "content": {PROBLEM_TYPE: {"schema": {"$ref": reference("ProblemDocument")}}},
    }
