"""The spaces of a server: found by a request's credentials or by name, opened and closed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable, Iterator
from typing import Any

from kobikom_emulator.space.space import Blueprint, Space

DEFAULT = "default"

Build = Callable[[str, Blueprint, int | None], Space]
"""Makes a space from its name, its blueprint and the instant (ms) its clock stands at, None for a running clock."""

Run = Callable[[Space], Coroutine[Any, Any, None]]
"""What goes on in a space by itself, until cancelled: its pushes."""

_log = logging.getLogger("kobikom_emulator.spaces")


class NameTaken(ValueError):
    """A space of this name is open already."""


class UserTaken(ValueError):
    """A user name that another space has: names are unique on the server, they are how a request finds its space."""


class SpaceRegistry:
    """The open spaces. `default` is there from the beginning and answers whoever belongs nowhere."""

    def __init__(self, default: Space, *, build: Build | None = None, run: Run | None = None) -> None:
        self.default = default
        self._build = build
        self._run = run
        self._named: dict[str, Space] = {}
        self._of_user: dict[str, Space] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._opened = 0
        self._add(default)

    def _add(self, space: Space) -> None:
        if space.name in self._named:
            raise NameTaken(f"there is a space {space.name!r} already")
        for account in space.blueprint.accounts:
            self.claim(account.user, space)
        self._named[space.name] = space

    async def start(self) -> None:
        """Begin the default space; called once, in the loop that serves."""
        await self._begin(self.default)

    async def open(self, name: str, blueprint: Blueprint, *, clock_at: int | None = None) -> Space:
        """Open a space; `NameTaken` or `UserTaken` where something of it is in use."""
        if self._build is None:
            raise RuntimeError("these spaces were made without a way to build more")
        if name in self._named:
            raise NameTaken(f"there is a space {name!r} already")
        for account in blueprint.accounts:
            self._refuse_taken(account.user, None)
        space = self._build(name, blueprint, clock_at)
        self._add(space)
        await self._begin(space)
        return space

    async def _begin(self, space: Space) -> None:
        await space.begin()
        if self._run is not None:
            task = self._tasks[space.name] = asyncio.get_running_loop().create_task(self._run(space))
            task.add_done_callback(_report_failure)

    async def close(self, name: str) -> None:
        """Close a space and forget everything in it."""
        space = self._named.pop(name)
        space.changed.notify()
        self._of_user = {user: owner for user, owner in self._of_user.items() if owner is not space}
        if task := self._tasks.pop(name, None):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def stop(self) -> None:
        """End what goes on in every space."""
        tasks, self._tasks = list(self._tasks.values()), {}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def free_name(self) -> str:
        """A name that no space of this server ever had from here."""
        while True:
            self._opened += 1
            name = f"space-{self._opened}"
            if name not in self._named:
                return name

    def claim(self, user: str, space: Space) -> None:
        """Let requests of a user find their way to a space; `UserTaken` if they go to another."""
        self._refuse_taken(user, space)
        self._of_user[user] = space

    def _refuse_taken(self, user: str, space: Space | None) -> None:
        owner = self._of_user.get(user)
        if owner is not None and owner is not space:
            raise UserTaken(f"user {user!r} belongs to space {owner.name!r}")

    def release(self, user: str) -> None:
        """Let others have a user name; those of a space's blueprint stay its own, because a reset brings them back."""
        owner = self._of_user.get(user)
        if owner is not None and all(account.user != user for account in owner.blueprint.accounts):
            del self._of_user[user]

    def reclaim(self, space: Space, users: Iterable[str] = ()) -> None:
        """The users of the blueprint and these, and no others; `UserTaken` if one belongs elsewhere, and nothing is
        changed then.
        """
        wanted = [*(account.user for account in space.blueprint.accounts), *users]
        for user in wanted:
            self._refuse_taken(user, space)
        others = {user: owner for user, owner in self._of_user.items() if owner is not space}
        self._of_user = others | dict.fromkeys(wanted, space)

    def named(self, name: str) -> Space | None:
        return self._named.get(name)

    def of_user(self, user: str) -> Space:
        return self._of_user.get(user, self.default)

    def __len__(self) -> int:
        return len(self._named)

    def __iter__(self) -> Iterator[Space]:
        return iter(self._named.values())


def _report_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("the pushes of a space have stopped", exc_info=error)
