"""The 7-bit tables of TS 23.038 against an independent codec and against the specification."""

from functools import cache

import gsm0338  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kobikom_emulator.domain.alphabets import ROOM, TABLES, Alphabet, Room, characters, septets

SEVEN_BIT = list(TABLES)
WITHOUT_SEPTETS = [Alphabet.UCS2, Alphabet.BINARY]
BMP = [chr(code) for code in range(0x10000)]

# By hand from TS 23.038, A.2.1 and A.3.1: only what differs from the default tables.
SINGLE_SHIFT = {"Ğ": 0x47, "İ": 0x49, "Ş": 0x53, "ç": 0x63, "ğ": 0x67, "ı": 0x69, "ş": 0x73}
LOCKING_SHIFT = {
    "€": 0x04,
    "ı": 0x07,
    "Ğ": 0x0B,
    "ğ": 0x0C,
    "Ş": 0x1C,
    "ş": 0x1D,
    "İ": 0x40,
    "ç": 0x60,
}
NOT_IN_LOCKING_SHIFT = "èìØøÆæ¡¿"


@cache
def table(alphabet: Alphabet) -> dict[str, bytes]:
    """Every character of the BMP that the alphabet has, with its septets."""
    found = {}
    for char in BMP:
        try:
            found[char] = septets(char, alphabet)
        except ValueError:
            continue
    return found


def independent_table() -> dict[str, bytes]:
    """The default alphabet by an independent codec, less the escape, a character to it."""
    codec = gsm0338.Codec()
    found = {}
    for char in BMP:
        try:
            found[char] = codec.encode(char)[0]
        except UnicodeEncodeError:
            continue
    assert found.pop("\x1b") == b"\x1b"
    return found


def test_default_alphabet_agrees_with_an_independent_codec() -> None:
    """Each character of the BMP has the septets an independent codec gives it, or none in both."""
    assert independent_table() == table(Alphabet.GSM)


def test_single_shift_adds_the_turkish_letters_to_the_default_tables() -> None:
    """The single shift table is the default extension plus the seven Turkish letters of A.2.1."""
    letters = {char: bytes([0x1B, code]) for char, code in SINGLE_SHIFT.items()}
    assert table(Alphabet.GSM) | letters == table(Alphabet.TURKISH_SINGLE)


def test_locking_shift_changes_eight_places_of_the_basic_table() -> None:
    """The locking shift table is the default alphabet with the eight places of A.3.1 changed."""
    expected = table(Alphabet.GSM) | {char: bytes([code]) for char, code in LOCKING_SHIFT.items()}
    for char in NOT_IN_LOCKING_SHIFT:
        del expected[char]
    assert expected == table(Alphabet.TURKISH_LOCKING)


def test_both_shifts_give_the_same_characters_as_the_locking_shift_alone() -> None:
    """The locking table has all Turkish letters already: the single shift adds nothing."""
    assert table(Alphabet.TURKISH_LOCKING) == table(Alphabet.TURKISH_BOTH)


def test_single_shift_has_every_character_of_every_other_candidate() -> None:
    """What default plus single shift lacks no candidate has: the part arithmetic relies on it."""
    widest = table(Alphabet.TURKISH_SINGLE).keys()
    assert [one for one in SEVEN_BIT if not table(one).keys() <= widest] == []


@pytest.mark.parametrize(
    ("alphabet", "expected"),
    [
        (Alphabet.GSM, "41 1b 65 20 09"),
        (Alphabet.TURKISH_SINGLE, "41 1b 65 20 09"),
        (Alphabet.TURKISH_LOCKING, "41 04 20 09"),
        (Alphabet.TURKISH_BOTH, "41 04 20 09"),
    ],
)
def test_euro_sign_costs_two_septets_or_one_by_alphabet(alphabet: Alphabet, expected: str) -> None:
    """The euro sign is an extension character, but a basic one under the locking shift."""
    assert expected == septets("A€ Ç", alphabet).hex(" ")


@pytest.mark.parametrize("alphabet", SEVEN_BIT)
def test_escape_is_no_character(alphabet: Alphabet) -> None:
    """U+001B in a text is refused: on the wire it would swallow the next septet."""
    with pytest.raises(ValueError, match=r"U\+001B at 1"):
        septets("a\x1bb", alphabet)


@pytest.mark.parametrize("alphabet", WITHOUT_SEPTETS)
def test_alphabets_without_septets_say_so(alphabet: Alphabet) -> None:
    """Septets of UCS-2 or binary raise ValueError."""
    with pytest.raises(ValueError, match="no septets"):
        septets("a", alphabet)
    with pytest.raises(ValueError, match="no septets"):
        characters(b"a", alphabet)


@pytest.mark.parametrize(
    ("alphabet", "alone", "among"),
    [
        (Alphabet.GSM, 160, 153),
        (Alphabet.TURKISH_SINGLE, 155, 149),
        (Alphabet.TURKISH_LOCKING, 155, 149),
        (Alphabet.TURKISH_BOTH, 152, 146),
        (Alphabet.UCS2, 70, 67),
        (Alphabet.BINARY, 140, 134),
    ],
)
def test_the_room_of_a_part_is_what_its_header_leaves(alphabet: Alphabet, alone: int, among: int) -> None:
    """140 octets less the header: 6 octets to join parts, 3 for each national table and 1 before the first (S-10)."""
    assert Room(alone, among) == ROOM[alphabet]
    tables = {Alphabet.TURKISH_SINGLE: 1, Alphabet.TURKISH_LOCKING: 1, Alphabet.TURKISH_BOTH: 2}.get(alphabet, 0)
    bits = {Alphabet.UCS2: 16, Alphabet.BINARY: 8}.get(alphabet, 7)
    lone_header = 3 * tables + 1 if tables else 0
    joined_header = 3 * tables + 6
    assert [(140 - lone_header) * 8 // bits, (140 - joined_header) * 8 // bits] == [alone, among]


@pytest.mark.parametrize(
    ("data", "unknown"),
    [("80", "80"), ("ff", "ff"), ("1b", "1b"), ("41 1b", "1b"), ("1b 1b", "1b 1b"), ("1b 41", "1b 41")],
)
def test_septets_that_are_no_character_are_refused(data: str, unknown: str) -> None:
    """An octet over seven bits, a lone escape, an unassigned extension: errors that name it, not guesses."""
    with pytest.raises(ValueError, match=f"^septets {unknown} are not a character$"):
        characters(bytes.fromhex(data), Alphabet.GSM)


def test_single_shift_escapes_are_read_even_where_the_basic_table_has_the_letter() -> None:
    """A sender may escape what the locking table has anyway: both spellings are the same text."""
    assert characters(bytes.fromhex("1d 1b 73 04 1b 65"), Alphabet.TURKISH_BOTH) == "şş€€"


@given(data=st.data(), alphabet=st.sampled_from(SEVEN_BIT))
def test_septets_and_characters_are_inverse(data: st.DataObject, alphabet: Alphabet) -> None:
    """Decoding the encoded text gives any encodable text again, in septets of seven bits."""
    text = data.draw(st.text(st.sampled_from(TABLES[alphabet].singles + TABLES[alphabet].escaped)))
    units = septets(text, alphabet)
    assert text == characters(units, alphabet)
    assert all(unit < 0x80 for unit in units)


@given(text=st.text(), alphabet=st.sampled_from(SEVEN_BIT))
def test_any_text_is_encoded_exactly_or_refused(text: str, alphabet: Alphabet) -> None:
    """Every text is either encoded exactly or refused with ValueError."""
    try:
        units = septets(text, alphabet)
    except ValueError:
        assert TABLES[alphabet].outside.search(text) is not None
    else:
        assert text == characters(units, alphabet)


@given(text=st.text(st.sampled_from("aş€[ğ Ğ\nç|é"), max_size=40), alphabet=st.sampled_from(SEVEN_BIT))
def test_marked_text_is_as_long_as_its_septets(text: str, alphabet: Alphabet) -> None:
    """A marked text has as many characters as its encoding has septets."""
    if TABLES[alphabet].outside.search(text) is None:
        marked = TABLES[alphabet].marked(text)
        escapes = [at for at, unit in enumerate(septets(text, alphabet)) if unit == 0x1B]
        assert len(septets(text, alphabet)) == len(marked)
        assert escapes == [at for at, char in enumerate(marked) if char == "\x1b"]
