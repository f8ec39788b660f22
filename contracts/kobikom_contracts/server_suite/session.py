"""A session with the server under test: all that a contract of the server suite works with."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from typing import Any

from kobikom_contracts.control import ControlError
from kobikom_contracts.core.contract import Contract
from kobikom_contracts.core.verdicts import NotCheckable, Violation
from kobikom_contracts.documents import Send
from kobikom_contracts.server_suite import amounts
from kobikom_contracts.server_suite.exchanges import Answer
from kobikom_contracts.server_suite.lean_costs import LEAN_COSTS
from kobikom_contracts.server_suite.settling import SettlingOperations
from kobikom_contracts.server_suite.target import Need

MOST_SETTLING = 10
"""Parts that the session itself sends around a contract."""
AMPLE = Decimal(100_000)
"""The credit an account gets where it can be set."""
MOST_PRICE = 20
"""No part is expected to cost more."""
TELLING = Decimal("12345.670")
"""A credit that is written differently in every form of amounts."""
CHEAPEST = Decimal("0.01")
"""No message costs less: a balance that falls by less is written in whole units with grouped thousands."""


class ServerSession(SettlingOperations):
    """Operations of the API, expectations about their answers, readings and credit."""

    _first_balance: Decimal | None = None

    # -- the core's session ------------------------------------------------------------------------

    def prepare(self, contract: Contract[Any]) -> None:
        """Raise :class:`NotCheckable` when the target lacks a need; see to it that credit suffices."""
        self.target.require(contract.needs)
        if self.locked:
            self.check_account()
        self.account_for_charges()
        if contract.spends:
            self.refill(LEAN_COSTS.get(contract.name, contract.spends) if self.share < 1 else contract.spends)
        self._make_ready(contract)

    def account_for_charges(self) -> None:
        """Where a budget limits the run and nobody else is charged, count what the server charged, not the estimate."""
        if self.target.budget is None or self.target.lacks(Need.EXCLUSIVE) or self.target.safe:
            return
        with suppress(Violation):
            balance = self.balance()
            if not self.spending.parts:
                self._first_balance = balance
            elif self.price is not None and self._first_balance is not None:
                self.spending.parts = int((self._first_balance - balance) / self.price)

    def _make_ready(self, contract: Contract[Any]) -> None:
        """Where the target can be settled: know the price, and have reports waiting."""
        if not self.settles:
            return
        if not contract.spends:
            self.refill(MOST_SETTLING)
        if self.price is None:
            with suppress(NotCheckable, Violation):
                self.price = self.unit
        self.keep_messages_waiting()
        self.http_client.transcript.start()

    def example(self) -> None:
        """See the base class: what the last example cost is accounted for first."""
        self.settle_balance()
        super().example()

    def finish(self) -> None:
        """See the base class."""
        self.settle()

    def forget_exchanges(self) -> None:
        """See the base class."""
        self.http_client.transcript.clear()

    def add_evidence(self, violation: Violation, example: str | None = None) -> Violation:
        """See the base class."""
        violation.counterexample = violation.counterexample or example
        if not violation.exchanges:
            if self.target.control is not None:
                # Dates in the evidence are compared with the server's time when it is repeated.
                with suppress(ControlError):
                    self.target.control.now(recorded=True)
            violation.exchanges = self.http_client.transcript.evidence()
        return violation

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
        _ = self.unit  # finding out the price may show in which form amounts are written
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

    @property
    def unit(self) -> Decimal:
        """The price of one part, found by sending one; asked once a run."""
        if self.price is None:
            before = self.balance_text()
            self.accepted(self.message())
            after = self.balance_text()
            price = amounts.value(before, self.amount_form) - amounts.value(after, self.amount_form)
            if self.amount_form is None and Decimal(0) < price < CHEAPEST:
                # 18.532 may be eighteen thousand: then the price is whole units.
                self.amount_form = amounts.GROUPED
                self.audit.amounts_are_read_otherwise()
                price *= 1000
            if price <= 0:
                raise NotCheckable(f"one message is charged {price}: there is no price to compare with")
            self.price = price
        return self.price
