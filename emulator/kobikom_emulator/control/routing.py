"""Finds the endpoint for a request of the control API, and reads query and body as values."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import parse_qsl, unquote

import msgspec

from kobikom_emulator.control.problems import Problem
from kobikom_emulator.domain.values import seconds_problem
from kobikom_emulator.exchange import Answer
from kobikom_emulator.operations.errors import Invalid
from kobikom_emulator.operations.space import SpaceOperations
from kobikom_emulator.operations.spaces import ServerOperations
from kobikom_emulator.phrases import Language

B = TypeVar("B")

PATH_PARAMETERS: Mapping[str, str] = {
    "space": "The name of a space; `default` always exists.",
    "user": "A user of the space.",
    "message": "A message id: the generated one, or the one its customer gave.",
    "fault": "The number of an armed fault rule.",
    "entry": "The number of a journal entry.",
    "webhook": "The number of a webhook.",
    "reading": "The name of a reading, as in `long-text`.",
    "clause": "The id of a clause of the protocol, as in `S-09`.",
}


class NoQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An endpoint without query parameters."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request, read: path parameters by name, the query as the endpoint's type, the raw body, the server's URL as
    the client knows it, a word that tells this run of the server from others, the language of Accept-Language, and the
    distribution's version.
    """

    path: Mapping[str, str]
    query: Any
    body: bytes
    base_url: str
    run: str
    language: Language = "en"
    version: str = "0"

    def body_as(self, wanted: type[B]) -> B:
        """The JSON body as a type; an empty body is an empty object. `Invalid` names what is wrong."""
        body: B = read_json(self.body or b"{}", wanted)
        return body

    def number(self, name: str, what: str) -> int:
        """A path parameter that is a number; `Problem` 404 where it is not one."""
        text = self.path[name]
        if not (text.isascii() and text.isdigit() and len(text) <= 18):
            raise Problem(404, f"there is no {what} {text!r}")
        return int(text)


SpaceHandler = Callable[[SpaceOperations, Call], Awaitable[Answer]]
ServerHandler = Callable[[ServerOperations, Call], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method on one path below `/_emulator`; `{name}` in the path is a parameter.

    `answers` maps each success status to the type of its body (None: no body), `problems` are the error statuses beside
    those that every endpoint has. `formats` are the media types in which it answers beside `content_type`, as its query
    chooses. With `for_space` the path is below a space and the handler gets its operations. `subject` is what the
    endpoint is about: its tag in the OpenAPI document.
    """

    method: str
    path: str
    handler: SpaceHandler | ServerHandler
    id: str
    summary: str
    answers: Mapping[int, Any] = field(default_factory=dict)
    problems: Sequence[int] = ()
    query: type[msgspec.Struct] = NoQuery
    body: Any = None
    content_type: str = "application/json"
    formats: Sequence[str] = ()
    for_space: bool = True
    subject: str = "server"

    @property
    def parameters(self) -> list[str]:
        return re.findall(r"\{(\w+)\}", self.path)


class Router:
    """Finds the endpoint of a request."""

    def __init__(self, endpoints: Sequence[Endpoint]) -> None:
        self.endpoints = tuple(endpoints)
        self._by_depth: dict[int, list[tuple[re.Pattern[str], Endpoint]]] = {}
        for endpoint in endpoints:
            pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", endpoint.path))
            self._by_depth.setdefault(endpoint.path.count("/"), []).append((pattern, endpoint))

    def find(self, method: str, path: str) -> tuple[Endpoint, dict[str, str]]:
        """The endpoint and its path parameters, or `Problem` 404 or 405. HEAD is for every endpoint that GET is for."""
        wanted = "GET" if method == "HEAD" else method
        allowed: list[str] = []
        for pattern, endpoint in self._by_depth.get(path.count("/"), ()):
            match = pattern.fullmatch(path)
            if match is None:
                continue
            if endpoint.method == wanted:
                return endpoint, {name: unquote(value) for name, value in match.groupdict().items()}
            allowed += ["GET", "HEAD"] if endpoint.method == "GET" else [endpoint.method]
        if allowed:
            allow = ", ".join(sorted(set(allowed)))
            raise Problem(405, f"{path} takes {allow}, not {method}", headers={"Allow": allow})
        raise Problem(404, f"there is no {path}; /_emulator/openapi.json lists what there is")


def read_query(text: str, wanted: type[msgspec.Struct]) -> Any:
    """Query parameters as a struct; `Problem` 400 names the parameter."""
    parameters: dict[str, str] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        if name in parameters:
            raise Problem(400, f"the parameter {name} is given twice", field=name)
        parameters[name] = value
    try:
        query = msgspec.convert(parameters, wanted, strict=False)
    except msgspec.ValidationError as error:
        invalid = Invalid.from_json(error, wanted)
        raise Problem(400, invalid.detail, field=invalid.field) from None
    for name, value in parameters.items():
        if getattr(query, name) is None:  # msgspec reads the word null as None, which would be no condition at all
            raise Problem(400, f"{name}: cannot be {value!r}", field=name)
        if isinstance(getattr(query, name), datetime) and (problem := seconds_problem(value)):
            raise Problem(400, f"{name}: {problem}", field=name)
    return query


def read_json(body: bytes, wanted: Any) -> Any:
    """A JSON body as a type; `Invalid` names what is wrong."""
    try:
        return msgspec.json.decode(body, type=wanted)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid.from_json(error, wanted) from None


def as_json(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """A JSON answer."""
    return Answer((msgspec.json.encode(value) + b"\n",), "application/json", status, headers or {})


NO_CONTENT = Answer((), "application/json", 204)


class Completed(msgspec.Struct, frozen=True):
    """The answer of an operation without a result: what was done, in one word."""

    status: str
