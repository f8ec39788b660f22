"""The accounts, their messages, and what the four operations do to them.

Everything is synchronous and in memory: one operation ends before the next begins, which is all that
exactly-once reports (R-03) and credit that adds up (C-04) need here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from .dialect import Report, Result, printed_date
from .numbers import WRONG_TITLE, Outcome, judge
from .orders import Order, Recipient, RefusedError, read_order, recipients_of
from .readings import PAPER, Readings
from .request_document import Node

_LAST_ID = {"18-digits": 10**17, "15-digits": 10**14, "10-digits": 10**9}
Clock = Callable[[], datetime]


@dataclass(slots=True)
class Account:
    """One customer. `coverage` holds "TR" and foreign country codes; `price` is for one part."""

    user: str = "test"
    password: str = "test"
    credit: Decimal = Decimal("1000.000")
    currency: str = "TRY"
    titles: tuple[str, ...] = ("Kobikom", "TEST", "DEMO")
    price: Decimal = Decimal(1)
    coverage: frozenset[str] = frozenset({"TR"})
    waiting: list["Message"] = field(default_factory=list)  # not yet pulled
    refunds: list["Message"] = field(default_factory=list)  # NOT_ALLOWED, not final
    used_ids: set[str] = field(default_factory=set)  # the client's ids of accepted messages


@dataclass(frozen=True, slots=True)
class Message:
    """One accepted recipient with its final status and the time of it."""

    id: str
    number: str
    order: Order
    cost: Decimal
    submitted: datetime
    done: datetime
    status: str
    gsmerror: int


class World:
    """A whole Kobikom: accounts by user name and every message ever accepted."""

    def __init__(
        self, accounts: Iterable[Account], clock: Clock, *, max_recipients: int, readings: Readings = PAPER
    ) -> None:
        self.readings = readings
        self.accounts = {account.user: account for account in accounts}
        self.messages: list[Message] = []
        self._clock = clock
        self._max_recipients = max_recipients
        self._last_id = _LAST_ID[readings.message_id]

    def login(self, user: str, password: str, *, pulls: bool = False) -> Account:
        """Raises RefusedError with -10, -11 or -5, in this order (A-01 to A-04).

        The list of codes for pulls says 10 and 11 of what is missing: there nothing depends on a reading (R-07).
        """
        user, password = user.strip(), password.strip()
        wrong = self.readings.login_codes == "wrong" and not pulls
        account = self.accounts.get(user)
        if not user or (wrong and account is None):
            raise RefusedError(-10)
        if not password:
            raise RefusedError(-11)
        if account is None or account.password != password:
            raise RefusedError(-11 if wrong else -5)
        return account

    def send(self, account: Account, root: Node) -> list[Result]:
        """All blocks or none (S-20); raises RefusedError for a fault of the request."""
        blocks = list(root.all("mesajiniz"))
        if not any(one.number for block in blocks for one in recipients_of(block)):
            raise RefusedError(-6)
        now = self._clock()
        orders = [read_order(b, titles=account.titles, now=now, readings=self.readings) for b in blocks]
        lines = [(order, recipient) for order in orders for recipient in order.recipients]
        if len(lines) > self._max_recipients:
            raise RefusedError(-23)
        ids = [recipient.client_id for _, recipient in lines if recipient.client_id.strip()]
        if len(ids) > len(set(ids)) and self.readings.duplicate_id == "whole-request":
            if self.readings.choices.duplicate_in_one:
                raise RefusedError(-33)
            return [self._refused(-33, recipient) for _, recipient in lines]
        self._settle(account, now)
        if self.readings.short_credit == "whole-request" and self._price(account, lines) > account.credit:
            return [self._refused(-2, recipient) for _, recipient in lines]
        seen = set(account.used_ids) if self.readings.duplicate_id == "account-history" else set[str]()
        return [self._accept(account, order, recipient, now, seen) for order, recipient in lines]

    def _price(self, account: Account, lines: list[tuple[Order, Recipient]]) -> Decimal:
        """What a request costs when all of it can be paid."""
        seen = set(account.used_ids) if self.readings.duplicate_id == "account-history" else set[str]()
        cost = Decimal(0)
        for order, recipient in lines:
            if not isinstance(self._judged(account, recipient, seen), int):
                cost += account.price * len(order.parts)
        return cost

    def _judged(self, account: Account, recipient: Recipient, seen: set[str]) -> int | Outcome:
        """A recipient's code, in the order -33, -13, -3, or how its message will end; notes its id as seen."""
        client_id = recipient.client_id.strip() and recipient.client_id
        if client_id and client_id in seen:
            return -33
        seen.add(client_id)
        return judge(recipient.number, account.coverage, self.readings)

    def _accept(self, account: Account, order: Order, recipient: Recipient, now: datetime, seen: set[str]) -> Result:
        """One recipient, judged in the order -33, -13, -3, -2."""
        client_id, number = recipient.client_id.strip() and recipient.client_id, recipient.number
        outcome = self._judged(account, recipient, seen)
        if isinstance(outcome, int):
            return self._refused(outcome, recipient)
        if not order.known_title:
            outcome = WRONG_TITLE
        cost = account.price * len(order.parts)
        if cost > account.credit:
            return self._refused(-2, recipient)
        account.credit -= cost
        status, gsmerror, done = "NOT_DELIVERED", 4101, order.expires
        if outcome.after is not None:
            planned = order.sent_for + timedelta(seconds=outcome.after)
            if planned <= order.expires:  # otherwise R-11
                status, gsmerror, done = outcome.status, outcome.gsmerror, planned
        self._last_id += 1
        message = Message(client_id or str(self._last_id), number, order, cost, now, done, status, gsmerror)
        self.messages.append(message)
        account.used_ids.add(client_id)
        account.waiting.append(message)
        if status == "NOT_ALLOWED":
            account.refunds.append(message)
        return Result(0, message.id, number)

    def _refused(self, code: int, recipient: Recipient) -> Result:
        """The result of a refused recipient."""
        echoed = recipient.client_id.strip() and recipient.client_id
        return Result(code, echoed if self.readings.choices.echo_refused_ids else "", recipient.number)

    def balance(self, account: Account) -> Decimal:
        """Credit left now (C-05)."""
        self._settle(account, self._clock())
        return account.credit

    def pull(self, account: Account, ids: frozenset[str] | None, appid: str) -> list[Report]:
        """Final reports of this appid and these ids (None: any); they are gone afterwards."""
        now = self._clock()
        pulled: list[Message] = []
        kept: list[Message] = []
        for message in account.waiting:
            asked = message.order.appid == appid and (ids is None or message.id in ids)
            (pulled if asked and message.done <= now else kept).append(message)
        account.waiting = kept
        if self.readings.choices.ties_reversed:
            pulled.reverse()
        pulled.sort(key=lambda message: message.done)  # stable: acceptance order, or its reverse, breaks ties
        return [Report(m.id, self._printed(m.submitted), self._printed(m.done), m.status, m.gsmerror) for m in pulled]

    def _settle(self, account: Account, now: datetime) -> None:
        """C-03: a report of NOT_ALLOWED gives the charge back, once it exists."""
        due = [message for message in account.refunds if message.done <= now]
        account.refunds = [message for message in account.refunds if message.done > now]
        account.credit += sum((message.cost for message in due), Decimal(0))

    def _printed(self, moment: datetime) -> str:
        return printed_date(moment, self.readings)
