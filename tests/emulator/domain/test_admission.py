"""`admit`: judged as a whole, recipient by recipient, priced, and turned into changes (S, C)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.admission import Admission, RefusedSend, admit
from kobikom_emulator.domain.changes import Accepted, Charged, RefundPlanned
from kobikom_emulator.domain.delivery import Outcome, Profile, Status, Weighted
from kobikom_emulator.domain.messages import Draft
from kobikom_emulator.domain.reasons import Reason, Refusal, Remark
from kobikom_emulator.domain.rules import DuplicateId, EmptyNumber, Rules, ShortCredit, UnknownTitle
from kobikom_emulator.domain.segments import LongText, Unencodable

TURKCELL, VODAFONE, GERMAN = "905321234567", "905421234567", "4915112345678"
FIRST = 100_000_000_000_000_001
TERMS = Account(
    "u",
    "p",
    prices={"turkcell": Decimal("0.125"), "vodafone": Decimal("0.3"), "de": Decimal(2)},
    coverage=frozenset({"TR", "DE"}),
)


def decided(
    *drafts: Draft,
    credit: str | Decimal = "1000",
    account: Account = TERMS,
    forced: Sequence[Mapping[int, Refusal]] = (),
    used: frozenset[str] = frozenset(),
    seed: int = 0,
    **rules: Any,
) -> Admission | RefusedSend:
    return admit(
        drafts,
        account=account,
        credit=Decimal(credit),
        rules=Rules(**rules),
        now=0,
        seed=seed,
        first_id=FIRST,
        used_ids=used,
        forced=forced,
    )


def admitted(*drafts: Draft, **more: Any) -> Admission:
    found = decided(*drafts, **more)
    assert isinstance(found, Admission)
    return found


def refused(*drafts: Draft, **more: Any) -> RefusedSend:
    found = decided(*drafts, **more)
    assert isinstance(found, RefusedSend)
    return found


def reasons(admission: Admission) -> list[dict[int, Reason]]:
    return [{at: refusal.reason for at, refusal in result.refusals.items()} for result in admission.results]


def taken(admission: Admission) -> Decimal:
    return sum((each.amount for each in admission.changes if isinstance(each, Charged)), Decimal(0))


def draft(*numbers: str, **more: Any) -> Draft:
    return Draft(numbers, **{"text": "x", "validity": 60_000} | more)


def test_prices_by_network_times_parts() -> None:
    """Two parts to three networks, taken in one change before the batch is kept (C-01)."""
    admission = admitted(draft(TURKCELL, VODAFONE, GERMAN, TURKCELL, text="x" * 161, concatenate=True))
    assert Charged("u", 0, Decimal("5.100"), FIRST, "Kobikom", 4, 2) == admission.changes[0]
    batch = admission.results[0].batch
    assert batch is not None
    assert (Decimal("0.250"), Decimal("0.6"), Decimal(4), Decimal("0.250")) == batch.costs
    assert [4, 4] == [admission.ids_taken, len(batch)]
    assert [str(FIRST + nth) for nth in range(4)] == batch.message_ids(range(4))


def test_one_price_is_kept_once() -> None:
    """If all recipients cost the same, a batch holds that amount once (C-01)."""
    batch = admitted(draft(TURKCELL, TURKCELL)).results[0].batch
    assert batch is not None
    assert (Decimal("0.125"), Decimal("0.125")) == (batch.costs, batch.cost_of(1))


@pytest.mark.parametrize(
    ("credit", "unpaid"),
    [
        ("2.425", []),
        ("2.424", [2]),
        ("2.3", [2]),
        ("0.425", [2]),
        ("0.4", [1, 2]),
        ("0.124", [0, 1, 2]),
        ("0", [0, 1, 2]),
    ],
)
def test_short_credit_in_document_order(credit: str, unpaid: list[int]) -> None:
    """Recipients are accepted in document order as far as the credit pays (C-02)."""
    admission = admitted(draft(TURKCELL, VODAFONE, GERMAN), credit=credit)
    assert dict.fromkeys(unpaid, Reason.NO_CREDIT) == reasons(admission)[0]
    assert taken(admission) <= Decimal(credit)


def test_a_cheaper_one_may_follow_a_dearer_one_that_could_not() -> None:
    """A cheaper recipient after one that cannot be paid is accepted (C-02)."""
    assert [{0: Reason.NO_CREDIT}] == reasons(admitted(draft(GERMAN, TURKCELL, VODAFONE), credit="1"))


def test_short_credit_over_several_blocks() -> None:
    """The second block is paid from what the first one left (C-02, S-20)."""
    admission = admitted(draft(VODAFONE, VODAFONE), draft(VODAFONE, TURKCELL), credit="0.8")
    assert [{}, {0: Reason.NO_CREDIT}] == reasons(admission)
    assert Decimal("0.725") == taken(admission)
    batch = admission.results[1].batch
    assert batch is not None
    assert ((TURKCELL,), FIRST + 2) == (batch.destinations, batch.first_id)


def test_whole_request_goes_or_nothing_does() -> None:
    """Under `short-credit=whole-request` one unpaid recipient stops all (C-02)."""
    found = refused(draft(TURKCELL), draft(VODAFONE), credit="0.4", short_credit=ShortCredit.WHOLE_REQUEST)
    assert (Reason.NO_CREDIT, 1, True) == (found.refusal.reason, found.draft, found.every_recipient)
    enough = admitted(draft(TURKCELL), draft(VODAFONE), credit="0.425", short_credit=ShortCredit.WHOLE_REQUEST)
    assert Decimal("0.425") == taken(enough)


def test_a_refused_recipient_hears_what_was_needed_and_left() -> None:
    """The price of its message, and the credit that the recipients before it left (C-02)."""
    refusal = admitted(draft(TURKCELL, GERMAN, VODAFONE), credit="1").results[0].refusals[1]
    assert ("a credit of 2", "0.875 left") == (refusal.expected, refusal.found)


def test_refused_recipients_cost_nothing() -> None:
    """If every recipient is refused, nothing changes and no id is used (C-03)."""
    admission = admitted(draft("1", "x"))
    assert ((), 0, None) == (admission.changes, admission.ids_taken, admission.results[0].batch)


def test_free_messages_are_charged_nothing() -> None:
    """A price of 0 is accepted with a credit of 0; the charge of 0 is in the ledger like any other (C-01)."""
    free = Account("u", "p", price=Decimal(0))
    admission = admitted(draft(TURKCELL), account=free, credit="0")
    assert [Charged, Accepted] == [type(change) for change in admission.changes]
    assert Decimal(0) == taken(admission)


def test_not_allowed_is_refunded_when_it_is_final() -> None:
    """The charge of exactly those messages is given back at their `done_at` (C-03)."""
    account = Account("u", "p", prices={"magic": Decimal("0.7")})
    admission = admitted(draft("905990000005", TURKCELL, "905990000005", delay=5000), account=account)
    assert [RefundPlanned("u", 6000, Decimal("1.4"), FIRST, "Kobikom", 2, 1)] == [
        change for change in admission.changes if isinstance(change, RefundPlanned)
    ]
    assert Decimal("2.4") == taken(admission)


def test_messages_that_end_not_allowed_together_share_one_refund() -> None:
    """Two groups of one batch that are final at one instant are one refund; another instant is another (C-03)."""
    lines = (
        Weighted(Outcome(Status.NOT_ALLOWED, 10)),
        Weighted(Outcome(Status.NOT_ALLOWED, 10, 7)),
        Weighted(Outcome(Status.NOT_ALLOWED, 20)),
    )
    account = Account("u", "p", profile=Profile(lines))
    admission = admitted(draft(*[TURKCELL] * 60), account=account)
    refunds = [change for change in admission.changes if isinstance(change, RefundPlanned)]
    assert [10, 20] == sorted(refund.due for refund in refunds)
    assert 60 == sum(refund.messages for refund in refunds) == sum(refund.amount for refund in refunds)


def test_each_batch_is_charged_alone() -> None:
    """A request of two messages has two charges, each before its batch, with its own first id (C-01)."""
    admission = admitted(draft(TURKCELL, TURKCELL), draft("x"), draft(VODAFONE, title="TEST"))
    assert [
        Charged("u", 0, Decimal("0.25"), FIRST, "Kobikom", 2, 1),
        Charged("u", 0, Decimal("0.3"), FIRST + 2, "TEST", 1, 1),
    ] == list(admission.changes[::2])
    assert [FIRST, FIRST + 2] == [change.batch.first_id for change in admission.changes if isinstance(change, Accepted)]


def test_recipients_are_judged_in_order() -> None:
    """-33 before -13 before -3 before -2, a fault rule before all (S-04, S-06, S-07, C-02)."""
    ids = ("a", "a", "", "", "", "")
    numbers = (TURKCELL, "1", "1", GERMAN, TURKCELL, TURKCELL)
    home = Account("u", "p")
    fault = Refusal(Reason.FAULT, code=-26)
    admission = admitted(Draft(numbers, ids, text="x"), account=home, credit="1", forced=[{5: fault, 99: fault}])
    assert {
        1: Reason.DUPLICATE_ID, 2: Reason.INCOMPLETE_NUMBER, 3: Reason.NOT_COVERED, 4: Reason.NO_CREDIT, 5: Reason.FAULT
    } == reasons(admission)[0]  # fmt: skip


@pytest.mark.parametrize("odd", [(), ("1",)])
def test_uncovered_networks_are_refused_one_by_one(odd: tuple[str, ...]) -> None:
    """Each uncovered recipient is refused, in the fast pass over Turkish numbers and in the slow one (S-07)."""
    account = Account("u", "p", coverage=frozenset({"turkcell"}))
    refusals = reasons(admitted(draft(TURKCELL, VODAFONE, TURKCELL, VODAFONE, *odd), account=account))[0]
    assert {1: Reason.NOT_COVERED, 3: Reason.NOT_COVERED} == {at: r for at, r in refusals.items() if at < 4}


def test_the_first_of_an_id_stands_even_if_it_fails() -> None:
    """Each later use of an id gets -33, in other blocks, too (S-04)."""
    admission = admitted(Draft(("1",), ("a",), text="x"), Draft((TURKCELL, TURKCELL), ("a", "b"), text="x"))
    assert [{0: Reason.INCOMPLETE_NUMBER}, {0: Reason.DUPLICATE_ID}] == reasons(admission)


def test_duplicate_ids_of_the_whole_request() -> None:
    """Under `whole-request` one repeated id refuses all recipients (S-04)."""
    found = refused(
        Draft((TURKCELL,), ("a",), text="x"),
        Draft((TURKCELL,), ("a",), text="x"),
        duplicate_id=DuplicateId.WHOLE_REQUEST,
    )
    assert (Reason.DUPLICATE_ID, 1, True) == (found.refusal.reason, found.draft, found.every_recipient)


def test_ids_of_the_accounts_history() -> None:
    """An id ever used is refused only under `account-history` (S-04)."""
    twice = Draft((TURKCELL, TURKCELL, TURKCELL), ("old", "new", "new"), text="x")
    used = frozenset({"old"})
    assert [{2: Reason.DUPLICATE_ID}] == reasons(admitted(twice, used=used))
    history = admitted(twice, used=used, duplicate_id=DuplicateId.ACCOUNT_HISTORY)
    assert [{0: Reason.USED_ID, 2: Reason.DUPLICATE_ID}] == reasons(history)


def test_empty_numbers_are_skipped_or_refused() -> None:
    """Empty numbers are skipped or refused, and client ids stay with their numbers (S-05)."""
    gaps = Draft(("", TURKCELL, ""), ("x", "y", ""), text="x")
    skipped = admitted(gaps).results[0]
    assert ((TURKCELL,), ("y",)) == (skipped.numbers, skipped.client_ids)
    kept = admitted(gaps, empty_number=EmptyNumber.REFUSE)
    assert [{0: Reason.EMPTY_RECIPIENT, 2: Reason.EMPTY_RECIPIENT}] == reasons(kept)


@pytest.mark.parametrize("rule", EmptyNumber)
@pytest.mark.parametrize("drafts", [(), (Draft(()),), (Draft(("", "")), Draft(()))])
def test_nobody_at_all(drafts: tuple[Draft, ...], rule: EmptyNumber) -> None:
    """No non-empty number in the whole request is -6 under both readings (S-05)."""
    assert Reason.NO_RECIPIENT == refused(*drafts, empty_number=rule).refusal.reason


def test_a_block_without_recipients_beside_one_with() -> None:
    """A block without recipients beside one with recipients is accepted (S-20)."""
    admission = admitted(draft(), draft(TURKCELL))
    assert [None, 1] == [result.batch and len(result.batch) for result in admission.results]


def test_the_cap_of_recipients_is_exact() -> None:
    """As many recipients as the limit are accepted over all blocks, one more is refused (T-11)."""
    assert 2 == admitted(draft(TURKCELL), draft(TURKCELL), max_recipients=2).ids_taken
    found = refused(draft(TURKCELL), draft(TURKCELL, TURKCELL), max_recipients=2)
    assert (Reason.TOO_MANY_RECIPIENTS, "3") == (found.refusal.reason, found.refusal.found)


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("Kobikom", None),
        ("", None),
        ("kobikom", Reason.TITLE_UNKNOWN),
        ("A" * 11, Reason.TITLE_UNKNOWN),
        ("A" * 12, Reason.TITLE_TOO_LONG),
        ("1" * 14, Reason.TITLE_UNKNOWN),
        ("1" * 15, Reason.TITLE_TOO_LONG),
    ],
)
@pytest.mark.parametrize("rule", UnknownTitle)
def test_senders(title: str, reason: Reason | None, rule: UnknownTitle) -> None:
    """Too long is refused under both readings, unknown under one; absent is the first title (S-09)."""
    found = decided(draft(TURKCELL, title=title), unknown_title=rule)
    if reason is None or (reason is Reason.TITLE_UNKNOWN and rule is UnknownTitle.ACCEPT):
        assert isinstance(found, Admission)
        batch = found.results[0].batch
        assert batch is not None
        assert (title or "Kobikom") == batch.title
        expected = Status.DELIVERED if reason is None else Status.INVALID_SOURCE_ADDRESS
        assert expected == batch.plan_of(0).status
    else:
        assert isinstance(found, RefusedSend)
        assert (reason, "title") == (found.refusal.reason, found.field)


def test_an_account_without_titles_has_no_default_sender() -> None:
    """A request without a title is refused if the account has none (S-09)."""
    bare = Account("u", "p", titles=())
    assert Reason.TITLE_UNKNOWN == refused(draft(TURKCELL), account=bare).refusal.reason
    assert "'X'" == refused(draft(TURKCELL, title="X"), account=bare).refusal.found


def test_long_texts_refused() -> None:
    """The request is refused, naming the field and what was needed (S-11, S-14)."""
    long = draft(TURKCELL, text="x" * 161)
    found = refused(draft(TURKCELL), long, long_text=LongText.REFUSE)
    assert (Reason.TEXT_TOO_LONG, 1, "text", "161") == (
        found.refusal.reason, found.draft, found.field, found.refusal.found
    )  # fmt: skip
    octets = draft(TURKCELL, text="", octets=bytes(141))
    assert "binary" == refused(octets, long_text=LongText.REFUSE).field


def test_remarks_say_what_was_done() -> None:
    """Cut, replaced, forced to Unicode, empty: each is remarked (S-10, S-11, S-12)."""
    remarks = [
        [each.remark for each in admitted(made, **more).results[0].observations]
        for made, more in [
            (draft(TURKCELL, text="x" * 161), {}),
            (draft(TURKCELL, text="日"), {"unencodable": Unencodable.QUESTION_MARK}),
            (draft(TURKCELL, text="日"), {}),
            (draft(TURKCELL, text=""), {}),
            (draft(TURKCELL, text="", octets=b""), {}),
            (draft(TURKCELL, coding=8), {}),
            (draft(TURKCELL, text="kış", language="TR"), {}),
            (draft(TURKCELL, text="kış"), {}),
            (draft(TURKCELL, title="X"), {"unknown_title": UnknownTitle.ACCEPT}),
        ]
    ]
    assert [
        [Remark.TEXT_CUT], [Remark.CHARACTERS_REPLACED], [Remark.FORCED_UNICODE], [Remark.EMPTY_TEXT], [], [], [],
        [Remark.FORCED_UNICODE],
        [Remark.TITLE_UNKNOWN],
    ] == remarks  # fmt: skip


@pytest.mark.parametrize(
    ("number", "lenient", "strict"),
    [
        ("905990000004", True, True),
        ("+905990000004", True, False),
        ("00905990000004", True, False),
        ("05990000004", True, False),
        ("5990000004", True, False),
        ("+9005990000004", False, False),
        ("+5990000004", False, False),
        ("905990000012", False, False),
        ("905991234567", False, False),
    ],
)
def test_magic_numbers_in_the_forms_of_any_other(number: str, lenient: bool, strict: bool) -> None:
    """Lenient forms as for ordinary numbers; other numbers of the prefix are none (S-08)."""
    for accepted, forms in ((lenient, True), (strict, False)):
        assert accepted is not bool(reasons(admitted(draft(number), lenient_numbers=forms))[0])
    assert reasons(admitted(draft(number), magic_numbers=False))[0]


def test_mixed_fates_in_one_batch() -> None:
    """Magic and ordinary numbers in one batch each get their own plan."""
    batch = admitted(draft(TURKCELL, "905990000010", VODAFONE, "905990000030")).results[0].batch
    assert batch is not None
    assert [("DELIVERED", 1000), ("REJECTED", 1000), ("DELIVERED", 1000), ("NOT_DELIVERED", 60_000)] == [
        (str(batch.plan_of(at).status), batch.plan_of(at).done_at) for at in range(4)
    ]


def test_a_title_that_is_not_the_accounts_decides_about_magic_numbers_too() -> None:
    """Every message of an accepted unknown title ends with an invalid source address (S-09, R-09)."""
    admission = admitted(draft(TURKCELL, "905990000010", title="X"), unknown_title=UnknownTitle.ACCEPT)
    batch = admission.results[0].batch
    assert batch is not None
    assert [Status.INVALID_SOURCE_ADDRESS] * 2 == [batch.plan_of(at).status for at in range(2)]


def test_each_message_is_drawn_by_its_own_id() -> None:
    """The outcome is drawn for the generated id that the message has, also behind a refused recipient (S-02)."""
    profile = Profile(tuple(Weighted(Outcome(status, 1 + nth)) for nth, status in enumerate(Status)))
    account = Account("u", "p", profile=profile)
    batch = admitted(draft(*[TURKCELL] * 20, "1", *[TURKCELL] * 20), account=account, seed=3).results[0].batch
    assert batch is not None
    assert [profile.draw(3, FIRST + nth).after for nth in range(40)] == [
        batch.plan_of(nth).done_at for nth in range(40)
    ]


@pytest.mark.parametrize(
    ("own", "no_push", "expected"),
    [("", False, "http://account/"), ("http://own/", False, "http://own/"), ("http://own/", True, ""), ("", True, "")],
)
def test_where_reports_are_pushed(own: str, no_push: bool, expected: str) -> None:
    """The message's own address, else the account's, and nowhere with `nopush` (S-19)."""
    account = Account("u", "p", push_url="http://account/")
    batch = admitted(draft(TURKCELL, push_url=own, no_push=no_push), account=account).results[0].batch
    assert batch is not None
    assert expected == batch.push_url


def test_drawn_fates_depend_on_the_seed() -> None:
    """The same seed gives the same outcomes, another seed others; magic numbers do not depend on it."""
    lucky = Account(
        "u", "p", profile=Profile((Weighted(Outcome(Status.DELIVERED)), Weighted(Outcome(Status.REJECTED))))
    )

    def fates(seed: int) -> list[Status]:
        batch = admitted(draft(*[TURKCELL] * 50, "905990000002"), account=lucky, seed=seed).results[0].batch
        assert batch is not None
        return [batch.plan_of(at).status for at in range(51)]

    assert fates(1) == fates(1)
    assert fates(1) != fates(2)
    assert {Status.DELIVERED, Status.REJECTED} == set(fates(1)[:50])
    assert Status.SENT is fates(1)[50]


NUMBERS = st.sampled_from([TURKCELL, VODAFONE, GERMAN, "1", "", "905990000005", "4930123456", "905551112233"])
DRAFTS = st.builds(
    lambda numbers, text, long: Draft(tuple(numbers), text=text, concatenate=long, validity=1),
    st.lists(NUMBERS, max_size=6),
    st.integers(0, 400).map(lambda length: "x" * length),
    st.booleans(),
)


@given(
    st.lists(DRAFTS, max_size=4),
    st.decimals(0, 20, places=3),
    st.sampled_from(ShortCredit),
    st.sampled_from(EmptyNumber),
    st.sampled_from(LongText),
)
def test_credit_taken_is_the_cost_of_what_was_accepted(
    drafts: list[Draft], credit: Decimal, short: ShortCredit, empty: EmptyNumber, long: LongText
) -> None:
    """Exactly, never more than there was, over any drafts and rules (C-01 … C-04)."""
    found = decided(*drafts, credit=credit, short_credit=short, empty_number=empty, long_text=long)
    if isinstance(found, RefusedSend):
        return
    price = {"90532": Decimal("0.125"), "90542": Decimal("0.3"), "49151": Decimal(2)}
    batches = [result.batch for result in found.results if result.batch is not None]
    naive = sum(
        (
            price.get(number[:5], Decimal(1)) * len(batch.segmentation.parts)
            for batch in batches
            for number in batch.destinations
        ),
        Decimal(0),
    )
    assert naive == taken(found) <= credit
    assert sum(map(len, batches)) == found.ids_taken
    for result in found.results:
        accepted = [number for at, number in enumerate(result.numbers) if at not in result.refusals]
        assert accepted == list(result.batch.destinations if result.batch else ())
        if short is ShortCredit.WHOLE_REQUEST:
            assert Reason.NO_CREDIT not in {each.reason for each in result.refusals.values()}
    ids = [batch.first_id + at for batch in batches for at in range(len(batch))]
    assert list(range(FIRST, FIRST + len(ids))) == ids
