"""The checks of one draft: title, parts, and what is remarked about an accepted one (S-09 … S-14)."""

from typing import Any

import pytest

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.draft_checks import RefusedSend, observations, segments, sender_title
from kobikom_emulator.domain.messages import Draft
from kobikom_emulator.domain.reasons import Reason, Refusal, Remark
from kobikom_emulator.domain.rules import Rules, UnknownTitle
from kobikom_emulator.domain.segments import LongText, Segmentation, TooLong, Unencodable

MOBILE = "905321234567"
ACCOUNT = Account("u", "p", titles=("Kobikom", "TEST"))
DECOMPOSED = "s\u0327"
"""ş as s and a combining cedilla."""


def remarks(draft: Draft, *, title: str = "T", known: bool = True, **rules: Any) -> list[tuple[Remark, str]]:
    segmentation = segments(draft, Rules(**rules))
    assert isinstance(segmentation, Segmentation)
    return [(each.remark, each.found) for each in observations(draft, segmentation, title, known, draft.numbers)]


def text(value: str, **more: Any) -> Draft:
    return Draft((MOBILE,), text=value, **more)


@pytest.mark.parametrize(
    ("title", "titles", "expected", "found"),
    [
        ("A" * 12, ("K",), "an alphanumeric title of at most 11", "12: 'AAAAAAAAAAAA'"),
        ("1" * 15, ("K",), "a numeric title of at most 14", "15: '111111111111111'"),
        ("A" * 20, ("K",), "an alphanumeric title of at most 11", f"20: '{'A' * 20}'"),
        ("A" * 21, ("K",), "an alphanumeric title of at most 11", f"21: '{'A' * 20}'"),
        ("X", ("K", "L"), "one of the account's titles (K, L)", "'X'"),
        ("X", (), "one of the account's titles (none)", "'X'"),
        ("", (), "a title", "none, and the account has none"),
    ],
)
def test_refused_titles(title: str, titles: tuple[str, ...], expected: str, found: str) -> None:
    """A refusal names the kind and limit of the title, or the account's titles, and quotes twenty characters (S-09)."""
    refused = sender_title(text("x", title=title), Account("u", "p", titles=titles), Rules())
    assert isinstance(refused, RefusedSend)
    assert ("title", expected, found) == (refused.field, refused.refusal.expected, refused.refusal.found)


@pytest.mark.parametrize(
    ("title", "rule", "accepted"),
    [
        ("", UnknownTitle.REFUSE, ("Kobikom", True)),
        ("TEST", UnknownTitle.REFUSE, ("TEST", True)),
        ("X", UnknownTitle.ACCEPT, ("X", False)),
    ],
)
def test_accepted_titles(title: str, rule: UnknownTitle, accepted: tuple[str, bool]) -> None:
    """The account's first title stands for none; the second value says whether it is the account's (S-09)."""
    assert accepted == sender_title(text("x", title=title), ACCOUNT, Rules(unknown_title=rule))


def test_a_refusal_is_of_the_first_draft_and_of_the_request_unless_it_says_otherwise() -> None:
    """The draft 0, no field, one result for the request."""
    refused = RefusedSend(Refusal(Reason.NO_RECIPIENT))
    assert (0, "", False) == (refused.draft, refused.field, refused.every_recipient)


@pytest.mark.parametrize(
    ("draft", "field", "expected", "found"),
    [
        (text("x" * 161), "text", "at most 160 (gsm) without longSMS", "161"),
        (text("ж" * 71), "text", "at most 70 (ucs2) without longSMS", "71"),
        (text("", octets=bytes(141)), "binary", "at most 140 (binary) without longSMS", "141"),
    ],
)
def test_texts_over_one_part(draft: Draft, field: str, expected: str, found: str) -> None:
    """Refused under long-text=refuse, with the alphabet, what it holds and what was needed (S-11, S-14)."""
    refused = segments(draft, Rules(long_text=LongText.REFUSE))
    assert not isinstance(refused, TooLong | Segmentation)
    assert (field, expected, found) == (refused.field, refused.refusal.expected, refused.refusal.found)


@pytest.mark.parametrize("lost", [1, 39, 40, 41])
def test_what_a_cut_text_lost(lost: int) -> None:
    """How many characters, and the first forty of them (S-11)."""
    expected = [(Remark.TEXT_CUT, f"{lost} characters lost: '{'y' * min(lost, 40)}'")]
    assert expected == remarks(text("x" * 160 + "y" * lost))


@pytest.mark.parametrize("lost", [1, 19, 20, 21])
def test_what_a_cut_binary_message_lost(lost: int) -> None:
    """How many octets, and the first twenty in hexadecimal (S-11, S-14)."""
    octets = bytes(140) + b"\xab" * lost
    expected = [(Remark.BINARY_CUT, f"{lost} octets lost: {'AB' * min(lost, 20)}")]
    assert expected == remarks(Draft((MOBILE,), octets=octets))


@pytest.mark.parametrize("length", [39, 40, 41])
def test_replaced_characters_are_quoted_up_to_forty(length: int) -> None:
    """Each character that became a question mark once, the first forty of them (S-12)."""
    strange = "".join(chr(0x4E00 + nth) for nth in range(length))
    assert [(Remark.CHARACTERS_REPLACED, repr(strange[:40]))] == remarks(
        text(strange * 2), unencodable=Unencodable.QUESTION_MARK
    )


@pytest.mark.parametrize(
    ("draft", "shown"),
    [
        (text("kış"), "'ı'"),
        (text("a日b"), "'日'"),
        (text(DECOMPOSED * 2), "U+0327"),
        (text("日", coding=8), None),
        (text("kış", language="TR"), None),
        (text("abc"), None),
        (text("ж", language="TR"), "'ж'"),
    ],
)
def test_the_character_that_forced_unicode(draft: Draft, shown: str | None) -> None:
    """Named where UCS-2 was not asked for, a combining mark by its code point (S-12)."""
    assert ([] if shown is None else [shown]) == [
        found for remark, found in remarks(draft) if remark is Remark.FORCED_UNICODE
    ]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("abc", None),
        ("kış", None),
        (DECOMPOSED, "1 combining marks: 2 characters, 1 when composed"),
        (f"{DECOMPOSED}a{DECOMPOSED}{DECOMPOSED}", "3 combining marks: 7 characters, 4 when composed"),
        ("x\u0327", None),  # no letter of its own stands for it: composing changes nothing
        ("\u2126", None),  # composing replaces the sign for ohm, and shortens nothing
        ("\u0958", None),  # composing makes two characters of it
    ],
)
def test_combining_marks(written: str, shown: str | None) -> None:
    """Remarked if the composed text is shorter, with both lengths."""
    assert ([] if shown is None else [shown]) == [
        found for remark, found in remarks(text(written)) if remark is Remark.COMBINING_MARKS
    ]


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (text(""), [(Remark.EMPTY_TEXT, "an empty text")]),
        (Draft((MOBILE,), octets=b""), []),
        (Draft(("", ""), text=""), [(Remark.NO_RECIPIENTS, "no number: nothing is sent")]),
        (Draft((), text="x"), [(Remark.NO_RECIPIENTS, "no number: nothing is sent")]),
        (Draft(("", MOBILE), text="x"), []),
    ],
)
def test_what_is_missing(draft: Draft, expected: list[tuple[Remark, str]]) -> None:
    """An empty text is remarked, and a draft without a number, of which nothing else is said."""
    assert expected == remarks(draft)


def test_an_unknown_title_is_quoted() -> None:
    """A title that is not the account's is remarked where it is accepted (S-09)."""
    assert [(Remark.TITLE_UNKNOWN, "'Acme'")] == remarks(text("x"), title="Acme", known=False)
