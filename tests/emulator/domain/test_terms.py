"""Accounts and deliveries as they are configured: defaults, limits, and the values of the domain made from them."""

from decimal import Decimal
from typing import Any

import pytest

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.delivery import Outcome, Profile, Status, Weighted
from kobikom_emulator.domain.terms import AccountSettings, DeliveryOutcome, DeliverySettings

DELIVERED = Status.DELIVERED


@pytest.mark.parametrize(
    ("settings", "profile"),
    [
        (DeliverySettings(), Profile((Weighted(Outcome(DELIVERED, 1000), 1),), 0)),
        (
            DeliverySettings((DeliveryOutcome(Status.REJECTED, 0.0015, 3, 31), DeliveryOutcome(DELIVERED, 30)), 2.5),
            Profile((Weighted(Outcome(Status.REJECTED, 2, 31), 3), Weighted(Outcome(DELIVERED, 30_000), 1)), 2500),
        ),
    ],
)
def test_profiles_are_in_milliseconds(settings: DeliverySettings, profile: Profile) -> None:
    """Seconds become milliseconds, rounded; the defaults are delivery after one second, without jitter."""
    assert profile == settings.profile()


def test_an_account_of_user_and_password_has_the_usual_terms() -> None:
    """The defaults of an account are those of the domain's."""
    assert Account("u", "p") == AccountSettings(user="u", password="p").account(DeliverySettings())


def test_an_account_takes_all_its_terms_along() -> None:
    """Networks for prices in lower case, countries for coverage in capitals, the push address as it is."""
    settings = AccountSettings(
        user="u", password="p", credit=Decimal(5), currency="EUR", titles=("K",), price=Decimal(2),
        prices={"DE": Decimal(3), "Turkcell": Decimal(4)}, coverage=frozenset({"de", "Turkcell"}),
        push_url="http://here/",
    )  # fmt: skip
    assert Account(
        "u", "p", Decimal(5), "EUR", ("K",), Decimal(2), {"de": Decimal(3), "turkcell": Decimal(4)},
        frozenset({"DE", "turkcell"}), Profile(), "http://here/",
    ) == settings.account(DeliverySettings())  # fmt: skip


@pytest.mark.parametrize("own", [False, True])
def test_the_profile_of_an_account(own: bool) -> None:
    """Its own, else the one that all accounts share."""
    shared, special = DeliverySettings(jitter=1), DeliverySettings(jitter=2)
    settings = AccountSettings(user="u", password="p", delivery=special if own else None)
    assert (2000 if own else 1000) == settings.account(shared).profile.jitter


@pytest.mark.parametrize("weight", [1, 1_000_000])
def test_weights(weight: int) -> None:
    """From 1 to a million."""
    assert weight == DeliveryOutcome(DELIVERED, weight=weight).weight


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"weight": 0}, "weight"),
        ({"weight": 1_000_001}, "weight"),
        ({"after": -1.0}, "after"),
    ],
)
def test_outcomes_that_cannot_be(terms: dict[str, Any], field: str) -> None:
    """The limits hold in Python too, and the error names the field."""
    with pytest.raises(ValueError, match=rf"^{field}: "):
        DeliveryOutcome(DELIVERED, **terms)


def test_a_delivery_has_an_outcome() -> None:
    """No outcomes at all are refused."""
    with pytest.raises(ValueError, match=r"^outcomes: "):
        DeliverySettings(())


def test_the_length_of_a_push_address() -> None:
    """Two thousand characters, and not one more."""
    longest = "http://h/" + "x" * (2000 - len("http://h/"))
    assert longest == AccountSettings(user="u", password="p", push_url=longest).push_url
    with pytest.raises(ValueError, match=r"^push_url: "):
        AccountSettings(user="u", password="p", push_url=longest + "x")
