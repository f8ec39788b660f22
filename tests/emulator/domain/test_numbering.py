"""Which numbers are mobile ones, of which country and network (S-06, S-07, S-08)."""

import os
import re
import subprocess
import sys
import time

import phonenumbers
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from phonenumbers.phonemetadata import PhoneMetadata

from kobikom_emulator.domain.numbering import (
    TURKISH_PREFIXES,
    Mobile,
    NotMobile,
    read_number,
)

TURKCELL = Mobile("905329975725", "TR", "turkcell")
DIGITS = st.text(st.sampled_from("0123456789"), max_size=20)


def test_prefixes_follow_the_public_numbering_plan() -> None:
    """The table has what libphonenumber calls mobile, and so nothing of 599, where magic numbers live."""
    metadata = PhoneMetadata.metadata_for_region("TR")
    assert metadata is not None
    assert metadata.mobile is not None
    mobile = metadata.mobile.national_number_pattern or ""
    # A prefix assigned in part counts whole, so every block of ten thousand is tried.
    assigned = {
        f"90{prefix}"
        for prefix in range(500, 600)
        if any(re.fullmatch(mobile, f"{prefix}{block:03}0000") for block in range(1000))
    }
    assert assigned == set(TURKISH_PREFIXES)


@pytest.mark.parametrize(
    ("prefix", "network"),
    [
        ("90501", "turktelekom"),
        ("90505", "turktelekom"),
        ("90530", "turkcell"),
        ("90539", "turkcell"),
        ("90540", "vodafone"),
        ("90549", "vodafone"),
        ("90551", "turktelekom"),
        ("90559", "turktelekom"),
        ("90510", "other-tr"),
        ("90561", "other-tr"),
    ],
)
def test_networks_of_the_prefixes(prefix: str, network: str) -> None:
    """A prefix names the network it was assigned to."""
    assert Mobile(f"{prefix}1234567", "TR", network) == read_number(f"{prefix}1234567", lenient=True)


def test_the_prefix_table_cannot_be_changed() -> None:
    """The table of prefixes is read-only, because every space of the process uses it."""
    with pytest.raises(TypeError):
        TURKISH_PREFIXES["90599"] = "turkcell"  # type: ignore[index]


@pytest.mark.parametrize(
    "written",
    [
        "905329975725",
        "+905329975725",
        "00905329975725",
        "05329975725",
        "5329975725",
        "  905329975725\n",
        "\t+905329975725 ",
    ],
)
def test_lenient_forms_mean_the_same_number(written: str) -> None:
    """S-08 lenient: five ways of writing one Turkish number; surrounding white space is nothing."""
    assert read_number(written, lenient=True) == TURKCELL


@pytest.mark.parametrize("written", ["+905329975725", "00905329975725", "05329975725", "0"])
def test_strict_refuses_a_leading_plus_or_zero(written: str) -> None:
    """Under `number-form=strict` a leading + or 0 is refused (S-08)."""
    expected = f"a leading {written[0]}, which number-form=strict refuses"
    assert NotMobile(expected) == read_number(written, lenient=False)


def test_strict_reads_the_international_form() -> None:
    """S-08 strict: 90… is the one form of a Turkish number; white space around still is nothing."""
    assert read_number(" 905329975725 ", lenient=False) == TURKCELL


def test_only_ten_digits_from_a_5_on_are_a_bare_turkish_number() -> None:
    """S-08 lenient: nine or eleven digits, or another first digit, are read abroad."""
    assert Mobile("51987654321", "PE", "pe") == read_number("51987654321", lenient=True)
    assert Mobile("6591234567", "SG", "sg") == read_number("6591234567", lenient=True)
    assert Mobile("4520123456", "DK", "dk") == read_number("4520123456", lenient=True)
    assert Mobile("51912345678", "PE", "pe") == read_number("+51912345678", lenient=True)
    nine = read_number("532345678", lenient=True)
    assert isinstance(nine, NotMobile)
    assert "Turkish" not in nine.why


@pytest.mark.parametrize("digits", [15, 16, 17, 18])
def test_a_number_has_at_most_fifteen_digits(digits: int) -> None:
    """S-06: seventeen characters are still read, since 00 may stand before fifteen digits; the next one is too many."""
    result = read_number("00" + "9" * (digits - 2), lenient=True)
    assert isinstance(result, NotMobile)
    assert ("no number has more than 15 digits" in result.why) is (digits == 18)


@pytest.mark.parametrize("bare", ["5352345678", "5329975725", "5119876543", "5990000001"])
def test_a_turkish_number_without_its_country_code_is_refused_when_strict(bare: str) -> None:
    """S-08 strict: ten digits beginning with 5 are a Turkish number that lacks 90, not one of Cuba or Peru."""
    expected = NotMobile("a Turkish number without its country code, which number-form=strict refuses")
    assert expected == read_number(bare, lenient=False)
    assert expected == read_number(f" {bare}\n", lenient=False)


def test_a_bare_turkish_number_is_turkish_when_lenient() -> None:
    """S-08 lenient: although 53 is Cuba's country code, which + makes clear."""
    assert Mobile("5352345678", "CU", "cu") == read_number("+5352345678", lenient=True)
    assert Mobile("905352345678", "TR", "turkcell") == read_number("5352345678", lenient=True)


@pytest.mark.parametrize(
    ("written", "country"),
    [
        ("4915112345678", "DE"),
        ("+4915112345678", "DE"),
        ("004915112345678", "DE"),
        ("447400123456", "GB"),
        ("12015550123", "US"),  # the plan does not distinguish fixed and mobile: counts as mobile
        ("77012345678", "KZ"),
        ("79161234567", "RU"),
    ],
)
def test_foreign_mobile_numbers(written: str, country: str) -> None:
    """S-07: a foreign mobile number is a number, of its country; coverage is judged elsewhere."""
    expected = Mobile(written.lstrip("+0"), country, country.lower())
    assert expected == read_number(written, lenient=True)


@pytest.mark.parametrize("lenient", [True, False])
@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "no characters"),
        ("   ", "no characters"),
        ("+", "other than digits"),
        ("90 532 997 57 25", "other than digits"),
        ("90532-9975725", "other than digits"),
        ("90532997572a", "other than digits"),
        ("++90532997572", "other than digits"),
        ("٩٠٥٣٢٩٩٧٥٧٢٥", "other than digits"),
        ("9053299757²5", "other than digits"),
        ("90５329975725", "other than digits"),
        ("905\x00", "other than digits"),
        ("90532997572", "11 digits, but Turkish numbers have 12"),
        ("9053299757255", "13 digits, but Turkish numbers have 12"),
        ("905209975725", "90520… is no assigned Turkish mobile prefix"),
        ("905129975725", "90512… is no assigned Turkish mobile prefix"),
        ("905990000004", "90599… is no assigned Turkish mobile prefix"),
        ("902122223344", "90212… is no assigned Turkish mobile prefix"),
        ("442071838750", "valid number of GB, but not a mobile one"),
        ("49151", "5 digits, but"),
        ("491511", "6 digits, but international numbers have 7 to 15"),
        ("4915112", "a valid number of DE, but not a mobile one"),
        ("491511234567890", "a valid number of DE, but not a mobile one"),
        ("2101234567", "210… begins with no country code"),
        ("49015112345678", "trunk prefix after country code 49"),
        ("4915112345678901", "16 digits, but"),
        ("491511234567890123", "no number has more than 15 digits"),
        ("2101234567", "no country code"),
        ("99912345678", "no country code"),
        ("15555555555", "no valid number of country code 1"),
        ("4407400123456", "trunk prefix after country code 44"),
        ("370861234567", "trunk prefix after country code 370"),
        ("3361234567", "no valid number of country code 33"),
    ],
)
def test_what_is_no_mobile_number_says_why(written: str, why: str, lenient: bool) -> None:
    """S-06: each refusal has a sentence, the same under both readings of S-08."""
    result = read_number(written, lenient=lenient)
    assert isinstance(result, NotMobile)
    assert why in result.why


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("0532997572", "a leading 0"),
        ("04329975725", "a leading 0"),
        ("053299757255", "a leading 0"),
        ("06329975725", "a leading 0"),
        ("532997572", "digits, but|no valid number|not a mobile one|no country code"),
        ("02122223344", "a leading 0"),
        ("0", "a leading 0"),
        ("00", "digits, but"),
        ("000905329975725", "a 0 where the country code"),
        ("+05329975725", "a 0 where the country code"),
        ("+00905329975725", "a 0 where the country code"),
        ("+5329975725", "not a mobile one|no valid number"),
        ("5209975725", "90520… is no assigned"),
    ],
)
def test_lenient_is_not_boundless(written: str, why: str) -> None:
    """Under `number-form=lenient` only the five forms are read, not any text that contains a number (S-08)."""
    result = read_number(written, lenient=True)
    assert isinstance(result, NotMobile)
    assert re.search(why, result.why)


@pytest.mark.parametrize(
    ("written", "incomplete"),
    [
        ("", False),
        ("x", False),
        ("4", True),
        ("491511", True),
        ("4915112345678901", False),
        ("0", True),
        ("05", True),
        ("0532", True),
        ("0532997572", True),
        ("0432", False),
        ("04", False),
        ("04329975725", False),
        ("053299757255", False),
        ("9053299", True),
        ("90532997572", True),
        ("9021222", False),
        ("90212222334", False),
        ("9053299757255", False),
        ("905209975725", False),
        ("2101234567", False),
        ("3361234567", True),
        ("4474001234567", False),
        ("15555555555", False),
        ("442071838750", False),
        ("4407400123456", False),
    ],
)
def test_whether_only_digits_are_missing(written: str, incomplete: bool) -> None:
    """A number that could become a mobile one by more digits is incomplete, anything else is none (S-05, S-06)."""
    result = read_number(written, lenient=True)
    assert isinstance(result, NotMobile)
    assert incomplete is result.incomplete


@pytest.mark.parametrize(
    ("written", "country"),
    [("51987654321", "PE"), ("4520123456", "DK"), ("6591234567", "SG"), ("4915112345670", "DE"), ("79161234560", "RU")],
)
def test_strict_reads_foreign_numbers(written: str, country: str) -> None:
    """What is no Turkish number without its country code is read abroad, whatever its last digit is (S-07, S-08)."""
    assert Mobile(written, country, country.lower()) == read_number(written, lenient=False)


def test_nine_digits_from_a_5_on_are_no_turkish_number_when_strict() -> None:
    """Only ten digits are a Turkish number that lacks its country code (S-08)."""
    result = read_number("532345678", lenient=False)
    assert isinstance(result, NotMobile)
    assert "Turkish" not in result.why


@pytest.mark.parametrize("lenient", [True, False])
def test_absurd_lengths_are_refused_without_being_read(lenient: bool) -> None:
    """Ten million digits cost processor time of milliseconds at most and are not echoed."""
    absurd = "9" * 10_000_000
    started = time.process_time()
    result = read_number(absurd, lenient=lenient)
    assert time.process_time() - started < 0.5
    assert NotMobile("10,000,000 characters, but no number has more than 15 digits") == result


def test_turkish_numbers_import_no_library() -> None:
    """The number library is slow to import: neither the module nor Turkish numbers load it."""
    program = (
        "import sys\n"
        "from kobikom_emulator.domain.numbering import read_number\n"
        "for written in ('905329975725', '05329975725', '+902122223344', 'x', ''):\n"
        "    read_number(written, lenient=True)\n"
        "before = 'phonenumbers' in sys.modules\n"
        "read_number('4915112345678', lenient=True)\n"
        "print(before, 'phonenumbers' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "False True\n"


@given(prefix=st.sampled_from(sorted(TURKISH_PREFIXES)), rest=st.integers(0, 9_999_999))
def test_every_number_of_an_assigned_prefix_is_turkish(prefix: str, rest: int) -> None:
    """Every form of every number of an assigned prefix is read as that number."""
    msisdn = f"{prefix}{rest:07}"
    expected = Mobile(msisdn, "TR", TURKISH_PREFIXES[prefix])
    forms = [msisdn, f"+{msisdn}", f"00{msisdn}", f"0{msisdn[2:]}", msisdn[2:]]
    assert [expected] * 5 == [read_number(form, lenient=True) for form in forms]
    assert expected == read_number(msisdn, lenient=False)


@given(written=st.one_of(DIGITS, DIGITS.map("+".__add__), st.text(max_size=20)), lenient=st.booleans())
def test_reading_is_total_and_canonical(written: str, lenient: bool) -> None:
    """Reading never raises, and the digits of a number are read as the same number."""
    result = read_number(written, lenient=lenient)
    if isinstance(result, Mobile):
        assert result.msisdn.isascii()
        assert result.msisdn.isdigit()
        assert result == read_number("+" + result.msisdn, lenient=True)
    else:
        assert result.why


def _by_the_library(digits: str) -> Mobile | NotMobile:
    """A foreign number judged by libphonenumber's own functions."""
    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return NotMobile(f"{digits[:3]}… begins with no country code")
    country = phonenumbers.region_code_for_number(number)
    short = phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.TOO_SHORT
    if country is None or short:
        return NotMobile(f"no valid number of country code {number.country_code}", incomplete=short)
    if phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) != f"+{digits}":
        return NotMobile(f"a trunk prefix after country code {number.country_code}")
    if phonenumbers.number_type(number) not in (
        phonenumbers.PhoneNumberType.MOBILE,
        phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
    ):
        return NotMobile(f"a valid number of {country}, but not a mobile one")
    return Mobile(digits, country, country.lower())


def _examples() -> list[str]:
    """The library's example number of every kind in every country, in international digits."""
    kinds = ("fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "personal_number", "voip", "pager")
    return [
        f"{code}{description.example_number}"
        for code, regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items()
        if code != 90
        for region in regions
        if (metadata := PhoneMetadata.metadata_for_region_or_calling_code(code, region)) is not None
        for kind in kinds
        if (description := getattr(metadata, kind)) is not None and description.example_number
    ]


@st.composite
def _foreign_digits(draw: st.DrawFn) -> str:
    """A number abroad: an example of some kind as it is, with a digit more, less or changed, or with a prefix in it."""
    number: str = draw(st.sampled_from(_EXAMPLES))
    at = draw(st.integers(1, len(number)))
    inserted = draw(st.sampled_from(("", "0", "1", "8", "9", "15", "00")) | st.text("0123456789", max_size=2))
    number = (number[:at] + inserted + number[at + draw(st.integers(0, 1)) :])[:15]
    assume(len(number) >= 7 and not number.startswith("90"))
    return number


_EXAMPLES = _examples()


@given(_foreign_digits() | st.from_regex(r"[1-8][0-9]{6,14}", fullmatch=True))
def test_foreign_numbers_are_judged_as_libphonenumber_judges_them(digits: str) -> None:
    """The tables and libphonenumber's own functions agree about a number and the reason why it is refused (S-06)."""
    assert _by_the_library(digits) == read_number(f"+{digits}", lenient=True)


def test_the_examples_of_every_country_are_judged_as_libphonenumber_judges_them() -> None:
    """The same for the example numbers of every kind in every country, of which the mobile ones are mobile numbers."""
    assert [_by_the_library(digits) for digits in _EXAMPLES if len(digits) in range(7, 16)] == [
        read_number(f"+{digits}", lenient=True) for digits in _EXAMPLES if len(digits) in range(7, 16)
    ]


def test_foreign_numbers_cost_no_call_of_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once the table of a country is made, its numbers are judged without libphonenumber (T-11)."""
    assert isinstance(read_number("4915112345678", lenient=True), Mobile)

    def called(*_: object, **__: object) -> None:
        raise AssertionError("libphonenumber was called")

    for name in ("parse", "number_type", "format_number", "region_code_for_number", "is_possible_number_with_reason"):
        monkeypatch.setattr(phonenumbers, name, called)
        monkeypatch.setattr(phonenumbers.phonenumberutil, name, called)
    judged = [read_number(f"49151{nth:08}", lenient=True) for nth in range(1000)]
    assert {Mobile} == set(map(type, judged))
