"""The shared values: what each takes, what it refuses, and that its JSON schema says the same."""

import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Annotated, Any

import msgspec
import phonenumbers
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec import UNSET, Meta, UnsetType

from kobikom_emulator.domain.countries import COUNTRIES, NO_COUNTRY
from kobikom_emulator.domain.values import (
    AMOUNT_LIMIT,
    FIRST_INSTANT,
    LAST_INSTANT,
    NETWORKS,
    Amount,
    Checked,
    Currency,
    GsmError,
    Instant,
    Milliseconds,
    NetworkName,
    Password,
    Pattern,
    Rate,
    Seconds,
    Title,
    UserName,
    coverage_key,
    instant,
    milliseconds,
    network_key,
    seconds_problem,
    suggestion,
)


class Holder(Checked, frozen=True):
    """One field of each type."""

    amount: Amount = Decimal(0)
    instant: Instant = datetime(2026, 1, 31, tzinfo=UTC)
    seconds: Seconds = 0.0
    title: Title = "T"
    user: UserName = "u"
    password: Password = "p"
    currency: Currency = "TRY"
    gsm_error: GsmError = 0
    pattern: Pattern = ""
    network: NetworkName = "TR"
    optional: Amount | None = None
    absent: Title | UnsetType = UNSET
    several: tuple[Title, ...] = ()
    by_network: dict[NetworkName, Amount] = msgspec.field(default_factory=dict)
    few: Annotated[tuple[Annotated[int, Meta(ge=1)], ...], Meta(max_length=2)] = ()
    rate: Rate = 1.0
    at: Milliseconds = 0
    absent_error: GsmError | UnsetType = UNSET
    with_gaps: tuple[Title | None, ...] = ()
    errors: tuple[GsmError, ...] = ()
    few_titles: Annotated[tuple[Title, ...], Meta(max_length=2)] = ()
    by_name: dict[str, Amount] = msgspec.field(default_factory=dict)
    counts: dict[NetworkName, int] = msgspec.field(default_factory=dict)


GOOD: tuple[tuple[str, Any], ...] = (
    *(("amount", Decimal(text)) for text in ("0", "0.000001", "1000.000", "999999999999999.999999", "1E+3")),
    ("instant", datetime(2, 1, 2, tzinfo=UTC)),
    ("instant", datetime(9998, 12, 30, tzinfo=timezone(timedelta(hours=3)))),
    *(("seconds", seconds) for seconds in (0.0, 0.5, 3e8)),
    *(("title", title) for title in ("A", "ŞİRKET", "A" * 11, "1" * 14, "A B", "++++")),
    *(("user", user) for user in ("u", "a b", "x" * 100)),
    ("password", "x" * 200),
    ("currency", "EUR"),
    *(("gsm_error", error) for error in (0, 9999)),
    ("pattern", "*" * 2000),
    *(("network", name) for name in (*NETWORKS, "Turkcell", "TR", "de", "XK", "001")),
    ("optional", None),
    ("optional", Decimal(1)),
    ("absent", UNSET),
    ("several", ("A", "B")),
    ("by_network", {"turkcell": Decimal(1)}),
    ("few", (1, 2)),
    *(("rate", rate) for rate in (0.001, 1.0, 1_000_000.0)),
    *(("at", at) for at in (FIRST_INSTANT, 0, LAST_INSTANT)),
    ("absent_error", UNSET),
    ("absent_error", 0),
    ("with_gaps", (None, "A", None)),
    ("errors", (0, 9999)),
    ("few_titles", ("A", "B")),
    ("by_name", {"any": Decimal(1)}),
    ("counts", {"turkcell": -1}),
)
BAD: tuple[tuple[str, Any], ...] = (
    *(
        ("amount", Decimal(text))
        for text in ("-1", "-0", "1e15", "1e40", "NaN", "sNaN", "Infinity", "0.0000001", "0.0000009", "1e-400")
    ),
    ("instant", datetime(2026, 1, 31)),  # noqa: DTZ001  # that is the mistake
    ("instant", datetime(1, 1, 1, tzinfo=UTC)),
    ("instant", datetime(9999, 1, 1, tzinfo=UTC)),
    *(("seconds", seconds) for seconds in (-0.1, 300_000_000.5, float("nan"), float("inf"))),
    *(("title", title) for title in ("", " ", " A", "A ", "A" * 12, "1" * 15, "a\nb", "\u200b")),
    *(("user", user) for user in ("", " u", "u\n", "x" * 101)),
    *(("password", password) for password in ("", "p ", "x" * 201)),
    *(("currency", currency) for currency in ("", "try", "TRYX", "₺")),
    *(("gsm_error", error) for error in (-1, 10_000)),
    ("pattern", "x" * 2001),
    *(("network", name) for name in ("", "Türkiye", "turkcel", "ZZ", "TUR", "002")),
    ("optional", Decimal(-1)),
    ("absent", ""),
    ("several", ("A", "")),
    ("by_network", {"turkcel": Decimal(1)}),
    ("by_network", {"turkcell": Decimal(-1)}),
    ("few", (0,)),
    ("few", (1, 2, 3)),
    *(("rate", rate) for rate in (0.0, -0.5, 1_000_000.5)),
    ("at", FIRST_INSTANT - 1),
    ("at", LAST_INSTANT + 1),
    ("absent_error", -1),
    ("with_gaps", (None, " A")),
    ("errors", (0, -1)),
    ("few_titles", ("A", "B ")),
    ("few_titles", ("A", "B", "C")),
    ("by_name", {"any": Decimal(-1)}),
    ("counts", {"turkcel": 1}),
)


@pytest.mark.parametrize(("field", "value"), GOOD, ids=repr)
def test_good_values(field: str, value: Any) -> None:
    """Valid values can be made in Python, and are equal after a round trip through JSON."""
    held = Holder(**{field: value})
    assert value == getattr(held, field)
    assert held == msgspec.json.decode(msgspec.json.encode(held), type=Holder)


@pytest.mark.parametrize(("field", "value"), BAD, ids=repr)
def test_bad_values(field: str, value: Any) -> None:
    """Invalid values cannot be made in Python nor replace valid ones, and the error names the field."""
    with pytest.raises(ValueError, match=rf"^{field}: \S"):
        Holder(**{field: value})
    with pytest.raises(ValueError, match=rf"^{field}: \S"):
        msgspec.structs.replace(Holder(), **{field: value})


@pytest.mark.parametrize(("field", "value"), BAD, ids=repr)
def test_bad_values_in_json(field: str, value: Any) -> None:
    """Invalid values are refused when JSON is decoded."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({field: msgspec.to_builtins(value)}, Holder)


class Described(Checked, frozen=True):
    """A field whose type has a description and no limits."""

    name: Annotated[str, Meta(description="Any text.")]


def test_types_without_limits_are_not_checked_in_python() -> None:
    """A value in Python is checked for the limits of its type, not for the type: that is mypy's work."""
    wrong: Any = 1
    assert 1 == Described(name=wrong).name


def test_unknown_fields_are_refused() -> None:
    """An unknown field is refused."""
    with pytest.raises(msgspec.ValidationError, match="unknown field `colour`"):
        msgspec.convert({"colour": 1}, Holder)


@given(amount=st.decimals(min_value=0, max_value=AMOUNT_LIMIT - 1, places=6))
def test_amounts_of_the_whole_range(amount: Decimal) -> None:
    """Every amount of the range is one, is written as its schema says, and sums with others are exact."""
    assume(not amount.is_signed())
    schema = msgspec.json.schema_components([Holder])[1]["Holder"]["properties"]["amount"]
    assert re.fullmatch(schema["pattern"], f"{Holder(amount=amount).amount:f}")
    assert amount == amount + AMOUNT_LIMIT - AMOUNT_LIMIT


@pytest.mark.parametrize(
    ("field", "limits"),
    [
        ("gsm_error", {"minimum": 0, "maximum": 9999}),
        ("title", {"minLength": 1, "maxLength": 14}),
        ("user", {"minLength": 1, "maxLength": 100}),
        ("currency", {"pattern": "^[A-Z]{3}$"}),
        ("network", {"enum": [*NETWORKS, NO_COUNTRY, *sorted(COUNTRIES)]}),
        ("instant", {"format": "date-time"}),
    ],
)
def test_the_schema_says_the_limits(field: str, limits: dict[str, Any]) -> None:
    """The published schema refuses the same values."""
    schema = msgspec.json.schema_components([Holder])[1]["Holder"]["properties"][field]
    assert limits == {name: schema.get(name) for name in limits}


@given(at=st.integers(FIRST_INSTANT, LAST_INSTANT - 366 * 86_400_000))
def test_instants_and_milliseconds_are_the_same(at: int) -> None:
    """Instants and milliseconds convert both ways without loss."""
    assert at == milliseconds(instant(at))
    assert instant(at) == Holder(instant=instant(at)).instant


def test_the_first_and_the_last_instant() -> None:
    """The first millisecond of the year 2 and the last of the year 9999, UTC."""
    assert datetime(2, 1, 1, tzinfo=UTC) == instant(FIRST_INSTANT)
    assert LAST_INSTANT == milliseconds(datetime(9999, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC))


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        (5, "must be an instant as in 2026-01-31T09:00:00+03:00, not 5"),
        ("1.5", "must be an instant as in 2026-01-31T09:00:00+03:00, not 1.5"),
        ("2026-01-31", ""),
        (None, ""),
        ([], ""),
    ],
)
def test_seconds_are_no_instant(written: Any, problem: str) -> None:
    """A number, and a text that is one, is refused where an instant is meant; whatever else is judged elsewhere."""
    assert problem == seconds_problem(written)


def test_the_countries_are_those_of_libphonenumber() -> None:
    """The table has every country of libphonenumber and no other."""
    assert set(phonenumbers.SUPPORTED_REGIONS) == set(COUNTRIES)


@pytest.mark.parametrize(
    ("name", "price", "coverage"),
    [
        ("X", "x", "x"),
        ("Turkcell", "turkcell", "turkcell"),
        ("DE", "de", "DE"),
        ("de", "de", "DE"),
        ("001", "001", "001"),
    ],
)
def test_networks_and_countries_are_looked_up_without_case(name: str, price: str, coverage: str) -> None:
    """Networks are found without case; prices use lower case, coverage has countries in capitals."""
    assert (price, coverage) == (network_key(name), coverage_key(name))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("jiter", "; did you mean jitter?"), ("Jitter", "; did you mean jitter?"), ("zzz", "")],
)
def test_the_nearest_names_are_suggested(name: str, sentence: str) -> None:
    """The nearest names are suggested, if there are any."""
    assert sentence == suggestion(name, ("jitter", "outcomes"))


def test_at_most_three_names_are_suggested() -> None:
    """The three that are nearest, the nearest first."""
    known = ("jitterxxx", "jitterxx", "jitterx", "jitter")
    assert "; did you mean jitter or jitterx or jitterxx?" == suggestion("jitte", known)
