"""Strategies for the contents of one field: texts, message ids, offsets."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from kobikom_contracts import parts as arithmetic
from kobikom_contracts.parts import GSM_DEFAULT, GSM_EXTENSION, Alphabet

_XML_TEXT = st.characters(
    codec="utf-8",
    exclude_categories=("Cs", "Cn", "Co"),
    min_codepoint=0x20,
    exclude_characters="\ufffe\uffff\x7f\x85",
)


def _alphabet_chars(alphabet: Alphabet) -> SearchStrategy[str]:
    writable = sorted(GSM_DEFAULT - {"\r", "\n"})
    match alphabet:
        case Alphabet.GSM:
            return st.sampled_from(writable) | st.sampled_from(sorted(GSM_EXTENSION - {"\f"}))
        case Alphabet.TURKISH_SINGLE:
            return st.sampled_from(writable) | st.sampled_from("ĞİŞçğış")
        case Alphabet.TURKISH_LOCKING:
            return st.sampled_from(sorted(arithmetic.TURKISH_LOCKING - {"\r", "\n"}))
        case Alphabet.TURKISH_BOTH:
            return st.sampled_from("ĞİŞçğışabc") | st.sampled_from("{}€[]")
        case Alphabet.UCS2:
            return st.sampled_from("abcşğıЖ中") | st.just("😀")


def texts(alphabet: Alphabet = Alphabet.GSM, *, parts: int = 1) -> SearchStrategy[str]:
    """Texts of characters of an alphabet, at and around the boundary of ``parts`` parts.

    Lengths sit on either side of where the next part begins, so a charge off by one shows.
    """
    how = {c.alphabet: c for c in (*arithmetic.CANDIDATES, arithmetic.UCS2)}[alphabet]
    edge = how.one if parts == 1 else how.each * parts
    return st.tuples(
        st.lists(_alphabet_chars(alphabet), min_size=1, max_size=6),
        st.sampled_from((edge // 2, edge - 2, edge - 1, edge, edge + 1)),
    ).map(lambda pair: _stretched("".join(pair[0]), pair[1]))


def _stretched(seed: str, length: int) -> str:
    return (seed * (length // len(seed) + 1))[:length]


def people_texts() -> SearchStrategy[str]:
    """Realistic Turkish texts (Faker, tr_TR) with a name, a town and an amount."""
    from faker import Faker

    def write(seed: int) -> str:
        fake = Faker("tr_TR")
        fake.seed_instance(seed)
        return (
            f"Sayın {fake.name()}, {fake.city()} şubemizden {fake.random_int(1, 9999)} TL "
            f"tutarında işleminiz onaylanmıştır. {fake.company()}"
        )

    return st.integers(0, 2**32 - 1).map(write)


def message_ids() -> SearchStrategy[str]:
    """Client message ids: any length, any printable characters, not blank, no comma (R-01)."""
    return st.text(
        st.characters(
            min_codepoint=0x21,
            max_codepoint=0x17F,
            exclude_characters=",\x7f\x85\xa0",
            exclude_categories=("Cc", "Zs"),
        ),
        min_size=1,
        max_size=40,
    )


def offsets() -> SearchStrategy[str]:
    """IleriTarih values of the documented form (S-15), such as ``4d3h2m1s``."""
    numbers = ("", *map(str, range(10)))
    pieces = [st.sampled_from([n and n + unit for n in numbers]) for unit in "dhms"]
    return st.tuples(*pieces).map("".join)
