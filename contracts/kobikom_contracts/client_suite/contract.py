"""Law: what a rule for clients is, and how a function becomes one. Imports the protocol's words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kobikom_contracts.client_suite.adapter_protocol import Capability
from kobikom_contracts.server_suite.contract import Contract

if TYPE_CHECKING:
    from kobikom_contracts.client_suite.session import ClientSession

Check = Callable[["ClientSession"], None]


@dataclass(frozen=True, slots=True)
class Rule:
    """One checkable promise of a client; the counterpart of a server's ``Contract``.

    ``clauses``: what it judges, its own first; ``needs``: what the adapter must be able to do; the
    sentence is the function's docstring.
    """

    name: str
    sentence: str
    clauses: tuple[str, ...]
    needs: tuple[Capability, ...]
    check: Check

    @property
    def clause(self) -> str:
        """The clause a plain violation is laid at."""
        return self.clauses[0]

    @property
    def contract(self) -> Contract:
        """Its name and clauses as displays of a run know them."""
        return Contract(self.name, self.sentence, self.clauses, frozenset(), 0, lambda _: None)

    def __call__(self, session: ClientSession) -> None:
        self.check(session)


def rule(*clauses: str, needs: tuple[Capability, ...] = ()) -> Callable[[Check], Rule]:
    """Make a function of a :class:`~kobikom_contracts.client_suite.session.ClientSession` a rule of some clauses."""

    def wrap(check: Check) -> Rule:
        sentence = " ".join((check.__doc__ or "").split())
        return Rule(check.__name__, sentence, clauses, needs, check)

    return wrap
