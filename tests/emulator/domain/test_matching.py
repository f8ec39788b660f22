"""Patterns and numbers: what matches, what does not, and that only * and ? are wild."""

from decimal import Decimal
from functools import cache
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kobikom_emulator.domain.delivery import Phase, Plan, Status
from kobikom_emulator.domain.folding import folded
from kobikom_emulator.domain.matching import (
    EVERYTHING,
    Conditions,
    MessageMatch,
    MessageQuery,
    MessageStatusName,
    any_text_matches,
    number_matches,
    text_matches,
    words_of,
)
from kobikom_emulator.domain.messages import Batch, RecipientGroup
from kobikom_emulator.domain.segments import LongText, Unencodable, segment_text
from kobikom_emulator.domain.states import MessageState

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


@pytest.mark.parametrize(
    ("number", "digits"),
    [
        ("009053200009", "9053200009"),  # twelve digits, but with a leading 00
        ("4520123456", "4520123456"),  # ten digits, but no Turkish mobile number
        ("6520123456", "6520123456"),
        ("1555123455", "1555123455"),
        ("532000000", "532000000"),
        ("53200000001", "53200000001"),
        ("905320000000", "905320000000"),
        ("90532000000", "90532000000"),
        ("9053200000001", "9053200000001"),
    ],
)
def test_the_digits_a_number_is_found_by(number: str, digits: str) -> None:
    """Only a leading + or 00, and the forms of a Turkish mobile number, are other ways to write a number."""
    for pattern in (digits, f"{digits[:3]}*"):
        assert number_matches(pattern, number)
    assert not number_matches(f"90{digits}", number)
    assert not number_matches(f"?{digits}", number)


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


TEXT = "Kodunuz 1234"
PLAN = Plan(100, 200, 300, Status.REJECTED, 32)


def message(**more: Any) -> MessageState:
    """The third of three messages; its recipient was written with a leading 0."""
    segmentation = segment_text(
        TEXT, ucs2=False, turkish=False, concatenate=False, long_text=LongText.CUT, unencodable=Unencodable.UCS2
    )
    batch = Batch(
        user="m",
        first_id=5_000_000_000_001,
        title="Banka",
        text=more.get("text", TEXT),
        segmentation=segmentation,
        flash=False,
        destinations=("1", "2", "05321112233"),
        msisdns=("1", "2", "905321112233"),
        client_ids=("", "", "Own-ID"),
        costs=Decimal(1),
        groups=(RecipientGroup(PLAN, (0, 1, 2)),),
    )
    return MessageState(number=2, batch=batch, index=2, plan=PLAN, given=False)


CONDITIONS: tuple[tuple[dict[str, Any], str], ...] = (
    ({}, ""),
    ({"to": "905321112233"}, ""),
    ({"to": "0532*"}, ""),
    ({"to": "1"}, "to is 905321112233, not 1"),
    ({"title": "B*"}, ""),
    ({"title": "b*"}, "title is 'Banka', not 'b*'"),
    ({"text": "Kod*"}, ""),
    ({"text": "Kod"}, "text is 'Kodunuz 1234', not 'Kod'"),
    ({"user": "m"}, ""),
    ({"user": "a"}, "user is 'm', not 'a'"),
    ({"user": "z"}, "user is 'm', not 'z'"),
    ({"status": "sent"}, ""),
    ({"status": "REJECTED"}, "status is sent, not REJECTED"),
    ({"status": "scheduled"}, "status is sent, not scheduled"),
)


@pytest.mark.parametrize(("conditions", "difference"), CONDITIONS)
def test_why_a_message_does_not_match(conditions: dict[str, Any], difference: str) -> None:
    """Each condition that is given and does not hold is a sentence; the status is that of now."""
    match = MessageMatch(**conditions)
    assert ([difference] if difference else []) == match.differences(message(), 299)
    assert (not difference) is MessageQuery(match).includes(message(), 299)


def test_all_differences_are_listed() -> None:
    """In the order recipient, title, text, user, status."""
    match = MessageMatch(to="1", title="x", text="x", user="x", status="sent")
    assert ["to", "title", "text", "user", "status"] == [
        difference.partition(" ")[0] for difference in match.differences(message(), 300)
    ]


@pytest.mark.parametrize("length", [58, 59, 60, 61, 62])
def test_texts_are_quoted_up_to_sixty_characters(length: int) -> None:
    """A longer one is cut to 59 and an ellipsis, in the pattern and in the text."""
    text, pattern = "x" * length, "y" * length
    shown = [each if length <= 60 else each[:59] + "…" for each in (text, pattern)]
    assert [f"text is {shown[0]!r}, not {shown[1]!r}"] == MessageMatch(text=pattern).differences(message(text=text), 0)


def test_only_what_is_given_is_written() -> None:
    """Conditions that are not given are left out of JSON."""
    assert [b'{"user":"u"}', b'{"user":"u"}'] == [
        msgspec.json.encode(each) for each in (Conditions(user="u"), MessageMatch(user="u"))
    ]


QUERIES = (
    (MessageQuery(), True),
    (MessageQuery(since=100), True),
    (MessageQuery(since=101), False),
    (MessageQuery(since=99), True),
    (MessageQuery(words=("kodunuz",)), True),
    (MessageQuery(words=("kodunuz", "banka")), True),
    (MessageQuery(words=("kodunuz", "şube")), False),
    (MessageQuery(words=("905321112233",)), True),
    (MessageQuery(words=("05321112233",)), True),
    (MessageQuery(words=("own-id",)), True),
    (MessageQuery(words=("5000000000003",)), True),
    (MessageQuery(words=("4999999999999",)), False),
    (MessageQuery(MessageMatch(user="a")), False),
    (MessageQuery(MessageMatch(user="a"), words=("kodunuz",)), False),
    (MessageQuery(MessageMatch(user="m"), words=("şube",)), False),
)


@pytest.mark.parametrize(("query", "included"), QUERIES)
def test_queries(query: MessageQuery, included: bool) -> None:
    """Submitted since, all the words in number, title, text or ids, and the conditions: all must hold."""
    assert included is query.includes(message(), 0)


@pytest.mark.parametrize(
    ("match", "possible"),
    [
        ({}, True),
        ({"user": "m"}, True),
        ({"user": "a"}, False),
        ({"user": "z"}, False),
        ({"title": "Ban*"}, True),
        ({"title": "x"}, False),
        ({"text": "*1234"}, True),
        ({"text": "x"}, False),
        ({"user": "a", "title": "Ban*", "text": "*1234"}, False),
        ({"user": "m", "title": "x", "text": "*1234"}, False),
        ({"user": "m", "title": "Ban*", "text": "x"}, False),
        ({"to": "x", "status": "REJECTED"}, True),
    ],
)
def test_which_batches_may_hold_a_message(match: dict[str, Any], possible: bool) -> None:
    """A batch is passed over if user, title or text of all its messages do not match."""
    assert possible is MessageQuery(MessageMatch(**match)).may_include(message().batch)


def test_the_query_for_everything() -> None:
    """Only the query without any condition is the one for everything."""
    assert EVERYTHING.is_everything is True
    others = [MessageQuery(MessageMatch(user="u")), MessageQuery(words=("a",)), MessageQuery(since=0)]
    assert [False] * 3 == [query.is_everything for query in others]


@pytest.mark.parametrize("digits", [5, 6, 7, 8])
def test_a_search_for_seven_digits_is_one_for_a_number(digits: int) -> None:
    """Seven digits with blanks between them are one word, fewer are several."""
    typed = "1 " + "2" * (digits - 1)
    assert ((typed.replace(" ", ""),) if digits >= 7 else ("1", "2" * (digits - 1))) == words_of(typed)


def test_other_digits_are_no_number_in_a_search() -> None:
    """Digits of other scripts are words like any."""
    assert ("١٢٣٤", "٥٦٧٨") == words_of("١٢٣٤ ٥٦٧٨")
    assert ("abcdefg", "hij") == words_of("abcdefg hij")
