"""The values a caller gets back: result codes, statuses, results, reports, titles and the balance."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from datetime import datetime
from decimal import Decimal
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .message import Recipient


class Code(IntEnum):
    """The page's table of result codes (section "Hata ve Gönderim Kodları"); 0 is success.

    The page explains each in a few words, some of which can be understood in two ways; see `meaning`.
    """

    ACCEPTED = 0
    SEND_FAILED = -1
    NOT_ENOUGH_CREDIT = -2
    NETWORK_NOT_COVERED = -3
    BAD_CREDENTIALS = -5
    INCOMPLETE_NUMBER = -6
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
        """Whether this code, when every recipient got it, means that the whole request was refused (A-05)."""
        return self in _WHOLE_REQUEST


_WHOLE_REQUEST = frozenset(
    {
        Code.BAD_CREDENTIALS,
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
    """`number` as a `Code` if the page documents it, otherwise the integer itself."""
    return Code(number) if number in Code._value2member_map_ else number


# Where the page can be understood in several ways, the words after "or" are another reading of it (login-codes,
# short-number, duplicate-id), or another clause that may use the code (title-code).
_TITLE: Final = "or a title that is not the account's"
_MEANINGS: Final = MappingProxyType(
    {
        Code.ACCEPTED: "accepted",
        Code.SEND_FAILED: f"sending failed, {_TITLE}",
        Code.NOT_ENOUGH_CREDIT: "not enough credit",
        Code.NETWORK_NOT_COVERED: "network not covered",
        Code.BAD_CREDENTIALS: "bad credentials",
        Code.INCOMPLETE_NUMBER: "no number, or one with digits missing",
        Code.BAD_USER: "user name missing or wrong",
        Code.BAD_PASSWORD: "password missing or wrong",
        Code.UNKNOWN_NUMBER: "unknown number",
        Code.XML_SYNTAX: "XML syntax error",
        Code.GENERAL: f"general error, {_TITLE}",
        Code.API_CONNECTION: "API connection error",
        Code.BAD_SCHEDULE: "bad schedule",
        Code.DUPLICATE_MESSAGE_ID: "message id repeated in this request, or used before",
        Code.NOT_DELIVERABLE: f"message not deliverable, {_TITLE}",
        Code.SEVERAL_ERRORS: f"several errors, {_TITLE}",
    }
)


def meaning(code: int) -> str:
    """A code in English, such as `not enough credit`; `undocumented code` for a code the page does not list.

    Where servers that keep to the page may mean different things by a code, all are named: `user name
    missing or wrong`.
    """
    return _MEANINGS[code] if isinstance(code, Code) else "undocumented code"


class Status(StrEnum):
    """The delivery statuses that a report can have (R-09)."""

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
class Result:
    """The server's answer for one recipient (S-01).

    `code` is a `Code`, or a plain integer if the page does not document it. `message_id` is None if
    the server gave none.
    """

    recipient: Recipient
    code: int
    message_id: str | None = None

    @property
    def number(self) -> str:
        """The number as the caller gave it."""
        return self.recipient.number

    @property
    def accepted(self) -> bool:
        """Whether the server accepted the message for this recipient."""
        return self.code == Code.ACCEPTED


@dataclass(frozen=True, slots=True)
class Receipt:
    """The results of a send: one for each recipient, in the caller's order.

    `parts` is the number of parts that each accepted recipient is expected to cost. The client
    calculates it for the tables that give the fewest parts; the server does not report it, and may use
    other tables (S-10).
    """

    results: tuple[Result, ...]
    parts: int

    @property
    def accepted(self) -> tuple[Result, ...]:
        """The results of the accepted recipients."""
        return tuple(result for result in self.results if result.accepted)

    @property
    def refused(self) -> tuple[Result, ...]:
        """The results of the refused recipients."""
        return tuple(result for result in self.results if not result.accepted)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a failed send got. Every recipient is in exactly one of the three fields.

    `results`  the server answered for these
    `unknown`  the request was written but not answered: these messages may have been sent, so do not
               send them again without checking
    `untried`  the request was not processed: these messages were not sent and may be sent again
    """

    results: tuple[Result, ...] = ()
    unknown: tuple[Recipient, ...] = ()
    untried: tuple[Recipient, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """One delivery report (R-02).

    `status` is a `Status`, or a plain string if the page does not document it. `sent_at` and
    `done_at` are aware datetimes in Turkey's time zone (R-08), None if the server left them out.
    """

    message_id: str
    status: str
    gsm_error: int | None
    sent_at: datetime | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Titles:
    """The titles that the account may send from, by kind (H-01)."""

    alphanumeric: tuple[str, ...]
    numeric: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Balance:
    """The remaining credit, exact, and its currency as the server names it (B-01).

    The page's only example of an amount is `18.532`, and its point may be a decimal point or separate
    thousands. `printed` is the server's own text. `amount` is its value: with a decimal point if the
    text can have one, or with thousands if the caller asked for `grouped` and it can have those.
    `other_amount` is the value that the other reading gives; None if the text allows only one.
    """

    amount: Decimal
    currency: str
    _: KW_ONLY
    printed: str
    other_amount: Decimal | None = None
