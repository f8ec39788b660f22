"""The reading undeclared-bytes, which requests in windows-1254 without a declaration show (T-05)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kobikom_contracts.learning.decoded import Decoded, charset_of
from kobikom_contracts.learning.evidence import Evidence, shows
from kobikom_contracts.learning.traffic import Traffic
from kobikom_contracts.server_suite.audit.meaning import meaning

_DECLARED = re.compile(rb"\A\s*(?:xml=)?\s*<\?xml", re.IGNORECASE)
_LARGEST = 100_000
"""Bytes of a body over which a limit may have refused it (T-11)."""


def evidence(traffic: Traffic) -> Iterator[Evidence]:
    """What the answer to each undeclared body that is not UTF-8 excludes."""
    for exchange in traffic.answers:
        if exchange.recorded.method != "POST" or not _is_undeclared(exchange):
            continue
        statuses = {result.status for result in exchange.results}
        if statuses == {"-22"}:
            why = "undeclared windows-1254 bytes get -22"
            yield from shows("undeclared-bytes", {"refuse"}, exchange.position, why)
        elif "-22" not in statuses:
            why = "undeclared windows-1254 bytes are understood"
            yield from shows("undeclared-bytes", {"windows-1254"}, exchange.position, why)


def _is_undeclared(exchange: Decoded) -> bool:
    """Whether the body is a document in windows-1254 that nothing declares, and nothing else is wrong with it."""
    recorded = exchange.recorded
    body = recorded.request_body
    if not recorded.exact or len(body) > _LARGEST or _DECLARED.match(body) or charset_of(recorded):
        return False
    if (recorded.request_header("Content-Encoding") or "identity").lower() != "identity":
        return False
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        try:
            return meaning(body.decode("windows-1254").encode()) is not None
        except UnicodeDecodeError:
            return False
    return False
