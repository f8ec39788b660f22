"""The public strategies draw what their names say."""

from __future__ import annotations

import pytest
from hypothesis import given
from lxml import etree

from kobikom_contracts import strategies as kobikom
from kobikom_contracts.parts import fit
from kobikom_contracts.strategies import Alphabet


@pytest.mark.parametrize("alphabet", list(Alphabet))
@pytest.mark.parametrize("parts", [1, 2, 3])
def test_texts_stay_near_their_parts(alphabet: Alphabet, parts: int) -> None:
    """A text of so many parts takes at most one more, or twice as many when all are escaped."""

    @given(kobikom.texts(alphabet, parts=parts))
    def check(text: str) -> None:
        assert 1 <= fit(text, turkish=True).parts <= 3 * parts + 1

    check()


@given(kobikom.turkish_msisdns(forms=True), kobikom.foreign_msisdns(), kobikom.invalid_msisdns())
def test_numbers_by_outcome(turkish: str, foreign: str, invalid: str) -> None:
    """Turkish numbers end in 5XXXXXXXXX in every form; foreign ones don't begin with 90."""
    digits = turkish.lstrip("+0")
    assert "5" == digits[-10]
    assert len(digits) in (10, 12)
    assert not foreign.startswith("90")
    assert invalid


@given(kobikom.offsets())
def test_offsets_keep_their_order(offset: str) -> None:
    """Units come as days, hours, minutes, seconds, each at most once."""
    units = [c for c in offset if c.isalpha()]
    assert units == sorted(set(units), key="dhms".index)


@given(kobikom.spellings())
def test_spellings_are_well_formed(spelling: kobikom.Spelling) -> None:
    """However it is spelled, the send is well-formed XML with one recipient."""
    root = etree.fromstring(spelling.xml("u", "p", "905329975725", "id"))
    assert 1 == len([e for e in root.iter() if e.tag.lower() == "gsm"])


@given(kobikom.near_valid_bodies("u", "p"))
def test_near_valid_bodies_are_bytes(body: bytes) -> None:
    """Mutated requests still look like one somewhere, or are all but empty."""
    assert isinstance(body, bytes)


@given(kobikom.people_texts())
def test_people_texts_are_turkish(text: str) -> None:
    """Realistic texts begin with the form of address "Sayın"."""
    assert text.startswith("Sayın ")


@pytest.mark.parametrize("status", kobikom.STATUSES)
def test_magic_numbers_by_status(status: str) -> None:
    """Each status has a number of its own in the unassigned range."""

    @given(kobikom.magic_msisdns(status))
    def check(number: str) -> None:
        assert f"9059900000{kobikom.STATUSES.index(status) + 1:02d}" == number

    check()
