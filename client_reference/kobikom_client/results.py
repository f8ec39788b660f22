"""The values a caller gets back: result codes, statuses, results, reports, titles and the balance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .message import Recipient


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
        """Whether this code, when every recipient got it, means that the whole request was refused (A-05)."""
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
    """`number` as a `Code` if the page documents it, otherwise the integer itself."""
    return Code(number) if number in Code._value2member_map_ else number


def meaning(code: int) -> str:
    """A code in English, such as `not enough credit`; `undocumented code` for a code the page does not list."""
    return code.name.lower().replace("_", " ") if isinstance(code, Code) else "undocumented code"


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
    calculates it; the server does not report it.
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
    """The remaining credit, exact, and its currency as the server names it (B-01)."""

    amount: Decimal
    currency: str
