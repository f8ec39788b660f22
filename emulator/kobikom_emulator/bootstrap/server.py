"""Builds a server from settings, listens, and stops it again."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Self

from kobikom_emulator.bootstrap.beginning import Beginning
from kobikom_emulator.bootstrap.blueprints import blueprint_of
from kobikom_emulator.bootstrap.stores import build_shared_space, build_space, open_database, shared_database
from kobikom_emulator.control.lazy import LazyControlApi
from kobikom_emulator.gateway.gateway import Gateway
from kobikom_emulator.gateway.push_loop import REPORT_TYPE, PushLoop
from kobikom_emulator.gateway.push_slots import PushSlots
from kobikom_emulator.gateway.webhook_loop import WebhookLoop
from kobikom_emulator.inbox.pages import Inbox
from kobikom_emulator.operations.retention import RetentionLoop
from kobikom_emulator.ports import Pusher, StoreFailed
from kobikom_emulator.pusher import HttpPusher, OwnAddresses, is_loopback
from kobikom_emulator.server.app import HttpServer
from kobikom_emulator.server.connection import ConnectionLimits
from kobikom_emulator.server.forwarding import Forwarding
from kobikom_emulator.server.shortage import Shortage, is_shortage
from kobikom_emulator.server.tls import tls_context
from kobikom_emulator.settings import BadSettings, Settings
from kobikom_emulator.settings.store_names import is_database, store_name, without_password
from kobikom_emulator.space.blueprint import Blueprint
from kobikom_emulator.space.registry import DEFAULT, SpaceRegistry
from kobikom_emulator.space.space import Space

if TYPE_CHECKING:
    from kobikom_emulator.storage.postgresql import PostgresDatabase

SHUTDOWN_GRACE = 10.0
"""Seconds within which the server stops, whatever is in flight; answers get half of them."""

BACKLOG = 512
"""Connections that may wait to be accepted."""

_log = logging.getLogger("kobikom_emulator.server")


def version() -> str:
    """The distribution's version; "0" in a source tree that was never installed."""
    from importlib import metadata

    try:
        return metadata.version("kobikom-emulator")
    except metadata.PackageNotFoundError:
        return "0"


def open_port(host: str, port: int) -> socket.socket:
    """A bound, listening socket; OSError if the port is taken. 0 picks a free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((host, port))
        opened.listen(BACKLOG)
    except BaseException:
        opened.close()
        raise
    return opened


class RunningServer:
    """A server; it serves inside `async with`. Created in the event loop that serves.

    With `begins` it does not go on with the spaces of its store: `BadSettings` if there are some.
    """

    def __init__(
        self,
        settings: Settings,
        listening: socket.socket,
        *,
        pusher: Pusher | None = None,
        scenario: bytes | None = None,
        begins: bool = False,
    ) -> None:
        self._settings = settings
        self._listening = listening
        host, port = listening.getsockname()[:2]
        self.host: str = host
        self.port: int = port
        self._tls = tls_context(settings)
        self._pusher = pusher or HttpPusher(
            allowed=settings.push.allow,
            timeout=settings.push.timeout,
            content_type=REPORT_TYPE,
            own=OwnAddresses({port}),
        )
        slots = PushSlots()
        blueprint = blueprint_of(settings, scenario)
        self._database = open_database(settings.store)
        self._shared = shared_database(settings.store) if is_database(settings.store) else None
        self.registry = SpaceRegistry(
            self._build(DEFAULT, blueprint),
            defaults=settings.blueprint(),
            build=self._build,
            before_build=self._before_build(),
            catch_up=None if self._shared is None else self._shared.catch_up,
            runs=self._runs,
            run_pushes=lambda space: PushLoop(space, slots).run(),
            run_retention=lambda space: RetentionLoop(space).run(),
            run_webhooks=lambda space: WebhookLoop(space).run(),
            file=store_name(settings.store),
        )
        self._beginning = Beginning(settings, self.registry, must_be_new=begins)
        self.gateway = Gateway(self.registry)
        self.control = LazyControlApi(
            self.registry,
            version=version,
            base_url=self.url,
            base_path=settings.proxy.base_path,
            public_url=settings.proxy.public_url,
            token=settings.control.token,
            hosts=settings.control.hosts,
        )
        self._shortage = Shortage()
        self._http_server = HttpServer(
            self.gateway,
            Inbox(self.control),
            forwarding=Forwarding(base_path=settings.proxy.base_path, trusted=settings.proxy.trusted),
            shortage=self._shortage,
            limits=ConnectionLimits(
                idle_timeout=settings.limits.idle_timeout,
                header_timeout=settings.limits.header_timeout,
                max_target=settings.limits.max_target,
            ),
        )
        self._token = settings.control.token

    def _build(self, name: str, blueprint: Blueprint) -> Space:
        if self._shared is None:
            space = build_space(name, blueprint, self._pusher, self._database)
        else:
            space = build_shared_space(name, blueprint, self._pusher, self._shared, lambda: self.registry)
        if logging.getLogger("kobikom_emulator").isEnabledFor(logging.INFO):
            from kobikom_emulator.gateway.request_log import RequestLog

            space.journal.follow(RequestLog(name).write)
        return space

    def _before_build(self) -> Callable[[], Awaitable[None]] | None:
        if self._shared is not None:
            return self._shared.catch_up
        return None if self._database is None else self._database.free

    def _runs(self, space: Space) -> bool:
        """Whether the background work of a space is done here."""
        return self._shared is None or self._shared.runs(space)

    @property
    def secure(self) -> bool:
        """Whether it serves HTTPS."""
        return self._tls is not None

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'http' if self._tls is None else 'https'}://{host}:{self.port}"

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        try:
            if self._shared is None:
                await self._beginning.begin([] if self._database is None else self._database.kept_spaces())
            else:
                await self._begin_shared(self._shared)
        except BaseException:
            self._listening.close()
            await self._close_store()
            raise
        self._listener = self._http_server.listener()
        self._server = await loop.create_server(self._listener, sock=self._listening, backlog=BACKLOG, ssl=self._tls)
        self._shortage.keep_reserve()
        self._others_handler = loop.get_exception_handler()
        loop.set_exception_handler(self._handle_error)
        if not self._token and not is_loopback(self.host):
            _log.warning(
                "every program that can connect to %s can read and change everything here: set control.token, or "
                "listen on 127.0.0.1",
                self.url,
            )
        return self

    async def _begin_shared(self, database: PostgresDatabase) -> None:
        """The same with a database, one server at a time."""
        from kobikom_emulator.storage.postgresql import UnusableDatabase

        try:
            await database.open()
            async with database.starting():
                await self._beginning.begin(await database.kept_spaces())
                await database.serve(self.registry)
        except UnusableDatabase as error:
            raise BadSettings(f"the store {without_password(self._settings.store)} cannot be used: {error}") from None
        except StoreFailed as error:
            raise BadSettings(f"the store {without_password(self._settings.store)} failed: {error}") from None

    async def _close_store(self) -> None:
        if self._database is not None:
            await self._database.close()
        if self._shared is not None:
            await self._shared.close()

    def _handle_error(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """The loop's handler of errors that nobody catches: a shortage is one log line and no traceback."""
        error = context.get("exception")
        if is_shortage(error):
            self._shortage.log(error)
            accepting = context.get("socket")
            if accepting is not None and accepting.fileno() == self._listening.fileno():
                self._shortage.refuse_waiting(self._listening)
        elif isinstance(error, ValueError) and self._listening.fileno() < 0:
            pass  # asyncio accepts again a second after a shortage, also where the socket was closed meanwhile
        elif self._others_handler is not None:
            self._others_handler(loop, context)
        else:
            loop.default_exception_handler(context)

    async def __aexit__(self, *_: object) -> None:
        self._shortage.free_reserve()
        self._server.close()
        self._http_server.end_delays()
        self.control.close()
        await self.registry.stop()
        await self._listener.shutdown(SHUTDOWN_GRACE)
        await self._pusher.close()
        await self._close_store()
        if not self._shortage.was_logged:  # or asyncio would complain a second later that it cannot accept any more
            asyncio.get_running_loop().set_exception_handler(self._others_handler)
