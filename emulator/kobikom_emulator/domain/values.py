"""The values that settings, control API, states and domain share, each defined once with its limits.

The annotated types carry their limits into the published JSON schema. A `Checked` struct enforces them and the checks
that JSON schema cannot state, when msgspec decodes it and when it is made in Python.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import UNSET, Meta, UnsetType

from kobikom_emulator.domain.countries import COUNTRIES, NO_COUNTRY
from kobikom_emulator.domain.magic import NETWORK as MAGIC_NETWORK
from kobikom_emulator.domain.numbering import TURKISH_PREFIXES

Check = Callable[[Any], str]
"""Takes a value; returns what is wrong with it, "" if nothing is. The sentence follows the name of the field."""

# --- amounts ---------------------------------------------------------------------------------------------------------

AMOUNT_LIMIT = Decimal(10) ** 15
"""Amounts are below it: every sum and product of them is then exact in Decimal's 28 digits (C-04)."""

AMOUNT_PLACES = 6
"""Decimal places an amount may have; Turkish tariffs use four. Answers print three (B-01)."""


def amount_problem(amount: Decimal) -> str:
    """Why an amount cannot be used; -0 is refused because it would be printed with its sign."""
    if not (
        amount.is_finite()
        and not amount.is_signed()
        and amount < AMOUNT_LIMIT
        and amount == round(amount, AMOUNT_PLACES)
    ):
        return f"must be an amount from 0 to below 10^15 with at most {AMOUNT_PLACES} decimals, not {amount}"
    return ""


Amount = Annotated[
    Decimal,
    Meta(
        description=f"A decimal from 0 to below 10^15, at most {AMOUNT_PLACES} places.",
        extra_json_schema={"pattern": rf"^\d{{1,15}}(\.\d{{1,{AMOUNT_PLACES}}})?$"},
        extra={"check": amount_problem},
    ),
]

# --- instants --------------------------------------------------------------------------------------------------------

FIRST_YEAR, LAST_YEAR = 2, 9998
"""Years a clock can stand in: every date derived from one can be printed."""

FIRST_INSTANT, LAST_INSTANT = -62_104_060_800_000, 253_402_300_799_999
"""The instants (ms since the epoch) that dates can be printed of: the years 2 to 9999."""

LAST_CLOCK = 253_370_764_799_999
"""The last instant (ms) of the last year a clock can stand in, UTC: a clock that comes there stays there."""


def milliseconds(instant: datetime) -> int:
    """An aware instant in ms since the epoch."""
    return round(instant.timestamp() * 1000)


def instant(at: int) -> datetime:
    """Ms since the epoch as an aware instant, UTC."""
    return datetime.fromtimestamp(at // 1000, UTC).replace(microsecond=at % 1000 * 1000)


def seconds_problem(written: Any) -> str:
    """Why a number, or a text that is one, is not accepted as an instant: where msgspec converts leniently it would be
    seconds since 1970.
    """
    try:
        float(written)
    except (TypeError, ValueError):
        return ""
    return f"must be an instant as in 2026-01-31T09:00:00+03:00, not {written}"


def instant_problem(value: datetime) -> str:
    if value.tzinfo is None:
        return "needs a time zone, as in 2026-01-31T09:00:00+03:00"
    if not FIRST_INSTANT <= milliseconds(value) <= LAST_CLOCK:
        return f"must be in a year from {FIRST_YEAR} to {LAST_YEAR}, UTC"
    return ""


Instant = Annotated[
    datetime,
    Meta(
        description=f"ISO 8601 with a zone, years {FIRST_YEAR} to {LAST_YEAR}.",
        examples=["2026-01-31T09:00:00+03:00"],
        extra_json_schema={"format": "date-time"},
        extra={"check": instant_problem},
    ),
]

Milliseconds = Annotated[
    int, Meta(ge=FIRST_INSTANT, le=LAST_INSTANT, description="An instant that dates can be printed of, ms since 1970.")
]

MOST_SECONDS = 300_000_000

Seconds = Annotated[float, Meta(ge=0, le=MOST_SECONDS, description="Seconds of the space's clock, up to nine years.")]

Rate = Annotated[float, Meta(gt=0, le=1_000_000, description="Seconds of the space's clock a real second.")]

# --- accounts --------------------------------------------------------------------------------------------------------

ALPHANUMERIC_TITLE_LENGTH = 11
NUMERIC_TITLE_LENGTH = 14
"""The longest title of letters and digits, and of digits only (S-09)."""


def is_numeric(title: str) -> bool:
    """Whether a title is a number (H-01: the group `sayisal`)."""
    return title.isascii() and title.isdigit()


def title_limit(title: str) -> int:
    return NUMERIC_TITLE_LENGTH if is_numeric(title) else ALPHANUMERIC_TITLE_LENGTH


def title_problem(title: str) -> str:
    if not title or title != title.strip() or not title.isprintable() or len(title) > title_limit(title):
        return (
            f"must be 1 to {ALPHANUMERIC_TITLE_LENGTH} printable characters or {NUMERIC_TITLE_LENGTH} digits, without "
            f"white space around them, not {title!r}"
        )
    return ""


Title = Annotated[
    str,
    Meta(
        description=f"At most {ALPHANUMERIC_TITLE_LENGTH} characters, or {NUMERIC_TITLE_LENGTH} digits (S-09).",
        extra_json_schema={"minLength": 1, "maxLength": NUMERIC_TITLE_LENGTH},
        extra={"check": title_problem},
    ),
]


def _login_problem(text: str) -> str:
    if any(character < " " or "\x7f" <= character < "\xa0" or character in "\ufffe\uffff" for character in text):
        return "must have no control characters: no request could name it"
    return "must have no white space around it" if text != text.strip() else ""


UserName = Annotated[str, Meta(min_length=1, max_length=100, extra={"check": _login_problem})]
Password = Annotated[str, Meta(min_length=1, max_length=200, extra={"check": _login_problem})]
Currency = Annotated[str, Meta(pattern=r"^[A-Z]{3}$", description="Three capital letters (B-01).")]
GsmError = Annotated[int, Meta(ge=0, le=9999, description="The `gsmerror` of a report (R-10).")]

# --- networks and countries -------------------------------------------------------------------------------------------

NETWORKS = (*dict.fromkeys(TURKISH_PREFIXES.values()), MAGIC_NETWORK)
"""The networks of the numbering plan (S-06) and that of the magic numbers."""


def network_problem(name: str) -> str:
    if name.lower() in NETWORKS or name.upper() in COUNTRIES or name == NO_COUNTRY:
        return ""
    return (
        f"{name!r} is not a network ({', '.join(NETWORKS)}), a two-letter country code or {NO_COUNTRY}"
        f"{suggestion(name, NETWORKS)}"
    )


def network_key(name: str) -> str:
    """A network or country as prices are looked up by: lower case."""
    return name.lower()


def coverage_key(name: str) -> str:
    """A network or country as coverage is looked up by: networks in lower case, countries in capitals."""
    return name.upper() if len(name) == 2 else name.lower()


NetworkName = Annotated[
    str,
    Meta(
        description="A network, a two-letter country code, or 001 for numbers of no country (S-06).",
        extra_json_schema={"enum": [*NETWORKS, NO_COUNTRY, *sorted(COUNTRIES)]},
        extra={"check": network_problem},
    ),
]

# --- names -----------------------------------------------------------------------------------------------------------


def suggestion(name: str, known: Iterable[str]) -> str:
    """The known names that are nearest to one, as the end of a sentence; "" if none is near."""
    from difflib import get_close_matches

    nearest = get_close_matches(name.lower(), list(known), n=3, cutoff=0.6)
    return f"; did you mean {' or '.join(nearest)}?" if nearest else ""


# --- text patterns ---------------------------------------------------------------------------------------------------

Pattern = Annotated[str, Meta(max_length=2000, description="`*` is any text, `?` any character; the rest is literal.")]

# --- enforcing -------------------------------------------------------------------------------------------------------


class Checked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A struct whose values keep the limits of their types; a wrong one raises ValueError("<field>: <sentence>")."""

    def __post_init__(self) -> None:
        for name, checks in _checks(type(self)):
            value = getattr(self, name)
            if value is None or value is UNSET:
                continue
            for check in checks:
                if problem := check(value):
                    raise ValueError(f"{name}: {problem}")


@lru_cache(maxsize=256)
def _checks(struct: type[msgspec.Struct]) -> tuple[tuple[str, tuple[Check, ...]], ...]:
    """The fields of a struct that have checks, with them."""
    hints = get_type_hints(struct, include_extras=True)
    fields = [(name, (_limits_of(hints[name]), _check_of(hints[name]))) for name in struct.__struct_fields__]
    return tuple([(name, kept) for name, checks in fields if (kept := tuple([check for check in checks if check]))])


_LIMITS = ("ge", "gt", "le", "lt", "multiple_of", "pattern", "min_length", "max_length", "tz")


def _limits_of(hint: Any) -> Check | None:
    """A check for the limits that msgspec itself knows. It enforces them when it decodes, but not in Python."""
    if not _has_limits(hint):
        return None

    def check(value: Any) -> str:
        try:
            msgspec.convert(value, hint)
        except msgspec.ValidationError as error:
            return str(error)
        return ""

    return check


def _has_limits(hint: Any) -> bool:
    own = [meta for meta in get_args(hint)[1:] if isinstance(meta, Meta)] if get_origin(hint) is Annotated else []
    if any(getattr(meta, limit) is not None for meta in own for limit in _LIMITS):
        return True
    return any(_has_limits(argument) for argument in get_args(hint) if not isinstance(argument, Meta))


def _check_of(hint: Any) -> Check | None:
    """The check that a type asks for, inside optional values, sequences and mappings too."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        extras = [meta.extra or {} for meta in arguments[1:] if isinstance(meta, Meta)]
        own = [extra["check"] for extra in extras if "check" in extra]
        inner = _check_of(arguments[0])
        return own[0] if own else inner
    if origin in (Union, types.UnionType):
        checks = [_check_of(member) for member in arguments if member not in (type(None), UnsetType)]
        inner = next((check for check in checks if check is not None), None)
        return None if inner is None else _unless_absent(inner)
    if origin in (tuple, list, set, frozenset) and arguments:
        inner = _check_of(arguments[0])
        return None if inner is None else _each_item(inner)
    if isinstance(origin, type) and issubclass(origin, Mapping) and len(arguments) == 2:
        key, value = map(_check_of, arguments)
        return _each_pair(key, value) if key or value else None
    return None


def _unless_absent(check: Check) -> Check:
    return lambda value: "" if value is None or value is UNSET else check(value)


def _each_item(check: Check) -> Check:
    return lambda values: next((problem for value in values if (problem := check(value))), "")


def _each_pair(key: Check | None, value: Check | None) -> Check:
    def check(mapping: Mapping[Any, Any]) -> str:
        for name, item in mapping.items():
            if key is not None and (problem := key(name)):
                return problem
            if value is not None and (problem := value(item)):
                return f"{name} {problem}"
        return ""

    return check
