"""Which answers end a run: the login is refused, the service is gone, or the answer is not one of the API."""

from __future__ import annotations

from kobikom_contracts.core.verdicts import printable
from kobikom_contracts.learning.decoded import Decoded
from kobikom_contracts.recording.exchanges import Ended, RecordedExchange
from kobikom_contracts.server_suite.audit.meaning import PullRequest
from kobikom_contracts.server_suite.codes import LOGIN_REFUSALS, PULL_REFUSALS

_DOCUMENTS = ("<results", "<basliklar", "<bakiye", "<DeliveryReport")
_MOST_SHOWN = 60


class Stopped(Exception):
    """The run cannot go on; one line says why. What was learned before is kept."""


def check(exchange: Decoded, recorded: RecordedExchange, *, signed: bool) -> None:
    """Raise :class:`Stopped` for an answer after which nothing more can be learned.

    ``signed``: the request carried the account's own login, which the service must accept.
    """
    if recorded.ended != Ended.ANSWERED:
        raise Stopped(f"{recorded.url} gives no whole answer to a request")
    if recorded.status != 200:
        raise Stopped(f"{recorded.url} answers HTTP {recorded.status} instead of the API's 200")
    refusals = {result.status for result in exchange.results} or {exchange.text.strip()}
    if signed and (refusals <= LOGIN_REFUSALS or refusals <= PULL_REFUSALS):
        raise Stopped(f"the login is refused ({min(refusals)}): see --user and the password")
    is_pull = isinstance(exchange.request, PullRequest)
    if is_pull and exchange.text.strip() in PULL_REFUSALS | {"NO_DATA"}:
        return
    if not any(root in exchange.text for root in _DOCUMENTS):
        beginning = printable(exchange.text[:_MOST_SHOWN])
        raise Stopped(f"{recorded.url} answers with something that is not the API's: {beginning!r}")
