"""The part of a client session that decides whose finding a fault is: the running contract's, or another clause's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis.strategies import SearchStrategy

from kobikom_contracts.client_suite.adapter_protocol import Call, Capability, Failed, Kind, Outcome
from kobikom_contracts.client_suite.mends import mend_of
from kobikom_contracts.client_suite.rendering import as_json, cut
from kobikom_contracts.core.contract import Contract
from kobikom_contracts.core.profiles import Profile
from kobikom_contracts.core.session import Session
from kobikom_contracts.core.verdicts import Violation, printable
from kobikom_contracts.transcript import Exchange

_LINE_SHOWN = 2000
_LINES_SHOWN = 3

T = TypeVar("T")


class BlamingSession(Session):
    """A session that keeps what belongs to another clause, and what is known before, and goes on.

    ``capabilities``: what the adapter claims. ``asked``: the call made last.
    """

    def __init__(self, *, capabilities: frozenset[Capability], profile: Profile, seed: int) -> None:
        super().__init__(profile=profile, seed=seed)
        self.capabilities = capabilities
        self.exchanges: list[Exchange] = []
        self.lines: list[tuple[str, str]] = []
        self.asked: Call | None = None
        self.statements: tuple[str, ...] = ()
        """Those of the running contract, its own first."""
        self.example_rows: list[str] = []
        """What else is to be said of the present example."""
        self._value: object = None
        self._causes_before: set[str] = set()
        self._causes: set[str] = set()

    def begin(self, name: str) -> None:
        """See the base class."""
        if name != self.contract_name:  # the same contract may be run again, and then meets its own causes
            self._causes_before |= self._causes
        super().begin(name)
        self.statements = ()

    def prepare(self, contract: Contract[Any]) -> None:
        """See the base class."""
        self.statements = contract.statements

    def forget_exchanges(self) -> None:
        """See the base class."""
        self.exchanges, self.lines, self.example_rows = [], [], []

    def for_all(self, strategy: SearchStrategy[T], check: Callable[[T], None], *, examples: int | None = None) -> None:
        """See the base class; the drawn value is shown as JSON."""

        def remembering(value: T) -> None:
            self._value = value
            try:
                check(value)
            except Violation as violation:
                raise self.add_evidence(violation) from None
            finally:
                self._value = None

        super().for_all(strategy, remembering, examples=examples)

    def add_evidence(self, violation: Violation, example: str | None = None) -> Violation:
        """See the base class: the adapter's last lines, too."""
        rows = [] if self._value is None else [f"example: {printable(as_json(self._value))}"]
        rows += self.example_rows
        for sent, received in self.lines[-_LINES_SHOWN:]:
            rows += [f"adapter in:  {_line(sent)}", f"adapter out: {_line(received)}"]
        violation.counterexample = violation.counterexample or "\n".join(rows) or None
        violation.exchanges = violation.exchanges or tuple(self.exchanges)
        violation.mend = violation.mend or mend_of(violation.statement or "".join(self.statements[:1]), violation)
        return violation

    def blame(self, violation: Violation) -> None:
        """Raise a violation of what the contract asks about; keep any other, and the contract goes on.

        A cause that an earlier contract met is kept as well: it must not keep this contract from what it asks about.
        """
        own = violation.statement in (None, *self.statements[:1])
        if violation.cause and violation.cause in self._causes_before:
            violation.statement = violation.statement or self.statements[0]
            self.file(violation)
            return
        if violation.cause:
            self._causes.add(violation.cause)
        if own and (violation.statement is None or self._value is not None):
            raise violation
        self.file(violation)

    def met(self, cause: str) -> bool:
        """True when an earlier contract met this cause."""
        return cause in self._causes_before

    def expect(self, expected: object, found: object, what: str = "", *, statement: str | None = None) -> None:
        """See the base class; values are shown as JSON."""
        if expected != found:
            prefix = f"{what}: " if what else ""
            self.blame(Violation(f"{prefix}{as_json(expected)}", as_json(found), statement=statement))

    def failed(
        self,
        outcome: Outcome,
        *kinds: Kind,
        code: int | None = None,
        statement: str | None = None,
        what: str = "",
    ) -> bool:
        """Blame the client unless the call failed with one of these kinds (and this code, if given).

        ``what`` names what happened, for a cause that may show in several contracts. False when it was blamed.
        """
        wanted = " or ".join(kinds) + ("" if code is None else f" with code {code}")
        reported = outcome.error.kind.value if isinstance(outcome, Failed) else "success"
        if not isinstance(outcome, Failed) or outcome.error.kind not in kinds:
            # A wrong kind is one mapping of the client's; each wrong success is a fault of its own.
            cause = f"{what} is reported as {reported}" if what and isinstance(outcome, Failed) else ""
            self.blame(Violation(f"an error {wanted}", as_json(outcome), statement=statement, cause=cause))
            return False
        given = outcome.error.code
        if code is None or (given is None and Capability.NO_CODES in self.capabilities):
            return True
        # The pull's bare 5 and -5 mean the same refusal.
        if given is None or abs(given) != abs(code):
            cause = f"{what} is reported with{'out a' if given is None else ' another'} code" if what else ""
            self.blame(Violation(f"an error {wanted}", as_json(outcome), statement=statement, cause=cause))
            return False
        return True


def _line(text: str) -> str:
    return cut(printable(text), _LINE_SHOWN)
