"""Law: the bench a contract works at: dialogue, examples, readings, expectations, credit.

A contract sees nothing else. Raises :class:`Violation` and :class:`NotCheckable`, which only
the judge catches.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from hypothesis import given
from hypothesis import seed as seeded
from hypothesis.errors import Flaky
from hypothesis.strategies import SearchStrategy

from kobikom_contracts.clauses import READING_BY_NAME
from kobikom_contracts.dialogue import Answer, Dialogue
from kobikom_contracts.documents import Send
from kobikom_contracts.moments import ISTANBUL
from kobikom_contracts.profiles import Profile
from kobikom_contracts.target import Target
from kobikom_contracts.verdicts import NotCheckable, Violation
from kobikom_contracts.wire import Wire

T = TypeVar("T")
AMPLE = Decimal(100_000)


class Lab(Dialogue):
    """Everything a contract may use."""

    def __init__(
        self,
        target: Target,
        wire: Wire,
        *,
        profile: Profile,
        seed: int,
        prefix: str,
        wait: Callable[[float], None],
    ) -> None:
        super().__init__(target, wire, prefix=prefix, wait=wait)
        self.profile = profile
        self.seed = seed
        self.examples = 0
        self.followed: dict[str, str] = {}
        self._name = ""
        self._unit: Decimal | None = None

    def begin(self, name: str) -> None:
        """Start a contract: its own examples, seed and transcript."""
        self._name = name
        self.examples = 0
        self.wire.transcript.clear()

    # -- examples -----------------------------------------------------------------------------

    def example(self) -> None:
        """Start one example: the transcript holds the present one only."""
        self.examples += 1
        self.wire.transcript.clear()

    def forall(
        self,
        strategy: SearchStrategy[T],
        check: Callable[[T], None],
        *,
        examples: int | None = None,
    ) -> None:
        """Check drawn values; the violation raised is of the smallest one found.

        Reproducible: the draws depend on the run's seed and the contract's name only.
        """
        last: list[Violation] = []
        stopped: list[NotCheckable] = []

        def run(value: T) -> None:
            if stopped:
                return
            self.example()
            try:
                check(value)
            except NotCheckable as reason:
                stopped.append(reason)
            except Violation as violation:
                violation.counterexample = repr(value)
                violation.exchanges = tuple(self.wire.transcript.exchanges)
                last.append(violation)
                raise

        draw = seeded(self.seed ^ zlib.crc32(self._name.encode()))
        most = min(examples or self.plenty, self.plenty)
        test = draw(self.profile.settings(most)(given(strategy)(run)))
        try:
            test()
        except Flaky:
            last[-1].flaky = True
            raise last[-1] from None
        if last:
            raise last[-1]
        if stopped:
            raise stopped[0]

    @property
    def plenty(self) -> int:
        """How many examples of a property this target can afford."""
        unlimited = self.target.control is not None
        return self.profile.examples if unlimited else self.profile.thrifty

    # -- expectations ---------------------------------------------------------------------------

    def expect(self, expected: object, found: object, what: str = "", *, clause: str | None = None) -> None:
        """Violation unless equal."""
        if expected != found:
            prefix = f"{what}: " if what else ""
            raise Violation(f"{prefix}{expected!r}", repr(found), clause=clause)

    def require(self, true: bool, expected: object, found: object, *, clause: str | None = None) -> None:
        """Violation unless true."""
        if not true:
            raise Violation(expected, found, clause=clause)

    def accepted(self, send: Send | Answer, what: str = "every recipient accepted (0)") -> Answer:
        """The answer of a send in which every recipient must be accepted."""
        answer = self.submit(send) if isinstance(send, Send) else send
        if not answer.accepted:
            raise Violation(what, answer)
        return answer

    def refused(self, send: Send | Answer, code: int, what: str = "") -> Answer:
        """The answer of a send that must be refused as a whole with a code.

        The shape is A-05's matter: every result has to carry the code, one or one a recipient.
        """
        answer = self.submit(send) if isinstance(send, Send) else send
        if set(answer.statuses) != {str(code)}:
            raise Violation(f"{code} for the request{' ' if what else ''}{what}", answer)
        return answer

    # -- readings ---------------------------------------------------------------------------------

    def decide(self, name: str, found: object, values: Mapping[str, object]) -> str:
        """Which documented reading an observation fits; a violation when none does.

        ``values`` maps readings to what each would show. Seeing two different readings in one run
        is a violation too, and so is any but the one insisted on.
        """
        reading = READING_BY_NAME[name]
        insisted = self.target.readings.get(name, "any")
        fits = [value for value in values if values[value] == found]
        if not fits:
            either = " or ".join(f"{values[v]!r} ({name}={v})" for v in values)
            raise Violation(either, repr(found), clause=reading.clause)
        known = self.followed.get(name)
        value = known if known in fits else fits[0]
        if known is not None and known not in fits:
            raise Violation(f"{name}={known} as before", f"{name}={value}: {found!r}", clause=reading.clause)
        if insisted not in ("any", value):
            raise Violation(
                f"{name}={insisted}: {values.get(insisted)!r}",
                f"{name}={value}: {found!r}",
                clause=reading.clause,
            )
        self.followed[name] = value
        return value

    # -- credit -----------------------------------------------------------------------------------

    def refill(self, parts: int) -> None:
        """See to it that ``parts`` can be paid for; raises :class:`NotCheckable` when they can't.

        Our own target is topped up (or, without accounts in its control API, reset).
        """
        control = self.target.control
        if control is not None and "accounts" in control.capabilities:
            control.set_credit(self.user, AMPLE)
            return
        if self.spending.credit >= parts * 2:
            self.spending.credit -= parts
            return
        balance = self.balance()
        if balance < parts * 2 and control is not None:
            control.reset()
            balance = self.balance()
        if balance < parts:
            raise NotCheckable(f"needs credit for {parts} parts, the account has {balance}")
        self.spending.credit = balance - parts

    def set_credit(self, credit: Decimal) -> None:
        """Bring the account to exactly this credit, by the lever or by spending the rest."""
        control = self.target.control
        assert control is not None, "contracts that set credit declare Need.CREDIT"
        if "accounts" in control.capabilities:
            control.set_credit(self.user, credit)
            return
        control.reset()
        self.spending.credit = Decimal(0)
        for _ in range(20):
            over = self.balance() - credit
            if over == 0:
                return
            count = int(min(over, Decimal(500)))
            if over < 0 or count != min(over, Decimal(500)):
                break
            self.submit(self.message(count))
        raise NotCheckable(f"can't bring the account to {credit}: no accounts in the control API")

    def charge(self, send: Send) -> Decimal:
        """What the account pays for a send that must be accepted."""
        before = self.balance()
        self.accepted(send)
        return before - self.balance()

    def second_account(self) -> tuple[str, str]:
        """User and password of another account, made by the control API unless one was given."""
        if self.target.second is not None:
            return self.target.second
        control = self.target.control
        assert control is not None, "contracts that use it declare Need.SECOND"
        login = (self.prefix + "-other", "second")
        control.put_account(*login, Decimal(100), ["Kobikom"])
        return login

    def turkish_now(self) -> datetime:
        """The target's present, as far as it can be known: its control clock, else our own."""
        control = self.target.control
        if control is not None and (moment := control.now()) is not None:
            return moment.astimezone(ISTANBUL)
        return datetime.now(ISTANBUL)

    @property
    def unit(self) -> Decimal:
        """The price of one part, found by sending one (asked once a run)."""
        if self._unit is None:
            self._unit = self.charge(self.message())
            if self._unit <= 0:
                raise NotCheckable(f"one message changes the balance by {self._unit}: nothing to compare")
        return self._unit
