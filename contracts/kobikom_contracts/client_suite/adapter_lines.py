"""The adapter protocol on the line: one JSON object a call, one an answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from kobikom_contracts.client_suite.adapter_protocol import ANSWERED, Failed, Raw, Request, Unintelligible


@dataclass(frozen=True, slots=True)
class LineFormat:
    """How a call is written as one line, and how a line of an answer to it is read."""

    name: str
    write: Callable[[Request], bytes]
    read: Callable[[Request, bytes], Any]


def write(call: Request) -> bytes:
    """A call as one line of ASCII JSON, line end included."""
    return json.dumps(msgspec.to_builtins(call), ensure_ascii=True).encode() + b"\n"


def read(call: Request, answer: object) -> Any:
    """A decoded JSON answer to a call as its value; raises :class:`Unintelligible`."""
    kind: type[Any] = dict(ANSWERED)[type(call)]
    if isinstance(answer, dict):
        kind = Failed if "error" in answer else Raw if "raw" in answer else kind
    try:
        return msgspec.convert(answer, kind)
    except (msgspec.ValidationError, RecursionError) as error:
        raise Unintelligible(str(error)) from None


def read_line(call: Request, line: bytes) -> Any:
    """One line of an adapter as the value it stands for; raises :class:`Unintelligible`."""
    try:
        answer = msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Unintelligible(f"not one JSON object: {error}") from None
    return read(call, answer)


JSON_LINES = LineFormat("json", write, read_line)
