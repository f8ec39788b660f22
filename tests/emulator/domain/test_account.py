"""An account's terms and its money (A-01 … A-04, B-01, C-01, H-01, S-07)."""

from decimal import Decimal

import msgspec
import pytest

from kobikom_emulator.domain.account import Account, exact, login, printed
from kobikom_emulator.domain.reasons import Reason
from kobikom_emulator.domain.values import is_numeric

ACCOUNT = Account("u", "p", prices={"turkcell": Decimal("0.5"), "de": Decimal(0), "tr": Decimal(3)})


@pytest.mark.parametrize(
    ("user", "password", "reason"),
    [
        ("", "", Reason.NO_USER),
        ("", "p", Reason.NO_USER),
        ("u", "", Reason.NO_PASSWORD),
        ("u", "x", Reason.BAD_PASSWORD),
        ("u", "P", Reason.BAD_PASSWORD),
        ("u", "p", None),
    ],
)
def test_login_order(user: str, password: str, reason: Reason | None) -> None:
    """A missing user is -10, then a missing password -11, then a wrong pair -5 (A-01 … A-04)."""
    refusal = login(user, password, ACCOUNT)
    assert reason == (refusal and refusal.reason)


def test_a_wrong_password_is_distinguished_from_an_unknown_user() -> None:
    """The reasons differ, for the explanation; both have the same code on the wire (A-03)."""
    wrong, unknown = login("u", "x", ACCOUNT), login("u", "x", None)
    assert wrong is not None
    assert unknown is not None
    assert (Reason.BAD_PASSWORD, Reason.BAD_LOGIN) == (wrong.reason, unknown.reason)
    assert "the password of user 'u'" == wrong.expected
    assert "x" not in wrong.found


def test_prices_by_network_then_country_then_account() -> None:
    """The price of the network is used, else that of the country, else the account's, also where it is 0 (C-01)."""
    assert [Decimal("0.5"), Decimal(3), Decimal(0), Decimal(1)] == [
        ACCOUNT.price_of(*network) for network in [("turkcell", "TR"), ("vodafone", "TR"), ("de", "DE"), ("gb", "GB")]
    ]


def test_coverage_by_country_or_network() -> None:
    """A recipient is covered if its country or its network is (S-07)."""
    account = Account("u", "p", coverage=frozenset({"DE", "turkcell"}))
    assert [True, False, True] == [
        account.covers(*network) for network in [("turkcell", "TR"), ("vodafone", "TR"), ("de", "DE")]
    ]


@pytest.mark.parametrize(
    ("amount", "shown"), [("1000.000", "1000.000"), ("0", "0.000"), ("18.532", "18.532"), ("1E+3", "1000.000")]
)
def test_amounts_are_printed_with_three_places(amount: str, shown: str) -> None:
    """Amounts are printed with a point and three decimals (B-01)."""
    assert shown == printed(Decimal(amount))


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("0", "0.000"), ("1E+3", "1000.000"), ("999.9545", "999.9545"), ("0.9999960", "0.999996"), ("2.5000000", "2.500")],
)
def test_exact_amounts_keep_all_their_places(amount: str, shown: str) -> None:
    """An exact amount has three places, and more where it needs them."""
    assert shown == exact(Decimal(amount))


def test_numeric_titles() -> None:
    """A title is numeric if it has only ASCII digits (H-01)."""
    assert [True, False, False, False] == [is_numeric(title) for title in ("0850", "A1", "", "٠٨")]


@pytest.mark.parametrize("length", [39, 40, 41])
def test_a_refused_user_is_quoted_up_to_forty_characters(length: int) -> None:
    """A long user is cut where the explanation quotes it."""
    user, quoted = "u" * length, repr("u" * min(length, 40))
    unknown, wrong = login(user, "x", None), login(user, "x", Account(user, "p"))
    assert unknown is not None
    assert wrong is not None
    assert (f"user {quoted}", f"the password of user {quoted}") == (unknown.found, wrong.expected)


def test_an_account_has_no_other_terms() -> None:
    """A term that does not exist is refused when an account is read."""
    terms = {"user": "u", "password": "p"}
    assert Account("u", "p") == msgspec.convert(terms, Account)
    with pytest.raises(msgspec.ValidationError, match="unknown field `titels`"):
        msgspec.convert(terms | {"titels": ["K"]}, Account)


def test_a_password_is_never_shown() -> None:
    """The representation of an account shows every term but the password."""
    text = repr(Account("u", "s3cret", titles=("K",)))
    assert "s3cret" not in text
    assert "Account(user='u', credit=Decimal('1000.000'), currency='TRY', titles=('K',), price=Decimal('1'), " in text
    shown = [name for name in Account.__struct_fields__ if f"{name}=" in text]
    assert [name for name in Account.__struct_fields__ if name != "password"] == shown
