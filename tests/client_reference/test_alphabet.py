"""The number of parts of a text, by S-10, S-12 and the tables of the standard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kobikom_client import Message, TurkishTable, parts
from kobikom_client.alphabet import (
    DEFAULT,
    EXTENSION,
    PLAIN,
    TURKISH,
    TURKISH_LOCKING,
    TURKISH_SHIFT,
    Alphabet,
    divide,
    divide_binary,
)

_MIXED = st.text(st.sampled_from("abc {}€şŞğĞıİç\n日😀"), max_size=400)


@pytest.mark.parametrize(
    ("text", "alphabet", "count"),
    [
        ("", Alphabet.GSM, 1),
        ("a" * 160, Alphabet.GSM, 1),
        ("a" * 161, Alphabet.GSM, 2),
        ("a" * 306, Alphabet.GSM, 2),
        ("a" * 307, Alphabet.GSM, 3),
        ("€" * 80, Alphabet.GSM, 1),
        ("€" * 81, Alphabet.TURKISH_LOCKING, 1),
        ("ş" + "a" * 153, Alphabet.TURKISH_SHIFT, 1),
        ("ş" + "a" * 154, Alphabet.TURKISH_LOCKING, 1),
        ("ş" * 155, Alphabet.TURKISH_LOCKING, 1),
        ("ş" * 156, Alphabet.TURKISH_LOCKING, 2),
        ("èş", Alphabet.TURKISH_SHIFT, 1),
        ("è" + "ş" * 100, Alphabet.TURKISH_SHIFT, 2),
        ("日" * 70, Alphabet.UCS2, 1),
        ("日" * 71, Alphabet.UCS2, 2),
        ("😀" * 35, Alphabet.UCS2, 1),
        ("😀" * 36, Alphabet.UCS2, 2),
        ("😀" * 66, Alphabet.UCS2, 2),
        ("😀" * 67, Alphabet.UCS2, 3),
    ],
    ids=lambda value: str(value)[:12],
)
def test_texts_divide_by_the_capacities_of_the_clauses(text: str, alphabet: Alphabet, count: int) -> None:
    """Each alphabet has the capacity of S-10, no character is split, and the fewest parts are chosen."""
    divided = divide(text)
    assert (alphabet, count) == (divided.alphabet, divided.count)


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("a" * 161, (2, 2, 2)),
        ("ş" * 77, (1, 1, 1)),
        ("ş" * 78, (1, 2, 1)),
        ("ş" * 155, (1, 3, 1)),
        ("è" * 153 + "ş", (1, 1, 3)),
        ("日" * 71, (2, 2, 2)),
    ],
    ids=lambda value: str(value)[:12],
)
def test_the_table_of_a_turkish_text_decides_its_parts(text: str, counts: tuple[int, int, int]) -> None:
    """The parts of a text under each value of the reading turkish-table (S-10): fewest, single, locking."""
    tables = (TurkishTable.FEWEST, TurkishTable.SINGLE, TurkishTable.LOCKING)
    assert counts == tuple(parts(Message(text), turkish_table=table).count for table in tables)


def test_an_escaped_character_is_never_split_across_parts() -> None:
    """If an escaped character does not fit the rest of a part, the part stays one septet short."""
    divided = divide("a" * 152 + "€" + "a" * 10)
    assert ("a" * 152, "€" + "a" * 10) == divided.texts


@given(text=_MIXED)
def test_the_parts_joined_are_the_text(text: str) -> None:
    """Dividing a text loses and reorders nothing, with any selection of alphabets."""
    for candidates in (PLAIN, TURKISH, (), (*PLAIN, *TURKISH)):
        assert text == "".join(divide(text, candidates).texts)  # type: ignore[arg-type]


@given(text=_MIXED)
def test_more_alphabets_never_make_more_parts(text: str) -> None:
    """Offering the Turkish tables as well never increases the number of parts."""
    assert divide(text).count <= divide(text, PLAIN).count


def test_the_tables_have_the_size_of_the_standard() -> None:
    """128 positions each, 10 extensions, and 7 more Turkish letters in the single shift table."""
    assert (128, 128, 10, 17) == (
        len(DEFAULT),
        len(TURKISH_LOCKING),
        len(EXTENSION),
        len(TURKISH_SHIFT),
    )
    differing = [(a, b) for a, b in zip(DEFAULT, TURKISH_LOCKING, strict=True) if a != b]
    assert [
        ("è", "€"),
        ("ì", "ı"),
        ("Ø", "Ğ"),
        ("ø", "ğ"),
        ("Æ", "Ş"),
        ("æ", "ş"),
        ("¡", "İ"),
        ("¿", "ç"),
    ] == differing


def test_the_escape_code_needs_ucs2() -> None:
    """U+001B is in no table as a character, so a text with it is sent as UCS-2."""
    assert Alphabet.UCS2 == divide("\x1b").alphabet


@pytest.mark.parametrize(("length", "count"), [(0, 1), (140, 1), (141, 2), (268, 2), (269, 3)])
def test_binary_divides_into_140_octets_or_parts_of_134(length: int, count: int) -> None:
    """One part holds 140 octets, each of several 134 (S-14)."""
    divided = divide_binary(bytes(length))
    assert (count, bytes(length)) == (divided.count, b"".join(divided.texts))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("message", "alphabet"),
    [
        (Message("ş"), Alphabet.TURKISH_SHIFT),
        (Message("€" * 81), Alphabet.GSM),
        (Message("€" * 81, language="ES"), Alphabet.TURKISH_LOCKING),
        (Message("ş", language="tr"), Alphabet.TURKISH_SHIFT),
        (Message("ş", language=""), Alphabet.UCS2),
        (Message("ş", data_coding=8), Alphabet.UCS2),
        (Message("a", data_coding=24), Alphabet.UCS2),
        (Message("a", data_coding=240), Alphabet.GSM),
        (Message(binary=b"1"), Alphabet.BINARY),
    ],
)
def test_data_coding_and_language_restrict_the_alphabet(message: Message, alphabet: Alphabet) -> None:
    """Codings 8 and 24 are UCS-2; the national tables are used only with a language (S-12)."""
    assert alphabet == parts(message).alphabet
