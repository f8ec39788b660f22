"""The adapter protocol: what is asked of a client under test and what it answers, one JSON object a line.

These types are the definition. :mod:`adapter_lines` writes and reads the lines; the JSON Schema shipped beside this
module (``adapter.schema.json``) is generated from them, for other languages.
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
    PUSH = "push"
    """It receives pushed reports: ``push`` names the address, ``pushed`` hands out what arrived."""
    RAW = "raw"
    """It hands out the bodies of answers (``raw``); the judge reads them."""
    NO_IDS = "no_ids"
    """Results have no message ids."""
    NO_CODES = "no_codes"
    """Results and errors say that the server refused, but not with which code."""
    NO_GSMERROR = "no_gsmerror"
    """Reports have no ``gsmerror``."""
    FIXED_TITLE = "fixed_title"
    """The title is configured; ``title`` is always null."""
    ONE_NUMBER = "one_number"
    """A send has exactly one recipient."""
    ONLY_BY_IDS = "only_by_ids"
    """``reports`` always needs a list of ids."""
    POLLS = "polls"
    """It pulls by itself, too; ``reports`` returns what arrived since it was asked last."""


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


class Push(msgspec.Struct, frozen=True, tag_field="op", tag="push"):
    """Ask for the address at which the client receives pushed reports from now on."""

    user: str = ""
    password: str = ""


class PushedReports(msgspec.Struct, frozen=True, tag_field="op", tag="pushed"):
    """Ask for the reports that were pushed since this was asked last."""


class Capabilities(msgspec.Struct, frozen=True, tag_field="op", tag="capabilities"):
    """Ask what the adapter can do."""


Call = Send | Reports | Titles | Balance
Request = Call | Push | PushedReports | Capabilities


class Result(msgspec.Struct, frozen=True):
    """The server's result for one recipient; ``message_id`` null or empty when there is none.

    ``status`` null: refused, by a client that hands out no codes.
    """

    status: int | None
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


class Receiving(msgspec.Struct, frozen=True):
    """Where the client receives pushed reports."""

    url: str


class Raw(msgspec.Struct, frozen=True):
    """The body of the answer as the client hands it out; ``http_status`` where it hands that out, too."""

    raw: str
    http_status: int | None = None


class Able(msgspec.Struct, frozen=True):
    """What the adapter can do."""

    capabilities: tuple[Capability, ...]


class Error(msgspec.Struct, frozen=True):
    """Why a call failed; ``code`` is the server's, if it gave one."""

    kind: Kind
    code: int | None = None


class Failed(msgspec.Struct, frozen=True):
    """A call that failed; ``reports`` of a pull, ``results`` of a send, may hold those that did arrive."""

    error: Error
    reports: tuple[Report, ...] = ()
    results: tuple[Result, ...] = ()


Outcome = Sent | Pulled | TitleList | Credit | Failed
ANSWERED: tuple[tuple[type[Any], type[Any]], ...] = (
    (Send, Sent),
    (Reports, Pulled),
    (Titles, TitleList),
    (Balance, Credit),
    (Push, Receiving),
    (PushedReports, Pulled),
    (Capabilities, Able),
)
"""What a call is answered when it does not fail."""


class Unintelligible(ValueError):
    """An answer that does not follow this protocol; the text says what is wrong with it."""
