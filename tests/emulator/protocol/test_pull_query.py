"""From a query string to a pull (R-01, R-04)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kobikom_emulator.protocol.decode import Credentials
from kobikom_emulator.protocol.pull_query import decode_pull
from kobikom_emulator.protocol.slips import MOST_SLIPS, Slip, Unread


@pytest.mark.parametrize(
    ("query", "ids", "appid"),
    [
        ("", None, ""),
        ("messageid=", (), ""),
        ("messageid", (), ""),
        ("messageid=%20", (), ""),
        ("messageid=,%20,", (), ""),
        ("MESSAGEID=+", (), ""),
        ("messageid=1", ("1",), ""),
        ("MessageId=1,2,,%203%20", ("1", "2", "3"), ""),
        ("messageid=,", (), ""),
        ("messageid=1&messageid=2", ("1",), ""),
        ("appid=+a+&APPID=b", None, "a"),
        ("messageid=%C5%9F%2Cx+y", ("ş", "x y"), ""),
        ("messageid=%FE", ("ş",), ""),
    ],
)
def test_pull_parameters(query: str, ids: tuple[str, ...] | None, appid: str) -> None:
    """Names in any case, values form-decoded, ids split at commas, the first of a repeated name (R-01, R-04)."""
    pull = decode_pull("KULLANICI=%20u&Parola=p+&" + query)
    assert (Credentials("u", "p"), ids, appid) == (pull.credentials, pull.message_ids, pull.appid)


def test_unknown_parameters_are_reported() -> None:
    """So are repetitions (T-07)."""
    pull = decode_pull("kullanici=u&parola=p&x=%41&kullanici=v&&")
    assert (Unread("?x", "A"), Unread("?kullanici", "v", Slip.REPEATED)) == pull.unread


def test_the_captions_of_the_page_are_no_parameters() -> None:
    """`Kullanıcı` is not `kullanici`: the user is missing, and the report says which name was meant (R-01)."""
    pull = decode_pull("Kullan%C4%B1c%C4%B1=u&Parola=p")
    assert Credentials("", "p") == pull.credentials
    assert (Unread("?Kullanıcı", "u", Slip.SPELLING, "kullanici"),) == pull.unread


def test_raw_octets_in_a_query_are_read_like_encoded_ones() -> None:
    """A server hands octets outside ASCII over as lone surrogates; they are no reason to fail (R-01)."""
    assert "ş" == decode_pull(b"kullanici=\xfe".decode("utf-8", "surrogateescape")).credentials.kullanici
    assert "ş" == decode_pull(b"kullanici=\xc5\x9f".decode("utf-8", "surrogateescape")).credentials.kullanici


@given(st.binary().map(lambda octets: octets.decode("utf-8", "surrogateescape")))
def test_any_query_string_is_read(query: str) -> None:
    """Nothing in a query string raises (R-01)."""
    pull = decode_pull(query)
    assert len(pull.unread) <= MOST_SLIPS + 1


@pytest.mark.parametrize(("length", "shown"), [(59, 59), (60, 60), (61, 58)])
def test_long_names_of_parameters_are_shortened(length: int, shown: int) -> None:
    """A name of up to 60 characters is reported whole, of a longer one the first 57 and an ellipsis."""
    (unread,) = decode_pull(f"{'x' * length}=1").unread
    assert "?" + "x" * (shown if length <= 60 else 57) + "…" * (length > 60) == unread.path
    assert shown + 1 == len(unread.path)


def test_empty_parameters_end_nothing() -> None:
    """What follows an empty parameter is read, too (R-01)."""
    assert "u" == decode_pull("&&parola=p&&kullanici=u").credentials.kullanici
