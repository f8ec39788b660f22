"""What a probe is: requests that decide readings, with the most they may cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kobikom_contracts.documents import SEND_PATH, Block, Recipient, Send, pull_path, query
from kobikom_contracts.learning.probing import texts
from kobikom_contracts.learning.probing.account import Account


@dataclass(frozen=True, slots=True)
class Request:
    """One request: a POST of ``body``, or a GET where that is None.

    ``parts``: the most parts that it may be charged. ``signed``: it carries the account's own login.
    """

    path: str
    body: bytes | None = None
    parts: int = 0
    signed: bool = True

    @property
    def method(self) -> str:
        """POST or GET."""
        return "GET" if self.body is None else "POST"


class Kind(StrEnum):
    """How the answers of a probe come."""

    AT_ONCE = "at-once"
    REPORTS = "reports"
    """Pulls the reports of what was accepted, until all have come."""
    TIMED = "timed"
    """Sends at a time of day that the values of ``dates`` print differently, and pulls the report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """Requests in their order, and the readings that they may decide.

    ``name`` says in a few words what is sent. ``parts``: the most parts that all of it may be charged; ``refusable``: a
    service that refuses it charges nothing. ``narrows``: for readings that it cannot decide alone, a value that it
    excludes. ``by_charge``: it is the charge that decides, so that balances and another message must show the price
    before and after.
    """

    name: str
    decides: tuple[str, ...]
    requests: tuple[Request, ...] = ()
    parts: int = 0
    refusable: bool = False
    narrows: Mapping[str, str] = field(default_factory=dict)
    kind: Kind = Kind.AT_ONCE
    by_charge: bool = False


def balance_query(account: Account) -> Request:
    """A balance query."""
    return Request(SEND_PATH, query("bakiye", account.user, account.password))


def title_query(account: Account) -> Request:
    """A title query."""
    return Request(SEND_PATH, query("basliklar", account.user, account.password))


def pull(account: Account, ids: tuple[str, ...]) -> Request:
    """A pull of the reports of some messages, and no others."""
    return Request(pull_path(account.user, account.password, ids))


def post(send: Send, *, parts: int) -> Request:
    """A send with the account's login."""
    return Request(SEND_PATH, send.body(), parts)


def message(account: Account, *recipients: Recipient | str, fields: texts.Fields = texts.ONE_PART) -> Send:
    """One message to some recipients, with the account's title."""
    title = {"baslik": account.title} if account.title else {}
    numbers = tuple(one if isinstance(one, Recipient) else Recipient(one) for one in recipients)
    return Send(account.user, account.password, (Block(numbers, {**title, **fields}),))
