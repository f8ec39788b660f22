"""The small languages inside single fields (S-12 … S-17)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kobikom_emulator.protocol.fields import data_coding, hexadecimal, schedule_offset, switch, validity_period

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


@pytest.mark.parametrize(
    ("value", "delay"),
    [
        ("", 0), ("1s", 0), ("0s", 0), ("0d", 0), ("0d0h0m1s", 0), ("2s", 2 * SECOND), ("1m", MINUTE),
        ("4d3h2m1s", 4 * DAY + 3 * HOUR + 2 * MINUTE + SECOND), ("1d", DAY), ("2m1s", 2 * MINUTE + SECOND),
        ("0d0h10m", 10 * MINUTE), ("90m", 90 * MINUTE), ("99999s", 99_999 * SECOND), ("007s", 7 * SECOND),
        ("9" * 12 + "s", (10**12 - 1) * SECOND), ("0" * 11 + "2s", 2 * SECOND),
    ],
)  # fmt: skip
def test_schedule_offsets(value: str, delay: int) -> None:
    """Days, hours, minutes, seconds in that order, any left out; up to a second is at once (S-15)."""
    assert delay == schedule_offset(value)


@pytest.mark.parametrize(
    "value",
    ["x", "1", "1S", "1D", "s", "d", "1s1m", "1h1d", "1d 2h", "-1s", "+1s", "1.5h", "1d1d", "2026-01-01", "1s\n",
     "١s", "1" * 13 + "s"],
)  # fmt: skip
def test_broken_schedules(value: str) -> None:
    """Anything else is broken (S-15)."""
    assert schedule_offset(value) is None


@given(st.tuples(*[st.one_of(st.none(), st.integers(0, 10**6))] * 4))
def test_schedules_are_read_as_they_are_written(units: tuple[int | None, ...]) -> None:
    """Whatever is left out counts nothing (S-15)."""
    value = "".join(f"{n}{unit}" for n, unit in zip(units, "dhms", strict=True) if n is not None)
    total = sum((n or 0) * size for n, size in zip(units, (DAY, HOUR, MINUTE, SECOND), strict=True))
    assert (0 if total <= SECOND else total) == schedule_offset(value)


@pytest.mark.parametrize(
    ("value", "minutes"),
    [("00:00", 0), ("0:01", 1), ("48:00", 2880), ("01:30", 90), ("999:59", 59_999), ("48:01", 2881)],
)
def test_validity_periods(value: str, minutes: int) -> None:
    """`HH:mm`, one to three digits of hours; clamping is not the codec's business (S-16)."""
    assert minutes == validity_period(value)


@pytest.mark.parametrize(
    "value", ["", "abc", "1", "1:5", "1:60", "1" * 13 + ":00", "-1:00", "01:00:00", "1 :00", "١:00", ":30"]
)
def test_broken_validity_periods(value: str) -> None:
    """Anything else is broken (S-16, S-17)."""
    assert validity_period(value) is None


@given(st.binary())
def test_hexadecimal_in_either_case(octets: bytes) -> None:
    """Pairs of digits, upper or lower case (S-14)."""
    assert (octets, octets) == (hexadecimal(octets.hex()), hexadecimal(octets.hex().upper()))


@pytest.mark.parametrize("value", ["0", "abc", "zz", "0 0", "00 11", "ş0", "0x00", "٠٠"])
def test_broken_hexadecimal(value: str) -> None:
    """Odd or other digits are broken (S-14, S-17)."""
    assert hexadecimal(value) is None


@pytest.mark.parametrize(("value", "coding"), [("", 0), ("0", 0), ("8", 8), ("08", 8), ("240", 240), ("255", 255)])
def test_data_codings(value: str, coding: int) -> None:
    """Empty is 0; an octet otherwise (S-12)."""
    assert coding == data_coding(value)


@pytest.mark.parametrize("value", ["256", "-1", "x", "8.0", "0x8", "٨", "0008", "+8"])
def test_broken_data_codings(value: str) -> None:
    """Not an octet, not a coding (S-12, S-17)."""
    assert data_coding(value) is None


def test_switches() -> None:
    """Empty and 0 are off, 1 is on, nothing else is anything (S-13, S-19)."""
    assert [False, False, True, None, None, None] == [switch(value) for value in ("", "0", "1", "2", "01", "yes")]
