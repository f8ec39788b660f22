"""How many messages a space keeps, and for how long."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from kobikom_emulator.domain.values import Checked, Seconds

Count = Annotated[int, Meta(ge=0)]


class Retention(Checked, frozen=True):
    """What a space keeps; 0 is no limit. The newest `messages` messages, none accepted more than `age` seconds ago by
    the space's clock; beyond that, the newest `unpulled` messages whose report can still be pulled or is still to be
    pushed.
    """

    messages: Count = 0
    age: Seconds = 0.0
    unpulled: Count = 0

    @property
    def is_off(self) -> bool:
        return not self.messages and not self.age

    @property
    def slack(self) -> int:
        """Messages over the limit at which dropping begins: it is done for many at a time."""
        return self.messages // 100


class Expired(msgspec.Struct, frozen=True):
    """The messages (by number, oldest first) that are to be dropped; of so many of them the report was not given."""

    numbers: tuple[int, ...]
    unpulled: int
