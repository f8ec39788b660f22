"""Judges foreign numbers by libphonenumber's numbering plans, with tables that are made once for each country code.

The library itself takes about 70 µs a number. Its metadata are patterns; those that decide are compiled here for each
country code and length when the first such number comes, and a number costs a few matches of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

_SHORTEST_NATIONAL = 2
_NEITHER_FIXED_NOR_MOBILE = (
    "premium_rate", "toll_free", "shared_cost", "voip", "personal_number", "pager", "uan", "voicemail",
)  # fmt: skip
"""Kinds of numbers that come before fixed line and mobile where the patterns of several match."""


class ForeignNumber(NamedTuple):
    """What the numbering plan of a country code says about a number.

    `country` is None where the number is valid nowhere; `short` whether digits are missing; `trunk_prefix` whether it
    has a prefix after its country code that is dialled inside the country only; `mobile` whether a mobile phone can
    have it.
    """

    code: str
    country: str | None
    short: bool = False
    trunk_prefix: bool = False
    mobile: bool = False


def judge(digits: str) -> ForeignNumber | None:
    """What is known of a number in international digits; None where it begins with no country code."""
    for length in (1, 2, 3):
        plan = _plan(digits[:length])
        if plan is not None:
            return plan.judge(digits[length:])
    return None


class _OfLength(NamedTuple):
    """The patterns of a region that numbers of one length can match; None where there is none."""

    other: re.Pattern[str] | None
    fixed: re.Pattern[str] | None
    mobile: re.Pattern[str] | None


class _Region:
    """The numbering plan of one region."""

    def __init__(self, name: str, metadata: Any) -> None:
        self.name = name
        self._metadata = metadata
        self.general = re.compile(metadata.general_desc.national_number_pattern or r"(?!)")
        lengths = metadata.general_desc.possible_length
        self._lengths: frozenset[int] = frozenset(lengths)
        self._local_lengths: frozenset[int] = frozenset(metadata.general_desc.possible_length_local_only)
        self._shortest: int = lengths[0]
        self.leading = re.compile(metadata.leading_digits) if metadata.leading_digits else None
        prefix = metadata.national_prefix_for_parsing
        self._prefix = re.compile(prefix) if prefix else None
        self._of_length: dict[int, _OfLength] = {}

    def is_short(self, national: str) -> bool:
        """Whether a number has too few digits for any number of the region."""
        return len(national) not in self._local_lengths and len(national) < self._shortest

    def without_prefix(self, national: str) -> str:
        """The number without what is dialled before it inside the country only."""
        match = self._prefix.match(national) if self._prefix is not None else None
        if match is None:
            return national
        assert self._prefix is not None
        rule, groups = self._metadata.national_prefix_transform_rule, match.groups()
        if not rule or (groups and groups[-1] is None):
            stripped = national[match.end() :]
        else:
            stripped = self._prefix.sub(rule, national, count=1)
        if self.general.fullmatch(national) and not self.general.fullmatch(stripped):
            return national
        return stripped if self._can_stand_alone(stripped) else national

    def _can_stand_alone(self, national: str) -> bool:
        """Whether a number is so long that a prefix may have stood before it."""
        length = len(national)
        if length in self._local_lengths:
            return False
        return length in self._lengths or length > max(self._lengths)

    def is_valid(self, national: str) -> bool:
        if self._misses_general(national):
            return False
        patterns = self._patterns(len(national))
        return any(pattern is not None and pattern.fullmatch(national) for pattern in patterns)

    def is_mobile(self, national: str) -> bool:
        """Whether a mobile phone can have the number, be it one that a fixed line can have, too."""
        other, fixed, mobile = self._patterns(len(national))
        pattern = fixed if self._metadata.same_mobile_and_fixed_line_pattern else mobile
        if pattern is None or not pattern.fullmatch(national) or self._misses_general(national):
            return False
        return other is None or not other.fullmatch(national)

    def _misses_general(self, national: str) -> bool:
        lengths = self._lengths
        return bool(lengths and len(national) not in lengths) or self.general.fullmatch(national) is None

    def _patterns(self, length: int) -> _OfLength:
        patterns = self._of_length.get(length)
        if patterns is None:
            metadata = self._metadata
            patterns = self._of_length[length] = _OfLength(
                _joined([getattr(metadata, kind) for kind in _NEITHER_FIXED_NOR_MOBILE], length),
                _joined([metadata.fixed_line], length),
                _joined([metadata.mobile], length),
            )
        return patterns


def _joined(descriptions: Iterable[Any], length: int) -> re.Pattern[str] | None:
    """One pattern for all of the descriptions that have numbers of this length; None where none has."""
    patterns = [
        description.national_number_pattern
        for description in descriptions
        if description is not None
        and description.national_number_pattern
        and (not description.possible_length or length in description.possible_length)
    ]
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns)) if patterns else None


class _Plan:
    """The regions of one country code, the main one first."""

    def __init__(self, code: str, regions: Sequence[_Region]) -> None:
        self._code = code
        self._regions = regions

    def judge(self, written: str) -> ForeignNumber | None:
        if len(written) < _SHORTEST_NATIONAL:
            return None
        main = self._regions[0]
        national = main.without_prefix(written)
        if len(national) < _SHORTEST_NATIONAL:
            return None
        region = main if len(self._regions) == 1 else self._region_of(national)
        if region is None:
            return ForeignNumber(self._code, None, short=main.is_short(national))
        return ForeignNumber(
            self._code,
            region.name,
            short=main.is_short(national),
            trunk_prefix=national != written,
            mobile=region.is_mobile(national),
        )

    def _region_of(self, national: str) -> _Region | None:
        for region in self._regions:
            if region.leading is not None:
                if region.leading.match(national):
                    return region
            elif region.is_valid(national):
                return region
        return None


@lru_cache(maxsize=1024)
def _plan(code: str) -> _Plan | None:
    """The numbering plan of a country code; None if there is no such code."""
    # libphonenumber takes long to import, and few tests send to foreign numbers.
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

    names = COUNTRY_CODE_TO_REGION_CODE.get(int(code)) if code[:1] != "0" else None
    if names is None:
        return None
    metadata = ((name, PhoneMetadata.metadata_for_region_or_calling_code(int(code), name)) for name in names)
    return _Plan(code, [_Region(name, plan) for name, plan in metadata if plan is not None])
