"""The open spaces of a server: found by a request's credentials or by name, opened and closed."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import Context
from functools import partial
from typing import Any

from kobikom_emulator.exchange import without_text
from kobikom_emulator.journal.journal import RequestCount
from kobikom_emulator.ports import KeptSpace, StoreFailed
from kobikom_emulator.space.blueprint import Blueprint
from kobikom_emulator.space.errors import NameTaken, SpaceClosed, UserTaken
from kobikom_emulator.space.kept import read
from kobikom_emulator.space.large_work import LargeWork
from kobikom_emulator.space.resuming import go_on
from kobikom_emulator.space.space import Space

DEFAULT = "default"

BuildSpace = Callable[[str, Blueprint], Space]
"""Makes a space from its name and blueprint."""

RunSpace = Callable[[Space], Coroutine[Any, Any, None]]
"""Background work of a space, until cancelled."""

_log = logging.getLogger("kobikom_emulator.spaces")


class SpaceRegistry:
    """The open spaces. `default` always exists and answers requests of users that no space has; `defaults` is what a
    space that is opened later begins with where nothing else is asked for. `file` is the name of the file that they are
    kept in, without its folder, "" where they are in memory.

    Where several servers share the spaces, `catch_up` returns once this one knows what the others did so far, and
    `runs` says whether the background work of a space is this one's.

    Most spaces of tests need no background task: the one for pushes begins at the first nudge of the space's clock, the
    one for webhooks when a webhook is armed, the one for retention only where retention is set.
    """

    def __init__(
        self,
        default: Space,
        *,
        defaults: Blueprint | None = None,
        build: BuildSpace | None = None,
        before_build: Callable[[], Awaitable[None]] | None = None,
        run_pushes: RunSpace | None = None,
        run_retention: RunSpace | None = None,
        run_webhooks: RunSpace | None = None,
        file: str = "",
        catch_up: Callable[[], Awaitable[None]] | None = None,
        runs: Callable[[Space], bool] = lambda _: True,
    ) -> None:
        self.default = default
        self.file = file
        self.defaults = defaults or default.blueprint
        self._build = build
        self._before_build = before_build
        self._run_pushes = run_pushes
        self._run_retention = run_retention
        self._run_webhooks = run_webhooks
        self._catch_up = catch_up
        self._runs = runs
        self._changed_users: set[str] = set()
        """The spaces (by name) that got or lost users since these were kept."""
        self._by_name: dict[str, Space] = {}
        self._by_user: dict[str, Space] = {}
        self._tasks: dict[str, list[asyncio.Task[None]]] = {}
        self._names_given = 0
        self._requests_of_closed: Counter[RequestCount] = Counter()
        self.large_work = LargeWork()
        self._add(default)

    def __len__(self) -> int:
        return len(self._by_name)

    def __iter__(self) -> Iterator[Space]:
        return iter(self._by_name.values())

    @property
    def requests_of_closed(self) -> Mapping[RequestCount, int]:
        """The requests of all spaces that were closed."""
        return self._requests_of_closed

    def named(self, name: str) -> Space | None:
        return self._by_name.get(name)

    def of_user(self, user: str) -> Space:
        return self._by_user.get(user, self.default)

    # spaces that several servers share

    @property
    def is_shared(self) -> bool:
        return self._catch_up is not None

    async def catch_up(self) -> None:
        """Return once this server knows what others did up to now."""
        if self._catch_up is not None:
            await self._catch_up()

    async def home_of(self, user: str) -> Space:
        """The space of a user; where there is none, others may have opened it."""
        if self._catch_up is not None and user not in self._by_user:
            await self._catch_up()
        return self.of_user(user)

    async def find(self, name: str) -> Space | None:
        """The space of this name; where there is none, others may have opened it."""
        if name not in self._by_name:
            await self.catch_up()
        return self._by_name.get(name)

    def join(self, name: str, blueprint: Blueprint) -> Space:
        """Have a space that another server opened; it is to be taken over."""
        space = self._built(name, blueprint)
        space.large_work = self.large_work
        self._by_name[name] = space
        return space

    async def leave(self, space: Space) -> None:
        """Forget a space that another server closed."""
        if self._by_name.get(space.name) is space:
            await self._end(space)

    def route(self, users: Mapping[str, str], *, but: Collection[str]) -> None:
        """Have the users that the servers agreed on, each with the name of its space; those of the spaces `but` these
        are being changed here.
        """
        routes = {
            user: self._by_name[name] for user, name in users.items() if name in self._by_name and name not in but
        }
        self._by_user = {user: space for user, space in self._by_user.items() if space.name in but} | routes

    def has_unkept_users(self, space: Space) -> bool:
        """Whether the users of a space changed since `changed_users` was asked."""
        return space.name in self._changed_users

    def changed_users(self, space: Space) -> set[str] | None:
        """The users of a space, None if these did not change since this was asked last."""
        if space.name not in self._changed_users:
            return None
        self._changed_users.discard(space.name)
        return {user for user, owner in self._by_user.items() if owner is space}

    async def start_background(self, space: Space) -> None:
        """Begin with the background work of a space, which another server had until now."""
        if space.name not in self._tasks and self._by_name.get(space.name) is space:
            await self._run_background(space)

    async def stop_background(self, space: Space) -> None:
        """Leave the background work of a space to another server."""
        space.clock.when_nudged = space.webhooks.when_armed = None
        space.webhooks.leave()
        await _cancelled(self._tasks.pop(space.name, ()))

    def free_name(self) -> str:
        """A name that this server never gave a space before."""
        while True:
            self._names_given += 1
            name = f"space-{self._names_given}"
            if name not in self._by_name:
                return name

    # opening and closing

    def _add(self, space: Space) -> None:
        for account in space.blueprint.accounts:
            self.claim(account.user, space)
        space.large_work = self.large_work
        self._by_name[space.name] = space

    async def start(self) -> None:
        """Begin the default space; called once, in the loop that serves, unless it goes on from what was kept."""
        await self._begin(self.default)

    async def open(self, name: str, blueprint: Blueprint) -> Space:
        """Open a space; `NameTaken` or `UserTaken` where something of it is in use, and nothing is opened then."""
        await self._ready_to_build()
        if name in self._by_name:
            raise NameTaken(f"there is a space {name!r} already")
        for account in blueprint.accounts:
            self._check_free(account.user, None)
        space = self._built(name, blueprint)
        self._add(space)
        try:
            await self._begin(space)
        except BaseException:
            self._forget(space)
            if space.keeper is not None:
                await space.keeper.forget()
            raise
        return space

    async def _ready_to_build(self) -> None:
        """Return when a space can be built; until the caller's next `await` it stays so."""
        if self._before_build is not None:
            await self._before_build()

    def _built(self, name: str, blueprint: Blueprint) -> Space:
        if self._build is None:
            raise RuntimeError("this registry was made without a way to build spaces")
        return self._build(name, blueprint)

    async def _begin(self, space: Space) -> None:
        if not self.is_shared:
            self._await_webhooks(space)
        async with space.lock:
            if space.keeper is not None:
                await space.store.clear()  # a space of this name may not have been deleted whole
            await space.begin()
        await space.kept()
        await self._run_background(space)

    async def resume(self, kept: KeptSpace, blueprint: Blueprint | None = None) -> None:
        """Let a space go on that was kept. A reset will restore the blueprint; that of the default space is what it
        was made with, and without one it is the kept one. `UserTaken` where another space has one of its users.
        """
        state = read(kept.state)
        space = self.default
        if kept.name != DEFAULT:
            await self._ready_to_build()
            space = self._built(kept.name, blueprint or state.blueprint)
            self._add(space)
        if not self.is_shared:
            self._await_webhooks(space)
        wanted = space.blueprint
        async with space.lock:
            await go_on(space, state, kept.entries, wanted)
            users = [account.user for account in await space.store.accounts()]
        for user in users:
            self.claim(user, space)
        await space.kept()
        await self._run_background(space)

    def _await_webhooks(self, space: Space) -> None:
        """Call the webhooks of a space, as soon as one is armed."""
        if self._run_webhooks is None:
            return
        start = partial(self._start, space, self._run_webhooks)
        if len(space.webhooks):
            start()
        else:
            space.webhooks.when_armed = start

    async def _run_background(self, space: Space) -> None:
        """Start the background work of a space, or let it start when there is some."""
        if self.is_shared:
            space.webhooks.active = self._runs(space)
            if not space.webhooks.active:
                return
            self._await_webhooks(space)
        if self._run_pushes is not None:
            start = partial(self._start, space, self._run_pushes)
            if await space.store.next_push() is None:
                space.clock.when_nudged = start
            else:
                start()
        if self._run_retention is not None and not space.blueprint.retention.is_off:
            self._start(space, self._run_retention)

    def _start(self, space: Space, run: RunSpace) -> None:
        # Without the context of the request that starts it: the work would keep waiting for that one's changes.
        task = asyncio.get_running_loop().create_task(_until_closed(run, space), context=Context())
        task.add_done_callback(_log_failure)
        self._tasks.setdefault(space.name, []).append(task)

    async def close(self, name: str) -> None:
        """Close a space and delete everything in it."""
        space = self._by_name.pop(name)
        with suppress(SpaceClosed):  # another server was faster
            async with space.lock:
                self._mark_closed(space)
        await self._end(space)
        if space.keeper is not None:
            await space.keeper.forget()

    def _mark_closed(self, space: Space) -> None:
        space.closed = True
        self._forget(space)
        self._requests_of_closed.update(space.journal.counts)
        space.clock.when_nudged = space.webhooks.when_armed = None

    async def _end(self, space: Space) -> None:
        """End everything that waits for a closed space, and its background work."""
        if not space.closed:
            self._mark_closed(space)
        space.held.release()
        space.watches.wake()
        space.changed.notify()
        await _cancelled(self._tasks.pop(space.name, ()))

    def _forget(self, space: Space) -> None:
        if self._by_name.get(space.name) is space:
            del self._by_name[space.name]
        self._by_user = {user: owner for user, owner in self._by_user.items() if owner is not space}
        self._changed_users.discard(space.name)

    async def stop(self) -> None:
        """End the background work of every space, and everything that waits for a change of one."""
        for space in self:
            space.stopping = True
            space.changed.notify()
            space.watches.wake()
        by_space, self._tasks = self._tasks, {}
        await _cancelled([task for tasks in by_space.values() for task in tasks])
        for space in self:
            with suppress(StoreFailed):
                await space.kept()
        self.large_work.close()

    # users

    def claim(self, user: str, space: Space) -> None:
        """Route the requests of a user to a space; `UserTaken` if they go to another."""
        self._check_free(user, space)
        self._by_user[user] = space
        self._changed_users.add(space.name)

    def _check_free(self, user: str, space: Space | None) -> None:
        owner = self._by_user.get(user)
        if owner is not None and owner is not space:
            raise UserTaken(user, owner.name)

    def release(self, user: str) -> None:
        """Let other spaces have a user; those of a space's blueprint stay its own, because a reset brings them back."""
        owner = self._by_user.get(user)
        if owner is not None and all(account.user != user for account in owner.blueprint.accounts):
            del self._by_user[user]
            self._changed_users.add(owner.name)

    @contextmanager
    def claiming(self, users: Collection[str], space: Space) -> Iterator[None]:
        """Route the requests of users to a space; undone if the block raises. `UserTaken`, and nothing is changed, if
        one belongs to another space.
        """
        for user in users:
            self._check_free(user, space)
        new = [user for user in users if user not in self._by_user]
        self._by_user |= dict.fromkeys(new, space)
        self._changed_users.add(space.name)
        try:
            yield
        except BaseException:
            for user in new:
                self._by_user.pop(user, None)
            raise

    def keep_users(self, space: Space, users: Iterable[str] = ()) -> None:
        """Let other spaces have the users of a space that are neither in its blueprint nor among these."""
        kept = {*users, *(account.user for account in space.blueprint.accounts)}
        self._changed_users.add(space.name)
        self._by_user = {user: owner for user, owner in self._by_user.items() if owner is not space or user in kept}


async def _cancelled(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Cancel tasks and wait until they ended."""
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.gather(*tasks, return_exceptions=True)


async def _until_closed(run: RunSpace, space: Space) -> None:
    """Work for a space until another server closes it. The work begins with the task: one that is cancelled before its
    first step leaves no coroutine that was never awaited.
    """
    try:
        await run(space)
    except* SpaceClosed:
        pass


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("the background work of a space has stopped: %s", without_text(error))
