"""The adapter protocol for programs without a JSON library: each line is a url-encoded form.

Every standard library reads and writes such forms (``URLDecoder`` and ``URLEncoder`` in Java, ``WebUtility`` in C#).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec

from kobikom_contracts.client_suite.adapter_lines import JSON_LINES, LineFormat, read
from kobikom_contracts.client_suite.adapter_protocol import Request, Unintelligible

Pairs = list[tuple[str, str]]

_ROWS: Mapping[str, tuple[str, ...]] = {
    "results": ("status", "destination", "message_id"),
    "reports": ("id", "status", "gsmerror", "sent_at", "done_at"),
}
"""Fields of each row of an answer; the first begins the next row."""
_NUMBERS = frozenset({"status", "gsmerror", "code", "http_status"})


def write(call: Request) -> bytes:
    """A call as one line: its fields in order, each recipient as ``gsm`` and ``message_id``; null is empty."""
    pairs: Pairs = []
    for name, value in msgspec.to_builtins(call).items():
        match name, value:
            case "recipients", recipients:
                for one in recipients:
                    pairs += [("gsm", one["gsm"]), ("message_id", one["message_id"] or "")]
            case "options", options:
                pairs += [(option, _word(given)) for option, given in options.items()]
            case "ids", None:
                pairs.append(("all", "true"))
            case "ids", idents:
                pairs += [("id", ident) for ident in idents]
            case _:
                pairs.append((name, _word(value)))
    return urlencode(pairs).encode() + b"\n"


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def read_line(call: Request, line: bytes) -> Any:
    """One line of an adapter as the value it stands for; raises :class:`Unintelligible`."""
    try:
        pairs = parse_qsl(line.decode("ascii").strip(), keep_blank_values=True, strict_parsing=True, errors="strict")
    except ValueError as error:
        raise Unintelligible(f"not one url-encoded form: {error}") from None
    if not pairs or pairs[0][0] != "answer":
        raise Unintelligible("the first field of a line must be `answer`")
    return read(call, _object(pairs[0][1], pairs[1:]))


def _object(kind: str, pairs: Pairs) -> dict[str, Any]:
    """The JSON object that a form stands for."""
    match kind:
        case "results" | "reports":
            return {kind: _rows(kind, pairs)}
        case "capabilities":
            return {"capabilities": [value for _, value in pairs]}
        case "titles":
            return {name: [v for key, v in pairs if key == name] for name in ("alphanumeric", "numeric")}
        case "error":
            beside = [pair for pair in pairs if pair[0] not in ("kind", "code")]
            rows = "reports" if any(name == "id" for name, _ in beside) else "results"
            error = {name: _value(name, value) for name, value in pairs if name in ("kind", "code")}
            return {"error": error, rows: _rows(rows, beside)}
        case "balance" | "push" | "raw":
            return {name: _value(name, value) for name, value in pairs}
        case _:
            raise Unintelligible(f"no kind of answer {kind!r}")


def _rows(kind: str, pairs: Pairs) -> list[dict[str, Any]]:
    first, rows = _ROWS[kind][0], list[dict[str, Any]]()
    for name, value in pairs:
        if name == first:
            rows.append(dict.fromkeys(_ROWS[kind]))
        if not rows or name not in _ROWS[kind]:
            raise Unintelligible(f"a row of {kind} begins with {first!r} and has {', '.join(_ROWS[kind])}")
        rows[-1][name] = _value(name, value) if not (kind == "reports" and name == "status") else value
    return rows


def _value(name: str, value: str) -> str | int | None:
    if name not in _NUMBERS:
        return value if value or name in ("raw", "currency", "amount") else None
    try:
        return int(value) if value else None
    except ValueError:
        raise Unintelligible(f"{name} is not a number: {value!r}") from None


FORM_LINES = LineFormat("form", write, read_line)
FORMATS: Mapping[str, LineFormat] = {one.name: one for one in (JSON_LINES, FORM_LINES)}
