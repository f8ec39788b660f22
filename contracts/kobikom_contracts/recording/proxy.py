"""A transparent proxy: bytes pass in both directions unchanged, and each exchange is written when it is over."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import ssl
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self
from urllib.parse import urlsplit

from kobikom_contracts.core.verdicts import CannotRun
from kobikom_contracts.recording.conversation import Conversation, ObservedExchange
from kobikom_contracts.recording.exchanges import Ended
from kobikom_contracts.recording.har_files import HarWriter
from kobikom_contracts.recording.host_line import HostLine
from kobikom_contracts.recording.redaction import Redaction

_MOST_READ = 1 << 16
MOST_BODY = 1 << 20
"""Octets of a body that are kept where nothing else is said."""


@dataclass(frozen=True, slots=True)
class Upstream:
    """The server that answers. ``host_header`` replaces the Host header of requests; None leaves it."""

    url: str
    host: str
    port: int
    tls: ssl.SSLContext | None = None
    host_header: str | None = None

    @property
    def loopback(self) -> bool:
        """It is this machine: nothing that is sent there costs money."""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    if host.lower() == "localhost" or host.lower().endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def upstream_at(url: str, *, tls: Callable[[], ssl.SSLContext], rewrite_host: bool | None = None) -> Upstream:
    """The upstream of a URL, without path: targets are passed on unchanged.

    The Host header is replaced where ``rewrite_host`` says so or, for None, where the URL is https: servers behind TLS
    choose by it. Raises :class:`CannotRun` for another URL.
    """
    try:
        at = urlsplit(url)
        port = at.port or {"http": 80, "https": 443}[at.scheme]
    except (KeyError, ValueError):
        raise CannotRun(f"{url!r} is not an http or https URL") from None
    if not at.hostname or at.path not in ("", "/") or at.query or at.fragment or "@" in at.netloc:
        raise CannotRun(f"{url!r}: give scheme, host and port only; the path is the one that the application requests")
    rewrites = at.scheme == "https" if rewrite_host is None else rewrite_host
    return Upstream(
        url=f"{at.scheme}://{at.netloc}",
        host=at.hostname,
        port=port,
        tls=tls() if at.scheme == "https" else None,
        host_header=at.netloc if rewrites else None,
    )


class RecordingProxy:
    """Listens while the ``with`` block lasts; ``url`` is its address.

    ``writer`` gets each exchange when it is over, before its last bytes go to the client; what is still open at the end
    of the block is written as `interrupted`. ``failed`` is called from the proxy's thread with the first error of the
    writer; the proxy then passes on nothing more. ``unreachable`` is called with a line where the upstream cannot be
    reached: the client's connection is then closed. Of each body at most ``most_body`` octets are recorded; all of
    them pass. Raises ``OSError`` where it cannot listen.
    """

    def __init__(
        self,
        upstream: Upstream,
        writer: HarWriter,
        *,
        redaction: Redaction | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        failed: Callable[[OSError], object] = lambda _: None,
        unreachable: Callable[[str], object] = lambda _: None,
        most_body: int = MOST_BODY,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.url = ""
        self.recorded = 0
        self.error: OSError | None = None
        self._upstream, self._writer, self._redaction = upstream, writer, redaction or Redaction()
        self._host, self._port = host, port
        self._failed, self._unreachable, self._now = failed, unreachable, now
        self._most_body = most_body
        self._connections = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        try:
            self._server = self._await(asyncio.start_server(self._serve, self._host, self._port))
        except OSError:
            self._stop_loop()
            raise
        host = f"[{self._host}]" if ":" in self._host else self._host
        self.url = f"http://{host}:{self._server.sockets[0].getsockname()[1]}"
        return self

    def __exit__(self, *_: object) -> None:
        self._await(self._stop())
        self._stop_loop()

    def _stop_loop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _await(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _stop(self) -> None:
        self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None, "a connection's handler is a task"
        self._tasks.add(task)
        self._connections += 1
        conversation = Conversation(self._connections, now=self._now, emit=self._record, most_body=self._most_body)
        try:
            await self._connect(_Side(reader, writer), conversation)
        except asyncio.CancelledError:
            conversation.end(Ended.INTERRUPTED)
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _connect(self, client: _Side, conversation: Conversation) -> None:
        upstream = self._upstream
        try:
            reader, writer = await asyncio.open_connection(
                upstream.host, upstream.port, ssl=upstream.tls, server_hostname=upstream.host if upstream.tls else None
            )
        except OSError as error:
            self._unreachable(f"{upstream.url} cannot be reached: {error.strerror or error}")
            with contextlib.suppress(ConnectionError):
                conversation.from_client(await client.reader.read(_MOST_READ))
            conversation.end(Ended.UNREACHABLE)
            return
        server = _Side(reader, writer)
        try:
            await self._pass_on(client, server, conversation)
        finally:
            writer.close()

    async def _pass_on(self, client: _Side, server: _Side, conversation: Conversation) -> None:
        pumps = [
            asyncio.ensure_future(self._from_client(client, server, conversation)),
            asyncio.ensure_future(self._from_server(client, server, conversation)),
        ]
        try:
            await asyncio.gather(*pumps)
            conversation.end(Ended.NO_ANSWER)
        except ConnectionError:
            conversation.end(Ended.CUT if server.broken else Ended.CLIENT_CLOSED)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)

    async def _from_client(self, client: _Side, server: _Side, conversation: Conversation) -> None:
        host_line = HostLine(self._upstream.host_header) if self._upstream.host_header else None
        while data := await client.read():
            conversation.from_client(data)
            self._check()
            await server.write(host_line.feed(data) if host_line else data)
        if host_line:
            await server.write(host_line.end())
        server.write_end()

    async def _from_server(self, client: _Side, server: _Side, conversation: Conversation) -> None:
        while data := await server.read():
            conversation.from_server(data)
            self._check()
            await client.write(data)
        conversation.server_closed()
        client.write_end()

    def _record(self, exchange: ObservedExchange) -> None:
        if self.error is not None:
            return
        password = self._redaction.apply(exchange.request, exchange.answer)
        recorded = exchange.recorded(
            number=self.recorded + 1,
            url=self._upstream.url,
            host_sent=self._upstream.host_header or "",
            password=password,
            pseudonyms=self._redaction.pseudonyms is not None,
        )
        try:
            self._writer.write(recorded)
        except OSError as error:
            self.error = error
            self._failed(error)
            return
        self.recorded += 1

    def _check(self) -> None:
        """What cannot be recorded is not passed on."""
        if self.error is not None:
            raise ConnectionAbortedError("the recording cannot be written")


class _Side:
    """One end of the two connections; ``broken`` when it was reset."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.broken = False

    async def read(self) -> bytes:
        try:
            return await self.reader.read(_MOST_READ)
        except OSError as error:
            self.broken = True
            raise ConnectionResetError(*error.args) from None

    async def write(self, data: bytes) -> None:
        self.writer.write(data)
        try:
            await self.writer.drain()
        except OSError as error:
            self.broken = True
            raise ConnectionResetError(*error.args) from None

    def write_end(self) -> None:
        """Send the end of the stream; TLS has no half-closed connections."""
        if self.writer.can_write_eof():
            with contextlib.suppress(OSError):
                self.writer.write_eof()
