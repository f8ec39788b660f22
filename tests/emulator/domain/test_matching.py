"""Patterns and numbers: what matches, what does not, and that only * and ? are wild."""

from functools import cache
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kobikom_emulator.domain.delivery import Phase, Status
from kobikom_emulator.domain.matching import (
    Conditions,
    MessageStatusName,
    any_text_matches,
    folded,
    number_matches,
    text_matches,
    words_of,
)

NUMBER = "905320000000"

literals = st.text(st.characters(exclude_characters="*?", codec="utf-8"), max_size=20)
patterns = st.text("ab*?[].\\\n", max_size=10)
texts = st.text("ab[].\\\n", max_size=10)


def matches_by_definition(pattern: str, text: str) -> bool:
    """The meaning of a pattern, spelled out: slow and without a regular expression."""

    @cache
    def rest(i: int, j: int) -> bool:
        if i == len(pattern):
            return j == len(text)
        if pattern[i] == "*":
            return rest(i + 1, j) or (j < len(text) and rest(i, j + 1))
        return j < len(text) and pattern[i] in ("?", text[j]) and rest(i + 1, j + 1)

    return rest(0, 0)


@given(pattern=patterns, text=texts)
def test_a_pattern_means_what_it_says(pattern: str, text: str) -> None:
    """The compiled pattern agrees with the definition."""
    assert matches_by_definition(pattern, text) is text_matches(pattern, text)


@given(text=literals, other=literals)
def test_everything_but_star_and_question_mark_is_literal(text: str, other: str) -> None:
    """A text without them matches itself and nothing else; with stars around it, whatever contains it."""
    assert (text == other) is text_matches(text, other)
    assert (text in other) is text_matches(f"*{text}*", other)
    assert text_matches("?" * len(text), text)


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("[TEST] kod*", "[TEST] kod 1234", True),
        ("[TEST] kod*", "T kod 1234", False),
        ("", "", True),
        ("", "a", False),
        ("*", "", True),
        ("*", "two\nlines", True),
        ("?", "\n", True),
        ("kod", "Kod", False),
        ("a*b*c", "a-b-b-c", True),
        ("a*b*c", "a-c-b", False),
        ("*aa", "aaa", True),
        ("100%.", "100%x", False),
        ("ş?*", "şi", True),
    ],
)
def test_texts(pattern: str, text: str, matches: bool) -> None:
    """A pattern matches the whole text, and case counts."""
    assert matches is text_matches(pattern, text)


def test_many_stars_take_no_time() -> None:
    """A pattern that a backtracking matcher would try in more ways than there are atoms is decided at once."""
    assert not text_matches("*a" * 500 + "*b", "a" * 2000)


@pytest.mark.parametrize(
    "pattern",
    [
        NUMBER, "+905320000000", "+90 532 000 00 00", "0532 000 00 00", "05320000000", "5320000000", "532 000 0000",
        "00905320000000", "0090 532 000 00 00", "(0532) 000-00-00", "0532.000.00.00", "90532*", "+90532*", "0532*",
        "+90 532 *", "*", "?????0000000", "90532000000?", "\u00a0+90\u00a0532\u00a0000\u00a000\u00a000",
    ],
)  # fmt: skip
@pytest.mark.parametrize("submitted", [NUMBER, "+905320000000", "05320000000", "5320000000", "00905320000000"])
def test_a_number_is_found_however_it_is_written(pattern: str, submitted: str) -> None:
    """A number in any usual form matches, in the pattern and as submitted."""
    assert number_matches(pattern, submitted)


@pytest.mark.parametrize("pattern", ["90532", "90533*", "0533*", "905320000000?", "+1*", "[9]05320000000", "abc", ""])
def test_another_number_is_not_found(pattern: str) -> None:
    """A part of a number does not match it, and brackets are not wildcards."""
    assert not number_matches(pattern, NUMBER)


def test_one_of_several_numbers_is_enough() -> None:
    """A pattern matches several numbers if it matches one of them, and does not match an empty list."""
    assert [True, False, False] == [
        number_matches("90532*", "1", NUMBER), number_matches("90533*", "1", NUMBER), number_matches("*")
    ]  # fmt: skip


@given(number=st.from_regex(r"\A\+?[0-9]{5,15}\Z"))
def test_every_number_finds_itself(number: str) -> None:
    """A number as a pattern matches itself, valid or not."""
    assert number_matches(number, number)


def test_a_condition_that_is_not_given_holds() -> None:
    """A condition that is not given holds; another holds if it matches one of the texts."""
    assert [True, True, False, False] == [
        any_text_matches(None, ()), any_text_matches("b*", ("a", "bc")), any_text_matches("b", ("a", "bc")),
        any_text_matches("*", ()),
    ]  # fmt: skip


def test_a_status_has_every_phase_and_status() -> None:
    """The type for JSON names every phase and status of the domain."""
    assert {*Phase, *Status} == set(get_args(MessageStatusName)) | {Phase.SENT}


def test_conditions_have_limits() -> None:
    """A pattern of more than 2000 characters is refused."""
    assert Conditions(text="x" * 2000).text is not None
    with pytest.raises(ValueError, match=r"^text: "):
        Conditions(text="x" * 2001)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", ()),
        ("  Kod  DENİZ ", ("kod", "deniz")),
        ("ISPARTA ısparta", ("isparta", "isparta")),
        ("+90 532 000 00 00", (NUMBER,)),
        ("0532 000 00 00", (NUMBER,)),
        ("532 00", ("532", "00")),
    ],
)
def test_the_words_of_a_search(typed: str, words: tuple[str, ...]) -> None:
    """Words are compared without case, the four Turkish i's being one; a number is one word."""
    assert words == words_of(typed)


@given(text=st.text(max_size=30))
def test_folding_is_done_once(text: str) -> None:
    """Folding a folded text does not change it, so that words and texts can be compared."""
    assert folded(text) == folded(folded(text))
