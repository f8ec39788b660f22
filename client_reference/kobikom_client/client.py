"""The client for asyncio, on aiohttp.

Each request uses a new connection: the server may close a kept-alive connection just when a send is
written to it, and then its outcome is unknown. Nothing stays open between calls, so there is nothing
to close. aiohttp repeats a GET that got no answer; this is prevented, because a pull consumes reports
(R-03).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any, TypeVar

import aiohttp
from yarl import URL

from . import codec, operations
from .base import BaseClient
from .message import Message, Recipients
from .problem import describe
from .results import Balance, Receipt, Report, Titles

_T = TypeVar("_T")


class ConnectionClosed(Exception):
    """The server closed the connection instead of answering."""


class AsyncClient(BaseClient):
    """Kobikom's API for asyncio code. Safe for any number of concurrent calls.

    `timeout` limits each request as a whole, connecting included. `batch` is the largest number of
    recipients in one request. `body_form` is how the body of a send is written. Every method raises
    `KobikomError` and nothing else. The outcome of a cancelled send is unknown; prefer `timeout`, which
    raises an error that says so.
    """

    async def send(self, message: Message | str, to: Recipients) -> Receipt:
        """Send to one recipient or many (S-01 to S-22).

        Returns one result for each recipient; recipients that were refused are among them. Raises
        InvalidRequest, Refused, TransportError or UnknownOutcome; `progress` says which recipients
        were answered, are unknown or were not tried.
        """
        operation = operations.send(self._account, message, to, batch=self._batch, body_form=self._body_form)
        return await self._run(operation)

    async def reports(
        self, message_ids: Iterable[str] | None = None, *, app_id: str | None = None
    ) -> tuple[Report, ...]:
        """Pull delivery reports: all, or those of `message_ids` (R-01). The server gives each report
        once (R-03); an empty `message_ids` pulls nothing.

        Raises InvalidRequest, Refused, TransportError or LostReports; the error's `reports` are those
        that arrived.
        """
        return await self._run(operations.reports(self._account, message_ids=message_ids, app_id=app_id))

    async def titles(self) -> Titles:
        """The titles this account may send from (H-01). Raises Refused, TransportError or
        MalformedAnswer.
        """
        return await self._run(operations.titles(self._account))

    async def balance(self, *, grouped: bool = False) -> Balance:
        """The remaining credit (B-01). `grouped` reads `18.532` as eighteen thousand instead of as a
        decimal; see `Balance`. Raises Refused, TransportError or MalformedAnswer.
        """
        return await self._run(operations.balance(self._account, grouped=grouped))

    async def _run(self, operation: operations.Operation[_T]) -> _T:
        try:
            request = next(operation)
            while True:
                request = operation.send(await self._exchange(request))
        except StopIteration as end:
            result: _T = end.value
            return result

    async def _exchange(self, request: codec.Request) -> codec.Answer:
        """Transmit a request once. An error becomes part of the answer: the exceptions of aiohttp quote
        the URL, and so the password.
        """
        connected, status, content_type, body, problem = False, None, None, bytearray(), None

        async def on_connecting(*_: Any) -> None:
            if connected:  # aiohttp is about to repeat a GET that got no answer
                raise ConnectionClosed

        async def on_connected(*_: Any) -> None:
            nonlocal connected
            connected = True

        trace = aiohttp.TraceConfig()
        trace.on_connection_create_start.append(on_connecting)
        trace.on_connection_create_end.append(on_connected)
        try:
            async with (
                asyncio.timeout(self._timeout),
                aiohttp.ClientSession(
                    connector=aiohttp.TCPConnector(force_close=True),
                    timeout=aiohttp.ClientTimeout(),
                    auto_decompress=False,
                    trace_configs=[trace],
                ) as session,
                session.request(
                    request.method,
                    URL(request.url, encoded=True),
                    data=request.body or None,
                    headers=request.headers | {"Accept-Encoding": "identity"},
                    allow_redirects=False,
                ) as response,
            ):
                status = response.status
                content_type = response.headers.get("Content-Type")
                async for piece in response.content.iter_any():
                    body += piece
        except Exception as error:  # noqa: BLE001 - for every kind of error the caller needs `written`
            problem = describe(error)
        return codec.Answer(status, bytes(body), content_type, problem, written=connected)
