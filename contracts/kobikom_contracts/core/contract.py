"""A contract: one property of the target, checked by a function of a session with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from kobikom_contracts.clauses import clause_of
from kobikom_contracts.core.session import Session

S = TypeVar("S", bound=Session)


@dataclass(frozen=True, slots=True)
class Contract(Generic[S]):
    """One property of the target that can be checked.

    ``statements``: ids of what it judges, its own first. ``needs``: what the target must offer for it to
    run. ``spends``: the most parts it may send in one run. ``sentence``: the function's docstring.
    ``wrong_logins``: how often it tries the account's user with another password where that may lock it.
    """

    name: str
    sentence: str
    statements: tuple[str, ...]
    needs: tuple[StrEnum, ...]
    spends: int
    check: Callable[[S], None]
    wrong_logins: int = 0

    @property
    def statement(self) -> str:
        """The statement that a violation belongs to unless it names another."""
        return self.statements[0]

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses of its statements, its own first."""
        return tuple(dict.fromkeys(map(clause_of, self.statements)))

    def __call__(self, session: S) -> None:
        self.check(session)


def contract_of(
    check: Callable[[S], None],
    statements: tuple[str, ...],
    *,
    needs: tuple[StrEnum, ...],
    spends: int = 0,
    wrong_logins: int = 0,
) -> Contract[S]:
    """A contract from a function: the name is the function's, the sentence its docstring."""
    sentence = " ".join((check.__doc__ or "").split())
    return Contract(check.__name__, sentence, statements, needs, spends, check, wrong_logins)
