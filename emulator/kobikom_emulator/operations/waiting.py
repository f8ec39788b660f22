"""Wait for a condition on a space."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from kobikom_emulator.space.errors import ServerStopping, SpaceClosed
from kobikom_emulator.space.space import Space


async def until(
    space: Space,
    condition: Callable[[], Awaitable[bool]],
    *,
    timeout: float,  # noqa: ASYNC109  # real seconds that the caller gives
) -> bool:
    """Whether the condition holds within the time-out; looked at after each change of the space. `SpaceClosed` once the
    space is closed, `ServerStopping` once the server stops.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout
    while True:
        if space.stopping:
            raise ServerStopping("the server is stopping")
        if space.closed:
            raise SpaceClosed(f"space {space.name!r} is closed")
        seen = space.changed.count
        if await condition():
            return True
        left = deadline - loop.time()
        if left <= 0:
            return False
        try:
            async with asyncio.timeout(left):
                await space.changed.wait(seen)
        except TimeoutError:
            continue
