"""Keeps the judge from locking the account: counts wrong logins, and sees when the right one is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kobikom_contracts import reader
from kobikom_contracts.http_connection import HttpAnswer
from kobikom_contracts.server_suite.audit.meaning import meaning_of_pull
from kobikom_contracts.server_suite.codes import LOGIN_REFUSALS, PULL_REFUSALS

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
    texts = [reader.unescape(one[1].decode("utf-8", "replace")) for one in (user, password)]
    return Login(*texts)


def login_in_query(path: str) -> Login | None:
    """The login of a pull; None when a parameter is missing."""
    asked = meaning_of_pull(path)
    return None if asked.user is None or asked.password is None else Login(asked.user, asked.password)


def is_refusal(http: HttpAnswer) -> bool:
    """True of an answer that refuses a login, to a document or to a pull."""
    statuses = {one.status for one in reader.results(http.text)}
    return http.text.strip() in PULL_REFUSALS if not statuses else statuses <= LOGIN_REFUSALS
