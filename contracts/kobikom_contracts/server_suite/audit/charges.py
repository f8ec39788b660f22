"""What accepted messages may have cost, compared with every balance that is seen (C-01, C-03, C-04)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from kobikom_contracts.core.verdicts import Violation
from kobikom_contracts.parts import CANDIDATES, UCS2, Candidate, TurkishTable, fit, octet_parts

MOST_SUMS = 5000
"""Possible sums of parts that are kept; with more than these the next balance is taken as it is."""


def possible_parts(fields: Mapping[str, str]) -> frozenset[int]:
    """Every number of parts that a message may have under any reading of S-10 to S-14.

    The contracts of these clauses judge which it is.
    """
    split = fields.get("type", "").lower() == "longsms"
    binary = fields.get("binary", "").strip()
    counts = _of_octets(len(binary) // 2) if binary else _of_text(fields)
    return frozenset(counts if split else counts | {1})


def _of_octets(count: int) -> set[int]:
    return {octet_parts(count, split=True), *(max(1, math.ceil(count / each)) for each in (140, 134, 133))}


def _of_text(fields: Mapping[str, str]) -> set[int]:
    text, coding = fields.get("metin", ""), fields.get("datacoding", "").strip()
    if len(text) <= UCS2.one // 2:
        return {1}  # in any alphabet
    return set(_parts_of(text, coding, turkish=fields.get("languageCode", "").strip().upper() in {"ES", "TR"}))


@lru_cache(maxsize=1000)
def _parts_of(text: str, coding: str, *, turkish: bool) -> frozenset[int]:
    forced = {True} if coding == "8" else {False} if coding in ("", "0") else {True, False}
    counts = set()
    for ucs2 in forced:
        for table in TurkishTable:
            for replace in (False, True):
                laid = fit(text, turkish=turkish, table=table, ucs2=ucs2, replace=replace)
                counts.add(laid.parts)
                counts.add(_straddling(laid.pieces, laid.alphabet))
    return frozenset(counts)


def _straddling(pieces: tuple[str, ...], alphabet: str) -> int:
    """Parts when a pair of an escape and a character may lie in two parts (S-10.5 says that it may not)."""
    how: Candidate = next(one for one in (*CANDIDATES, UCS2) if one.alphabet == alphabet)
    units = sum(how.width(char) or 1 for piece in pieces for char in piece)
    return 1 if units <= how.one else math.ceil(units / how.each)


@dataclass(slots=True)
class Charges:
    """One account: the balance seen last, and the parts that may have been charged since."""

    base: Decimal | None = None
    sums: frozenset[int] = frozenset({0})
    refundable: list[int] = field(default_factory=list)
    """Parts of messages whose charge may come back (C-03)."""
    certain: bool = True
    """False when something happened whose charge nobody can tell."""

    def forget(self) -> None:
        """Take the next balance as it is: the credit was set, or something unknown happened."""
        self.base, self.sums, self.certain = None, frozenset({0}), True

    def add(self, parts: frozenset[int], recipients: int) -> None:
        """So many recipients of one block were accepted, each costing one of these numbers of parts."""
        self.sums = frozenset(total + recipients * one for total in self.sums for one in parts)
        self.certain = self.certain and len(self.sums) <= MOST_SUMS

    def seen(self, balance: Decimal, unit: Decimal | None, *, whole_units: bool) -> Violation | None:
        """Compare a balance with what was charged since the one before; the violation, if it can't be that.

        ``unit``: the price of a part, None when it is not known. ``whole_units``: amounts are shown without fractions.
        """
        base, sums, certain = self.base, self.sums, self.certain
        self.base, self.sums, self.certain = balance, frozenset({0}), True
        if base is None or unit is None or not certain:
            return None
        refunds = {0}
        for parts in self.refundable:
            refunds |= {one + parts for one in refunds}
        slack = Decimal(1) if whole_units and unit % 1 else Decimal(0)
        expected = {base - (total - back) * unit for total in sums for back in refunds}
        if any(abs(balance - one) <= slack for one in expected):
            return None
        wanted = " or ".join(str(one) for one in sorted(expected)[:3])
        statement = "C-03.1" if sums == {0} else "C-01.1"
        since = "nothing was accepted" if sums == {0} else f"{_range(sums)} parts were accepted"
        return Violation(f"a balance of {wanted}: {since} since it was {base}", str(balance), statement=statement)


def _range(sums: frozenset[int]) -> str:
    return str(min(sums)) if len(sums) == 1 else f"{min(sums)} to {max(sums)}"
