"""What a lie does: an effect on an exchange, and the choice of the recipients or reports that it is done to."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from drawn_servers.scene import Line, Scene

Choose = Callable[[Sequence[Any]], list[int]]
"""The places of the chosen ones of several recipients, messages or reports."""
Tell = Callable[[Scene, Choose], bool]
"""Changes an exchange; True when something changed that a client could see."""


@dataclass(frozen=True, slots=True)
class Effect:
    """A phrase for the lie's name, the operations it can be done to, and the clauses it may break.

    ``chooses``: it is done to some of several things. ``refuses``: it refuses what may be over a limit.
    ``needs_difference``: always done it would be what a reading allows. ``narrow``: few exchanges can be changed so,
    which is condition enough in most draws.
    """

    name: str
    operations: frozenset[str]
    clauses: frozenset[str]
    tell: Tell
    chooses: bool = False
    refuses: bool = False
    needs_difference: bool = False
    narrow: bool = False


def effect(name: str, operations: str, clauses: str, tell: Tell, **flags: bool) -> Effect:
    """An effect; operations and clauses are words."""
    return Effect(name, frozenset(operations.split()), frozenset(clauses.split()), tell, **flags)


def every(items: Sequence[Any]) -> list[int]:
    """All places."""
    return list(range(len(items)))


def drawn_choice(draw: random.Random, operation: str) -> tuple[str, Choose]:
    """A phrase for which of several are chosen, and the choice."""
    place, past = draw.choice((1, 2, 3)), draw.choice((1, 2, 5, 10, 50))
    choices: list[tuple[str, Choose]] = [
        ("", every),
        ("the first", lambda items: every(items)[:1]),
        ("the last", lambda items: every(items)[-1:]),
        (f"the one at place {place}", lambda items: every(items)[place : place + 1]),
        ("every second", lambda items: every(items)[1::2]),
        (f"those past place {past}", lambda items: every(items)[past:]),
    ]
    if operation == "send":
        choices.append(("those in a later block", _later_block))
        choices.append(("those with an id of the client", _own_id))
        choices.append(("those without an id of the client", _no_own_id))
        choices.append(("those with an even number", lambda items: _places(items, _even)))
    return draw.choices(choices, [4, *(1 for _ in choices[1:])])[0]


def _places(items: Sequence[Any], holds: Callable[[Line], bool]) -> list[int]:
    return [place for place, item in enumerate(items) if isinstance(item, Line) and holds(item)]


def _even(line: Line) -> bool:
    return line.recipient.number[-1:] in ("0", "2", "4", "6", "8")


def _later_block(items: Sequence[Any]) -> list[int]:
    return _places(items, lambda line: line.block_number > 0)


def _own_id(items: Sequence[Any]) -> list[int]:
    return _places(items, lambda line: bool(line.recipient.client_id.strip()))


def _no_own_id(items: Sequence[Any]) -> list[int]:
    return _places(items, lambda line: not line.recipient.client_id.strip())
