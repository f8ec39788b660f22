"""The operations of the API (send, reports, titles, balance) as generators without I/O.

A generator yields each `Request`, is sent its `Answer`, and returns the result. Both clients run the
same generators and only differ in how they transmit a request. Nothing is retried: each request is
yielded once.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from itertools import chain
from typing import TypeVar
from urllib.parse import quote

from . import codec
from .errors import KobikomError
from .message import Account, BodyForm, Message, Recipient, Recipients
from .results import Balance, Progress, Receipt, Report, Result, Titles

_T = TypeVar("_T")
Operation = Generator[codec.Request, codec.Answer, _T]

# Octets of message ids in one URL; servers commonly accept 8,000 for the whole request line.
_MESSAGE_ID_OCTETS = 4000


def send(
    account: Account, message: Message | str, to: Recipients, *, batch: int, body_form: BodyForm
) -> Operation[Receipt]:
    """One request for each `batch` recipients, in order. The first failure ends the send; the
    error's `progress` covers all recipients.
    """
    message = Message(message) if isinstance(message, str) else message
    recipients = _recipients(to)
    batches = [recipients[at : at + batch] for at in range(0, len(recipients), batch)] or [()]
    # All requests are built before the first is sent, so that one invalid recipient stops the whole send.
    requests = [codec.send_request(account, message, recipients, body_form=body_form) for recipients in batches]
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


def reports(
    account: Account, *, message_ids: Iterable[str] | None, app_id: str | None
) -> Operation[tuple[Report, ...]]:
    """One pull, or several if the ids do not fit one URL. An error has the reports that arrived."""
    pulls: Iterable[Sequence[str] | None] = [None] if message_ids is None else _divide_by_length(message_ids)
    requests = [codec.reports_request(account, message_ids=ids, app_id=app_id) for ids in pulls]
    pulled: tuple[Report, ...] = ()
    for request in requests:
        try:
            pulled += codec.read_reports((yield request))
        except KobikomError as error:
            error.reports = pulled + error.reports
            raise
    return pulled


def titles(account: Account) -> Operation[Titles]:
    """One request."""
    return codec.read_titles((yield codec.titles_request(account)))


def balance(account: Account, *, grouped: bool) -> Operation[Balance]:
    """One request."""
    return codec.read_balance((yield codec.balance_request(account)), grouped=grouped)


def _recipients(to: Recipients) -> tuple[Recipient, ...]:
    recipients = [to] if isinstance(to, (str, Recipient)) else to
    return tuple(Recipient(number) if isinstance(number, str) else number for number in recipients)


def _divide_by_length(message_ids: Iterable[str]) -> list[list[str]]:
    """The ids in groups that fit one URL each. No ids give no group, and so no pull: a pull without
    ids would consume every report.
    """
    ids = [message_ids] if isinstance(message_ids, str) else message_ids
    groups: list[list[str]] = []
    room = 0
    for message_id in ids:
        length = len(quote(message_id, safe="", errors="replace")) + len("%2C")
        if not groups or length > room:
            groups.append([])
            room = _MESSAGE_ID_OCTETS
        groups[-1].append(message_id)
        room -= length
    return groups
