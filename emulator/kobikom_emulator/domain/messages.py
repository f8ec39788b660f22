"""What a customer asks to be sent (`Draft`), and what is kept of it once it is accepted (`Batch`).

A batch is one stored record for a whole send: its recipients are columns, not objects of their own.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from decimal import Decimal

import msgspec

from kobikom_emulator.domain.delivery import Plan
from kobikom_emulator.domain.segments import Segmentation


class Draft(msgspec.Struct, frozen=True, gc=False):
    """One message to any number of recipients, its fields decoded but not checked yet.

    `numbers` are as submitted, "" for an empty one; `client_ids` run beside them ("" for none) or are None where no
    recipient has one. `delay` and `validity` are milliseconds. `recorded` holds fields that are kept and change
    nothing (S-14).
    """

    numbers: tuple[str, ...]
    client_ids: tuple[str, ...] | None = None
    title: str = ""
    text: str = ""
    octets: bytes | None = None
    coding: int = 0
    language: str = ""
    concatenate: bool = False
    flash: bool = False
    delay: int = 0
    validity: int = 0
    app_id: str = ""
    push_url: str = ""
    no_push: bool = False
    recorded: Mapping[str, str] = msgspec.field(default_factory=dict)


class RecipientGroup(msgspec.Struct, frozen=True, gc=False):
    """The recipients of a batch (by index) that share one plan."""

    plan: Plan
    indices: Sequence[int]  # ascending

    def __contains__(self, index: int) -> bool:
        nth = bisect_left(self.indices, index)
        return nth < len(self.indices) and self.indices[nth] == index


class Batch(msgspec.Struct, frozen=True, gc=False):
    """The accepted recipients of one message.

    The generated id of recipient k is `first_id + k`, printed as it is. `msisdns` is the same tuple as
    `destinations` where nothing had to be normalised. `costs` is one amount if all recipients cost the same, else one
    each.
    """

    user: str
    first_id: int
    title: str
    text: str
    segmentation: Segmentation
    flash: bool
    destinations: tuple[str, ...]
    msisdns: tuple[str, ...]
    client_ids: tuple[str, ...] | None
    costs: Decimal | tuple[Decimal, ...]
    groups: tuple[RecipientGroup, ...]
    app_id: str = ""
    push_url: str = ""
    recorded: Mapping[str, str] = msgspec.field(default_factory=dict)

    def message_id(self, index: int) -> str:
        """The id the customer sees: its own if it gave one, else the generated one (S-02, S-03)."""
        own = self.client_ids[index] if self.client_ids else ""
        return own or str(self.first_id + index)

    def message_ids(self, indices: Sequence[int]) -> list[str]:
        if self.client_ids is None:
            first = self.first_id
            return [str(first + index) for index in indices]
        return [self.message_id(index) for index in indices]

    def cost_of(self, index: int) -> Decimal:
        return self.costs[index] if isinstance(self.costs, tuple) else self.costs

    def cost_of_all(self, indices: Sequence[int]) -> Decimal:
        """What some of the recipients cost together."""
        costs = self.costs
        return sum([costs[index] for index in indices], Decimal()) if isinstance(costs, tuple) else costs * len(indices)

    def plan_of(self, index: int) -> Plan:
        return next(group.plan for group in self.groups if index in group)

    def __len__(self) -> int:
        return len(self.destinations)
