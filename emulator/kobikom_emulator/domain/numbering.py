"""Decides whether a number is a mobile number, and of which country and network: S-06, S-07, S-08.

Turkish numbers, nearly all of the traffic, are looked up in the table below in a microsecond. Foreign numbers are
judged by tables made of libphonenumber's metadata (`foreign_numbers`).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from kobikom_emulator.phrases import Phrase

# The public Turkish numbering plan: 50X, 53X, 54X and 55X belong to the three network operators,
# the others to virtual operators and small services (a prefix that is assigned in part counts as assigned).
# Networks are those a prefix was assigned to: a number doesn't tell where it was ported.
# libphonenumber's metadata agree prefix by prefix (a test compares). The emulator's magic numbers
# live in 599, which nobody was assigned.
_BLOCKS: Final = (
    ("turktelekom", range(500, 510)),
    ("turkcell", range(530, 540)),
    ("vodafone", range(540, 550)),
    ("turktelekom", range(550, 560)),
    ("other-tr", (510, 516, 524, 561, 562, 564, 572, 574, 575, 582, 594, 596)),
)
_PREFIXES: Final = {f"90{code}": network for network, codes in _BLOCKS for code in codes}
TURKISH_PREFIXES: Final[Mapping[str, str]] = MappingProxyType(_PREFIXES)
"""Country code and assigned mobile prefix, five digits, to the network it was assigned to."""

# E.164 allows 15 digits; the longest form that can be one is 00 (or +) before them.
_LONGEST: Final = 17
_E164: Final = range(7, 16)


class Mobile(msgspec.Struct, frozen=True, gc=False):
    """A mobile number: `msisdn` in international digits without `+`, `country` as ISO 3166 code.

    `network` is a name of `TURKISH_PREFIXES`, or the country in lower case for a foreign number.
    Numbers of no country (satellite networks) have country and network `001`.
    """

    msisdn: str
    country: str
    network: str


class NotMobile(msgspec.Struct, frozen=True, gc=False):
    """Not a mobile number (S-06). `why` is a sentence for the explanation, `incomplete` whether only digits are missing
    (S-05).
    """

    why: str
    incomplete: bool = False


def read_number(raw: str, *, lenient: bool) -> Mobile | NotMobile:
    """Read a recipient as submitted; surrounding white space does not count.

    `lenient`: 90…, +90…, 0090…, 05… and 5… mean the same number. Otherwise a leading `+` or `0` is
    refused and everything is read as an international number (S-08). Never raises.
    """
    # The usual form first, because every recipient is read here.
    if len(raw) == 12 and raw.isascii() and raw.isdigit():
        network = _PREFIXES.get(raw[:5])
        if network is not None:
            return Mobile(raw, "TR", network)
    digits = _international(raw.strip(), lenient)
    if isinstance(digits, NotMobile):
        return digits
    return _turkish(digits) if digits.startswith("90") else _foreign(digits)


def _international(number: str, lenient: bool) -> str | NotMobile:
    """The number's international digits, without `+` or `00`."""
    if not number:
        return NotMobile(Phrase("no characters"))
    if len(number) > _LONGEST:
        return NotMobile(Phrase("{count} characters, but no number has more than 15 digits", count=len(number)))
    digits = number.removeprefix("+")
    # isdigit alone would accept the digits of every script.
    if not (digits.isascii() and digits.isdigit()):
        return NotMobile(Phrase("characters other than digits after an optional leading +"))
    if not lenient and (problem := _not_strict(number, digits)):
        return NotMobile(Phrase("{problem}, which number-form=strict refuses", problem=problem))
    if number[0] != "+" and lenient:
        if digits.startswith("00"):
            digits = digits[2:]
        elif digits.startswith("0"):
            if len(digits) != 11 or digits[1] != "5":
                return _not_national(digits)
            digits = "90" + digits[1:]
        elif len(digits) == 10 and digits[0] == "5":
            digits = "90" + digits
    if digits.startswith("0"):
        return NotMobile(Phrase("a 0 where the country code should begin"))
    if len(digits) not in _E164:
        return NotMobile(
            Phrase("{count} digits, but international numbers have 7 to 15", count=len(digits)),
            incomplete=len(digits) < min(_E164),
        )
    return digits


def _not_strict(number: str, digits: str) -> str:
    """What `number-form` = `strict` refuses in a number; "" if nothing."""
    if number[0] in "+0":
        return Phrase("a leading {character}", character=number[0])
    no_country_code = len(digits) == 10 and digits[0] == "5"
    return Phrase("a Turkish number without its country code") if no_country_code else ""


def _not_national(digits: str) -> NotMobile:
    """A number with a leading 0 that is not a Turkish mobile one."""
    short = len(digits) < 11 and digits[1:2] in ("", "5")
    return NotMobile(Phrase("a leading 0, but not followed by a 5 and nine more digits"), incomplete=short)


def _turkish(digits: str) -> Mobile | NotMobile:
    if len(digits) != 12:
        short = len(digits) < 12 and digits[2:3] in ("", "5")
        return NotMobile(
            Phrase("{count} digits, but Turkish numbers have 12 with the country code", count=len(digits)),
            incomplete=short,
        )
    network = TURKISH_PREFIXES.get(digits[:5])
    if network is None:
        return NotMobile(Phrase("12 digits, but {prefix}… is no assigned Turkish mobile prefix", prefix=digits[:5]))
    return Mobile(digits, "TR", network)


def _foreign(digits: str) -> Mobile | NotMobile:
    from kobikom_emulator.domain.foreign_numbers import judge  # few servers are ever asked for a foreign number

    number = judge(digits)
    if number is None:
        return NotMobile(Phrase("{prefix}… begins with no country code", prefix=digits[:3]))
    if number.country is None or number.short:
        found = Phrase("no valid number of country code {code}", code=number.code)
        return NotMobile(found, incomplete=number.short)
    # libphonenumber forgives a trunk prefix after the country code; no network would.
    if number.trunk_prefix:
        return NotMobile(Phrase("a trunk prefix after country code {code}", code=number.code))
    if not number.mobile:
        return NotMobile(Phrase("a valid number of {country}, but not a mobile one", country=number.country))
    return Mobile(digits, number.country, number.country.lower())
