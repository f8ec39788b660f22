"""Part arithmetic at every boundary, by example, by property and against a brute-force oracle."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kobikom_emulator.domain import segments
from kobikom_emulator.domain.alphabets import Alphabet, septets
from kobikom_emulator.domain.segments import (
    LongText,
    Segmentation,
    TooLong,
    TurkishTable,
    Unencodable,
    segment_binary,
    segment_text,
)

GSM, SINGLE, LOCKING, BOTH, UCS2, BINARY = Alphabet
ROOM = {
    GSM: (160, 153),
    SINGLE: (155, 149),
    LOCKING: (155, 149),
    BOTH: (152, 146),
    UCS2: (70, 67),
    BINARY: (140, 134),
}
EMOJI = "\N{GRINNING FACE}"

# Small repertoires, so that mixtures of prices are common, and each a step wider, so that every
# candidate wins often: plain GSM, what only the single shift has beside ş, Turkish, beyond.
REPERTOIRES = ["aZ 1é\n€[^", "aZ 1éè€ş", "aZ 1€[ğşİç", "aZ€ğşèЖ" + EMOJI]


@st.composite
def long_texts(draw: st.DrawFn) -> str:
    """Texts of up to some thousand units: a run of a short pattern with odd ends."""
    chars = st.sampled_from(draw(st.sampled_from(REPERTOIRES)))
    head, tail = draw(st.text(chars, max_size=12)), draw(st.text(chars, max_size=12))
    run, count = draw(st.text(chars, min_size=1, max_size=3)), draw(st.integers(0, 330))
    return head + run * count + tail


CHARACTERS = st.sampled_from("".join(REPERTOIRES))
TEXTS = long_texts()


def segment(
    text: str,
    *,
    ucs2: bool = False,
    turkish: bool = False,
    concatenate: bool = True,
    long_text: LongText = LongText.CUT,
    unencodable: Unencodable = Unencodable.UCS2,
) -> Segmentation:
    """`segment_text` where a refusal would be a mistake of the test."""
    result = segment_text(
        text,
        ucs2=ucs2,
        turkish=turkish,
        concatenate=concatenate,
        long_text=long_text,
        unencodable=unencodable,
    )
    assert isinstance(result, Segmentation)
    return result


def cost(text: str, alphabet: Alphabet) -> int:
    """Units of a text, by really encoding it."""
    if alphabet is UCS2:
        return len(text.encode("utf-16-be")) // 2
    return len(septets(text, alphabet))


def encodable(text: str, alphabet: Alphabet) -> bool:
    try:
        cost(text, alphabet)
    except ValueError:
        return False
    return True


def fewest_possible(text: str, alphabet: Alphabet) -> int:
    """The smallest number of parts, by trying every cut."""
    alone, among = ROOM[alphabet]
    if cost(text, alphabet) <= alone:
        return 1
    prices = [cost(char, alphabet) for char in text]

    # best[i]: fewest parts for the first i characters. Every possible last part is tried.
    best = [0]
    for end in range(1, len(text) + 1):
        used, start, tried = 0, end, []
        while start and (used := used + prices[start - 1]) <= among:
            start -= 1
            tried.append(best[start] + 1)
        best.append(min(tried))
    return best[-1]


def shown(value: object) -> str:
    """A test id that doesn't spell out a long text."""
    if isinstance(value, str) and len(value) > 8:
        return f"{value[0]!a}..{value[-1]!a}*{len(value)}"
    return ascii(value)


@cache
def filler(units: int) -> str:
    return ("Merhaba dunya " * 100)[:units]


@pytest.mark.parametrize(
    ("text", "turkish", "alphabet", "sizes"),
    [
        ("", False, GSM, [0]),
        (filler(1), False, GSM, [1]),
        (filler(160), False, GSM, [160]),
        (filler(161), False, GSM, [153, 8]),
        (filler(306), False, GSM, [153, 153]),
        (filler(307), False, GSM, [153, 153, 1]),
        (filler(158) + "€", False, GSM, [160]),
        (filler(159) + "€", False, GSM, [153, 8]),
        ("€" * 80, False, GSM, [160]),
        ("€" * 81, False, GSM, [152, 10]),
        (filler(152) + "€" + filler(10), False, GSM, [152, 12]),
        (filler(151) + "€" + filler(10), False, GSM, [153, 10]),
        ("ş" + filler(153), True, SINGLE, [155]),
        # One more septet than the single shift holds, one fewer than the locking shift does.
        ("ş" + filler(154), True, LOCKING, [155]),
        ("ş" + filler(155), True, SINGLE, [149, 8]),
        ("ş" * 77, True, SINGLE, [154]),
        ("ş" * 78, True, LOCKING, [78]),
        ("ş" * 155, True, LOCKING, [155]),
        ("ş" * 156, True, LOCKING, [149, 7]),
        # è is not in the locking table, so the single shift must do.
        ("è" + "ş" * 78, True, SINGLE, [149, 8]),
        ("€" * 80, True, GSM, [160]),
        ("€" * 81, True, LOCKING, [81]),
        (filler(160), True, GSM, [160]),
        ("ж" * 70, False, UCS2, [70]),
        ("ж" * 71, False, UCS2, [67, 4]),
        ("ж" * 134, False, UCS2, [67, 67]),
        ("ж" * 135, False, UCS2, [67, 67, 1]),
        ("ж" * 68 + EMOJI, False, UCS2, [70]),
        ("ж" * 69 + EMOJI, False, UCS2, [67, 4]),
        ("ж" * 66 + EMOJI + "ж" * 10, False, UCS2, [66, 12]),
        ("ж" * 65 + EMOJI + "ж" * 10, False, UCS2, [67, 10]),
        (EMOJI * 35, False, UCS2, [70]),
        (EMOJI * 36, False, UCS2, [66, 6]),
        ("ş", False, UCS2, [1]),
    ],
    ids=shown,
)
def test_parts_at_the_boundaries(text: str, turkish: bool, alphabet: Alphabet, sizes: list[int]) -> None:
    """Each part holds the units S-10 and S-12 give it, and a pair at a boundary moves whole."""
    result = segment(text, turkish=turkish)
    assert alphabet is result.alphabet
    assert sizes == [cost(part, alphabet) for part in result.parts]
    assert sum(sizes) == result.units
    assert ROOM[alphabet][len(sizes) > 1] == result.capacity
    assert (text, "") == ("".join(result.parts), result.lost)


def test_one_part_is_the_same_with_and_without_long_sms() -> None:
    """A text of 160 septets needs no concatenation header, whatever its type says."""
    assert segment(filler(160), concatenate=False) == segment(filler(160), concatenate=True)


@pytest.mark.parametrize(
    ("text", "turkish", "kept", "units"),
    [
        (filler(161), False, 160, 160),
        (filler(159) + "€" + filler(9), False, 159, 159),
        (filler(158) + "€" + filler(9), False, 159, 160),
        ("ş" + filler(155), True, 155, 155),
        ("ş" * 100 + "a" * 56, True, 155, 155),
        ("ж" * 71, False, 70, 70),
        ("ж" * 69 + EMOJI, False, 69, 69),
        ("ж" * 68 + EMOJI * 2, False, 69, 70),
    ],
    ids=shown,
)
def test_cut_keeps_one_part_and_names_the_rest(text: str, turkish: bool, kept: int, units: int) -> None:
    """Without longSMS long-text=cut keeps what one part holds; no character is halved."""
    result = segment(text, turkish=turkish, concatenate=False)
    assert ((text[:kept],), text[kept:], units) == (result.parts, result.lost, result.units)
    assert ROOM[result.alphabet][0] == result.capacity


@pytest.mark.parametrize(
    ("text", "turkish", "alphabet", "because"),
    [
        ("a" * 70 + "ж", False, GSM, None),
        ("a" * 70 + "ж", True, GSM, None),
        ("a" * 69 + "ş" + "ж", True, SINGLE, "ş"),
        ("ş" * 156, True, LOCKING, "ş"),
        ("ş" + "ж" * 70, False, UCS2, "şж"),
        ("ş" + "ж" * 70, True, UCS2, "ж"),
        ("¡" + "ж" * 70, True, UCS2, "ж"),
    ],
    ids=shown,
)
def test_cut_prefers_the_earlier_alphabet_and_names_what_decided(
    text: str, turkish: bool, alphabet: Alphabet, because: str | None
) -> None:
    """Of the alphabets that keep as much the first wins, and the characters are named that none of the tables has."""
    result = segment(text, turkish=turkish, concatenate=False)
    assert (alphabet, because) == (result.alphabet, result.because)


CANDIDATES = {
    TurkishTable.FEWEST: (GSM, SINGLE, LOCKING, BOTH, UCS2),
    TurkishTable.SINGLE: (GSM, SINGLE, UCS2),
    TurkishTable.LOCKING: (GSM, LOCKING, BOTH, UCS2),
}


def fitting(text: str, alphabet: Alphabet) -> int:
    """How many characters of the beginning of a text one part of an alphabet holds, counted one by one."""
    used = 0
    for count, character in enumerate(text):
        try:
            used += cost(character, alphabet)
        except ValueError:
            return count
        if used > ROOM[alphabet][0]:
            return count
    return len(text)


@given(TEXTS, st.booleans(), st.sampled_from(TurkishTable))
def test_cut_keeps_as_much_as_any_alphabet_would(text: str, turkish: bool, table: TurkishTable) -> None:
    """No alphabet that the text may have would have kept more of it (S-11)."""
    result = segment_text(
        text,
        ucs2=False,
        turkish=turkish,
        concatenate=False,
        long_text=LongText.CUT,
        unencodable=Unencodable.UCS2,
        turkish_table=table,
    )
    assert isinstance(result, Segmentation)
    candidates = CANDIDATES[table] if turkish else (GSM, UCS2)
    [kept] = result.parts
    assert max(fitting(text, alphabet) for alphabet in candidates) == len(kept)
    assert (text, len(kept)) == (kept + result.lost, fitting(kept, result.alphabet))
    assert result.units == cost(kept, result.alphabet) <= result.capacity


@pytest.mark.parametrize(
    ("text", "table", "alphabet", "parts"),
    [
        ("ş" * 80, TurkishTable.SINGLE, SINGLE, 2),
        ("ş" * 80, TurkishTable.FEWEST, LOCKING, 1),
        ("ş" * 80, TurkishTable.LOCKING, LOCKING, 1),
        ("ş" + "a" * 153, TurkishTable.SINGLE, SINGLE, 1),
        ("ş" + "a" * 153, TurkishTable.LOCKING, LOCKING, 1),
        ("ş" + "a" * 153, TurkishTable.FEWEST, SINGLE, 1),
        ("merhaba", TurkishTable.LOCKING, GSM, 1),
    ],
    ids=shown,
)
def test_the_turkish_tables(text: str, table: TurkishTable, alphabet: Alphabet, parts: int) -> None:
    """Each value of `turkish-table`: what counts 2 in the one counts 1 in the other (S-10)."""
    result = segment_text(
        text,
        ucs2=False,
        turkish=True,
        concatenate=True,
        long_text=LongText.CUT,
        unencodable=Unencodable.UCS2,
        turkish_table=table,
    )
    assert isinstance(result, Segmentation)
    assert (alphabet, parts) == (result.alphabet, len(result.parts))


def test_split_reading_equals_long_sms() -> None:
    """long-text=split sends a long text as if longSMS had been asked for."""
    split = segment(filler(400), concatenate=False, long_text=LongText.SPLIT)
    assert segment(filler(400), concatenate=True) == split


@pytest.mark.parametrize(
    ("text", "turkish", "expected"),
    [
        (filler(161), False, TooLong(161, 160, GSM)),
        ("ş" + filler(155), True, TooLong(157, 155, SINGLE)),
        ("ж" * 69 + EMOJI, False, TooLong(71, 70, UCS2)),
    ],
    ids=shown,
)
def test_refuse_reading_says_what_was_needed_and_what_fits(text: str, turkish: bool, expected: TooLong) -> None:
    """long-text=refuse names the units needed and the room of one part of the chosen alphabet."""
    assert expected == segment_text(
        text,
        ucs2=False,
        turkish=turkish,
        concatenate=False,
        long_text=LongText.REFUSE,
        unencodable=Unencodable.UCS2,
    )


def test_refuse_reading_lets_long_sms_and_short_texts_through() -> None:
    """long-text=refuse refuses only long texts without longSMS."""
    refuse = LongText.REFUSE
    assert len(segment(filler(160), concatenate=False, long_text=refuse).parts) == 1
    assert len(segment(filler(161), concatenate=True, long_text=refuse).parts) == 2


@pytest.mark.parametrize(
    ("text", "ucs2", "turkish", "alphabet", "because"),
    [
        ("Merhaba", False, False, GSM, None),
        ("Merhaba €", False, True, GSM, None),
        ("iş ığdır ığ", False, False, UCS2, "şığ"),
        ("iş ığdır", False, True, SINGLE, "şığ"),
        ("iş Ж ı 😀", False, True, UCS2, "Ж😀"),
        ("€" * 100, False, True, LOCKING, None),
        ("iş", True, True, UCS2, None),
        ("Merhaba", True, False, UCS2, None),
        (filler(200) + "ş", False, False, UCS2, "ş"),
        ("a\x1bb", False, False, UCS2, "\x1b"),
        ("a\x1bb", False, True, UCS2, "\x1b"),
    ],
    ids=shown,
)
def test_the_characters_that_decided_the_alphabet_are_named(
    text: str, ucs2: bool, turkish: bool, alphabet: Alphabet, because: str | None
) -> None:
    """The explanation can say which characters kept a text out of the plain GSM alphabet, or out of every table."""
    result = segment(text, ucs2=ucs2, turkish=turkish)
    assert (alphabet, because) == (result.alphabet, result.because)


@pytest.mark.parametrize(
    ("text", "turkish", "alphabet", "sent", "replaced", "because"),
    [
        ("Merhaba", False, GSM, "Merhaba", "", None),
        ("iş ış", False, GSM, "i? ??", "şı", None),
        ("iş ЖЯЖ", True, SINGLE, "iş ???", "ЖЯ", "ş"),
        (f"ok {EMOJI}", False, GSM, "ok ?", EMOJI, None),
        ("a\x1bb", True, GSM, "a?b", "\x1b", None),
    ],
)
def test_question_marks_replace_what_no_candidate_has(
    text: str, turkish: bool, alphabet: Alphabet, sent: str, replaced: str, because: str | None
) -> None:
    """unencodable=question-mark: one ? a code point, and each lost character is named once."""
    result = segment(text, turkish=turkish, unencodable=Unencodable.QUESTION_MARK)
    assert (sent,) == result.parts
    assert (alphabet, replaced, because) == (result.alphabet, result.replaced, result.because)


def test_question_marks_do_not_touch_a_text_asked_for_in_ucs2() -> None:
    """datacoding 8 has every character, so nothing is replaced."""
    result = segment("Ж", ucs2=True, unencodable=Unencodable.QUESTION_MARK)
    assert (result.alphabet, result.parts, result.replaced) == (UCS2, ("Ж",), "")


@pytest.mark.parametrize("char", ["\U00010000", "\U0010ffff", "\U000f0000", EMOJI])
def test_no_surrogate_pair_is_halved(char: str) -> None:
    """The first and the last character that needs two units, and those between, move whole to the next part."""
    result = segment("ж" * 66 + char + "ж" * 10)
    assert ("ж" * 66, char + "ж" * 10) == result.parts


@pytest.mark.parametrize("char", ["\ud7ff", "\ue000", "\uffff", "\udc00"])
def test_what_is_no_first_half_of_a_pair_is_cut_after(char: str) -> None:
    """The neighbours of the surrogates that begin a pair stand alone: the part is filled."""
    assert ("ж" * 66 + char, "ж" * 10) == segment("ж" * 66 + char + "ж" * 10).parts


def test_lone_surrogates_are_counted_and_kept() -> None:
    """Half a surrogate pair can't come from XML, yet the arithmetic stays total: one unit, kept."""
    result = segment("\ud83d" * 80)
    assert ("".join(result.parts), result.units) == ("\ud83d" * 80, 80)


@pytest.mark.parametrize(
    ("octets", "concatenate", "long_text", "sizes", "lost"),
    [
        (0, False, LongText.CUT, [0], 0),
        (140, False, LongText.REFUSE, [140], 0),
        (140, True, LongText.CUT, [140], 0),
        (141, False, LongText.CUT, [140], 1),
        (141, True, LongText.CUT, [134, 7], 0),
        (141, False, LongText.SPLIT, [134, 7], 0),
        (268, True, LongText.REFUSE, [134, 134], 0),
        (269, True, LongText.REFUSE, [134, 134, 1], 0),
    ],
)
def test_binary_parts(octets: int, concatenate: bool, long_text: LongText, sizes: list[int], lost: int) -> None:
    """S-14: 140 octets alone, 134 as one of several, in upper-case hex; the rest as for text."""
    data = bytes([0xAB]) * octets
    result = segment_binary(data, concatenate=concatenate, long_text=long_text)
    assert isinstance(result, Segmentation)
    assert tuple("AB" * size for size in sizes) == result.parts
    assert ("AB" * lost, sum(sizes)) == (result.lost, result.units)
    assert (BINARY, ROOM[BINARY][len(sizes) > 1]) == (result.alphabet, result.capacity)
    assert (result.because, result.replaced) == (None, "")


def test_long_binary_is_refused_under_its_reading() -> None:
    """141 octets without longSMS are one too many under long-text=refuse."""
    refused = segment_binary(bytes(141), concatenate=False, long_text=LongText.REFUSE)
    assert TooLong(141, 140, BINARY) == refused


@given(
    text=st.one_of(TEXTS, st.text(max_size=400)),
    ucs2=st.booleans(),
    turkish=st.booleans(),
    concatenate=st.booleans(),
    long_text=st.sampled_from(LongText),
)
def test_nothing_is_lost_unsaid_and_every_part_fits(
    text: str, ucs2: bool, turkish: bool, concatenate: bool, long_text: LongText
) -> None:
    """Parts plus the lost rest are the text; each part fits, none is empty; units are exact."""
    result = segment_text(
        text,
        ucs2=ucs2,
        turkish=turkish,
        concatenate=concatenate,
        long_text=long_text,
        unencodable=Unencodable.UCS2,
    )
    if isinstance(result, TooLong):
        assert (concatenate, long_text) == (False, LongText.REFUSE)
        assert result.units > result.capacity == ROOM[result.alphabet][0]
        assert cost(text, result.alphabet) == result.units
        return
    costs = [cost(part, result.alphabet) for part in result.parts]
    assert text == "".join(result.parts) + result.lost
    assert max(costs) <= result.capacity == ROOM[result.alphabet][len(costs) > 1]
    assert sum(costs) == result.units
    assert all(result.parts) or result.parts == ("",)
    if result.lost:
        assert (len(costs), concatenate, long_text) == (1, False, LongText.CUT)
        # Greedy: not one more character would have fitted.
        assert costs[0] + cost(result.lost[0], result.alphabet) > result.capacity


@given(text=TEXTS, turkish=st.booleans())
def test_the_candidate_and_the_cuts_need_the_fewest_parts(text: str, turkish: bool) -> None:
    """No candidate cut in any way needs fewer parts, and an equal one is later in S-12's order."""
    candidates = [GSM, SINGLE, LOCKING, BOTH] if turkish else [GSM]
    able = [one for one in candidates if encodable(text, one)] or [UCS2]
    counts = {one: fewest_possible(text, one) for one in able}
    fewest = min(counts.values())
    result = segment(text, turkish=turkish)
    assert fewest == len(result.parts)
    assert next(one for one in able if counts[one] == fewest) is result.alphabet


@given(text=TEXTS, more=st.text(CHARACTERS, max_size=20), ucs2=st.booleans(), turkish=st.booleans())
def test_a_longer_text_never_needs_fewer_parts(text: str, more: str, ucs2: bool, turkish: bool) -> None:
    """Adding characters never makes a message cheaper."""
    shorter = segment(text, ucs2=ucs2, turkish=turkish)
    longer = segment(text + more, ucs2=ucs2, turkish=turkish)
    assert len(shorter.parts) <= len(longer.parts)


@given(text=TEXTS)
def test_the_turkish_tables_never_make_a_message_dearer(text: str) -> None:
    """languageCode ES or TR never costs a part: UCS-2 is worse than even a text all escaped."""
    assert len(segment(text, turkish=True).parts) <= len(segment(text, turkish=False).parts)


@given(text=TEXTS, turkish=st.booleans(), concatenate=st.booleans())
def test_question_marks_keep_the_length_and_name_what_went(text: str, turkish: bool, concatenate: bool) -> None:
    """Each code point either arrives or is a ? that `replaced` names; never UCS-2."""
    result = segment(
        text,
        turkish=turkish,
        concatenate=concatenate,
        unencodable=Unencodable.QUESTION_MARK,
    )
    sent = "".join(result.parts) + result.lost
    assert "".join("?" if char in result.replaced else char for char in text) == sent
    assert result.alphabet is not UCS2
    assert len(set(result.replaced)) == len(result.replaced)


@given(
    text=TEXTS,
    turkish=st.booleans(),
    concatenate=st.booleans(),
    unencodable=st.sampled_from(Unencodable),
    step=st.integers(1, 5),
)
def test_a_text_that_is_searched_in_pieces_has_the_same_parts(
    text: str, turkish: bool, concatenate: bool, unencodable: Unencodable, step: int
) -> None:
    """However short the pieces are in which the alphabets look for characters that they lack (S-12)."""
    whole = segment(text, turkish=turkish, concatenate=concatenate, unencodable=unencodable)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(segments, "_STEP", step)
        assert whole == segment(text, turkish=turkish, concatenate=concatenate, unencodable=unencodable)


@given(text=TEXTS, turkish=st.booleans())
def test_a_cut_message_is_one_part_and_what_was_lost(text: str, turkish: bool) -> None:
    """With long-text=cut the part that goes out and what was lost are the text (S-11)."""
    cut = segment(text, turkish=turkish, concatenate=False)
    assert text == "".join([*cut.parts, cut.lost])
    assert 1 == len(cut.parts)


@given(
    data=st.binary(max_size=500),
    concatenate=st.booleans(),
    long_text=st.sampled_from([LongText.CUT, LongText.SPLIT]),
)
def test_binary_parts_and_rest_are_the_octets(data: bytes, concatenate: bool, long_text: LongText) -> None:
    """Parts and the reported rest are all octets, and each part fits."""
    result = segment_binary(data, concatenate=concatenate, long_text=long_text)
    assert isinstance(result, Segmentation)
    assert data == bytes.fromhex("".join(result.parts) + result.lost)
    assert max(len(part) // 2 for part in result.parts) <= result.capacity


def test_the_refused_and_the_accepted_are_frozen() -> None:
    """A segmentation is a value: hashable and unchangeable."""
    result = segment("Merhaba")
    assert {result} == {segment("Merhaba")}
    with pytest.raises(AttributeError):
        result.units = 3  # type: ignore[misc]
