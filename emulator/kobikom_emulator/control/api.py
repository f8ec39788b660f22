"""The control API: all endpoints, and how a request is answered by one."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, cast

import msgspec

from kobikom_emulator.control import (
    accounts,
    clauses,
    clock,
    events,
    faults,
    journal,
    ledger,
    messages,
    metrics,
    openapi,
    readings,
    spaces,
    state,
    webhooks,
)
from kobikom_emulator.control.guard import Guard
from kobikom_emulator.control.problems import Problem
from kobikom_emulator.control.public_address import PublicAddress
from kobikom_emulator.control.routing import Call, Endpoint, Router, ServerHandler, SpaceHandler, as_json, read_query
from kobikom_emulator.exchange import Answer
from kobikom_emulator.operations.errors import OperationError
from kobikom_emulator.operations.spaces import ServerOperations
from kobikom_emulator.phrases import preferred
from kobikom_emulator.ports import StoreFailed
from kobikom_emulator.space.errors import ServerStopping, SpaceClosed
from kobikom_emulator.space.registry import DEFAULT

ROOT = "/_emulator"
SPACE = f"{ROOT}/spaces/{{space}}"


class Health(msgspec.Struct, frozen=True):
    status: Literal["ok"]
    version: str


class ControlApi:
    """Answers requests under `/_emulator/`. `version` is the distribution's; `address` the server's, `run` a word that
    tells this run of the server from others.
    """

    def __init__(
        self, operations: ServerOperations, *, version: str, address: PublicAddress, guard: Guard, run: str = ""
    ) -> None:
        self._operations = operations
        self._version = version
        self._run = run
        self._guard = guard
        self._address = address
        self._metrics = metrics.ServerMetrics()
        self._router = Router(self._endpoints())
        self._document: dict[str, Any] | None = None

    def close(self) -> None:
        """End what was started in the background."""
        self._metrics.close()

    async def answer(self, method: str, target: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Answer one request; an error is answered by a problem document."""
        path, _, query = target.partition("?")
        language = preferred(headers.get("Accept-Language", ""))
        try:
            if path != f"{ROOT}/health":
                self._guard.check(method, headers)
            endpoint, parameters = self._router.find(method, path.rstrip("/"))
            call = Call(
                parameters,
                read_query(query, endpoint.query),
                body,
                self._address.url(headers),
                self._run,
                language,
                self._version,
            )
            if path != f"{ROOT}/health":
                await self._operations.catch_up()
            if not endpoint.for_space:
                answer = await cast("ServerHandler", endpoint.handler)(self._operations, call)
                return _with_relative_location(answer, path)
            space = self._operations.space(parameters.get("space", DEFAULT))
            return await cast("SpaceHandler", endpoint.handler)(space, call)
        except OperationError as error:
            return Problem.of(error).answer(language)
        except SpaceClosed as error:
            return Problem(404, str(error), field="space").answer(language)
        except StoreFailed as error:
            return Problem(503, f"the store failed: {error}").answer(language)
        except ServerStopping as error:
            return Problem(503, str(error)).answer(language)
        except Problem as problem:
            return problem.answer(language)

    async def _health(self, _: ServerOperations, __: Call) -> Answer:
        return as_json(Health("ok", self._version))

    async def _openapi(self, _: ServerOperations, call: Call) -> Answer:
        if self._document is None:
            self._document = openapi.document(self._router.endpoints, version=self._version)
        return as_json(openapi.with_server(self._document, call.base_url))

    def _endpoints(self) -> list[Endpoint]:
        own = (
            Endpoint("GET", "/health", self._health, "health", "Whether the emulator answers.", {200: Health},
                     for_space=False),
            Endpoint("GET", "/metrics", self._metrics.answer, "showMetrics", "Metrics of the server, for Prometheus.",
                     {200: str}, content_type="text/plain", for_space=False),
            Endpoint("GET", "/openapi.json", self._openapi, "openapi", "This document.", {200: dict[str, Any]},
                     for_space=False),
        )  # fmt: skip
        by_subject = (
            spaces,
            state,
            accounts,
            messages,
            clock,
            faults,
            readings,
            journal,
            ledger,
            events,
            webhooks,
            metrics,
            clauses,
        )
        by_module = [
            replace(endpoint, subject=module.__name__.rpartition(".")[2])
            for module in by_subject
            for endpoint in module.ENDPOINTS
        ]
        endpoints = [*own, *by_module]
        placed = [
            replace(endpoint, path=(SPACE if endpoint.for_space else ROOT) + endpoint.path) for endpoint in endpoints
        ]
        return [*placed, *_for_default_space(placed)]


def _with_relative_location(answer: Answer, path: str) -> Answer:
    """The answer, with its Location relative to the path of the request: a proxy may have put a path before both."""
    location = answer.headers.get("Location")
    if location is None:
        return answer
    folder = path.rpartition("/")[0]
    relative = location.removeprefix(folder + "/")
    if relative == location:
        relative = posixpath.relpath(location, folder)
    return msgspec.structs.replace(answer, headers={**answer.headers, "Location": relative})


def _for_default_space(endpoints: list[Endpoint]) -> list[Endpoint]:
    """Short paths to the default space, for the two endpoints that are typed by hand most."""
    short = {"readJournal": ("/journal", "readDefaultJournal"), "resetSpace": ("/reset", "resetDefault")}
    return [
        replace(endpoint, path=ROOT + short[endpoint.id][0], id=short[endpoint.id][1])
        for endpoint in endpoints
        if endpoint.id in short
    ]
