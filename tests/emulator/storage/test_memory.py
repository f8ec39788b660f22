"""The store in memory: rows in, rows out, each report once (R-02 … R-06, S-18, S-19)."""

from collections.abc import Coroutine, Sequence
from decimal import Decimal
from typing import Any, TypeVar

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
    PushPostponed,
    PushSettled,
    Refunded,
    Replanned,
)
from kobikom_emulator.domain.delivery import Plan, Status
from kobikom_emulator.domain.messages import Batch, RecipientGroup
from kobikom_emulator.domain.reports import ReportQuery
from kobikom_emulator.domain.segments import LongText, Unencodable, segment_text
from kobikom_emulator.storage.memory import MemoryStore

T = TypeVar("T")
FIRST = 100_000_000_000_000_001
LATE = 10**6


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that waits for nobody, without an event loop."""
    try:
        work.send(None)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]
    raise AssertionError("the store waited for somebody")


def plan(done: int, status: Status = Status.DELIVERED) -> Plan:
    return Plan(0, 0, done, status, 0)


def batch(*done: int, first: int = FIRST, user: str = "u", **more: Any) -> Batch:
    """One recipient for each instant, those with the same instant in one lot."""
    segmentation = segment_text(
        "x", ucs2=False, turkish=False, concatenate=False, long_text=LongText.CUT, unencodable=Unencodable.UCS2
    )
    groups: dict[int, list[int]] = {}
    for index, at in enumerate(done):
        groups.setdefault(at, []).append(index)
    numbers = tuple("905321234567" for _ in done)
    fields: dict[str, Any] = {
        "user": user, "first_id": first, "sender": "K", "text": "x", "segmentation": segmentation, "flash": False,
        "destinations": numbers, "msisdns": numbers, "client_ids": None, "costs": Decimal(1),
        "groups": tuple(RecipientGroup(plan(at), tuple(indices)) for at, indices in groups.items()),
    }  # fmt: skip
    return Batch(**fields | more)


def kept(*batches: Batch) -> MemoryStore:
    store = MemoryStore()
    run(store.apply([AccountSet(Account("u", "p", credit=Decimal(10))), *(Accepted(each) for each in batches)]))
    return store


def take(store: MemoryStore, now: int = LATE, limit: int = 1000, **more: Any) -> list[str]:
    query = ReportQuery(**{"user": "u", "now": now} | more)
    return [each for reports in run(store.take_reports(query, limit)) for each in reports.message_ids()]


def ids(*offsets: int) -> list[str]:
    return [str(FIRST + offset) for offset in offsets]


def test_credit_is_charged_refunded_and_set() -> None:
    """A refund counts from its instant on, whatever order refunds come in (C-03, C-04)."""
    store = kept()
    changes = [Charged("u", Decimal("3.125")), Refunded("u", 20, Decimal(2)), Refunded("u", 10, Decimal(1))]
    run(store.apply(changes))
    assert ["6.875", "6.875", "7.875", "9.875", "9.875"] == [
        str(run(store.credit("u", at))) for at in (0, 9, 10, 20, 21)
    ]
    run(store.apply([Refunded("u", 30, Decimal(1)), CreditSet("u", Decimal(5))]))
    assert ["5", "6"] == [str(run(store.credit("u", at))) for at in (29, 30)]


def test_changing_terms_keeps_the_credit() -> None:
    """`AccountSet` opens with a credit, or changes everything else."""
    store = kept()
    run(store.apply([Charged("u", Decimal(4)), AccountSet(Account("u", "new", credit=Decimal(99)))]))
    account = run(store.account("u"))
    assert account is not None
    assert ("new", Decimal(6)) == (account.password, run(store.credit("u", 0)))
    run(store.apply([AccountClosed("u")]))
    assert (None, []) == (run(store.account("u")), run(store.accounts()))


def test_reports_exist_from_their_instant_oldest_first() -> None:
    """By `done_at`, then by acceptance (R-02, R-06)."""
    store = kept(batch(30, 10), batch(20, 10, first=FIRST + 2))
    assert [] == take(store, now=9)
    assert ids(1, 3) == take(store, now=10)
    assert ids(2, 0) == take(store, now=30)
    assert [] == take(store)


@given(
    st.lists(st.lists(st.integers(0, 5), min_size=1, max_size=7), max_size=5),
    st.lists(st.tuples(st.integers(0, 6), st.integers(1, 4), st.booleans(), st.integers(0, 40)), max_size=25),
)
def test_every_report_is_given_once_however_it_is_asked_for(
    batches: list[list[int]], asks: list[tuple[int, int, bool, int]]
) -> None:
    """Any slices, names and instants together give each final report exactly once (R-03, R-04)."""
    first, made, due = FIRST, [], {}
    for done in batches:
        made.append(batch(*done, first=first))
        due |= {str(first + index): at for index, at in enumerate(done)}
        first += len(done)
    store = kept(*made)
    given_so_far: list[str] = []
    for now, limit, by_name, offset in sorted(asks):  # time goes on
        names = tuple(ids(offset, offset + 1)) if by_name else None
        got = take(store, now=now, limit=limit, message_ids=names)
        assert all(due[each] <= now for each in got)
        assert names is None or set(got) <= set(names)
        assert names is not None or len(got) <= limit
        given_so_far += got
    while got := take(store, limit=3):
        given_so_far += got
    assert sorted(due) == sorted(given_so_far)


def test_slices_continue_where_the_last_one_ended() -> None:
    """A big lot is given in slices, and what was named before is skipped (R-03)."""
    store = kept(batch(*[0] * 10))
    assert ids(4, 7) == take(store, message_ids=tuple(ids(7, 4)))
    assert [ids(0, 1, 2), ids(3, 5, 6), ids(8, 9), []] == [take(store, limit=3) for _ in range(4)]


def test_names_match_own_and_generated_ids() -> None:
    """Both work, unknown and foreign ones are ignored, a repetition gives nothing twice (R-04, R-05)."""
    own = batch(0, 0, 0, client_ids=("a", "", "a"))
    foreign = batch(0, first=FIRST + 3, user="v", client_ids=("b",))
    store = kept(own, foreign)
    names = ("b", "zz", "1" * 18, "9" * 18, str(FIRST + 3), str(FIRST + 4), "x" * 18, "")
    assert [] == take(store, message_ids=names)
    assert ["a", "a"] == take(store, message_ids=("a", str(FIRST), "a"))
    assert ids(1) == take(store, message_ids=(str(FIRST + 1),))
    assert [] == take(store)
    assert ["b"] == take(store, user="v")


def test_named_reports_come_oldest_first_too() -> None:
    """Whatever order they are named in; not before they are final (R-02, R-06)."""
    store = kept(batch(30, 10, 20))
    assert ids(1) == take(store, now=15, message_ids=tuple(ids(0, 1, 2)))
    assert ids(2, 0) == take(store, message_ids=tuple(ids(0, 1, 2)))


def test_applications_are_apart() -> None:
    """A pull sees its `appid` only, by name too (S-18)."""
    store = kept(batch(0), batch(0, first=FIRST + 1, app_id="app"))
    assert [] == take(store, message_ids=tuple(ids(1)))
    assert [] == take(store, app_id="other")
    assert ids(1) == take(store, app_id="app")
    assert ids(0) == take(store)


def test_used_ids_are_those_of_the_account() -> None:
    """Ids that were given a message, by this account (S-04)."""
    store = kept(batch(0, 0, client_ids=("a", "")), batch(0, user="v", first=FIRST + 2, client_ids=("b",)))
    assert {"a"} == run(store.used_ids("u", ["a", "b", "", "c"]))


def test_pushes_are_due_in_order_and_stay_until_settled() -> None:
    """Asking does not take; postponing moves; settling ends (S-19)."""
    store = kept(batch(20, 10, push_url="http://127.0.0.1/"))
    assert 10 == run(store.next_push())
    for _ in range(2):
        assert [1, 0] == [push.index for push in run(store.due_pushes(20, 9))]
    assert [1] == [push.index for push in run(store.due_pushes(20, 1))]
    early, late = run(store.due_pushes(20, 9))
    run(store.apply([PushPostponed(early.number, 25, 2)]))
    assert [(0, 1), (1, 2)] == [(push.index, push.attempt) for push in run(store.due_pushes(25, 9))]
    run(store.apply([PushSettled(late.number)]))
    assert (25, []) == (run(store.next_push()), run(store.due_pushes(24, 9)))
    run(store.apply([PushSettled(early.number)]))
    assert run(store.next_push()) is None
    assert [] == take(store)


def test_what_was_forgotten_settles_nothing() -> None:
    """A push under way while the store is cleared can be settled or postponed without touching a newer one (S-19)."""
    store = kept(batch(0, 0, push_url="http://127.0.0.1/"))
    old = run(store.due_pushes(0, 9))
    run(store.clear())
    run(store.apply([Accepted(batch(0, 0, push_url="http://127.0.0.1/"))]))
    run(store.apply([PushSettled(old[0].number), PushPostponed(old[1].number, 99, 2)]))
    assert [0, 1] == [push.index for push in run(store.due_pushes(0, 9))]


def test_clearing_forgets_everything() -> None:
    """Nothing of before is left."""
    store = kept(batch(0, client_ids=("a",)))
    run(store.clear())
    assert ([], None, 0, []) == (take(store), run(store.account("u")), run(store.batches()), run(store.accounts()))
    assert set() == run(store.used_ids("u", ["a"]))


@pytest.mark.parametrize(("done", "now", "early", "late"), [(5, 19, ids(1), ids(0)), (50, 49, ids(0), ids(1))])
def test_a_replanned_message_follows_its_new_plan_alone(done: int, now: int, early: list[str], late: list[str]) -> None:
    """Its report comes once, at the new instant, earlier or later than the old one (R-03)."""
    store = kept(batch(20, 20))
    run(store.apply([Replanned(0, 1, plan(99)), Replanned(0, 1, plan(done, Status.REJECTED))]))
    assert Status.REJECTED == run(store.standing(0, 1)).plan.status
    assert early == take(store, now=now)
    assert late == take(store, now=98)
    assert [] == take(store)


def test_the_books_can_be_carried_to_another_store() -> None:
    """Accounts, credit, refunds, given reports, plans and pushes are all in them."""
    store = kept(batch(0, 5, 9, client_ids=("a", "", "")), batch(7, first=FIRST + 3, push_url="http://127.0.0.1/"))
    run(store.apply([Charged("u", Decimal(1)), Refunded("u", 3, Decimal(2)), Replanned(0, 2, plan(6))]))
    assert ["a"] == take(store, now=0)
    other = MemoryStore()
    run(other.replace_books(run(store.open_books())))
    assert run(store.open_books()) == run(other.open_books())
    assert ids(1, 2) == take(other)
    assert (7, Decimal(11)) == (run(other.next_push()), run(other.credit("u", 3)))
    assert [True, False] == [run(other.standing(0, 0)).given, run(other.standing(1, 0)).given]


def test_messages_are_found_by_either_id_newest_first() -> None:
    """Of every account: the control API asks, not a customer."""
    store = kept(batch(0, client_ids=("a",)), batch(0, first=FIRST + 1, user="v", client_ids=("a",)))
    assert [(1, 0), (0, 0)] == [(each.number, each.index) for each in run(store.find("a"))]
    assert [(0, 0)] == [(each.number, each.index) for each in run(store.find(str(FIRST)))]
    assert [] == list(run(store.find("nobody")))
    found: Sequence[Any] = run(store.find("a"))
    assert (run(store.batch(1)), False) == (found[0].batch, found[0].given)


def test_reports_final_together_come_as_they_were_accepted() -> None:
    """Recipients of one batch that end differently at the same instant keep their order (R-02)."""
    store = MemoryStore()
    mixed = batch(5, 5, 5, 5, 9)
    other = plan(5, Status.REJECTED)
    groups = (RecipientGroup(plan(9), (4,)), RecipientGroup(other, (1, 3)), RecipientGroup(plan(5), (0, 2)))
    run(store.apply([Accepted(msgspec.structs.replace(mixed, groups=groups))]))
    taken = run(store.take_reports(ReportQuery("u", LATE), 1000))
    assert [
        (0, "DELIVERED"),
        (1, "REJECTED"),
        (2, "DELIVERED"),
        (3, "REJECTED"),
        (4, "DELIVERED"),
    ] == [(index, str(reports.plan.status)) for reports in taken for index in reports.indices]
