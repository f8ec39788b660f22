"""The values a caller passes in: an account, recipients and the message to send."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from .errors import InvalidRequest

_PATH: Final = "/api/sendsms/xml/"
# The longest time that HH:mm can express; the server limits it to 48 h (S-16).
_LONGEST_VALIDITY: Final = timedelta(hours=999, minutes=59)


@dataclass(frozen=True, slots=True)
class Account:
    """The address of the service and the credentials for it. The repr omits the password.

    `url` is a host, a host with a path prefix, or the complete address ending in `/api/sendsms/xml/`.
    Any other URL raises InvalidRequest.
    """

    url: str
    user: str
    password: str = field(repr=False)

    def __post_init__(self) -> None:
        try:
            split = urlsplit(self.url)
            host, port = split.hostname, split.port
        except ValueError:
            host, port = None, None
        well_formed = re.fullmatch(r"https?://[^@?#]+", self.url, re.IGNORECASE)
        if not host or port == 0 or not well_formed or not re.fullmatch("[!-~]+", self.url):
            # The message does not quote the URL, which may contain a password.
            raise InvalidRequest("the URL must be http(s)://HOST[:PORT][/PREFIX], without a user and without a query")

    @property
    def endpoint(self) -> str:
        """The complete address that requests are posted to (T-01)."""
        return self.url.rstrip("/").removesuffix(_PATH.rstrip("/")) + _PATH


class BodyForm(StrEnum):
    """How the body of a send is written (T-02). Queries are bare XML in any case, as the page prints them.

    `LITERAL`      `XML=` and the XML as it is: the only form in which the page prints a send
    `URL_ENCODED`  `XML=` and the XML url-encoded, as a form field
    `BARE`         the XML alone
    """

    LITERAL = "literal"
    URL_ENCODED = "url-encoded"
    BARE = "bare"


@dataclass(frozen=True, slots=True)
class Recipient:
    """One phone number, optionally with the caller's own message id (S-03).

    An empty number raises InvalidRequest. Any other number is sent as given; the server checks it.
    """

    number: str
    message_id: str | None = None

    def __post_init__(self) -> None:
        if not self.number.strip():
            raise InvalidRequest("a recipient's number is empty")


Recipients = str | Recipient | Iterable[str | Recipient]


@dataclass(frozen=True, slots=True)
class Message:
    """What to send. A field that is None is left out of the request unless its line says otherwise.

    `title`     the sender id; None: the account's first title (S-09)
    `long`      send as several parts; None: only if the text does not fit one part (S-10)
    `delay`     from now until the message is sent, rounded up to seconds (S-15)
    `validity`  how long delivery is tried, rounded up to minutes; the server limits it to 48 h (S-16)
    `app_id`    only a pull with the same `app_id` returns the report (S-18)
    `push_url`  the address that the report is posted to; `no_push` turns pushing off (S-19)
    `binary`    octets to send instead of `text` (S-14)
    `data_coding`  0 to 255; None: chosen from the text (S-12)
    `language`     None: chosen from the text (S-12); "": no language is sent

    Raises InvalidRequest for text together with binary, and for a value out of its range.
    """

    text: str = ""
    _: KW_ONLY
    title: str | None = None
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

    def __post_init__(self) -> None:
        if self.binary is not None and self.text:
            raise InvalidRequest("a message has either text or binary, not both")
        if self.data_coding is not None and not 0 <= self.data_coding <= 255:
            raise InvalidRequest("data_coding must be 0 to 255")
        if self.delay is not None and self.delay < timedelta(0):
            raise InvalidRequest("delay must not be negative")
        if self.validity is not None and not timedelta(0) < self.validity <= _LONGEST_VALIDITY:
            raise InvalidRequest("validity must be positive and less than 1000 hours")
