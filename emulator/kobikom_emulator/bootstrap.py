"""The composition root: the only module that names adapters.

Builds a server from settings, listens, and stops it again.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import msgspec

from kobikom_emulator.clock import ControlledClock, machine_time
from kobikom_emulator.control.lazy import LazyControlApi
from kobikom_emulator.exchange import WireRequest
from kobikom_emulator.gateway.gateway import Gateway
from kobikom_emulator.gateway.push_loop import REPORT_TYPE, PushLoop
from kobikom_emulator.gateway.push_slots import PushSlots
from kobikom_emulator.gateway.webhook_loop import WebhookLoop
from kobikom_emulator.ids import SeededIds
from kobikom_emulator.inbox.pages import Inbox
from kobikom_emulator.operations.retention import RetentionLoop
from kobikom_emulator.phrases import Language
from kobikom_emulator.ports import KeptSpace, Pusher, StoreFailed
from kobikom_emulator.pusher import HttpPusher, OwnAddresses, is_loopback
from kobikom_emulator.server.app import SEND, HttpServer
from kobikom_emulator.server.connection import ConnectionLimits
from kobikom_emulator.server.forwarding import Forwarding
from kobikom_emulator.server.shortage import Shortage, is_shortage
from kobikom_emulator.server.tls import tls_context
from kobikom_emulator.settings import BadSettings, Settings
from kobikom_emulator.settings.store_names import is_database, store_name, without_password
from kobikom_emulator.space.blueprint import Blueprint
from kobikom_emulator.space.errors import UserTaken
from kobikom_emulator.space.kept import KeepableSpace
from kobikom_emulator.space.registry import DEFAULT, SpaceRegistry
from kobikom_emulator.space.space import Space
from kobikom_emulator.storage.memory import MemoryStore

if TYPE_CHECKING:
    from kobikom_emulator.storage.postgresql import PostgresDatabase
    from kobikom_emulator.storage.sqlite import Database

SHUTDOWN_GRACE = 10.0
"""Seconds within which the server stops, whatever is in flight; answers get half of them."""

BACKLOG = 512
"""Connections that may wait to be accepted."""

_log = logging.getLogger("kobikom_emulator.server")


class UnplayableScenario(ValueError):
    """A scenario that cannot begin; the message is one line."""


def version() -> str:
    """The distribution's version; "0" in a source tree that was never installed."""
    from importlib import metadata

    try:
        return metadata.version("kobikom-emulator")
    except metadata.PackageNotFoundError:
        return "0"


def blueprint_of(settings: Settings, scenario: bytes | None = None) -> Blueprint:
    """How the default space begins: by the settings and, if one is given, with a scenario (JSON).

    `UnplayableScenario` says what is wrong with it.
    """
    blueprint = settings.blueprint()
    return blueprint if scenario is None else _with_scenario(blueprint, scenario)


def _with_scenario(blueprint: Blueprint, document: bytes) -> Blueprint:
    from kobikom_emulator.operations.errors import Invalid
    from kobikom_emulator.operations.scenario import begin_with
    from kobikom_emulator.space.scenario import Scenario

    try:
        return begin_with(blueprint, msgspec.json.decode(document, type=Scenario), now=machine_time())
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UnplayableScenario(Invalid.from_json(error, Scenario).detail) from None
    except Invalid as error:
        raise UnplayableScenario(error.detail) from None


def build_space(name: str, blueprint: Blueprint, pusher: Pusher, database: Database | None = None) -> Space:
    """A space that has not begun yet, in memory or in the file of a store."""
    clock, ids = ControlledClock(), SeededIds(blueprint.seed)
    if database is None:
        return Space(name, blueprint, MemoryStore(), clock, ids, pusher)
    from kobikom_emulator.storage.sqlite import SqliteKeeper, SqliteStore

    number = database.space(name)
    space = Space(name, blueprint, SqliteStore(database, number), clock, ids, pusher)
    space.keeper = SqliteKeeper(database, number, KeepableSpace(space))
    return space


def build_shared_space(
    name: str, blueprint: Blueprint, pusher: Pusher, database: PostgresDatabase, registry: Callable[[], SpaceRegistry]
) -> Space:
    """A space in a database that other servers share. `registry` gives that of this server, once it has one."""
    from kobikom_emulator.space.sharing import SharedSpace
    from kobikom_emulator.storage.postgresql import PostgresKeeper, PostgresStore

    lock = database.lock(name)
    space = Space(
        name,
        blueprint,
        PostgresStore(lock),
        ControlledClock(source=database.now),
        SeededIds(blueprint.seed),
        pusher,
    )
    space.lock = lock
    space.keeper = PostgresKeeper(lock, SharedSpace(space, lambda: registry().changed_users(space)))
    return space


def shared_database(url: str) -> PostgresDatabase:
    """The database of the setting `store`, which is opened later; `BadSettings` where what it needs is missing."""
    from kobikom_emulator.extras import how_to_install

    try:
        from kobikom_emulator.storage.postgresql import PostgresDatabase
    except ImportError as error:
        raise BadSettings(f"a store in PostgreSQL needs {error.name}: {how_to_install('postgresql')}") from None
    return PostgresDatabase(url)


def open_database(path: str) -> Database | None:
    """The file of the setting `store`, None where there is none; `BadSettings` says why it cannot be used."""
    if not path or is_database(path):
        return None
    import sqlite3

    from kobikom_emulator.storage.sqlite import Database, UnusableFile

    if problem := _place_problem(Path(path)):
        raise BadSettings(f"the store {path} cannot be opened: {problem}")
    try:
        return Database(path)
    except UnusableFile as error:
        raise BadSettings(str(error)) from None
    except sqlite3.Error as error:
        raise BadSettings(f"the store {path} cannot be opened: {error}") from None


def _place_problem(path: Path) -> str:
    """Why there can be no store at a path, "" if nothing is known against it."""
    folder = path.parent
    if not folder.is_dir():
        return f"there is no folder {folder}"
    if path.is_dir():
        return "it is a folder"
    if not os.access(folder, os.W_OK | os.X_OK):
        return f"the folder {folder} cannot be written"
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        return "the file cannot be written"
    return ""


async def explain_offline(
    settings: Settings, body: bytes, content_type: str, *, language: Language = "en"
) -> dict[str, Any]:
    """What a fresh server would answer to a body, as a rendered journal entry; nothing listens and nothing is sent."""
    headers = ((b"Content-Type", content_type.encode("latin-1", "replace")),) if content_type else ()
    wire = WireRequest("POST", f"{SEND}/", body, content_type, headers)
    return await _explained_offline(settings, wire, language)


async def explain_pull_offline(settings: Settings, target: str, *, language: Language = "en") -> dict[str, Any]:
    """The same for a pull; `target` is the path and query of its URL."""
    return await _explained_offline(settings, WireRequest("GET", target), language)


async def _explained_offline(settings: Settings, wire: WireRequest, language: Language) -> dict[str, Any]:
    pusher = HttpPusher(allowed=settings.push.allow, content_type=REPORT_TYPE, own=OwnAddresses({settings.port} - {0}))
    space = build_space(DEFAULT, blueprint_of(settings), pusher)
    await space.begin()
    gateway = Gateway(SpaceRegistry(space))
    await (gateway.pull(wire) if wire.method == "GET" else gateway.post(wire))
    from kobikom_emulator.journal.rendering import rendered

    return rendered(next(iter(space.journal)), language=language)


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
        self._begins = begins
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
                await self._begin([] if self._database is None else self._database.kept_spaces())
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
                await self._begin(await database.kept_spaces())
                await database.serve(self.registry)
        except UnusableDatabase as error:
            raise BadSettings(f"the store {self._store} cannot be used: {error}") from None
        except StoreFailed as error:
            raise BadSettings(f"the store {self._store} failed: {error}") from None

    async def _close_store(self) -> None:
        if self._database is not None:
            await self._database.close()
        if self._shared is not None:
            await self._shared.close()

    @property
    def _store(self) -> str:
        """The setting `store` as it may be shown."""
        return without_password(self._settings.store)

    async def _begin(self, spaces: Sequence[KeptSpace]) -> None:
        """Let the spaces of the store go on, and begin those that are not in it."""
        kept = {space.name: space for space in spaces}
        goes_on = bool(kept)
        if goes_on and self._begins:
            raise BadSettings(
                f"the store {self._store} has spaces already, with which a server goes on: --state and "
                "--scenario are for a new one; `kobikom store import` replaces a space"
            )
        try:
            if DEFAULT in kept:
                await self._resume(kept.pop(DEFAULT), None)
            else:
                await self.registry.start()
            if self._settings.spaces or kept:
                await self._open_spaces(kept)
        except StoreFailed as error:
            await self.registry.stop()
            raise BadSettings(f"the store {self._store} failed: {error}") from None
        if self._settings.store and _log.isEnabledFor(logging.INFO):
            await self._say_what_is_kept(goes_on=goes_on)

    async def _say_what_is_kept(self, *, goes_on: bool) -> None:
        from kobikom_emulator.operations.spaces import ServerOperations

        if goes_on:
            spaces = await ServerOperations(self.registry).list()
            messages = sum(space.messages for space in spaces)
            _log.info(
                "keeps everything in %s, and goes on: %d %s, %d %s",
                self._store,
                len(spaces),
                "space" if len(spaces) == 1 else "spaces",
                messages,
                "message" if messages == 1 else "messages",
            )
        else:
            _log.info("keeps everything in %s, a new %s", self._store, "file" if self._shared is None else "database")

    async def _open_spaces(self, kept: Mapping[str, KeptSpace]) -> None:
        """Let the spaces of the store go on, and open those of the settings that are not among them.

        `BadSettings` names one that cannot be opened.
        """
        from kobikom_emulator.operations.errors import OperationError
        from kobikom_emulator.operations.spaces import ServerOperations

        operations = ServerOperations(self.registry)
        declared = {str(space.name): space for space in self._settings.spaces}
        for name in (*kept, *(name for name in declared if name not in kept)):
            wanted = declared.get(name)
            try:
                if name in kept:
                    await self._resume(kept[name], None if wanted is None else operations.blueprint_of(name, wanted))
                elif wanted is not None:
                    await operations.open(wanted)
            except OperationError as error:
                await self.registry.stop()
                raise BadSettings(f"the space {name} of the settings cannot be opened: {error.detail}") from None

    async def _resume(self, kept: KeptSpace, blueprint: Blueprint | None) -> None:
        try:
            await self.registry.resume(kept, blueprint)
        except (UserTaken, msgspec.MsgspecError) as error:
            await self.registry.stop()
            raise BadSettings(f"the space {kept.name} of the store cannot go on: {error}") from None

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
