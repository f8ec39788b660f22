"""What holds where a reading chooses nothing else: the defaults and limits of the rules."""

from kobikom_emulator.domain.rules import (
    FLASH_CODINGS,
    LONGEST_VALIDITY,
    MINUTE,
    TURKISH_LANGUAGES,
    UNICODE_CODINGS,
    DuplicateId,
    EmptyNumber,
    Rules,
    ShortCredit,
    UnknownTitle,
)
from kobikom_emulator.domain.segments import LongText, TurkishTable, Unencodable


def test_the_defaults() -> None:
    """The first value of each reading, ids of 15 digits and 100,000 recipients (S-02, T-11)."""
    assert (
        Rules(
            duplicate_id=DuplicateId.LATER_ONES,
            empty_number=EmptyNumber.SKIP,
            lenient_numbers=True,
            unknown_title=UnknownTitle.REFUSE,
            long_text=LongText.CUT,
            unencodable=Unencodable.UCS2,
            turkish_table=TurkishTable.FEWEST,
            short_credit=ShortCredit.PER_RECIPIENT,
            id_digits=15,
            max_recipients=100_000,
            magic_numbers=True,
        )
        == Rules()
    )


def test_the_longest_validity() -> None:
    """48 hours in milliseconds (S-16)."""
    assert (60_000, 172_800_000) == (MINUTE, LONGEST_VALIDITY)


def test_codings_and_languages() -> None:
    """Data coding 8 is Unicode, 240 a flash message and 24 both; ES and TR take the Turkish tables (S-12, S-13)."""
    assert ({8, 24}, {240, 24}, {"ES", "TR"}) == (UNICODE_CODINGS, FLASH_CODINGS, TURKISH_LANGUAGES)
