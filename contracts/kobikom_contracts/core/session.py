"""The part of a session with a target that both suites share: examples, properties, expectations."""

from __future__ import annotations

import math
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import given
from hypothesis import seed as seeded
from hypothesis.errors import Flaky
from hypothesis.strategies import SearchStrategy

from kobikom_contracts.clauses import Clause
from kobikom_contracts.core.ending import Deadline
from kobikom_contracts.core.profiles import Profile
from kobikom_contracts.core.verdicts import Disturbance, Disturbed, Violation

if TYPE_CHECKING:
    from kobikom_contracts.core.contract import Contract

T = TypeVar("T")


class Session(ABC):
    """What a contract works with; it raises ``Violation`` or ``NotCheckable``.

    ``examples`` counts the examples of the contract that is running.
    """

    def __init__(self, *, profile: Profile, seed: int) -> None:
        self.profile = profile
        self.seed = seed
        self.examples = 0
        self.contract_name = ""
        self.filed: list[Violation] = []
        """Violations that did not end the running contract."""
        self.seen: Violation | None = None
        """The violation that the running contract met last while it looks for a smaller example."""
        self.deadline = Deadline()
        """When the run must end; never unless it is replaced."""
        self.disturbances: dict[str, Disturbance] = {}
        """What kept statements from being judged in this run, by kind."""
        self._drawn: str | None = None

    # -- what a suite adds -------------------------------------------------------------------------

    @abstractmethod
    def prepare(self, contract: Contract[Any]) -> None:
        """Get the target ready for a contract; raises ``NotCheckable`` when it lacks something."""

    @abstractmethod
    def forget_exchanges(self) -> None:
        """Empty the transcript: what follows is another example."""

    @abstractmethod
    def add_evidence(self, violation: Violation, example: str | None = None) -> Violation:
        """The violation with the transcript of the present example and, if any, the drawn value."""

    @abstractmethod
    def observed_reading(self, clause: Clause) -> str | None:
        """``name=value`` of the readings that the target was seen to follow; None when none was."""

    @property
    def share(self) -> float:
        """The share of its examples that a run tries at this target: 1 is all of them."""
        return 1.0

    @property
    def most_examples(self) -> int:
        """How many examples of one property are tried at this target."""
        return max(1, round(self.profile.examples * self.share))

    def some(self, cases: Sequence[T], *, by: Callable[[T], object] | None = None) -> tuple[T, ...]:
        """The cases of a list to try: all, or an even share of them with at least one of each kind (``by``)."""
        size = math.ceil(len(cases) * self.share)
        if size >= len(cases):
            return tuple(cases)
        chosen = {index * len(cases) // size for index in range(size)}
        kinds = {by(cases[index]) for index in chosen} if by is not None else set()
        for index, case in enumerate(cases):
            if by is not None and by(case) not in kinds:
                kinds.add(by(case))
                chosen.add(index)
        return tuple(cases[index] for index in sorted(chosen))

    def may_shrink(self) -> bool:
        """False when the target must not be asked to fail again for the sake of a smaller example."""
        return True

    def may_repeat(self, contract: Contract[Any]) -> bool:
        """False when a violated contract must not be run again to tell a rule from chance."""
        return self.may_shrink()

    def excuse(self) -> Disturbed | None:
        """What the target did in the present run of a contract that may come by chance and explain a violation."""
        return None

    def away(self) -> str:
        """Why the target is to be taken as gone; empty while it is there."""
        return ""

    # -- examples ----------------------------------------------------------------------------------

    def begin(self, name: str) -> None:
        """Start a contract: no examples yet, an empty transcript, its own seed."""
        self.contract_name = name
        self.examples = 0
        self.filed = []
        self.seen = None
        self.forget_exchanges()

    def finish(self) -> None:  # noqa: B027 - a suite may have nothing to add
        """End a contract that was not stopped: a suite may look once more at what the contract left behind."""

    def file(self, violation: Violation) -> None:
        """Keep a violation of a statement that the running contract does not ask about; the contract goes on.

        The statement must be named. A contract keeps the first violation of each statement and cause.
        """
        assert violation.statement, "a filed violation names its statement"
        key = (violation.statement, violation.cause)
        if key not in {(one.statement, one.cause) for one in self.filed}:
            self.filed.append(self.add_evidence(violation, self._drawn))

    def disturbed(self, kind: str, sentence: str) -> None:
        """Count one more time that the target did something that keeps statements from being judged."""
        if kind in self.disturbances:
            self.disturbances[kind].times += 1
        else:
            self.disturbances[kind] = Disturbance(kind, sentence)

    def example(self) -> None:
        """Start one example: the transcript then holds this one only."""
        self.deadline.check()
        self.examples += 1
        self.forget_exchanges()

    def for_all(self, strategy: SearchStrategy[T], check: Callable[[T], None], *, examples: int | None = None) -> None:
        """Check drawn values; raises the violation of the smallest value that breaks the property.

        The draws depend on the run's seed and the contract's name only. Anything but a violation
        (``NotCheckable``, an unreachable target, a crash) ends the search at once and is raised.
        """
        violations: list[Violation] = []
        ended: list[Exception] = []

        def run(value: T) -> None:
            if ended:
                return
            self.example()
            self._drawn = repr(value)
            try:
                check(value)
            except Violation as violation:
                violations.append(self.add_evidence(violation, repr(value)))
                self.seen = violation
                if self.may_shrink():
                    raise
                ended.append(violation)
            except Exception as error:  # noqa: BLE001 - Hypothesis must not repeat it; it is raised below
                ended.append(error)
            finally:
                self._drawn = None

        most = min(examples or self.most_examples, self.most_examples)
        prepared = seeded(self.contract_seed)(self.profile.settings(most)(given(strategy)(run)))
        try:
            prepared()
        except Violation as violation:
            violation.replayed = True
            raise violation from None
        except Exception as error:
            if not violations:
                raise
            # Hypothesis objects to an example that first failed and then passed.
            violations[-1].flaky = isinstance(error, Flaky) and not ended
            raise violations[-1] from None
        if violations:
            raise violations[-1]
        if ended:
            raise ended[0]

    @property
    def contract_seed(self) -> int:
        """The seed of the present contract's draws."""
        return self.seed ^ zlib.crc32(self.contract_name.encode())

    # -- expectations ------------------------------------------------------------------------------

    def expect(self, expected: object, found: object, what: str = "", *, statement: str | None = None) -> None:
        """Raise a violation unless the two are equal; ``what`` says what was compared."""
        if expected != found:
            prefix = f"{what}: " if what else ""
            raise Violation(f"{prefix}{expected!r}", repr(found), statement=statement)

    def require(self, true: bool, expected: object, found: object, *, statement: str | None = None) -> None:
        """Raise a violation unless the condition is true."""
        if not true:
            raise Violation(expected, found, statement=statement)
