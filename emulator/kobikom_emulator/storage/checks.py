"""Whether changes can be applied, for every adapter: all of them are made or none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol, assert_never

from kobikom_emulator.domain.changes import (
    Accepted,
    AccountClosed,
    AccountSet,
    Change,
    Charged,
    CreditSet,
    Deleted,
    PushPostponed,
    PushSettled,
    RefundCancelled,
    RefundPlanned,
    Replanned,
)
from kobikom_emulator.storage.rows import PAUSE


class Stored(Protocol):
    """What changes need to be there."""

    def is_open(self, user: str) -> bool: ...

    def is_planned(self, change: RefundCancelled) -> bool: ...

    def has_message(self, number: int) -> bool: ...


def check(changes: Sequence[Change], stored: Stored) -> Iterator[None]:
    """Raise `LookupError` if one of the changes can't be applied; with pauses."""
    opened: set[str] = set()
    closed: set[str] = set()
    for nth, change in enumerate(changes, start=1):
        if nth % PAUSE == 0:
            yield
        match change:
            case Accepted():
                pass
            case Charged() | RefundPlanned() | CreditSet() | AccountClosed() | RefundCancelled():
                user = change.user
                if user not in opened and (user in closed or not stored.is_open(user)):
                    raise LookupError(f"user {user!r} has no open account")
                if isinstance(change, AccountClosed):
                    closed.add(user)
                    opened.discard(user)
                elif isinstance(change, RefundCancelled) and not stored.is_planned(change):
                    raise LookupError(f"no refund of {change.first_id} is planned for {change.due}")
            case AccountSet():
                opened.add(change.account.user)
            case Replanned():
                if not stored.has_message(change.number):
                    raise LookupError(f"there is no message {change.number}")
            case Deleted() | PushPostponed() | PushSettled():
                pass
            case _:
                assert_never(change)
