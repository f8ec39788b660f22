"""The accounts, their messages, and what the four operations do to them.

Everything is synchronous and in memory: one operation ends before the next begins, which is all that
exactly-once reports (R-03) and credit that adds up (C-04) need here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from .dialect import Node, Report, Result
from .numbers import judge
from .orders import Order, Recipient, RefusedError, read_order

ISTANBUL = ZoneInfo("Europe/Istanbul")
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

    def __init__(self, accounts: Iterable[Account], clock: Clock, *, max_recipients: int) -> None:
        self.accounts = {account.user: account for account in accounts}
        self.messages: list[Message] = []
        self._clock = clock
        self._max_recipients = max_recipients
        self._last_id = 10**17

    def login(self, user: str, password: str) -> Account:
        """Raises RefusedError with -10, -11 or -5, in this order (A-01 to A-04)."""
        user, password = user.strip(), password.strip()
        if not user:
            raise RefusedError(-10)
        if not password:
            raise RefusedError(-11)
        account = self.accounts.get(user)
        if account is None or account.password != password:
            raise RefusedError(-5)
        return account

    def send(self, account: Account, root: Node) -> list[Result]:
        """All blocks or none (S-20); raises RefusedError for a fault of the request."""
        now = self._clock()
        orders = [read_order(b, titles=account.titles, now=now) for b in root.all("mesajiniz")]
        if not orders:
            raise RefusedError(-6)
        if sum(len(order.recipients) for order in orders) > self._max_recipients:
            raise RefusedError(-23)
        seen: set[str] = set()
        self._settle(account, now)
        return [
            self._accept(account, order, recipient, now, seen) for order in orders for recipient in order.recipients
        ]

    def _accept(self, account: Account, order: Order, recipient: Recipient, now: datetime, seen: set[str]) -> Result:
        """One recipient, judged in the order -33, -13, -3, -2."""
        client_id, number = recipient.client_id, recipient.number
        if not client_id.strip():
            client_id = ""
        if client_id in seen:
            return Result(-33, client_id, number)
        if client_id:
            seen.add(client_id)
        outcome = judge(number, account.coverage)
        if isinstance(outcome, int):
            return Result(outcome, client_id, number)
        cost = account.price * len(order.parts)
        if cost > account.credit:
            return Result(-2, client_id, number)
        account.credit -= cost
        status, gsmerror, done = "NOT_DELIVERED", 4101, order.expires
        if outcome.after is not None:
            planned = order.sent_for + timedelta(seconds=outcome.after)
            if planned <= order.expires:  # otherwise R-11
                status, gsmerror, done = outcome.status, outcome.gsmerror, planned
        self._last_id += 1
        message = Message(client_id or str(self._last_id), number, order, cost, now, done, status, gsmerror)
        self.messages.append(message)
        account.waiting.append(message)
        if status == "NOT_ALLOWED":
            account.refunds.append(message)
        return Result(0, message.id, number)

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
        pulled.sort(key=lambda message: message.done)  # stable: acceptance order breaks ties
        return [Report(m.id, _printed(m.submitted), _printed(m.done), m.status, m.gsmerror) for m in pulled]

    def _settle(self, account: Account, now: datetime) -> None:
        """C-03: a report of NOT_ALLOWED gives the charge back, once it exists."""
        due = [message for message in account.refunds if message.done <= now]
        account.refunds = [message for message in account.refunds if message.done > now]
        account.credit += sum((message.cost for message in due), Decimal(0))


def _printed(moment: datetime) -> str:
    """R-08 `as-written`, Turkey local time."""
    t = moment.astimezone(ISTANBUL)
    return f"{t.year}/{t.month}/{t.day} {t:%H:%M:%S}"
