"""What each question to a store answers, by examples (R-02 … R-06, S-04, S-18, S-19, C-01 … C-04).

Every adapter passes these. docs/decisions/0009 says how an adapter with SQL can answer each.
"""

import asyncio
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.changes import (
    Accepted,
    AccountClosed,
    AccountSet,
    Charged,
    CreditSet,
    Deleted,
    PushPostponed,
    PushSettled,
    RefundCancelled,
    RefundPlanned,
    Replanned,
)
from kobikom_emulator.domain.delivery import Plan, Status
from kobikom_emulator.domain.matching import MessageMatch, MessageQuery
from kobikom_emulator.domain.messages import Batch, RecipientGroup
from kobikom_emulator.domain.reports import BusyPushes
from kobikom_emulator.domain.segments import LongText, Unencodable, segment_text
from kobikom_emulator.domain.states import BatchRecord, LedgerKind, PushRecord, Record, Refund

FIRST = 100_000_000_000_000_001
LATE = 10**6
HOOK = "http://127.0.0.1/"


def plan(done: int, status: Status = Status.DELIVERED) -> Plan:
    return Plan(0, 0, done, status, 0)


def batch(*done: int, first: int = FIRST, user: str = "u", **more: Any) -> Batch:
    """One recipient for each instant, those with the same instant in one group."""
    segmentation = segment_text(
        "x", ucs2=False, turkish=False, concatenate=False, long_text=LongText.CUT, unencodable=Unencodable.UCS2
    )
    groups: dict[int, list[int]] = {}
    for index, at in enumerate(done):
        groups.setdefault(at, []).append(index)
    numbers = tuple("905321234567" for _ in done)
    fields: dict[str, Any] = {
        "user": user, "first_id": first, "title": "K", "text": "x", "segmentation": segmentation, "flash": False,
        "destinations": numbers, "msisdns": numbers, "client_ids": None, "costs": Decimal(1),
        "groups": tuple(RecipientGroup(plan(at), tuple(indices)) for at, indices in groups.items()),
    }  # fmt: skip
    return Batch(**fields | more)


def keep(store: Any, *batches: Batch) -> Any:
    store.apply(AccountSet(Account("u", "p", credit=Decimal(10)), 0), *(Accepted(each) for each in batches))
    return store


def ids(*offsets: int) -> list[str]:
    return [str(FIRST + offset) for offset in offsets]


def charged(at: int, amount: str, user: str = "u") -> Charged:
    return Charged(user, at, Decimal(amount), FIRST, "K", 1, 1)


def refund(due: int, amount: str, messages: int = 1, message: int | None = None) -> RefundPlanned:
    return RefundPlanned("u", due, Decimal(amount), FIRST, "K", messages, 1, message)


# --- money -----------------------------------------------------------------------------------------------------------


def test_credit_counts_refunds_from_their_instant_on(store: Any) -> None:
    """Whatever their order; the next charge makes those due by then part of the balance (C-03, C-04)."""
    keep(store)
    store.apply(charged(0, "3.125"), refund(20, "2"), refund(10, "1"))
    expected = ["6.875", "6.875", "7.875", "9.875", "9.875"]
    assert expected == [str(store.credit("u", at)) for at in (0, 9, 10, 20, 21)]
    store.apply(charged(15, "0.875"))
    assert ["7.000", "7.000", "9.000"] == [str(store.credit("u", at)) for at in (0, 19, 20)]


def test_setting_credit_swallows_what_was_due(store: Any) -> None:
    """A refund due when credit is set is part of the amount; a later one comes on top (C-03)."""
    keep(store)
    store.apply(refund(10, "1"), refund(30, "1"), CreditSet("u", 10, Decimal(5)))
    assert [5, 5, 6] == [store.credit("u", at) for at in (0, 29, 30)]


def test_asking_for_credit_changes_nothing(store: Any) -> None:
    """A refund that was due at one question isn't due at an earlier instant, after the clock was set back."""
    keep(store)
    store.apply(refund(10, "1"))
    assert [11, 10, 11] == [store.credit("u", at) for at in (10, 9, 10)]


def test_changing_terms_keeps_the_credit(store: Any) -> None:
    """`AccountSet` opens an account with a credit, or changes everything else."""
    keep(store)
    store.apply(charged(0, "4"), AccountSet(Account("u", "new", credit=Decimal(99)), 1))
    assert ("new", 6) == (store.account("u").password, store.credit("u", 1))
    store.apply(AccountClosed("u", 2))
    assert (None, []) == (store.account("u"), store.accounts())


def test_the_ledger_has_what_was_applied_newest_first(store: Any) -> None:
    """Opening, charge, setting by hand, and a refund from its instant on, each with what it was for."""
    keep(store)
    store.apply(
        AccountSet(Account("v", "p", credit=Decimal(1)), 3),
        charged(5, "2"),
        refund(20, "1.5"),
        CreditSet("u", 9, Decimal(7)),
    )
    lines = [("set", 9, 7), ("charge", 5, 2), ("opened", 0, 10)]
    assert lines == [(line.kind, line.at, line.amount) for line in store.ledger("u", now=19)]
    assert [("refund", 20, Decimal("1.5")), *lines] == [
        (line.kind, line.at, line.amount) for line in store.ledger("u", now=20)
    ]
    assert ["u", "u", "v", "u"] == [line.user for line in store.ledger(now=19)]
    charge = store.ledger("u", now=19)[1]
    assert (FIRST, "K", 1, 1, None) == (charge.first_id, charge.title, charge.messages, charge.parts, charge.message)
    assert [3, 4, 0, 4, 5] == [
        *[store.ledger_size(user, now=19) for user in ("u", None, "x")],
        *[store.ledger_size(user, now=20) for user in ("u", None)],
    ]


def test_pages_of_the_ledger_join_up(store: Any) -> None:
    """Lines of one instant are in the order they were written; a cursor that is no line has nothing before it."""
    keep(store)
    store.apply(*[charged(5, "1") for _ in range(5)], refund(3, "1"))
    pages, cursor = [], None
    while page := store.ledger("u", now=5, before=cursor, limit=2):
        pages.append([line.number for line in page])
        cursor = page[-1].number
    assert [[5, 4], [3, 2], [1, 6], [0]] == pages
    assert [] == store.ledger("u", now=5, before=99)


def test_totals_are_the_sums_of_the_ledger(store: Any) -> None:
    """Of each open account, in the order of opening; a refund counts once it is due."""
    keep(store)
    store.apply(AccountSet(Account("a", "p"), 0), charged(1, "2.5"), charged(1, "1"), refund(9, "1", 3))
    totals = [[("u", Decimal("3.5"), back, 2), ("a", 0, 0, 0)] for back in (0, 1)]
    assert totals == [
        [(each.user, each.spent, each.returned, each.messages) for each in store.totals(now)] for now in (8, 9)
    ]


def test_closing_an_account_drops_refunds_to_come(store: Any) -> None:
    """Those due by then stay lines of the ledger; the same user opened again begins with its credit alone."""
    keep(store)
    store.apply(refund(10, "1"), refund(20, "2"), AccountClosed("u", 15))
    assert [("refund", 10), ("opened", 0)] == [(line.kind, line.at) for line in store.ledger("u", now=LATE)]
    store.apply(AccountSet(Account("u", "p", credit=Decimal(3)), 16))
    assert 3 == store.credit("u", LATE)


def test_a_refund_is_cancelled_message_by_message(store: Any) -> None:
    """The amount shrinks; the line is gone with its last message."""
    keep(store)
    store.apply(refund(10, "3", 2))
    store.apply(RefundCancelled("u", 10, Decimal(1), FIRST))
    [line] = [line for line in store.ledger(now=10) if line.kind is LedgerKind.REFUND]
    assert (2, 1) == (line.amount, line.messages)
    store.apply(RefundCancelled("u", 10, Decimal(2), FIRST))
    assert (1, 10) == (store.ledger_size(now=10), store.credit("u", 10))


def test_a_message_says_whether_its_charge_comes_back(store: Any) -> None:
    """Planned until a later charge makes it part of the balance; never for the others (C-03)."""
    mixed = batch(5, 5)
    groups = (RecipientGroup(plan(5, Status.NOT_ALLOWED), (0,)), RecipientGroup(plan(5), (1,)))
    keep(store, msgspec.structs.replace(mixed, groups=groups))
    store.apply(refund(5, "1"))
    assert [Refund.PLANNED, Refund.NONE] == [store.message(name).refund for name in ids(0, 1)]
    assert [Refund.PLANNED, Refund.PAID] == [store.message(ids(0)[0]).refund_at(now) for now in (4, 5)]
    store.apply(charged(5, "1"))
    assert Refund.PAID == store.message(ids(0)[0]).refund


@pytest.mark.parametrize(
    "impossible",
    [
        Charged("x", 0, Decimal(1), FIRST, "K", 1, 1),
        RefundPlanned("x", 0, Decimal(1), FIRST, "K", 1, 1),
        RefundCancelled("u", 9, Decimal(1), FIRST),
        CreditSet("x", 0, Decimal(1)),
        AccountClosed("x", 0),
        Replanned(7, plan(1)),
    ],
    ids=lambda change: type(change).__name__,
)
def test_changes_are_made_all_or_none(store: Any, impossible: Any) -> None:
    """The possible changes beside an impossible one are not made either."""
    keep(store, batch(0))
    before = store.export()
    with pytest.raises(LookupError):
        store.apply(charged(0, "1"), Accepted(batch(0, first=FIRST + 1)), impossible)
    assert before == store.export()


def test_an_account_can_be_opened_and_charged_together(store: Any) -> None:
    """Changes see those before them; a closed account is charged no more."""
    opened = AccountSet(Account("n", "p", credit=Decimal(5)), 0)
    store.apply(opened, charged(0, "1", "n"))
    assert 4 == store.credit("n", 0)
    with pytest.raises(LookupError):
        store.apply(AccountClosed("n", 0), charged(0, "1", "n"))
    store.apply(AccountClosed("n", 0), opened, charged(0, "2", "n"))
    assert 3 == store.credit("n", 0)


# --- messages --------------------------------------------------------------------------------------------------------


def test_messages_are_numbered_and_listed_newest_first(store: Any) -> None:
    """From 0 in the order of acceptance, over all batches; `before` continues a list."""
    keep(store, batch(0, 0), batch(0, 0, 0, first=FIRST + 2, user="v"))
    assert [4, 3, 2, 1, 0] == [message.number for message in store.messages()]
    assert [(1, "v"), (0, "v"), (1, "u")] == [
        (message.index, message.batch.user) for message in store.messages(before=4, limit=3)
    ]
    assert ([], [0], []) == (
        store.messages(before=0),
        [m.number for m in store.messages(before=1)],
        store.messages(limit=0),
    )
    assert [4, 3] == [message.number for message in store.messages(before=99, limit=2)]


def test_messages_and_count_follow_the_query(store: Any) -> None:
    """Conditions of the batch and of the message, the status as of now."""
    keep(store, batch(5, 9, user="v"), batch(5, first=FIRST + 2))
    by_user = MessageQuery(MessageMatch(user="v"))
    delivered = MessageQuery(MessageMatch(status="DELIVERED"))
    assert [1, 0] == [message.number for message in store.messages(by_user)]
    assert [[], [2, 0], [2, 1, 0]] == [
        [message.number for message in store.messages(delivered, now=now)] for now in (4, 5, 9)
    ]
    assert [2, 0, 2, 3] == [store.count(by_user), *[store.count(delivered, now=now) for now in (4, 5, 9)]]


def test_a_plan_that_ends_before_it_is_sent_is_scheduled_until_then(store: Any) -> None:
    """An imported state may have such plans: the status is that of the domain, in every list (R-09)."""
    early = Plan(0, 9, 5, Status.DELIVERED, 0)
    groups = (RecipientGroup(early, (0, 1)),)
    keep(store, msgspec.structs.replace(batch(5, 5), groups=groups), batch(5, first=FIRST + 2))
    scheduled = MessageQuery(MessageMatch(status="scheduled"))
    assert [[1, 0], []] == [[message.number for message in store.messages(scheduled, now=now)] for now in (6, 9)]


def test_messages_are_found_by_either_id_newest_first(store: Any) -> None:
    """Of every account: the control API asks, not a customer."""
    keep(store, batch(0, client_ids=("a",)), batch(0, first=FIRST + 1, user="v", client_ids=("a",)))
    assert 1 == store.message("a").number
    assert 0 == store.message(ids(0)[0]).number
    assert [None] * 4 == [store.message(name) for name in ("nobody", "", "9" * 18, ids(2)[0])]


def test_used_ids_are_those_of_the_account(store: Any) -> None:
    """Ids that were given to a message, by this account (S-04)."""
    keep(store, batch(0, 0, client_ids=("a", "")), batch(0, user="v", first=FIRST + 2, client_ids=("b",)))
    assert {"a"} == store.used_ids("u", ["a", "b", "", "c"])


def test_deleted_messages_are_nowhere(store: Any) -> None:
    """In no list, pull, push or set of used ids; numbers, money and the other messages stay as they were."""
    own = batch(0, 0, 0, client_ids=("a", "a", "b"))
    keep(store, own, batch(0, 0, first=FIRST + 3, push_url=HOOK))
    store.apply(charged(0, "4"), Deleted((1, 2, 3, 3, 77)))
    assert [4, 0] == [message.number for message in store.messages()]
    assert (2, 6) == (store.count(), store.credit("u", 0))
    assert ({"a"}, None, 0) == (store.used_ids("u", ["a", "b"]), store.message("b"), store.message("a").number)
    assert [None, None, None] == [store.message(name) for name in ids(1, 2, 3)]
    assert [4] == [push.message for push in store.due_pushes(LATE)]
    assert [] == store.take(message_ids=("b", *ids(1)))
    assert (["a"], []) == (store.take(), store.take())
    with pytest.raises(LookupError):
        store.apply(Replanned(1, plan(9)))
    store.apply(Accepted(batch(0, first=FIRST + 5)))
    assert 5 == store.messages(limit=1)[0].number


def test_a_batch_of_many_plans_keeps_each_message_its_own(store: Any) -> None:
    """Thousands of groups in one batch are listed in good time and right."""
    done = [index * 7 % 2003 for index in range(2003)]
    keep(store, batch(*done))
    assert done[::-1] == [message.plan.done_at for message in store.messages(limit=3000)]


# --- reports ---------------------------------------------------------------------------------------------------------


def test_reports_exist_from_their_instant_oldest_first(store: Any) -> None:
    """By `done_at`, then by acceptance (R-02, R-06)."""
    keep(store, batch(30, 10), batch(20, 10, first=FIRST + 2))
    assert [] == store.take(now=9)
    assert ids(1, 3) == store.take(now=10)
    assert ids(2, 0) == store.take(now=30)
    assert [] == store.take()


@given(
    st.lists(st.lists(st.integers(0, 5), min_size=1, max_size=7), max_size=5),
    st.lists(st.tuples(st.integers(0, 6), st.integers(1, 4), st.booleans(), st.integers(0, 40)), max_size=25),
)
def test_every_report_is_given_once_however_it_is_asked_for(
    new_store: Callable[[], Any], batches: list[list[int]], asks: list[tuple[int, int, bool, int]]
) -> None:
    """Any slices, names and instants together give each final report exactly once (R-03, R-04)."""
    first, accepted, due = FIRST, [], {}
    for done in batches:
        accepted.append(batch(*done, first=first))
        due |= {str(first + index): at for index, at in enumerate(done)}
        first += len(done)
    with new_store() as store:
        keep(store, *accepted)
        given_so_far: list[str] = []
        for now, limit, by_name, offset in asks:
            names = tuple(ids(offset, offset + 1)) if by_name else None
            reports = store.take(now=now, limit=limit, message_ids=names)
            assert all(due[message_id] <= now for message_id in reports)
            assert names is None or set(reports) <= set(names)
            assert names is not None or len(reports) <= limit
            given_so_far += reports
        while reports := store.take(limit=3):
            given_so_far += reports
    assert sorted(due) == sorted(given_so_far)


def test_slices_continue_where_the_last_one_ended(store: Any) -> None:
    """A big group is given in slices, and what was named before is skipped (R-03)."""
    keep(store, batch(*[0] * 10))
    assert ids(4, 7) == store.take(message_ids=tuple(ids(7, 4)))
    assert [ids(0, 1, 2), ids(3, 5, 6), ids(8, 9), []] == [store.take(limit=3) for _ in range(4)]


def test_a_pull_that_was_begun_waits_when_the_clock_is_set_back(store: Any) -> None:
    """The rest of a group comes when it is final again, after reports that are final earlier (R-02, R-06)."""
    keep(store, batch(10, 10, 10))
    assert ids(0) == store.take(now=10, limit=1)
    assert [] == store.take(now=9)
    store.apply(Accepted(batch(5, first=FIRST + 3)))
    assert ids(3, 1, 2) == store.take(now=10)


def test_names_match_own_and_generated_ids(store: Any) -> None:
    """Both work, unknown and foreign ones are ignored, a repetition gives nothing twice (R-04, R-05)."""
    own = batch(0, 0, 0, client_ids=("a", "", "a"))
    foreign = batch(0, first=FIRST + 3, user="v", client_ids=("b",))
    keep(store, own, foreign)
    names = ("b", "zz", "1" * 18, "9" * 18, str(FIRST + 3), str(FIRST + 4), "x" * 18, "")
    assert [] == store.take(message_ids=names)
    assert ["a", "a"] == store.take(message_ids=("a", str(FIRST), "a"))
    assert ids(1) == store.take(message_ids=(str(FIRST + 1),))
    assert [] == store.take()
    assert ["b"] == store.take("v")


def test_named_reports_come_oldest_first_too(store: Any) -> None:
    """Whatever order they are named in; not before they are final (R-02, R-06)."""
    keep(store, batch(30, 10, 20))
    assert ids(1) == store.take(now=15, message_ids=tuple(ids(0, 1, 2)))
    assert ids(2, 0) == store.take(message_ids=tuple(ids(0, 1, 2)))


def test_applications_are_apart(store: Any) -> None:
    """A pull sees its `appid` only, by name too (S-18)."""
    keep(store, batch(0), batch(0, first=FIRST + 1, app_id="app"))
    assert [] == store.take(message_ids=tuple(ids(1)))
    assert [] == store.take(app_id="other")
    assert ids(1) == store.take(app_id="app")
    assert ids(0) == store.take()


@pytest.mark.parametrize(("done", "now", "early", "late"), [(5, 19, ids(1), ids(0)), (50, 49, ids(0), ids(1))])
def test_a_replanned_message_follows_its_new_plan_alone(
    store: Any, done: int, now: int, early: list[str], late: list[str]
) -> None:
    """Its report comes once, at the new instant, earlier or later than the old one (R-03)."""
    keep(store, batch(20, 20))
    store.apply(Replanned(1, plan(99)), Replanned(1, plan(done, Status.REJECTED)))
    message = store.message(ids(1)[0])
    assert (Status.REJECTED, True, False) == (message.plan.status, message.replanned, message.given)
    assert early == store.take(now=now)
    assert late == store.take(now=98)
    assert [] == store.take()


def test_reports_final_together_come_as_they_were_accepted(store: Any) -> None:
    """Recipients of one batch that end differently at the same instant keep their order, also if forced to (R-02)."""
    other = plan(5, Status.REJECTED)
    groups = (RecipientGroup(plan(9), (4,)), RecipientGroup(other, (1, 3)), RecipientGroup(plan(5), (0, 2)))
    keep(store, msgspec.structs.replace(batch(5, 5, 5, 5, 9), groups=groups), batch(5, 5, 5, first=FIRST + 5))
    store.apply(Replanned(6, other))
    assert [*zip(ids(0, 1, 2, 3, 5, 6, 7, 4), "DRDRDRDD", strict=True)] == [
        (message_id, report.status[0]) for message_id, report in store.take_plans("u", LATE, 100)
    ]


# --- pushes ----------------------------------------------------------------------------------------------------------


def test_pushes_are_due_in_order_and_stay_until_settled(store: Any) -> None:
    """Asking does not take; postponing moves; settling ends (S-19)."""
    keep(store, batch(20, 10, push_url=HOOK))
    assert 10 == store.next_push()
    for _ in range(2):
        assert [1, 0] == [push.index for push in store.due_pushes(20)]
    assert [1] == [push.index for push in store.due_pushes(20, 1)]
    early, late = store.due_pushes(20)
    store.apply(PushPostponed(early.number, 25, 2))
    assert [(0, 1), (1, 2)] == [(push.index, push.attempt) for push in store.due_pushes(25)]
    assert [False, False] == [store.message(name).given for name in ids(0, 1)]
    store.apply(PushSettled(late.number))
    assert [True, False] == [store.message(name).given for name in ids(0, 1)]
    assert (25, []) == (store.next_push(), store.due_pushes(24))
    store.apply(PushSettled(early.number))
    assert store.next_push() is None


def test_busy_pushes_are_passed_over(store: Any) -> None:
    """Those under way and those to full destinations; the others come in the order of their due times."""
    urls = ["http://a/1", "http://b:90/", "http://A/2", "ftp://x"]
    for nth, url in enumerate(urls):
        keep(store, batch(nth, nth + 10, first=FIRST + nth * 10, push_url=url))
    due = store.due_pushes(LATE)
    assert [0, 1, 2, 3, 10, 11, 12, 13] == [push.due for push in due]
    under_way = {due[0].number, due[5].number}
    assert [1, 2, 3, 10, 12, 13] == [push.due for push in store.due_pushes(LATE, busy=BusyPushes(under_way))]
    busy = BusyPushes(under_way, {"a:80"})
    assert [1, 3, 13] == [push.due for push in store.due_pushes(LATE, busy=busy)]
    assert [1, 3] == [push.due for push in store.due_pushes(LATE, 2, busy=busy)]
    assert [[], 1] == [store.due_pushes(0, busy=busy), store.next_push(busy)]
    assert store.next_push(BusyPushes((), {"a:80", "b:90", ""})) is None
    assert [0, 1, 2] == [push.due for push in store.due_pushes(LATE, 3)]


def test_what_is_pushed_is_never_pulled(store: Any) -> None:
    """Not by name either, before or after the push is over (S-19)."""
    keep(store, batch(0, push_url=HOOK))
    assert ([], []) == (store.take(), store.take(message_ids=tuple(ids(0))))
    store.apply(PushSettled(store.due_pushes(0)[0].number))
    assert ([], []) == (store.take(), store.take(message_ids=tuple(ids(0))))


def test_what_was_forgotten_settles_nothing(store: Any) -> None:
    """A push under way while everything is forgotten or replaced concerns no newer one (S-19)."""
    keep(store, batch(0, 0, push_url=HOOK))
    records = store.export()
    for forget in (store.clear, lambda: store.replace(records)):
        old = store.due_pushes(0)
        forget()
        if not store.accounts():
            keep(store, batch(0, 0, push_url=HOOK))
        store.apply(PushSettled(old[0].number), PushPostponed(old[1].number, 99, 2))
        assert [(0, 0), (1, 0)] == [(push.index, push.due) for push in store.due_pushes(0)]


def test_a_replanned_push_starts_again(store: Any) -> None:
    """Due at the new end, as a first attempt; what was under way for the old plan concerns it no more (S-19)."""
    keep(store, batch(5, 5, push_url=HOOK))
    first, other = store.due_pushes(5)
    store.apply(PushPostponed(first.number, 65, 2), Replanned(0, plan(9, Status.REJECTED)))
    store.apply(PushSettled(first.number))
    assert [(1, 5, 1), (0, 9, 1)] == [(push.index, push.due, push.attempt) for push in store.due_pushes(99)]
    assert Status.REJECTED == store.due_pushes(99)[1].plan.status
    assert other == store.due_pushes(99)[0]


# --- the space as a whole --------------------------------------------------------------------------------------------


def test_clearing_forgets_everything(store: Any) -> None:
    """Nothing of before is left, and numbers begin with 0 again."""
    keep(store, batch(0, client_ids=("a",)), batch(0, first=FIRST + 1, push_url=HOOK))
    store.clear()
    assert ([], [], [], []) == (store.take(), store.accounts(), store.export(), store.ledger(now=LATE))
    assert (None, 0, None, set()) == (store.account("u"), store.count(), store.next_push(), store.used_ids("u", ["a"]))
    keep(store, batch(0))
    assert (0, 0) == (store.messages()[0].number, store.ledger(now=0)[0].number)


def test_everything_can_be_carried_to_another_store(new_store: Callable[[], Any], store: Any) -> None:
    """Accounts, credit, refunds, ledger, given reports, plans, deletions and pushes are all in the records."""
    keep(store, batch(0, 5, 9, client_ids=("a", "", "")), batch(7, 7, first=FIRST + 3, push_url=HOOK))
    store.apply(charged(1, "1"), refund(3, "2"), Replanned(2, plan(6)), Deleted((4,)))
    assert ["a"] == store.take(now=0)
    with new_store() as other:
        other.replace(store.export())
        assert store.export() == other.export()
        assert ids(1, 2) == other.take()
        assert (7, 11, 10) == (other.next_push(), other.credit("u", 3), other.credit("u", 2) + 1)
        assert [True, False, True] == [other.message(str(FIRST + nth)).given for nth in (0, 3, 1)]
        assert ({"a"}, None) == (other.used_ids("u", ["a"]), other.message(ids(4)[0]))


def test_a_charge_that_came_back_is_known_elsewhere(new_store: Callable[[], Any], store: Any) -> None:
    """A refund that is part of the balance stays so after the records were carried to another store (C-03)."""
    barred = (RecipientGroup(plan(5, Status.NOT_ALLOWED), (0,)),)
    keep(store, msgspec.structs.replace(batch(5), groups=barred))
    store.apply(refund(5, "1"))
    store.apply(charged(5, "1"))
    with new_store() as other:
        other.replace(store.export())
        assert Refund.PAID == other.message(ids(0)[0]).refund
        other.apply(charged(5, "1"))
        assert [3, 2, 1, 0] == sorted([line.number for line in other.ledger(now=5)], reverse=True)


def test_a_record_of_a_deleted_message_has_no_report(store: Any) -> None:
    """Whatever the record says of the report: it can't be pulled."""
    keep(store, batch(0, 0))
    records = [
        msgspec.structs.replace(record, deleted=b"\x01\x00") if isinstance(record, BatchRecord) else record
        for record in store.export()
    ]
    store.replace(records)
    assert (1, ids(1)) == (store.count(), store.take())
    assert [b"\x01\x01"] == [record.given for record in store.export() if isinstance(record, BatchRecord)]


@pytest.mark.parametrize("question", ["messages", "count", "export"])
def test_long_answers_let_other_tasks_run(store: Any, question: str) -> None:
    """Other tasks of the loop run while thousands of messages are looked at, one batch or many."""
    keep(store, batch(*[0] * 3000), *[batch(0, first=FIRST + 3000 + nth) for nth in range(3000)])
    nobody = MessageQuery(MessageMatch(to="1"))
    elsewhere = MessageQuery(MessageMatch(user="x"))

    async def asked() -> None:
        if question == "messages":
            await store.store.messages(nobody, now=0, limit=10)
            await store.store.messages(elsewhere, now=0, limit=10)
        elif question == "count":
            await store.store.count(nobody, now=0)
        else:
            assert 3001 < len([record async for record in store.store.export()])

    async def turns() -> int:
        asking = asyncio.ensure_future(asked())
        turns = 0
        while not asking.done():
            await asyncio.sleep(0)
            turns += 1
        await asking
        return turns

    assert {"messages": 8, "count": 5, "export": 3}[question] <= store.run(turns())


def _second_account(records: list[Record]) -> list[Record]:
    return [records[0], *records]


def _same_line_twice(records: list[Record]) -> list[Record]:
    return [*records[:2], *records[1:]]


def _same_batch_twice(records: list[Record]) -> list[Record]:
    return [record for record in records for _ in range(1 + isinstance(record, BatchRecord))]


def _marks_missing(records: list[Record]) -> list[Record]:
    return [msgspec.structs.replace(r, given=b"") if isinstance(r, BatchRecord) else r for r in records]


def _ids_meet(records: list[Record]) -> list[Record]:
    [last] = [record for record in records if isinstance(record, BatchRecord)]
    return [*records[:-1], msgspec.structs.replace(last, number=99), records[-1]]


def _push_of_nothing(records: list[Record]) -> list[Record]:
    return [*records, PushRecord(99, 0, 1)]


def _two_pushes(records: list[Record]) -> list[Record]:
    return [*records, records[-1]]


def _refund_for_nobody(records: list[Record]) -> list[Record]:
    return records[1:]


@pytest.mark.parametrize(
    "change",
    [
        _second_account,
        _same_line_twice,
        _same_batch_twice,
        _marks_missing,
        _ids_meet,
        _push_of_nothing,
        _two_pushes,
        _refund_for_nobody,
    ],
)
def test_records_that_contradict_each_other_change_nothing(
    store: Any, change: Callable[[list[Record]], list[Record]]
) -> None:
    """They are refused, and everything stays as it was."""
    keep(store, batch(0, push_url=HOOK))
    store.apply(refund(3, "2"))
    records = store.export()
    with pytest.raises(ValueError, match=r"."):
        store.replace(change(records))
    assert records == store.export()
