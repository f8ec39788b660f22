"""Law: what a contract is, and how a function becomes one. Imports the target's words only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kobikom_contracts.target import Need

if TYPE_CHECKING:
    from kobikom_contracts.lab import Lab

Check = Callable[["Lab"], None]


@dataclass(frozen=True, slots=True)
class Contract:
    """One checkable promise.

    ``clauses``: what it judges, its own first; ``needs``: what the target must offer; ``credit``:
    parts it may spend a run; the sentence is the function's docstring.
    """

    name: str
    sentence: str
    clauses: tuple[str, ...]
    needs: frozenset[Need]
    credit: int
    check: Check

    @property
    def clause(self) -> str:
        """The clause a plain violation is laid at."""
        return self.clauses[0]

    def __call__(self, lab: Lab) -> None:
        self.check(lab)


def contract(*clauses: str, needs: tuple[Need, ...] = (), credit: int = 0) -> Callable[[Check], Contract]:
    """Make a function of a :class:`~kobikom_contracts.lab.Lab` a contract of some clauses.

    A contract that spends ``credit`` needs :attr:`Need.SEND` without saying so.
    """

    def wrap(check: Check) -> Contract:
        sentence = " ".join((check.__doc__ or "").split())
        implied = {Need.SEND} if credit or Need.DELIVERY in needs else set()
        wanted = frozenset({*needs, *implied})
        return Contract(check.__name__, sentence, clauses, wanted, credit, check)

    return wrap
