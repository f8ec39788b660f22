"""A store and a naive model of one are put through the same histories and asked the same questions."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.changes import (
    Accepted,
    AccountClosed,
    AccountSet,
    Change,
    Charged,
    CreditSet,
    Deleted,
    PushPostponed,
    PushSettled,
    RefundCancelled,
    RefundPlanned,
    Replanned,
)
from kobikom_emulator.domain.delivery import Outcome, Plan, Status
from kobikom_emulator.domain.matching import EVERYTHING, MessageMatch, MessageQuery
from kobikom_emulator.domain.messages import Batch, RecipientGroup
from kobikom_emulator.domain.outcomes import ForcedRefusal, force
from kobikom_emulator.domain.segments import LongText, Unencodable, segment_text
from kobikom_emulator.domain.states import AccountTotals, LedgerKind, LedgerLine, MessageState, Refund

FIRST = 100_000_000_000_000_001
FAR = 10**6
USERS = ("u", "v")
IDS = ("a", "b", "c")
QUERIES = (
    EVERYTHING,
    MessageQuery(MessageMatch(user="u")),
    MessageQuery(MessageMatch(title="B*")),
    MessageQuery(MessageMatch(to="*3")),
    MessageQuery(MessageMatch(status="DELIVERED")),
    MessageQuery(MessageMatch(status="sent", user="v")),
    MessageQuery(words=("selam",)),
    MessageQuery(since=5),
    MessageQuery(MessageMatch(to="0532 123 45 61")),
    MessageQuery(MessageMatch(text="s?l*", title="A")),
    MessageQuery(MessageMatch(text="X")),
    MessageQuery(MessageMatch(status="NOT_ALLOWED")),
    MessageQuery(MessageMatch(status="scheduled")),
    MessageQuery(words=("el", str(FIRST)[4:])),
    MessageQuery(unfinished_at=6),
)


def segmentation(text: str) -> Any:
    return segment_text(
        text, ucs2=False, turkish=False, concatenate=False, long_text=LongText.CUT, unencodable=Unencodable.UCS2
    )


@dataclass
class Message:
    """One message of the model; `refund` is the number of the ledger line that gives its charge back."""

    batch: Batch
    index: int
    plan: Plan
    given: bool = False
    deleted: bool = False
    replanned: bool = False
    refund: int | None = None


@dataclass
class Model:
    """A store as plain lists, every question answered by looking at everything."""

    accounts: dict[str, Account] = field(default_factory=dict)
    balances: dict[str, Decimal] = field(default_factory=dict)
    lines: list[LedgerLine] = field(default_factory=list)
    planned: list[LedgerLine] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    pushes: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Due, order, message, attempt."""
    pushes_made: int = 0

    # changes

    def apply(self, *changes: Change) -> None:
        for change in changes:
            match change:
                case AccountSet():
                    self.set_account(change)
                case CreditSet():
                    self.set_credit(change)
                case AccountClosed():
                    self.close(change)
                case Charged():
                    self.charge(change)
                case RefundPlanned():
                    self.plan_refund(change)
                case RefundCancelled():
                    self.cancel_refund(change)
                case Accepted():
                    self.accept(change)
                case Replanned():
                    self.replan(change)
                case Deleted():
                    self.delete(change)
                case PushPostponed() | PushSettled():
                    raise AssertionError("the model has no numbers of pushes")

    def line(self, at: int, kind: LedgerKind, user: str, amount: Decimal, **more: Any) -> LedgerLine:
        number = max([line.number + 1 for line in [*self.lines, *self.planned]], default=0)
        return LedgerLine(number, at, kind, user, amount, **more)

    def drop(self, refund: LedgerLine) -> None:
        """A planned refund will not be paid; its number is free again."""
        self.planned.remove(refund)
        for message in self.messages:
            if message.refund == refund.number:
                message.refund = None

    def settle(self, user: str, at: int) -> None:
        for refund in [refund for refund in self.planned if refund.user == user and refund.at <= at]:
            self.planned.remove(refund)
            self.lines.append(refund)
            self.balances[user] += refund.amount

    def set_account(self, change: AccountSet) -> None:
        account = change.account
        if account.user not in self.accounts:
            self.balances[account.user] = account.credit
            self.lines.append(self.line(change.at, LedgerKind.OPENED, account.user, account.credit))
        self.accounts[account.user] = account

    def set_credit(self, change: CreditSet) -> None:
        self.settle(change.user, change.at)
        self.balances[change.user] = change.amount
        self.lines.append(self.line(change.at, LedgerKind.SET, change.user, change.amount))

    def close(self, change: AccountClosed) -> None:
        self.settle(change.user, change.at)
        for refund in [refund for refund in self.planned if refund.user == change.user]:
            self.drop(refund)
        del self.accounts[change.user], self.balances[change.user]

    def charge(self, change: Charged) -> None:
        self.settle(change.user, change.at)
        self.balances[change.user] -= change.amount
        self.lines.append(self.line(change.at, LedgerKind.CHARGE, change.user, change.amount, **batch_fields(change)))

    def plan_refund(self, change: RefundPlanned) -> None:
        refund = self.line(
            change.due, LedgerKind.REFUND, change.user, change.amount, **batch_fields(change), message=change.message
        )
        self.planned.append(refund)
        for number, message in enumerate(self.messages):
            ends = (message.plan.status, message.plan.done_at) == (Status.NOT_ALLOWED, change.due)
            original = ends and message.batch.first_id == change.first_id and not message.replanned
            if number == change.message or (change.message is None and original):
                message.refund = refund.number

    def cancel_refund(self, change: RefundCancelled) -> None:
        [refund] = [
            refund
            for refund in self.planned
            if (refund.first_id, refund.at, refund.message) == (change.first_id, change.due, change.message)
        ]
        if refund.messages == 1:
            self.drop(refund)
        else:
            self.planned[self.planned.index(refund)] = msgspec.structs.replace(
                refund, amount=refund.amount - change.amount, messages=refund.messages - 1
            )

    def accept(self, change: Accepted) -> None:
        batch, first = change.batch, len(self.messages)
        for index in range(len(batch)):
            self.messages.append(Message(batch, index, batch.plan_of(index)))
        if batch.push_url:
            for group in batch.groups:
                for index in group.indices:
                    self.add_push(first + index, group.plan.done_at)

    def add_push(self, message: int, due: int) -> None:
        self.pushes_made += 1
        self.pushes.append((due, self.pushes_made, message, 1))

    def replan(self, change: Replanned) -> None:
        message = self.messages[change.number]
        message.plan, message.replanned, message.refund = change.plan, True, None
        if message.batch.push_url:
            self.pushes = [push for push in self.pushes if push[2] != change.number]
            self.add_push(change.number, change.plan.done_at)

    def delete(self, change: Deleted) -> None:
        for number in change.numbers:
            if number < len(self.messages):
                self.messages[number].deleted = True
        self.pushes = [push for push in self.pushes if push[2] not in change.numbers]

    # questions

    def credit(self, user: str, now: int) -> Decimal:
        due = [refund.amount for refund in self.planned if refund.user == user and refund.at <= now]
        return sum(due, self.balances[user])

    def ledger(self, user: str | None, now: int) -> list[LedgerLine]:
        lines = [*self.lines, *[refund for refund in self.planned if refund.at <= now]]
        lines.sort(key=lambda line: (line.at, line.number), reverse=True)
        return [line for line in lines if user in (None, line.user)]

    def totals(self, now: int) -> Iterator[AccountTotals]:
        for user in self.accounts:
            lines = self.ledger(user, now)
            spent = [line.amount for line in lines if line.kind is LedgerKind.CHARGE]
            returned = [line.amount for line in lines if line.kind is LedgerKind.REFUND]
            messages = sum(line.messages for line in lines if line.kind is LedgerKind.CHARGE)
            yield AccountTotals(user, sum(spent, Decimal()), sum(returned, Decimal()), messages)

    def state(self, number: int) -> MessageState:
        message = self.messages[number]
        refund = Refund.NONE
        if message.refund in [line.number for line in self.planned]:
            refund = Refund.PLANNED
        elif message.refund in [line.number for line in self.lines]:
            refund = Refund.PAID
        given, replanned = message.given, message.replanned
        return MessageState(number, message.batch, message.index, message.plan, given, refund, replanned)

    def newest_first(self, query: MessageQuery, now: int) -> list[MessageState]:
        states = [self.state(number) for number, message in enumerate(self.messages) if not message.deleted]
        return [state for state in reversed(states) if query.includes(state, now)]

    def names(self, number: int) -> set[str]:
        message = self.messages[number]
        return {message.batch.message_id(message.index), str(message.batch.first_id + message.index)}

    def used_ids(self, user: str) -> set[str]:
        return {
            message.batch.client_ids[message.index]
            for message in self.messages
            if message.batch.user == user and message.batch.client_ids and not message.deleted
        } - {""}

    def take(
        self, user: str, app_id: str, now: int, limit: int, message_ids: tuple[str, ...] | None
    ) -> list[tuple[str, Plan]]:
        waiting = [
            (message.plan.done_at, number)
            for number, message in enumerate(self.messages)
            if (message.batch.user, message.batch.app_id) == (user, app_id)
            and not (message.given or message.deleted or message.batch.push_url)
            and message.plan.done_at <= now
            and (message_ids is None or self.names(number) & set(message_ids))
        ]
        taken = [number for _, number in sorted(waiting)][: limit if message_ids is None else None]
        for number in taken:
            self.messages[number].given = True
        return [
            (self.messages[number].batch.message_id(self.messages[number].index), self.messages[number].plan)
            for number in taken
        ]


def batch_fields(change: Charged | RefundPlanned) -> dict[str, Any]:
    return {name: getattr(change, name) for name in ("first_id", "title", "messages", "parts")}


RECIPIENTS = st.lists(
    st.tuples(st.integers(0, 20), st.sampled_from([Status.DELIVERED, Status.NOT_ALLOWED]), st.sampled_from(["", *IDS])),
    min_size=1,
    max_size=5,
)
AMOUNTS = st.decimals(0, 50, places=3)


class StoreMachine(RuleBasedStateMachine):
    """Random histories of one space, its clock set back and forth."""

    new_store: Callable[[], Any]

    def __init__(self) -> None:
        super().__init__()
        self.context = self.new_store()
        self.store = self.context.__enter__()
        self.model = Model()
        self.now = 10
        self.next_id = FIRST
        self.asked = 0
        self.granted: dict[str, Decimal] = {}
        """What opening and setting gave each open account, less what came back and was spent before it was opened."""

    def teardown(self) -> None:
        self.context.__exit__(None, None, None)

    def apply(self, *changes: Change) -> None:
        self.store.apply(*changes)
        self.model.apply(*changes)

    # changes

    @rule(step=st.integers(-15, 15))
    def clock(self, step: int) -> None:
        self.now = max(0, self.now + step)

    @rule(user=st.sampled_from(USERS), credit=AMOUNTS, currency=st.sampled_from(["TRY", "EUR"]))
    def set_account(self, user: str, credit: Decimal, currency: str) -> None:
        opened = user not in self.model.accounts
        self.apply(AccountSet(Account(user, "p", credit=credit, currency=currency), self.now))
        if opened:
            self.granted[user] = credit + self.spent(user)

    @precondition(lambda self: self.model.accounts)
    @rule(data=st.data(), amount=AMOUNTS)
    def set_credit(self, data: st.DataObject, amount: Decimal) -> None:
        user = data.draw(st.sampled_from(list(self.model.accounts)))
        self.granted[user] += amount - self.store.credit(user, self.now)
        self.apply(CreditSet(user, self.now, amount))

    @precondition(lambda self: self.model.accounts)
    @rule(data=st.data())
    def close(self, data: st.DataObject) -> None:
        self.apply(AccountClosed(data.draw(st.sampled_from(list(self.model.accounts))), self.now))

    @rule(
        user=st.sampled_from(USERS),
        recipients=RECIPIENTS,
        own_ids=st.booleans(),
        app_id=st.sampled_from(["", "app"]),
        push=st.booleans(),
        costs=st.sampled_from([Decimal(1), (Decimal(1), Decimal("0.5"), Decimal(2), Decimal(0), Decimal(1))]),
        title=st.sampled_from(["A", "B1"]),
        text=st.sampled_from(["selam", "x"]),
    )
    def send(
        self,
        user: str,
        recipients: list[tuple[int, Status, str]],
        own_ids: bool,
        app_id: str,
        push: bool,
        costs: Decimal | tuple[Decimal, ...],
        title: str,
        text: str,
    ) -> None:
        size = len(recipients)
        numbers = tuple(f"90532123456{index}" for index in range(size))
        plans = [Plan(self.now, self.now + 1, self.now + after, status, 0) for after, status, _ in recipients]
        groups = {plan: [index for index in range(size) if plans[index] == plan] for plan in plans}
        batch = Batch(
            user=user,
            first_id=self.next_id,
            title=title,
            text=text,
            segmentation=segmentation(text),
            flash=False,
            destinations=numbers,
            msisdns=numbers,
            client_ids=tuple(client_id for *_, client_id in recipients) if own_ids else None,
            costs=costs[:size] if isinstance(costs, tuple) else costs,
            groups=tuple(RecipientGroup(plan, tuple(indices)) for plan, indices in groups.items()),
            app_id=app_id,
            push_url="http://127.0.0.1/" if push else "",
        )
        self.next_id += size
        changes: list[Change] = [Accepted(batch)]
        cost = self.cost(batch, range(size))
        if user in self.model.accounts:
            if cost > self.store.credit(user, self.now):
                return
            changes.insert(0, Charged(user, self.now, cost, batch.first_id, title, size, 1))
            for due in sorted({plan.done_at for plan in plans if plan.status is Status.NOT_ALLOWED}):
                ends = [i for i in range(size) if (plans[i].done_at, plans[i].status) == (due, Status.NOT_ALLOWED)]
                refund = self.cost(batch, ends)
                changes.append(RefundPlanned(user, due, refund, batch.first_id, title, len(ends), 1))
        self.apply(*changes)

    @staticmethod
    def cost(batch: Batch, indices: Sequence[int]) -> Decimal:
        return sum([batch.cost_of(index) for index in indices], Decimal())

    def spent(self, user: str) -> Decimal:
        """What the user spent in all, less what will have come back."""
        [totals] = [totals for totals in self.store.totals(FAR) if totals.user == user]
        return totals.spent - totals.returned

    def draw_number(self, data: st.DataObject) -> int:
        return data.draw(st.integers(0, len(self.model.messages) - 1))

    @precondition(lambda self: self.model.messages)
    @rule(data=st.data(), after=st.integers(0, 12), status=st.sampled_from([Status.DELIVERED, Status.NOT_ALLOWED]))
    def force(self, data: st.DataObject, after: int, status: Status) -> None:
        number = self.draw_number(data)
        message = self.model.state(number)
        if self.model.messages[number].deleted:
            return
        changes = force(
            message, Outcome(status, after), now=self.now, account_open=message.batch.user in self.model.accounts
        )
        if not isinstance(changes, ForcedRefusal):
            self.apply(*changes)

    @precondition(lambda self: self.model.messages)
    @rule(data=st.data(), beyond=st.booleans())
    def delete(self, data: st.DataObject, beyond: bool) -> None:
        number = self.draw_number(data)
        self.apply(Deleted((number, number, len(self.model.messages) + 3) if beyond else (number,)))

    @rule(
        user=st.sampled_from(USERS),
        app_id=st.sampled_from(["", "app"]),
        limit=st.integers(1, 4),
        names=st.none() | st.lists(st.sampled_from([*IDS, "zz", *[str(FIRST + nth) for nth in range(6)]]), max_size=4),
    )
    def take(self, user: str, app_id: str, limit: int, names: list[str] | None) -> None:
        message_ids = None if names is None else tuple(names)
        expected = self.model.take(user, app_id, self.now, limit, message_ids)
        assert expected == self.store.take_plans(user, self.now, limit, app_id=app_id, message_ids=message_ids)

    @precondition(lambda self: self.model.pushes)
    @rule(again=st.none() | st.integers(1, 9))
    def push(self, again: int | None) -> None:
        pushes = self.store.due_pushes(self.now)
        expected = [push for push in sorted(self.model.pushes) if push[0] <= self.now]
        assert [(push.due, push.message, push.attempt) for push in pushes] == [
            (due, message, attempt) for due, _, message, attempt in expected
        ]
        if not pushes:
            return
        first, (due, order, message, attempt) = pushes[0], expected[0]
        assert (first.plan, first.index) == (self.model.messages[message].plan, self.model.messages[message].index)
        self.model.pushes.remove((due, order, message, attempt))
        if again is None:
            self.store.apply(PushSettled(first.number))
            self.model.messages[message].given = True
        else:
            self.store.apply(PushPostponed(first.number, due + again, attempt + 1))
            self.model.pushes.append((due + again, order, message, attempt + 1))

    @rule(user=st.sampled_from(USERS))
    def apply_something_impossible(self, user: str) -> None:
        """All or nothing: the change before the impossible one is not made either."""
        if user in self.model.accounts:
            impossible: Change = Replanned(len(self.model.messages), Plan(0, 0, 0, Status.SENT, 0))
        else:
            impossible = Charged(user, self.now, Decimal(1), FIRST, "A", 1, 1)
        with pytest.raises(LookupError):
            self.store.apply(AccountSet(Account("w", "p"), self.now), impossible)

    @rule(elsewhere=st.booleans())
    def export_and_replace(self, elsewhere: bool) -> None:
        """A store made of the records of another gives every answer that the other gives."""
        records = self.store.export()
        if elsewhere:
            self.context.__exit__(None, None, None)
            self.context = self.new_store()
            self.store = self.context.__enter__()
        self.store.replace(records)
        assert records == self.store.export()
        # Pushes due together keep their order, under new numbers.
        self.model.pushes = [
            (due, order, message, attempt)
            for order, (due, _, message, attempt) in enumerate(sorted(self.model.pushes, key=lambda push: push[1]))
        ]
        self.model.pushes_made = len(self.model.pushes)

    @rule()
    def reopen(self) -> None:
        """What is kept is there after closing and opening, and pushes keep their numbers."""
        self.store.reopen()

    @rule()
    def clear(self) -> None:
        self.store.clear()
        self.model = Model()
        self.next_id = FIRST

    # questions

    @invariant()
    def accounts_and_credit(self) -> None:
        assert list(self.model.accounts.values()) == self.store.accounts()
        for user in USERS:
            assert self.model.accounts.get(user) == self.store.account(user)
            if user in self.model.accounts:
                for now in (self.now, FAR):
                    assert self.model.credit(user, now) == self.store.credit(user, now) >= 0

    @invariant()
    def ledger(self) -> None:
        for now in (self.now, FAR):
            assert list(self.model.totals(now)) == self.store.totals(now)
            for user in (None, *USERS):
                expected = self.model.ledger(user, now)
                assert expected == self.store.ledger(user, now=now)
                assert len(expected) == self.store.ledger_size(user, now=now)
                if expected:
                    cursor = expected[len(expected) // 2].number
                    rest = expected[len(expected) // 2 + 1 :]
                    assert rest[:2] == self.store.ledger(user, now=now, before=cursor, limit=2)

    @invariant()
    def money_is_conserved(self) -> None:
        """What was granted is spent or there; what comes back is the cost of exactly the messages that say so."""
        for user in self.model.accounts:
            assert self.granted[user] - self.spent(user) == self.store.credit(user, FAR)
        returned = sum(
            [line.amount for line in self.store.ledger(now=FAR) if line.kind is LedgerKind.REFUND], Decimal()
        )
        states = [self.model.state(number) for number in range(len(self.model.messages))]
        costs = [state.batch.cost_of(state.index) for state in states if state.refund is not Refund.NONE]
        assert sum(costs, Decimal()) == returned

    @invariant()
    def messages(self) -> None:
        self.asked += 1
        for query in (EVERYTHING, QUERIES[self.asked % len(QUERIES)]):
            expected = self.model.newest_first(query, self.now)
            assert expected == self.store.messages(query, now=self.now)
            assert len(expected) == self.store.count(query, now=self.now)
        before = len(self.model.messages) // 2
        older = [state for state in self.model.newest_first(EVERYTHING, self.now) if state.number < before]
        assert older[:3] == self.store.messages(now=self.now, before=before, limit=3)
        newer = [state for state in self.model.newest_first(EVERYTHING, self.now) if state.number > before]
        assert newer == self.store.messages(now=self.now, after=before)
        assert older + newer == self.store.numbered(*[state.number for state in older + newer], 10**9)
        assert len(self.model.messages) == self.store.next_number()

    @invariant()
    def ids(self) -> None:
        everything = self.model.newest_first(EVERYTHING, self.now)
        generated = [str(FIRST + number) for number in range(len(self.model.messages) + 1)]
        for name in (*IDS, "zz", "", *generated):
            named = [state for state in everything if name in self.model.names(state.number)]
            assert (named[0] if named else None) == self.store.message(name)
        for user in USERS:
            assert self.model.used_ids(user) == self.store.used_ids(user, ["", *IDS, *generated])

    @invariant()
    def pushes(self) -> None:
        assert min([due for due, *_ in self.model.pushes], default=None) == self.store.next_push()


def test_a_store_answers_as_the_model_does(new_store: Callable[[], Any], request: pytest.FixtureRequest) -> None:
    """Accounts, credit, ledger, messages, reports and pushes, after any history, carried to another store or not."""

    class Machine(StoreMachine):
        pass

    Machine.new_store = staticmethod(new_store)
    histories = settings().max_examples
    adapter = request.node.callspec.params["new_store"]
    if adapter == "postgresql":
        histories = max(6, histories // 10)  # each question is several messages to another process
    elif adapter.startswith("sqlite") and histories <= 100:
        histories = max(6, histories // 3)
    run_state_machine_as_test(
        Machine,
        settings=settings(max_examples=histories, stateful_step_count=25, suppress_health_check=list(HealthCheck)),
    )
