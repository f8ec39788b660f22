"""Parses the formats of single fields: schedule offsets, validity periods, hexadecimal, data coding (S-12 … S-17).

Each reader returns the value in the project's units or None where the documented form is broken.
"""

from __future__ import annotations

import binascii
import re

_OFFSET = re.compile(r"(?:([0-9]+)d)?(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s)?")
_VALIDITY = re.compile(r"([0-9]{1,12}):([0-5][0-9])")
_LONGEST_OFFSET_FIELD = 12


def schedule_offset(value: str) -> int | None:
    """`4d3h2m1s` to milliseconds from now; empty and anything up to `1s` mean at once, 0 (S-15)."""
    if not value:
        return 0
    match = _OFFSET.fullmatch(value)
    if match is None or any(len(group) > _LONGEST_OFFSET_FIELD for group in match.groups(default="")):
        return None
    days, hours, minutes, seconds = (int(group) for group in match.groups(default="0"))
    total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    return 0 if total <= 1 else total * 1000


def validity_period(value: str) -> int | None:
    """`HH:mm` to minutes, however many hours (S-16)."""
    match = _VALIDITY.fullmatch(value)
    return int(match[1]) * 60 + int(match[2]) if match else None


def hexadecimal(value: str) -> bytes | None:
    """The octets of `binary` (S-14); white space between them is not part of the form."""
    try:
        return binascii.unhexlify(value)
    except (binascii.Error, ValueError):
        return None


def data_coding(value: str) -> int | None:
    """`datacoding` as an octet, 0 if empty (S-12)."""
    if not value:
        return 0
    return int(value) if len(value) <= 3 and value.isascii() and value.isdigit() and int(value) <= 255 else None


def switch(value: str) -> bool | None:
    """A field documented as 0 or 1 (S-13, S-19); empty is 0."""
    return {"": False, "0": False, "1": True}.get(value)
