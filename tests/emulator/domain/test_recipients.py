"""Each recipient is judged the same alone and in any company (S-04 … S-08)."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.reasons import Reason, Refusal
from kobikom_emulator.domain.recipients import CheckedRecipients, Network, check_recipients
from kobikom_emulator.domain.rules import Rules

TURKCELL, VODAFONE, UNASSIGNED, MAGIC = "905321234567", "905421234567", "905991234567", "905990000004"
NO_DIGITS, ARABIC_DIGITS = "90532abcdefg", "90532١٢٣٤٥٦٧"
ACCOUNT = Account("u", "p", coverage=frozenset({"turkcell", "DE"}))
NUMBERS = st.sampled_from(
    [
        TURKCELL,
        VODAFONE,
        UNASSIGNED,
        MAGIC,
        NO_DIGITS,
        ARABIC_DIGITS,
        TURKCELL[:11],
        TURKCELL + "8",
        "4915112345678",
        "",
    ]
)


def checked(
    *numbers: str, forced: dict[int, Refusal] | None = None, ids: tuple[str, ...] | None = None
) -> CheckedRecipients:
    return check_recipients(numbers, ids, account=ACCOUNT, rules=Rules(), seen=set(), used=(), forced=forced or {})


@given(st.lists(NUMBERS, min_size=1, max_size=6))
@example([TURKCELL, VODAFONE])
@example([NO_DIGITS])
@example([ARABIC_DIGITS])
@example([TURKCELL[:11], TURKCELL + "8"])
@example([TURKCELL, UNASSIGNED])
def test_company_changes_nothing(numbers: list[str]) -> None:
    """The quick pass over plain Turkish numbers and the slow one over all others say the same of each number."""
    together = checked(*numbers)
    alone = [checked(number) for number in numbers]
    assert tuple(numbers) == together.numbers
    assert [each.msisdns[0] for each in alone if not each.refusals] == [
        msisdn for at, msisdn in enumerate(together.msisdns) if at not in together.refusals
    ]
    assert [each.networks[0] for each in alone] == list(together.networks)
    assert {at: each.refusals[0] for at, each in enumerate(alone) if each.refusals} == together.refusals
    assert set(together.networks) == set(together.distinct)


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (TURKCELL, None),
        (MAGIC, None),
        (VODAFONE, Reason.NOT_COVERED),
        (UNASSIGNED, Reason.NOT_A_MOBILE),
        (NO_DIGITS, Reason.NOT_A_MOBILE),
        (ARABIC_DIGITS, Reason.NOT_A_MOBILE),
        ("", Reason.EMPTY_RECIPIENT),
    ],
)
def test_each_kind_of_number(number: str, reason: Reason | None) -> None:
    """What is refused of a lone number, and why (S-05, S-06, S-07)."""
    refusal = checked(number).refusals.get(0)
    assert reason == (refusal and refusal.reason)


def test_networks_of_recipients() -> None:
    """Turkish networks by their prefix, magic numbers apart, foreign ones by country, none for what is not a number."""
    turkcell, magic, german = Network("turkcell", "TR"), Network("magic", "TR"), Network("de", "DE")
    assert [turkcell, magic, german, Network("", "")] == checked(TURKCELL, MAGIC, "4915112345678", "x").networks


@pytest.mark.parametrize("length", [39, 40, 41, 42])
def test_an_explanation_quotes_at_most_forty_characters(length: int) -> None:
    """A longer number or id is cut to 39 and an ellipsis."""
    text = "x" * length
    quoted = text if length <= 40 else "x" * 39 + "…"
    assert checked(text).refusals[0].found.startswith(f"{quoted!r}: ")
    assert quoted == checked(TURKCELL, TURKCELL, ids=(text, text)).refusals[1].found


def test_forced_refusals_are_those_of_recipients_there_are() -> None:
    """The last recipient is one, what comes after it is none."""
    fault = Refusal(Reason.FAULT)
    assert {1: fault} == checked(TURKCELL, TURKCELL, forced={1: fault, 2: fault}).refusals


def test_an_uncovered_network_is_named_beside_the_covered_ones() -> None:
    """In order of the alphabet; an account that covers nothing says so (S-07)."""
    refusal = checked(VODAFONE).refusals[0]
    assert ("a network the account covers (DE, turkcell)", "vodafone in TR") == (refusal.expected, refusal.found)
    nothing = Account("u", "p", coverage=frozenset())
    bare = check_recipients((VODAFONE,), None, account=nothing, rules=Rules(), seen=set(), used=(), forced={})
    assert "a network the account covers (nothing)" == bare.refusals[0].expected


@pytest.mark.parametrize(
    ("written", "msisdn"),
    [
        ("905990000004", MAGIC),
        ("+905990000004", MAGIC),
        ("00905990000004", MAGIC),
        ("05990000004", MAGIC),
        ("5990000004", MAGIC),
        ("000905990000004", ""),
        ("0905990000004", ""),
        ("905990000012", ""),
    ],
)
def test_magic_numbers_in_lenient_forms(written: str, msisdn: str) -> None:
    """Five forms of one number; anything else is judged like any number and refused (S-08)."""
    assert (msisdn,) == checked(written).msisdns


@pytest.mark.parametrize(
    ("written", "several"),
    [
        ("905321234567,905421234567", True),
        ("905321234567 ; 905421234567", True),
        ("905321234567\n905421234567", True),
        ("905321234567 +905421234567", True),
        ("+905321234567,+905421234567", True),
        ("5321234567,5421234567", True),
        ("905321234567,905421234567,x", True),
        ("532123456,542123456", False),
        ("905321234567,x", False),
        ("x,905321234567", False),
        ("123,456", False),
        ("abcdefghij,klmnopqrst", False),
        ("905991234567", False),
    ],
)
def test_a_list_of_numbers_in_one_recipient(written: str, several: bool) -> None:
    """Known by its first two numbers, of ten digits or more each; anything else is just no mobile number (S-06)."""
    assert (Reason.SEVERAL_NUMBERS if several else Reason.NOT_A_MOBILE) is checked(written).refusals[0].reason


def test_ids_behind_a_recipient_without_one_are_looked_at() -> None:
    """A recipient without an id repeats nothing, and one behind it may (S-04)."""
    refusals = checked(TURKCELL, TURKCELL, TURKCELL, TURKCELL, ids=("a", "", "", "a")).refusals
    assert {3: Reason.DUPLICATE_ID} == {at: refusal.reason for at, refusal in refusals.items()}
