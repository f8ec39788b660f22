"""How the provider decides where the vendor's page leaves a choice, and its limits."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from kobikom_emulator.domain.segments import LongText, TurkishTable, Unencodable

MINUTE = 60_000
LONGEST_VALIDITY = 48 * 60 * MINUTE
"""The longest validity of a message in milliseconds, and the validity of a message that names none (S-16)."""

UNICODE_CODINGS = frozenset({8, 24})
FLASH_CODINGS = frozenset({240, 24})
TURKISH_LANGUAGES = frozenset({"ES", "TR"})


class DuplicateId(StrEnum):
    LATER_ONES = "later-ones"
    WHOLE_REQUEST = "whole-request"
    ACCOUNT_HISTORY = "account-history"


class EmptyNumber(StrEnum):
    SKIP = "skip"
    REFUSE = "refuse"


class UnknownTitle(StrEnum):
    REFUSE = "refuse"
    ACCEPT = "accept"


class ShortCredit(StrEnum):
    PER_RECIPIENT = "per-recipient"
    WHOLE_REQUEST = "whole-request"


class Rules(msgspec.Struct, frozen=True, gc=False):
    """One value for each choice; `rules_of` derives them from the readings."""

    duplicate_id: DuplicateId = DuplicateId.LATER_ONES
    empty_number: EmptyNumber = EmptyNumber.SKIP
    lenient_numbers: bool = True
    unknown_title: UnknownTitle = UnknownTitle.REFUSE
    long_text: LongText = LongText.CUT
    unencodable: Unencodable = Unencodable.UCS2
    turkish_table: TurkishTable = TurkishTable.FEWEST
    short_credit: ShortCredit = ShortCredit.PER_RECIPIENT
    id_digits: int = 15
    """Digits of a generated message id (S-02)."""
    max_recipients: int = 100_000
    magic_numbers: bool = True
