"""Readings that refused logins show: login-codes, refusal-shape, pull-refusal (A-01, A-05, R-07)."""

from __future__ import annotations

from collections.abc import Iterator

from kobikom_contracts.documents import Send
from kobikom_contracts.learning.decoded import Decoded
from kobikom_contracts.learning.evidence import Evidence, shows
from kobikom_contracts.learning.traffic import Traffic
from kobikom_contracts.server_suite.audit import echo
from kobikom_contracts.server_suite.audit.meaning import PullRequest
from kobikom_contracts.server_suite.codes import LOGIN_REFUSALS

_MOST_RECIPIENTS = 100
"""Over this many, a limit may have refused the request (T-11)."""


def evidence(traffic: Traffic) -> Iterator[Evidence]:
    """What each refused login excludes."""
    for exchange in traffic.exchanges:
        if exchange.request is not None and not isinstance(exchange.request, PullRequest):
            yield from _codes(exchange)
            yield from _shape(exchange)
    for exchange in traffic.pulls:
        body = exchange.text.strip()
        if body in LOGIN_REFUSALS or f"-{body}" in LOGIN_REFUSALS:
            value = "negative" if body.startswith("-") else "positive"
            yield from shows("pull-refusal", {value}, exchange.position, f"a refused pull is answered with {body}")


def _codes(exchange: Decoded) -> Iterator[Evidence]:
    request = exchange.request
    assert request is not None
    statuses = {result.status for result in exchange.results}
    if not all((login or "").strip(echo.BLANK) for login in (request.user, request.password)):
        return
    if statuses == {"-5"}:
        yield from shows("login-codes", {"missing"}, exchange.position, "a login with user and password gets -5")
    elif statuses in ({"-10"}, {"-11"}):
        why = f"a login with user and password gets {statuses.pop()}"
        yield from shows("login-codes", {"wrong"}, exchange.position, why)


def _shape(exchange: Decoded) -> Iterator[Evidence]:
    if not isinstance(exchange.request, Send):
        return
    results = exchange.results
    gsms = [recipient.gsm.strip(echo.BLANK) for block in exchange.request.blocks for recipient in block.recipients]
    numbers = [number for number in gsms if number]
    statuses = {result.status for result in results}
    if len(statuses) != 1 or not statuses <= LOGIN_REFUSALS or not 0 < len(numbers) <= _MOST_RECIPIENTS:
        return
    if len(results) == 1 and not results[0].destination:
        why = f"a refused login of a send to {len(numbers)} has one result without a number"
        yield from shows("refusal-shape", {"single"}, exchange.position, why)
    elif [result.destination.strip(echo.BLANK) for result in results] == numbers:
        why = f"a refused login of a send to {len(numbers)} has a result for each number"
        yield from shows("refusal-shape", {"per-recipient"}, exchange.position, why)
