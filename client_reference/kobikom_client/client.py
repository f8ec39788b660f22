"""AsyncClient: the dialogues carried by aiohttp. The only module that imports it.

Each request has a connection of its own: a kept-alive one may be closed by the server just as a
send is written to it, which leaves its fate unknown for nothing. So nothing stays open between
calls, and there is nothing to close. aiohttp repeats a GET that got no answer by itself; a pull
consumes reports, so that is prevented here (R-03).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final, TypeVar

import aiohttp
from yarl import URL

from . import codec, dialogue
from .values import Account, Balance, Message, Receipt, Recipients, Report, Titles
from .wording import describe

_T = TypeVar("_T")


class HungUp(Exception):
    """The server closed the connection instead of answering."""


class AsyncClient:
    """Kobikom's API for asyncio code. Safe for any number of concurrent calls.

    `timeout` bounds each request, connecting included; `batch` is the number of recipients a
    request. Every method raises `KobikomError` and nothing else. Cancelling a send leaves its fate
    unknown: prefer `timeout`, which says so.
    """

    def __init__(
        self,
        url: str,
        user: str,
        password: str,
        *,
        timeout: timedelta = timedelta(seconds=30),
        batch: int = 1000,
    ) -> None:
        codec.endpoint(url)  # a bad URL is told now, not at the first send
        self._account: Final = Account(url, user, password)
        self._timeout: Final = timeout.total_seconds()
        self._batch: Final = batch

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._account!r})"

    async def send(self, message: Message | str, to: Recipients) -> Receipt:
        """Send to one number or many. Raises InvalidRequest, Refused, TransportError or
        UnknownFate, each with `progress`; a refusal of some recipients is in the receipt (S-01 …
        S-22).
        """
        return await self._carry(dialogue.send(self._account, message, to, batch=self._batch))

    async def reports(
        self, message_ids: Iterable[str] | None = None, *, app_id: str | None = None
    ) -> tuple[Report, ...]:
        """Pull delivery reports: all, or those of `message_ids`. The server gives each once (R-03).
        Raises InvalidRequest, Refused, TransportError or LostReports, each with the `reports` that
        arrived.
        """
        return await self._carry(dialogue.reports(self._account, message_ids=message_ids, app_id=app_id))

    async def titles(self) -> Titles:
        """The senders this account may use (H-01). Raises Refused, TransportError or
        MalformedAnswer.
        """
        return await self._carry(dialogue.titles(self._account))

    async def balance(self) -> Balance:
        """The credit left (B-01). Raises Refused, TransportError or MalformedAnswer."""
        return await self._carry(dialogue.balance(self._account))

    async def _carry(self, talk: dialogue.Dialogue[_T]) -> _T:
        try:
            request = next(talk)
            while True:
                request = talk.send(await self._exchange(request))
        except StopIteration as end:
            result: _T = end.value
            return result

    async def _exchange(self, request: codec.Request) -> codec.Answer:
        """One request, once. Never raises: what went wrong is part of the answer, and the library's
        own errors, which quote the URL and so the password, end here.
        """
        connected, status, content_type, body, problem = False, None, None, bytearray(), None

        async def on_connecting(*_: Any) -> None:
            if connected:  # aiohttp is about to repeat a GET that got no answer
                raise HungUp

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
        except Exception as error:  # noqa: BLE001 - whatever is thrown, the question is: was the request written?
            problem = describe(error)
        return codec.Answer(status, bytes(body), content_type, problem, written=connected)
