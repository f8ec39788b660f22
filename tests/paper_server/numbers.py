"""What a submitted number is (S-06, S-07, S-08), and which numbers are magic."""

import re
from dataclasses import dataclass

from .readings import PAPER, Readings

# Mobile prefixes of the Turkish numbering plan, after 90. The magic numbers are under 599, which is
# assigned to nobody: any other number under it is -13.
_TURKISH_MOBILE = re.compile(r"90(50\d|51[06]|524|53\d|54\d|55\d|56[24]|57[245]|59[46])\d{7}")

# Country code -> shape of its mobile numbers. A short, honest table: see claims.LIMITS["S-07"].
FOREIGN = {
    "1": r"[2-9]\d{2}[2-9]\d{6}",
    "7": r"9\d{9}",
    "20": r"1[0125]\d{8}",
    "30": r"69\d{8}",
    "31": r"6[1-58]\d{7}",
    "32": r"4[5-9]\d{7}",
    "33": r"[67]\d{8}",
    "34": r"[67]\d{8}",
    "36": r"[2357]0\d{7}",
    "39": r"3[1-9]\d{7,8}",
    "40": r"7[1-8]\d{7}",
    "41": r"7[5-9]\d{7}",
    "43": r"6[5-9]\d{7,9}",
    "44": r"7[4-9]\d{8}",
    "45": r"[2-9]\d{7}",
    "46": r"7[02369]\d{7}",
    "47": r"[49]\d{7}",
    "48": r"[5-8]\d{8}",
    "49": r"1[5-7]\d{8,9}",
    "55": r"[1-9]{2}9\d{8}",
    "61": r"4\d{8}",
    "81": r"[789]0\d{8}",
    "86": r"1[3-9]\d{9}",
    "91": r"[6-9]\d{9}",
    "92": r"3\d{9}",
    "98": r"9\d{9}",
    "351": r"9[1236]\d{7}",
    "353": r"8[35-9]\d{7}",
    "357": r"9[4-79]\d{6}",
    "359": r"(8[789]|98)\d{7}|(43[07-9]|99[69])\d{5}",
    "380": r"(39|50|6[3678]|73|9[1-9])\d{7}",
    "385": r"9[1-9]\d{6,7}",
    "964": r"7[3-9]\d{8}",
    "966": r"5[01345689]\d{7}",
    "971": r"5[024568]\d{7}",
    "972": r"5[0-58]\d{7}",
    "994": r"(10|40|44|50|51|55|60|70|77|99)\d{7}",
    "995": r"5[5-9]\d{7}",
}
_FOREIGN = re.compile("|".join(f"{code}(?:{shape})" for code, shape in FOREIGN.items()))


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a message to a number ends: status, gsmerror, and seconds after sending (None: never)."""

    status: str
    gsmerror: int = 0
    after: int | None = 1


DELIVERED = Outcome("DELIVERED")
WRONG_TITLE = Outcome("INVALID_SOURCE_ADDRESS", 500)
"""S-09 under `unknown-title=accept`."""
# R-09 in its order; R-10: a failure carries a code that fits, NOT_SENT prints 0 as the page does.
_STATUSES = (
    ("NOT_SENT", 0),
    ("SENT", 0),
    ("NOT_DELIVERED", 32),
    ("DELIVERED", 0),
    ("NOT_ALLOWED", 500),
    ("INVALID_DESTINATION_ADDRESS", 1),
    ("INVALID_SOURCE_ADDRESS", 500),
    ("ROUTE_NOT_AVAILABLE", 500),
    ("NOT_ENOUGH_CREDITS", 500),
    ("REJECTED", 500),
    ("INVALID_MESSAGE_FORMAT", 500),
)


def _magic() -> dict[str, Outcome]:
    outcomes = {n: Outcome(status, error) for n, (status, error) in enumerate(_STATUSES, start=1)}
    outcomes |= {n: Outcome("DELIVERED", 0, s) for n, s in enumerate((10, 60, 3600, 86400), start=21)}
    outcomes[30] = Outcome("NOT_DELIVERED", 4101, None)
    errors = (1, 27, 31, 32, 34, 256, 500, 2048)
    outcomes |= {n: Outcome("NOT_DELIVERED", error) for n, error in enumerate(errors, start=41)}
    return {f"90599{number:07d}": outcome for number, outcome in outcomes.items()}


_MAGIC = _magic()


def international(submitted: str, *, strict: bool = False) -> str | None:
    """International digits. A number is digits after an optional +; None for anything else (S-08)."""
    plus, digits = submitted.startswith("+"), submitted.removeprefix("+")
    if not re.fullmatch(r"[0-9]+", digits):
        return None
    if strict:
        return None if plus or digits.startswith("0") or re.fullmatch(r"5\d{9}", digits) else digits
    if plus:
        return digits
    if digits.startswith("00"):
        return digits[2:]
    if re.fullmatch(r"0?5\d{9}", digits):
        return "90" + digits[-10:]
    return digits


def judge(submitted: str, coverage: frozenset[str], readings: Readings = PAPER) -> int | Outcome:
    """-13, -6, -3, or how a message to it will end. `coverage` holds "TR" and country codes.

    S-05 under `short-number=incomplete`: a number that lacks digits is -6.
    """
    if not submitted:
        return -6  # S-05 `empty-gsm=refuse`
    number = international(submitted, strict=readings.number_form == "strict")
    if number is None:
        return -13
    if len(number) < 7 or re.fullmatch(r"905\d{0,8}", number):
        return -6 if readings.short_number == "incomplete" else -13
    if number in _MAGIC:
        return _MAGIC[number] if "TR" in coverage else -3
    if _TURKISH_MOBILE.fullmatch(number):
        return DELIVERED if "TR" in coverage else -3
    if _FOREIGN.fullmatch(number):
        return DELIVERED if any(number.startswith(code) for code in coverage) else -3
    return -13
