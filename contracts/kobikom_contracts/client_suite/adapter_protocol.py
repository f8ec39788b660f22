"""The adapter protocol: what is asked of a client under test and what it answers, one JSON object a line.

These types are the definition. The JSON Schema shipped beside this module (``adapter.schema.json``) is
generated from them, for other languages.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec


class Capability(StrEnum):
    """What an adapter may claim; what it does not claim is not judged."""

    SEND = "send"
    REPORTS = "reports"
    TITLES = "titles"
    BALANCE = "balance"
    MESSAGE_IDS = "message_ids"
    """A send's recipients may carry message ids of the caller's."""
    REPORT_IDS = "report_ids"
    """``reports`` takes a list of ids."""
    FLASH = "flash"
    DELAY = "delay"
    VALIDITY = "validity"
    TIMEOUT = "timeout"
    """``options.timeout`` bounds each request."""


class Kind(StrEnum):
    """Why a call failed; each asks for another reaction of the caller."""

    REFUSED = "refused"
    """The server refused (``code`` is its own), or the client cannot write this (``code`` null)."""
    TRANSPORT = "transport"
    """No answer of this API, and the request had no effect: safe to repeat."""
    MALFORMED = "malformed"
    """An answer that can't be read."""
    UNKNOWN_FATE = "unknown_fate"
    """The request was written and may have had its effect: not to be repeated blindly."""


class To(msgspec.Struct, frozen=True):
    """One recipient of a send."""

    gsm: str
    message_id: str | None = None


class Options(msgspec.Struct, frozen=True, omit_defaults=True):
    """Optional parts of a call; only those that the adapter claims are given."""

    timeout: float | None = None
    """Seconds that a request may take, connecting and reading included."""
    flash: bool | None = None
    delay: int | None = None
    """Seconds from now until sending."""
    validity: int | None = None
    """Minutes."""


class Send(msgspec.Struct, frozen=True, tag_field="op", tag="send"):
    """Send one text to some recipients. ``url`` is the server's address without the API's path."""

    url: str
    user: str
    password: str
    title: str | None
    text: str
    recipients: tuple[To, ...]
    options: Options = Options()


class Reports(msgspec.Struct, frozen=True, tag_field="op", tag="reports"):
    """Pull delivery reports: all when ``ids`` is null, else those."""

    url: str
    user: str
    password: str
    ids: tuple[str, ...] | None = None
    options: Options = Options()


class Titles(msgspec.Struct, frozen=True, tag_field="op", tag="titles"):
    """Ask which titles the account may use."""

    url: str
    user: str
    password: str
    options: Options = Options()


class Balance(msgspec.Struct, frozen=True, tag_field="op", tag="balance"):
    """Ask what credit is left."""

    url: str
    user: str
    password: str
    options: Options = Options()


class Capabilities(msgspec.Struct, frozen=True, tag_field="op", tag="capabilities"):
    """Ask what the adapter can do."""


Call = Send | Reports | Titles | Balance


class Result(msgspec.Struct, frozen=True):
    """The server's result for one recipient; ``message_id`` null or empty when there is none."""

    status: int
    destination: str
    message_id: str | None = None


class Report(msgspec.Struct, frozen=True):
    """One delivery report. Dates as printed on the wire, or ISO 8601 (with offset, else Turkey's
    time)."""

    id: str
    status: str
    gsmerror: int | None = None
    sent_at: str | None = None
    done_at: str | None = None


class Sent(msgspec.Struct, frozen=True):
    """A send that was answered: one result a recipient, in the order given."""

    results: tuple[Result, ...]


class Pulled(msgspec.Struct, frozen=True):
    """A pull that was answered, maybe with none."""

    reports: tuple[Report, ...]


class TitleList(msgspec.Struct, frozen=True):
    """The account's titles by group."""

    alphanumeric: tuple[str, ...]
    numeric: tuple[str, ...]


class Credit(msgspec.Struct, frozen=True):
    """The credit left; ``amount`` is a decimal in a string, never a number."""

    amount: str
    currency: str


class Able(msgspec.Struct, frozen=True):
    """What the adapter can do."""

    capabilities: tuple[Capability, ...]


class Error(msgspec.Struct, frozen=True):
    """Why a call failed; ``code`` is the server's, if it gave one."""

    kind: Kind
    code: int | None = None


class Failed(msgspec.Struct, frozen=True):
    """A call that failed; of a pull, ``reports`` may hold those that did arrive."""

    error: Error
    reports: tuple[Report, ...] = ()


Outcome = Sent | Pulled | TitleList | Credit | Failed
ANSWERED: tuple[tuple[type[Any], type[Any]], ...] = (
    (Send, Sent),
    (Reports, Pulled),
    (Titles, TitleList),
    (Balance, Credit),
    (Capabilities, Able),
)
"""What a call is answered when it does not fail."""


class Unintelligible(ValueError):
    """An answer that does not follow this protocol; the text says what is wrong with it."""


def write(call: Call | Capabilities) -> bytes:
    """A call as one line of ASCII JSON, line end included."""
    import json

    return json.dumps(msgspec.to_builtins(call), ensure_ascii=True).encode() + b"\n"


def read(call: Call | Capabilities, answer: object) -> Any:
    """A decoded JSON answer to a call as its value; raises :class:`Unintelligible`."""
    failed = isinstance(answer, dict) and "error" in answer
    kind: type[Any] = Failed if failed else dict(ANSWERED)[type(call)]
    try:
        return msgspec.convert(answer, kind)
    except (msgspec.ValidationError, RecursionError) as error:
        raise Unintelligible(str(error)) from None


def read_line(call: Call | Capabilities, line: bytes) -> Any:
    """One line of an adapter as the value it stands for; raises :class:`Unintelligible`."""
    try:
        answer = msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Unintelligible(f"not one JSON object: {error}") from None
    return read(call, answer)


def json_schema() -> dict[str, Any]:
    """The protocol as JSON Schema 2020-12: ``$defs`` has ``request`` and ``answer``."""
    requests = [type_ for type_, _ in ANSWERED]
    answers = [type_ for _, type_ in ANSWERED] + [Failed]
    refs, definitions = msgspec.json.schema_components([*requests, *answers], ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "kobikom-contracts adapter protocol",
        "description": "One JSON object a line on standard input, one answer a line on standard output.",
        "anyOf": [{"$ref": "#/$defs/request"}, {"$ref": "#/$defs/answer"}],
        "$defs": {
            "request": {"anyOf": list(refs[: len(requests)])},
            "answer": {"anyOf": list(refs[len(requests) :])},
            **definitions,
        },
    }


def shipped_schema() -> str:
    """The schema as the file that is shipped for other languages."""
    from importlib.resources import files

    return files(__package__).joinpath("adapter.schema.json").read_text(encoding="utf-8")
