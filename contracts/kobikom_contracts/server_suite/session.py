"""A session with the server under test: all that a contract of the server suite works with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from typing import Any

from kobikom_contracts.clauses import READING_BY_NAME, Clause
from kobikom_contracts.core.contract import Contract
from kobikom_contracts.core.profiles import Profile
from kobikom_contracts.core.verdicts import NotCheckable, Violation
from kobikom_contracts.dates import ISTANBUL
from kobikom_contracts.documents import Send
from kobikom_contracts.http_client import HttpClient
from kobikom_contracts.server_suite import amounts
from kobikom_contracts.server_suite.operations import Answer
from kobikom_contracts.server_suite.restraint import RestrainedOperations
from kobikom_contracts.server_suite.target import Target

AMPLE = Decimal(100_000)
"""The credit an account gets where it can be set."""
MOST_PRICE = 20
"""No part is expected to cost more."""
TELLING = Decimal("12345.670")
"""A credit that is written differently in every form of amounts."""
CHEAPEST = Decimal("0.01")
"""No message costs less: a balance that falls by less is written in whole units with grouped thousands."""


class ServerSession(RestrainedOperations):
    """Operations of the API, expectations about their answers, readings and credit.

    What the target shows of a reading rules out the values that do not fit.
    """

    def __init__(
        self,
        target: Target,
        http_client: HttpClient,
        *,
        profile: Profile,
        seed: int,
        prefix: str,
        wait: Callable[[float], None],
    ) -> None:
        super().__init__(target, http_client, profile=profile, seed=seed, prefix=prefix, wait=wait)
        self._possible: dict[str, tuple[str, ...]] = {}
        self._unit: Decimal | None = None

    # -- the core's session ------------------------------------------------------------------------

    def prepare(self, contract: Contract[Any]) -> None:
        """Raise :class:`NotCheckable` when the target lacks a need; see to it that credit suffices."""
        self.target.require(contract.needs)
        if self.locked:
            self.check_account()
        if contract.spends:
            self.refill(contract.spends)

    def forget_exchanges(self) -> None:
        """See the base class."""
        self.http_client.transcript.clear()

    def add_evidence(self, violation: Violation, example: str | None = None) -> Violation:
        """See the base class."""
        violation.counterexample = violation.counterexample or example
        violation.exchanges = violation.exchanges or self.http_client.transcript.evidence()
        return violation

    def observed_reading(self, clause: Clause) -> str | None:
        """See the base class."""
        seen = [f"{r.name}={' or '.join(self._possible[r.name])}" for r in clause.readings if r.name in self._possible]
        return ", ".join(seen) or None

    # -- expectations ------------------------------------------------------------------------------

    def accepted(
        self, send: Send | Answer, what: str = "every recipient accepted (0)", *, statement: str | None = None
    ) -> Answer:
        """The answer to a send in which every recipient must be accepted, none of them left out."""
        answer = self.submit(send) if isinstance(send, Send) else send
        if not answer.accepted:
            raise Violation(what, answer, statement=statement)
        if isinstance(send, Send) and len(answer.results) != send.recipients:
            raise Violation(f"{send.recipients} results, each of status 0", answer, statement=statement)
        return answer

    def refused(self, send: Send | Answer, code: int, what: str = "", *, statement: str | None = None) -> Answer:
        """The answer to a send that must be refused as a whole with a code.

        One result or one a recipient, each with the code: which of the two is judged by A-05.
        """
        answer = self.submit(send) if isinstance(send, Send) else send
        if set(answer.statuses) != {str(code)}:
            raise Violation(f"{code} for the request{' ' if what else ''}{what}", answer, statement=statement)
        return answer

    # -- readings ----------------------------------------------------------------------------------

    def decide(self, name: str, found: object, values: Mapping[str, object], *, statement: str | None = None) -> None:
        """Narrow down the reading that the target follows by an observation; a violation when none fits.

        ``values`` maps readings to what each would show; several may fit. It is a violation, too, when
        the target followed another reading before, or does not follow the one insisted on. ``statement``:
        the one that is then broken, when it isn't the reading's own.
        """
        reading = READING_BY_NAME[name]
        broken = statement or reading.statement
        fits = tuple(value for value in values if values[value] == found)
        if not fits:
            either = " or ".join(f"{values[v]!r} ({name}={v})" for v in values)
            raise Violation(either, repr(found), statement=broken)
        insisted = self.target.readings.get(name, "any")
        if insisted != "any" and insisted not in fits:
            expected = f"{name}={insisted}: {values.get(insisted)!r}"
            raise Violation(expected, f"{name}={fits[0]}: {found!r}", statement=broken, insisted=True)
        possible = self.possible_readings(name)
        if not set(fits) & set(possible):
            before = f"{name}={' or '.join(possible)} as before"
            raise Violation(before, f"{name}={fits[0]}: {found!r}", statement=broken)
        self._possible[name] = tuple(value for value in possible if value in fits)

    def possible_readings(self, name: str) -> tuple[str, ...]:
        """The values of a reading that fit everything the target has shown."""
        return self._possible.get(name, READING_BY_NAME[name].values)

    def reading(self, name: str) -> str | None:
        """The value of a reading that the target follows; None while more than one is possible."""
        possible = self.possible_readings(name)
        return possible[0] if len(possible) == 1 else None

    # -- credit ------------------------------------------------------------------------------------

    def refill(self, parts: int) -> None:
        """See to it that ``parts`` can be paid for; raises :class:`NotCheckable` when they cannot.

        With a control API the account's credit is set or, without accounts in it, the space is reset.
        """
        control = self.target.control
        if control is not None and "accounts" in control.capabilities:
            if self.spending.credit < parts:
                control.set_credit(self.user, AMPLE)
                self.spending.credit = AMPLE / MOST_PRICE
            self.spending.credit -= parts
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
        """Bring the account to exactly this credit, by the control API or by spending the rest."""
        control = self.target.control
        assert control is not None, "contracts that set credit declare Need.CREDIT"
        self.spending.credit = Decimal(0)
        if "accounts" in control.capabilities:
            control.set_credit(self.user, credit)
            return
        control.reset()
        for _ in range(20):
            over = self.balance() - credit
            if over == 0:
                return
            count = int(min(over, Decimal(500)))
            if over < 0 or count != min(over, Decimal(500)):
                break
            self.submit(self.message(count))
        raise NotCheckable(f"cannot bring the account to {credit}: no accounts in the control API")

    def learn_amounts(self) -> None:
        """Find out how the target writes amounts, where the control API can set one that tells the forms apart."""
        control = self.target.control
        if control is None or "accounts" not in control.capabilities:
            return
        control.set_credit(self.user, TELLING)
        with suppress(Violation):
            self.amount_form = amounts.form_of(self.balance_text(), TELLING)

    def charge(self, send: Send) -> Decimal:
        """What the account is charged for a send that must be accepted."""
        before = self.balance()
        self.accepted(send)
        return before - self.balance()

    def second_account(self) -> tuple[str, str]:
        """User and password of another account, created by the control API unless one was given."""
        if self.target.second is not None:
            return self.target.second
        control = self.target.control
        assert control is not None, "contracts that use it declare Need.SECOND"
        login = (self.prefix + "-other", "second")
        control.put_account(*login, Decimal(100), ["Kobikom"])
        return login

    def turkish_now(self) -> datetime:
        """The present in Turkey: by the target's clock where the control API shows it, else by this machine's."""
        control = self.target.control
        if control is not None and (moment := control.now()) is not None:
            return moment.astimezone(ISTANBUL)
        return datetime.now(ISTANBUL)

    @property
    def unit(self) -> Decimal:
        """The price of one part, found by sending one; asked once a run."""
        if self._unit is None:
            before = self.balance_text()
            self.accepted(self.message())
            after = self.balance_text()
            price = amounts.value(before, self.amount_form) - amounts.value(after, self.amount_form)
            if self.amount_form is None and Decimal(0) < price < CHEAPEST:
                # 18.532 may be eighteen thousand: then the price is whole units.
                self.amount_form = amounts.GROUPED
                price *= 1000
            if price <= 0:
                raise NotCheckable(f"one message is charged {price}: there is no price to compare with")
            self._unit = price
        return self._unit
