"""What each request shows of its client: the clauses that can be judged without knowing what it was asked to do (K)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import cast

from kobikom_contracts.client_suite.http_values import Received
from kobikom_contracts.client_suite.request_stream import RequestStream
from kobikom_contracts.client_suite.wire_rules import alphabet_faults, needless_ucs2
from kobikom_contracts.client_suite.written_requests import WrittenSend, read_request
from kobikom_contracts.core.verdicts import Violation
from kobikom_contracts.documents import SEND_PATH
from kobikom_contracts.recording.exchanges import RecordedExchange
from kobikom_contracts.trace.observations import Observation, observed

JUDGED = ("K-01", "K-02", "K-03", "K-07", "K-11", "K-12", "K-40")
"""The clauses for clients that a recording can show."""
_API = SEND_PATH.rstrip("/")


def observations(exchanges: Sequence[RecordedExchange]) -> Iterator[Observation]:
    """What the requests to the API show, in order."""
    for position, (recorded, received) in enumerate(zip(exchanges, _received(exchanges), strict=True)):
        if received is not None:
            yield from observed(*_judged(recorded, received), position)


def _judged(recorded: RecordedExchange, received: Received) -> tuple[list[str], list[Violation]]:
    read = read_request(received)
    seen, violations = ["K-01"], list(read.faults)
    if recorded.exact:
        seen.append("K-02")
    is_decoded = not recorded.exact and not received.body.isascii()  # by another program: in which encoding is lost
    if received.body.strip():
        seen += ["K-07"] if is_decoded else ["K-03", "K-07"]
    if isinstance(read.written, WrittenSend) and not read.damaged:
        for block in read.written.blocks:
            seen += ["K-11", "K-12", "K-40"]
            violations += [*alphabet_faults(block), *needless_ucs2(block)]
    unknown = {"K-03"} if is_decoded else set()
    return seen, [violation for violation in violations if violation.statement not in unknown]


def _received(exchanges: Sequence[RecordedExchange]) -> list[Received | None]:
    """The requests as the client suite reads them; None of those that are not to the API, or not whole."""

    async def read_all() -> list[Received | None]:
        return [await _read(one) if _is_api(one) else None for one in exchanges]

    return asyncio.run(read_all())


def _is_api(recorded: RecordedExchange) -> bool:
    return _API in recorded.target.partition("?")[0] and not recorded.request_left_out


async def _read(recorded: RecordedExchange) -> Received | None:
    if recorded.exact and recorded.request_bytes:
        stream = asyncio.StreamReader()
        stream.feed_data(recorded.request_bytes)
        stream.feed_eof()
        received = await RequestStream(stream, cast(asyncio.StreamWriter, _NoAnswer())).request()
    else:
        pairs = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in recorded.request_headers)
        received = Received(
            recorded.method, recorded.target, recorded.request_version, pairs, recorded.request_body, b""
        )
    if received is not None:
        before, api, rest = received.target.partition(_API)
        if api and not before.endswith(":/"):  # the prefix of a space is the server's
            received.target = api + rest
    return received


class _NoAnswer:
    """Where the stream's answers go: a recorded request is not answered again."""

    def write(self, data: bytes) -> None:
        """Nothing is written."""
