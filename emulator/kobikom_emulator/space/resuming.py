"""Lets a kept space go on, with what its settings say differently now."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from kobikom_emulator.domain.changes import AccountSet
from kobikom_emulator.space.blueprint import Blueprint
from kobikom_emulator.space.kept import KeptState, resume
from kobikom_emulator.space.space import Space

_AT_A_RESET = ("seed", "faults", "steps", "webhooks", "clock", "messages")
"""Fields of a blueprint that say how a space begins: they do not change a space that goes on."""

_log = logging.getLogger("kobikom_emulator.spaces")


async def go_on(space: Space, state: KeptState, entries: Sequence[bytes], after: Blueprint) -> None:
    """Let a space go on from a state; one that is shared became what it is when its lock was taken. What the blueprint
    `after` says differently than before holds from now on: readings, magic numbers, limits, retention, and the terms of
    accounts but for their credit. The caller holds the lock.
    """
    if space.shared:
        before = space.blueprint
        space.use_blueprint(after)
    else:
        before = state.blueprint
        resume(space, state, entries)
    if before == after:
        return
    if before.magic_numbers != after.magic_numbers:
        space.magic_numbers = after.magic_numbers
    was, now = before.readings.chosen(), after.readings.chosen()
    changed = {name: value for name, value in now.items() if was[name] != value}
    space.use_readings(space.readings.with_choices(changed))
    accounts = [account for account in after.accounts if account not in before.accounts]
    if accounts:
        await space.store.apply([AccountSet(account, space.clock.now()) for account in accounts])
    if later := [name for name in _AT_A_RESET if getattr(before, name) != getattr(after, name)]:
        _log.warning("space %s goes on; its settings changed, to hold after a reset: %s", space.name, ", ".join(later))
