"""Values: what a caller hands over and gets back. Pure, frozen, no I/O; imported by every other
module here.

Words are the field's (sender, recipient, report); the wire's Turkish words stay in `codec`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import IntEnum, StrEnum


class Code(IntEnum):
    """The page's table of result codes (section "Hata ve Gönderim Kodları"); 0 is success."""

    ACCEPTED = 0
    SEND_FAILED = -1
    NOT_ENOUGH_CREDIT = -2
    NETWORK_NOT_COVERED = -3
    BAD_CREDENTIALS = -5
    NO_RECIPIENT = -6
    BAD_USER = -10
    BAD_PASSWORD = -11
    UNKNOWN_NUMBER = -13
    XML_SYNTAX = -22
    GENERAL = -23
    API_CONNECTION = -26
    BAD_SCHEDULE = -27
    DUPLICATE_MESSAGE_ID = -33
    NOT_DELIVERABLE = -34
    SEVERAL_ERRORS = -99

    @property
    def whole_request(self) -> bool:
        """Whether this code, given to every recipient alike, refuses the whole request (A-05)."""
        return self in _WHOLE_REQUEST


_WHOLE_REQUEST = frozenset(
    {
        Code.BAD_CREDENTIALS,
        Code.NO_RECIPIENT,
        Code.BAD_USER,
        Code.BAD_PASSWORD,
        Code.XML_SYNTAX,
        Code.GENERAL,
        Code.API_CONNECTION,
        Code.BAD_SCHEDULE,
        Code.NOT_DELIVERABLE,
    }
)


def as_code(number: int) -> int:
    """`number` as a `Code` when the page documents it, else the bare number: nothing is lost."""
    return Code(number) if number in Code._value2member_map_ else number


def meaning(code: int) -> str:
    """A code in plain English, e.g. `not enough credit`."""
    return code.name.lower().replace("_", " ") if isinstance(code, Code) else "undocumented code"


class Status(StrEnum):
    """How a message ended (R-09)."""

    NOT_SENT = "NOT_SENT"
    SENT = "SENT"
    NOT_DELIVERED = "NOT_DELIVERED"
    DELIVERED = "DELIVERED"
    NOT_ALLOWED = "NOT_ALLOWED"
    INVALID_DESTINATION_ADDRESS = "INVALID_DESTINATION_ADDRESS"
    INVALID_SOURCE_ADDRESS = "INVALID_SOURCE_ADDRESS"
    ROUTE_NOT_AVAILABLE = "ROUTE_NOT_AVAILABLE"
    NOT_ENOUGH_CREDITS = "NOT_ENOUGH_CREDITS"
    REJECTED = "REJECTED"
    INVALID_MESSAGE_FORMAT = "INVALID_MESSAGE_FORMAT"


@dataclass(frozen=True, slots=True)
class Account:
    """Where the service is and who asks. The password never shows in a repr."""

    url: str
    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Recipient:
    """One number, with the caller's own message id if it has one (S-03)."""

    number: str
    message_id: str | None = None


Recipients = str | Recipient | Iterable[str | Recipient]


@dataclass(frozen=True, slots=True)
class Message:
    """What to send. `None` leaves a field to the account's default or, where said, to arithmetic.

    `sender`    the title (`baslik`); None: the account's first (S-09)
    `long`      split into parts; None: exactly when one part does not hold it (S-10)
    `delay`     from now until sending (S-15)           `validity`  at most 48 h (S-16)
    `app_id`    only a pull naming it gets the report (S-18)
    `push_url`  where to POST the report, unless `no_push` (S-19)
    `binary`    octets instead of `text` (S-14)
    `data_coding`, `language`  None: chosen from the text (S-12); language "" sends none
    """

    text: str = ""
    sender: str | None = None
    flash: bool = False
    long: bool | None = None
    delay: timedelta | None = None
    validity: timedelta | None = None
    app_id: str | None = None
    push_url: str | None = None
    no_push: bool = False
    binary: bytes | None = None
    data_coding: int | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """The server's word on one recipient. `code` is a `Code`, or a bare int if undocumented."""

    recipient: Recipient
    code: int
    message_id: str | None = None

    @property
    def number(self) -> str:
        """The number as it was submitted."""
        return self.recipient.number

    @property
    def accepted(self) -> bool:
        return self.code == Code.ACCEPTED


@dataclass(frozen=True, slots=True)
class Receipt:
    """A send that was answered: one result a recipient, in the caller's order.

    `parts` is this client's own arithmetic, what each accepted recipient is expected to cost.
    """

    results: tuple[Result, ...]
    parts: int

    @property
    def accepted(self) -> tuple[Result, ...]:
        return tuple(result for result in self.results if result.accepted)

    @property
    def refused(self) -> tuple[Result, ...]:
        return tuple(result for result in self.results if not result.accepted)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a failed send got: every recipient is in exactly one of the three.

    `results`  answered; their fate is known         `untried`  did not go out; safe to send
    `unknown`  written but not answered: may have gone out, so never send again unasked
    """

    results: tuple[Result, ...] = ()
    unknown: tuple[Recipient, ...] = ()
    untried: tuple[Recipient, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """One delivery report. Dates are aware, in Turkey's time (R-08); None where the server left one
    out.

    `status` is a `Status`, or a bare string if undocumented.
    """

    message_id: str
    status: str
    gsm_error: int | None
    sent_at: datetime | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Titles:
    """The senders the account may use (H-01)."""

    alphanumeric: tuple[str, ...]
    numeric: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Balance:
    """The credit left, exact (B-01)."""

    amount: Decimal
    currency: str
