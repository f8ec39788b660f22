"""Keeps the judge from locking the account: counts wrong logins, and sees when the right one is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import parse_qsl, urlsplit

from kobikom_contracts import reader
from kobikom_contracts.http_connection import HttpAnswer

REFUSED = frozenset({"-5", "-10", "-11"})
REFUSED_PULL = frozenset({"5", "10", "11", "-5", "-10", "-11"})
MOST_WRONG_LOGINS = 16
"""Wrong logins that a run may try where nothing says that the account can't be locked."""

_USER = re.compile(rb"<kullanici>(.*?)</kullanici>", re.DOTALL | re.IGNORECASE)
_PASSWORD = re.compile(rb"<parola>(.*?)</parola>", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Login:
    """User and password as a request carries them."""

    user: str
    password: str


def login_in(body: bytes) -> Login | None:
    """The login of a literal document; None when it has none or is encoded in some way."""
    user, password = _USER.search(body), _PASSWORD.search(body)
    if user is None or password is None:
        return None
    texts = [unescape(one[1].decode("utf-8", "replace")) for one in (user, password)]
    return Login(*texts)


def login_in_query(path: str) -> Login | None:
    """The login of a pull; None when a parameter is missing."""
    parameters = {name.lower(): value for name, value in parse_qsl(urlsplit(path).query, keep_blank_values=True)}
    try:
        return Login(parameters["kullanici"], parameters["parola"])
    except KeyError:
        return None


def is_refusal(http: HttpAnswer) -> bool:
    """True of an answer that refuses a login, to a document or to a pull."""
    statuses = {one.status for one in reader.results(http.text)}
    return http.text.strip() in REFUSED_PULL if not statuses else statuses <= REFUSED
