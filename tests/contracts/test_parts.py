"""The arithmetic of parts against figures from the standard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kobikom_contracts.parts import (
    GSM_DEFAULT,
    GSM_EXTENSION,
    TURKISH_LOCKING,
    TURKISH_SINGLE,
    Alphabet,
    fit,
    octet_parts,
)

ANY = st.text(st.sampled_from("aşğıİ€{中😀"), max_size=400)


def test_tables_have_the_standard_s_size() -> None:
    """127 default characters and the escape make 128; so do the locking table's."""
    assert (127, 127, 10, 17) == (
        len(GSM_DEFAULT),
        len(TURKISH_LOCKING),
        len(GSM_EXTENSION),
        len(TURKISH_SINGLE),
    )


@pytest.mark.parametrize(
    ("text", "turkish", "alphabet", "parts"),
    [
        ("a" * 160, False, Alphabet.GSM, 1),
        ("a" * 161, False, Alphabet.GSM, 2),
        ("a" * 307, False, Alphabet.GSM, 3),
        ("€" * 80, False, Alphabet.GSM, 1),
        ("€" * 81, False, Alphabet.GSM, 2),
        ("ş" * 70, False, Alphabet.UCS2, 1),
        ("ş" * 71, False, Alphabet.UCS2, 2),
        ("😀" * 35, False, Alphabet.UCS2, 1),
        ("😀" * 67, False, Alphabet.UCS2, 3),
        ("ş" * 77, True, Alphabet.TURKISH_SINGLE, 1),
        ("ş" * 155, True, Alphabet.TURKISH_LOCKING, 1),
        ("ş" * 156, True, Alphabet.TURKISH_LOCKING, 2),
        ("a" * 160, True, Alphabet.GSM, 1),
        ("Ğ" * 150 + "è", True, Alphabet.TURKISH_SINGLE, 3),
        ("", False, Alphabet.GSM, 1),
    ],
)
def test_known_layouts(text: str, turkish: bool, alphabet: Alphabet, parts: int) -> None:
    """Alphabet and parts of texts counted by hand."""
    laid_out = fit(text, turkish=turkish)
    assert (alphabet, parts) == (laid_out.alphabet, laid_out.parts)


@given(ANY, st.booleans(), st.booleans())
def test_nothing_is_lost(text: str, turkish: bool, ucs2: bool) -> None:
    """The pieces together are the text."""
    assert text == "".join(fit(text, turkish=turkish, ucs2=ucs2).pieces)


@given(ANY)
def test_turkish_tables_never_cost_more(text: str) -> None:
    """Admitting more alphabets never makes a text longer."""
    assert fit(text, turkish=True).parts <= fit(text).parts <= fit(text, ucs2=True).parts


def test_question_marks_replace_what_has_no_character() -> None:
    """Under question-mark a text of one foreign character stays in the default alphabet."""
    assert Alphabet.GSM is fit("a中😀", replace=True).alphabet
    assert "a??" == fit("a中😀", replace=True).pieces[0]


@pytest.mark.parametrize(
    ("octets", "split", "parts"), [(140, True, 1), (141, True, 2), (269, True, 3), (999, False, 1)]
)
def test_octets(octets: int, split: bool, parts: int) -> None:
    """Binary parts of 140 alone and 134 each."""
    assert parts == octet_parts(octets, split=split)
