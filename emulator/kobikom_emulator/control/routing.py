"""Operations of the control API as values: method, path, parameters, body, answers. The router and the OpenAPI
document are both read off them, so neither can say what the other doesn't.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, TypeVar, get_args, get_type_hints
from urllib.parse import parse_qsl, unquote

import msgspec

from kobikom_emulator.control.problems import Problem
from kobikom_emulator.exchange import Answer

B = TypeVar("B")
_AT = re.compile(r" - at `\$\.?([^`]*)`$")
_UNKNOWN = re.compile(r"unknown field `([^`]+)`")
_MISSING = re.compile(r"missing required field `([^`]+)`")

PATH_PARAMETERS: Mapping[str, str] = {
    "space": "The name of a space; `default` always exists.",
    "user": "A user name of the space.",
    "message": "A message id: the generated one, or the one its customer gave.",
    "fault": "The number of an armed fault rule.",
    "entry": "The number of a journal entry.",
}


class NoQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An operation without query parameters."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request, read: path parameters by name, the query as the operation's type, the raw body and the server's
    URL.
    """

    path: Mapping[str, str]
    query: Any
    body: bytes
    base_url: str

    def body_as(self, wanted: type[B]) -> B:
        """The JSON body as a type; an empty body is an empty object. `Problem` 400 or 422 names what is wrong."""
        body: B = read_json(self.body or b"{}", wanted)
        return body


Handler = Callable[[Call], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `answers` maps each success status to the type of its body (None: no body)."""

    method: str
    path: str
    handler: Handler
    id: str
    summary: str
    answers: Mapping[int, Any] = field(default_factory=dict)
    problems: Sequence[int] = ()
    query: type[msgspec.Struct] = NoQuery
    body: Any = None
    content_type: str = "application/json"

    @property
    def parameters(self) -> list[str]:
        return re.findall(r"\{(\w+)\}", self.path)


class Router:
    """Finds the operation of a request."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = tuple(operations)
        self._by_shape: dict[int, list[tuple[re.Pattern[str], Operation]]] = {}
        for operation in operations:
            pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", operation.path))
            self._by_shape.setdefault(operation.path.count("/"), []).append((pattern, operation))

    def find(self, method: str, path: str) -> tuple[Operation, dict[str, str]]:
        """The operation and its path parameters, or `Problem` 404 or 405."""
        allowed: list[str] = []
        for pattern, operation in self._by_shape.get(path.count("/"), ()):
            match = pattern.fullmatch(path)
            if match is None:
                continue
            if operation.method == method:
                return operation, {name: unquote(value) for name, value in match.groupdict().items()}
            allowed.append(operation.method)
        if allowed:
            allow = ", ".join(sorted(set(allowed)))
            raise Problem(405, f"{path} takes {allow}, not {method}", headers={"Allow": allow})
        raise Problem(404, f"there is no {path}; /_emulator/openapi.json lists what there is")


def read_query(text: str, wanted: type[msgspec.Struct]) -> Any:
    """Query parameters as a struct; `Problem` 400 names the parameter."""
    given: dict[str, str] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        if name in given:
            raise Problem(400, f"the parameter {name} is given twice", field=name)
        given[name] = value
    try:
        return msgspec.convert(given, wanted, strict=False)
    except msgspec.ValidationError as error:
        problem = problem_of(error, 400)
        if choices := _choices(wanted, problem.field):
            raise Problem(400, f"{problem.detail}; it is one of {choices}", field=problem.field) from None
        raise problem from None


def _choices(wanted: type[msgspec.Struct], field: str) -> str:
    """The values that a query parameter takes, if it takes the members of an enumeration."""
    annotation = get_type_hints(wanted).get(field)
    for choice in get_args(annotation) or (annotation,):
        if isinstance(choice, type) and issubclass(choice, StrEnum):
            return ", ".join(choice)
    return ""


def read_json(body: bytes, wanted: Any) -> Any:
    """A JSON body as a type; `Problem` 400 if it is no JSON, 422 if it is not what is wanted."""
    try:
        return msgspec.json.decode(body, type=wanted)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise problem_of(error) from None


def problem_of(error: Exception, invalid: int = 422) -> Problem:
    """What msgspec says, as a problem: the field picked out of its sentence, `invalid` for well-formed but wrong."""
    if isinstance(error, RecursionError):
        return Problem(400, "the body is nested too deep")
    message = str(error)
    if not isinstance(error, msgspec.ValidationError):
        return Problem(400, f"the body is no JSON: {message}")
    at = _AT.search(message)
    name = at[1] if at else ""
    sentence = message[: at.start()] if at else message
    inner = _UNKNOWN.search(sentence) or _MISSING.search(sentence)
    if inner:
        name = f"{name}.{inner[1]}" if name else inner[1]
    return Problem(invalid, f"{name}: {sentence}" if name else sentence, field=name)


def as_json(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """A JSON answer."""
    return Answer((msgspec.json.encode(value) + b"\n",), "application/json", status, headers or {})


NO_CONTENT = Answer((), "application/json", 204)

Limit = Annotated[int, msgspec.Meta(ge=1, le=1000, description="How many at most.")]
