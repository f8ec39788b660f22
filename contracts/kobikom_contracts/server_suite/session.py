"""A session with the server under test: all that a contract of the server suite works with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
from kobikom_contracts.server_suite.operations import Answer, Operations
from kobikom_contracts.server_suite.target import Target

AMPLE = Decimal(100_000)
"""The credit an account gets where it can be set."""


class ServerSession(Operations):
    """Operations of the API, expectations about their answers, readings and credit.

    ``readings`` holds, by name, the readings that the target was seen to follow.
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
        self.readings: dict[str, str] = {}
        self._unit: Decimal | None = None

    # -- the core's session ------------------------------------------------------------------------

    def prepare(self, contract: Contract[Any]) -> None:
        """Raise :class:`NotCheckable` when the target lacks a need; see to it that credit suffices."""
        self.target.require(contract.needs)
        if contract.spends:
            self.refill(contract.spends)

    def forget_exchanges(self) -> None:
        """See the base class."""
        self.http_client.transcript.clear()

    def add_evidence(self, violation: Violation, example: str | None = None) -> Violation:
        """See the base class."""
        violation.counterexample = violation.counterexample or example
        violation.exchanges = violation.exchanges or tuple(self.http_client.transcript.exchanges)
        return violation

    def observed_reading(self, clause: Clause) -> str | None:
        """See the base class."""
        seen = [f"{r.name}={self.readings[r.name]}" for r in clause.readings if r.name in self.readings]
        return ", ".join(seen) or None

    @property
    def most_examples(self) -> int:
        """See the base class: fewer where credit cannot be put back."""
        return self.profile.examples if self.target.control is not None else self.profile.thrifty

    # -- expectations ------------------------------------------------------------------------------

    def accepted(self, send: Send | Answer, what: str = "every recipient accepted (0)") -> Answer:
        """The answer to a send in which every recipient must be accepted, none of them left out."""
        answer = self.submit(send) if isinstance(send, Send) else send
        if not answer.accepted:
            raise Violation(what, answer)
        if isinstance(send, Send) and len(answer.results) != send.recipients:
            raise Violation(f"{send.recipients} results, each of status 0", answer)
        return answer

    def refused(self, send: Send | Answer, code: int, what: str = "") -> Answer:
        """The answer to a send that must be refused as a whole with a code.

        One result or one a recipient, each with the code: which of the two is judged by A-05.
        """
        answer = self.submit(send) if isinstance(send, Send) else send
        if set(answer.statuses) != {str(code)}:
            raise Violation(f"{code} for the request{' ' if what else ''}{what}", answer)
        return answer

    # -- readings ----------------------------------------------------------------------------------

    def decide(self, name: str, found: object, values: Mapping[str, object]) -> str:
        """The documented reading that an observation fits; a violation when none does.

        ``values`` maps readings to what each would show. It is a violation, too, when the target
        followed another reading before, or does not follow the one insisted on.
        """
        reading = READING_BY_NAME[name]
        insisted = self.target.readings.get(name, "any")
        fits = [value for value in values if values[value] == found]
        if not fits:
            either = " or ".join(f"{values[v]!r} ({name}={v})" for v in values)
            raise Violation(either, repr(found), clause=reading.clause)
        known = self.readings.get(name)
        value = known if known in fits else fits[0]
        if known is not None and known not in fits:
            raise Violation(f"{name}={known} as before", f"{name}={value}: {found!r}", clause=reading.clause)
        if insisted not in ("any", value):
            raise Violation(
                f"{name}={insisted}: {values.get(insisted)!r}",
                f"{name}={value}: {found!r}",
                clause=reading.clause,
            )
        self.readings[name] = value
        return value

    # -- credit ------------------------------------------------------------------------------------

    def refill(self, parts: int) -> None:
        """See to it that ``parts`` can be paid for; raises :class:`NotCheckable` when they cannot.

        With a control API the account's credit is set or, without accounts in it, the space is reset.
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
        """Bring the account to exactly this credit, by the control API or by spending the rest."""
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
        raise NotCheckable(f"cannot bring the account to {credit}: no accounts in the control API")

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
            price = self.charge(self.message())
            if price <= 0:
                raise NotCheckable(f"one message is charged {price}: there is no price to compare with")
            self._unit = price
        return self._unit
