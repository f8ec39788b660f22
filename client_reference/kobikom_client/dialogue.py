"""Dialogues: the verbs as generators that yield a `Request`, are sent its `Answer` and return the
result.

All decisions live here and in `codec`; a client only carries requests to the wire, so the blocking
and the asynchronous one can't differ. No I/O, no retry: a verb puts each request on the wire once.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from itertools import chain
from typing import TypeVar
from urllib.parse import quote

from . import codec
from .errors import InvalidRequest, KobikomError
from .values import (
    Account,
    Balance,
    Message,
    Progress,
    Receipt,
    Recipient,
    Recipients,
    Report,
    Result,
    Titles,
)

_T = TypeVar("_T")
Dialogue = Generator[codec.Request, codec.Answer, _T]

# Octets of message ids in one URL; servers commonly take 8,000 for the whole request line.
_IDS_A_PULL = 4000


def send(account: Account, message: Message | str, to: Recipients, *, batch: int) -> Dialogue[Receipt]:
    """One request for each `batch` recipients, in order; the first failure ends it and tells how
    far it got.
    """
    message = Message(message) if isinstance(message, str) else message
    recipients = _recipients(to)
    if batch < 1:
        raise InvalidRequest("a batch holds at least one recipient")
    batches = [recipients[at : at + batch] for at in range(0, len(recipients), batch)] or [()]
    # All are built before the first goes out: what can't be written stops the send as a whole.
    requests = [codec.send_request(account, message, each) for each in batches]
    results: tuple[Result, ...] = ()
    for at, request in enumerate(requests):
        try:
            results += codec.read_send((yield request), batches[at])
        except KobikomError as error:
            failed, later = error.progress, chain.from_iterable(batches[at + 1 :])
            untried = (*failed.untried, *later)
            error.progress = Progress(results + failed.results, failed.unknown, untried)
            raise
    return Receipt(results, codec.parts(message).count)


def reports(account: Account, *, message_ids: Iterable[str] | None, app_id: str | None) -> Dialogue[tuple[Report, ...]]:
    """Pull once; many ids in several pulls. An error carries the reports that did arrive."""
    pulls: Iterable[Sequence[str] | None] = [None] if message_ids is None else _by_url(message_ids)
    requests = [codec.reports_request(account, message_ids=ids, app_id=app_id) for ids in pulls]
    pulled: tuple[Report, ...] = ()
    for request in requests:
        try:
            pulled += codec.read_reports((yield request))
        except KobikomError as error:
            error.reports = pulled + error.reports
            raise
    return pulled


def titles(account: Account) -> Dialogue[Titles]:
    return codec.read_titles((yield codec.titles_request(account)))


def balance(account: Account) -> Dialogue[Balance]:
    return codec.read_balance((yield codec.balance_request(account)))


def _recipients(to: Recipients) -> tuple[Recipient, ...]:
    several = [to] if isinstance(to, (str, Recipient)) else to
    return tuple(Recipient(each) if isinstance(each, str) else each for each in several)


def _by_url(message_ids: Iterable[str]) -> list[list[str]]:
    """No ids make no pull at all: an empty filter would consume every report."""
    ids = [message_ids] if isinstance(message_ids, str) else message_ids
    pulls: list[list[str]] = []
    room = 0
    for message_id in ids:
        length = len(quote(message_id, safe="", errors="replace")) + len("%2C")
        if not pulls or length > room:
            pulls.append([])
            room = _IDS_A_PULL
        pulls[-1].append(message_id)
        room -= length
    return pulls
