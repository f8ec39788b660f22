"""Lets the spaces of a store go on when a server starts, and begins those that are not in it."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

import msgspec

from kobikom_emulator.ports import KeptSpace, StoreFailed
from kobikom_emulator.settings import BadSettings, Settings
from kobikom_emulator.settings.store_names import is_database, without_password
from kobikom_emulator.space.blueprint import Blueprint
from kobikom_emulator.space.errors import UserTaken
from kobikom_emulator.space.registry import DEFAULT, SpaceRegistry

_log = logging.getLogger("kobikom_emulator.server")


class Beginning:
    """The start of the spaces of a server. With `must_be_new` it does not go on with those of its store: `BadSettings`
    if there are some.
    """

    def __init__(self, settings: Settings, registry: SpaceRegistry, *, must_be_new: bool) -> None:
        self._settings = settings
        self._registry = registry
        self._must_be_new = must_be_new
        self._store = without_password(settings.store)

    async def begin(self, spaces: Sequence[KeptSpace]) -> None:
        """Let the spaces of the store go on, and begin those that are not in it."""
        kept = {space.name: space for space in spaces}
        goes_on = bool(kept)
        if goes_on and self._must_be_new:
            raise BadSettings(
                f"the store {self._store} has spaces already, with which a server goes on: --state and "
                "--scenario are for a new one; `kobikom store import` replaces a space"
            )
        try:
            if DEFAULT in kept:
                await self._resume(kept.pop(DEFAULT), None)
            else:
                await self._registry.start()
            if self._settings.spaces or kept:
                await self._open_spaces(kept)
        except StoreFailed as error:
            await self._registry.stop()
            raise BadSettings(f"the store {self._store} failed: {error}") from None
        if self._settings.store and _log.isEnabledFor(logging.INFO):
            await self._log_what_is_kept(goes_on=goes_on)

    async def _log_what_is_kept(self, *, goes_on: bool) -> None:
        from kobikom_emulator.operations.spaces import ServerOperations

        if goes_on:
            spaces = await ServerOperations(self._registry).list()
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
            _log.info(
                "keeps everything in %s, a new %s",
                self._store,
                "database" if is_database(self._settings.store) else "file",
            )

    async def _open_spaces(self, kept: Mapping[str, KeptSpace]) -> None:
        """Let the spaces of the store go on, and open those of the settings that are not among them.

        `BadSettings` names one that cannot be opened.
        """
        from kobikom_emulator.operations.errors import OperationError
        from kobikom_emulator.operations.spaces import ServerOperations

        operations = ServerOperations(self._registry)
        declared = {str(space.name): space for space in self._settings.spaces}
        for name in (*kept, *(name for name in declared if name not in kept)):
            wanted = declared.get(name)
            try:
                if name in kept:
                    await self._resume(kept[name], None if wanted is None else operations.blueprint_of(name, wanted))
                elif wanted is not None:
                    await operations.open(wanted)
            except OperationError as error:
                await self._registry.stop()
                raise BadSettings(f"the space {name} of the settings cannot be opened: {error.detail}") from None

    async def _resume(self, kept: KeptSpace, blueprint: Blueprint | None) -> None:
        try:
            await self._registry.resume(kept, blueprint)
        except (UserTaken, msgspec.MsgspecError) as error:
            await self._registry.stop()
            raise BadSettings(f"the space {kept.name} of the store cannot go on: {error}") from None
