"""Strategies for numbers, by how a message to them ends, and the statuses of reports."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

STATUSES = (
    "NOT_SENT",
    "SENT",
    "NOT_DELIVERED",
    "DELIVERED",
    "NOT_ALLOWED",
    "INVALID_DESTINATION_ADDRESS",
    "INVALID_SOURCE_ADDRESS",
    "ROUTE_NOT_AVAILABLE",
    "NOT_ENOUGH_CREDITS",
    "REJECTED",
    "INVALID_MESSAGE_FORMAT",
)
"""The statuses of a delivery report (R-09), in the order of the vendor's page."""

_OPERATORS = ("530", "532", "535", "537", "539", "541", "542", "544", "546", "551", "552", "554")


def turkish_msisdns(*, forms: bool = False) -> SearchStrategy[str]:
    """Turkish mobile numbers as ``905XXXXXXXXX``; with ``forms`` in every lenient form of S-08."""
    plain = st.tuples(st.sampled_from(_OPERATORS), st.integers(0, 9_999_999)).map(
        lambda pair: f"90{pair[0]}{pair[1]:07d}"
    )
    if not forms:
        return plain
    return plain.flatmap(lambda n: st.sampled_from((n, "+" + n, "00" + n, "0" + n[2:], n[2:])))


def foreign_msisdns() -> SearchStrategy[str]:
    """Valid mobile numbers outside Turkey: -3 under the default coverage (S-07)."""
    return st.sampled_from(
        (
            "447911123456",
            "4915123456789",
            "33612345678",
            "393312345678",
            "34612345678",
            "994501234567",
        )
    )


def invalid_msisdns() -> SearchStrategy[str]:
    """Numbers that no mobile operator has, and texts that are not numbers: -13 (S-06)."""
    landline = st.integers(0, 9_999_999).map(lambda n: f"90212{n:07d}")
    unassigned = st.integers(100, 9_999_999).map(lambda n: f"90599{n:07d}")
    return st.one_of(
        st.sampled_from(
            (
                "abc",
                "12",
                "90532997572",
                "9053299757251",
                "90 532 997 57 25",
                "90532-9975725",
                "905329975x25",
                "++905329975725",
                "a&b<c>",
                '"x"',
                "ığüş",
                "0",
            )
        ),
        landline,
        unassigned,
    )


def magic_msisdns(status: str | None = None) -> SearchStrategy[str]:
    """The emulator's magic numbers, which end in a status (any when None); other servers have none."""
    numbers = {name: f"905990000{index:03d}" for index, name in enumerate(STATUSES, 1)}
    return st.sampled_from(tuple(numbers.values())) if status is None else st.just(numbers[status])


def msisdns(outcome: int = 0) -> SearchStrategy[str]:
    """Numbers by the code they get: 0 accepted, -3 out of coverage, -13 not a mobile number."""
    return {0: turkish_msisdns(), -3: foreign_msisdns(), -13: invalid_msisdns()}[outcome]
