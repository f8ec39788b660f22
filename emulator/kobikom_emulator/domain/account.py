"""An account's terms, and the check of its login.

Money is `Decimal`: never a binary float, never below zero (C-04).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from kobikom_emulator.domain.delivery import Profile
from kobikom_emulator.domain.reasons import Reason, Refusal
from kobikom_emulator.phrases import Phrase

THOUSANDTH = Decimal("0.001")


class Account(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was agreed with a customer: login, titles (sender ids), prices by network, coverage, how its messages end.

    `prices` are by network name, then by country code in lower case, then `price`. `coverage` holds country codes and
    network names (S-07, C-01). `push_url` is the default for reports (S-19).
    """

    user: str
    password: str
    credit: Decimal = Decimal("1000.000")
    currency: str = "TRY"
    titles: tuple[str, ...] = ("Kobikom", "TEST", "DEMO")
    price: Decimal = Decimal(1)
    prices: Mapping[str, Decimal] = msgspec.field(default_factory=dict)
    coverage: frozenset[str] = frozenset({"TR"})
    profile: Profile = Profile()
    push_url: str = ""

    def price_of(self, network: str, country: str) -> Decimal:
        """The price of one part on a network."""
        price = self.prices.get(network)
        return self.prices.get(country.lower(), self.price) if price is None else price

    def treats_alike(self, country: str) -> bool:
        """Whether it covers every network of a country, at one price."""
        return not self.prices and country in self.coverage

    def covers(self, network: str, country: str) -> bool:
        return country in self.coverage or network in self.coverage

    def __repr__(self) -> str:
        """The terms without the password: values end up in logs and in failure messages."""
        fields = [f"{name}={getattr(self, name)!r}" for name in self.__struct_fields__ if name != "password"]
        return f"Account({', '.join(fields)})"


def printed(amount: Decimal) -> str:
    """An amount as the balance answer prints it: a point, three places (B-01)."""
    return f"{amount.quantize(THOUSANDTH)}"


def exact(amount: Decimal) -> str:
    """An amount with every place it has, at least three: what `printed` would round is not lost."""
    rounded = amount.quantize(THOUSANDTH)
    return f"{rounded if rounded == amount else amount.normalize():f}"


def login(user: str, password: str, account: Account | None) -> Refusal | None:
    """Why these credentials are refused, None if they are right (A-01 … A-04). `account` is the one of the user."""
    if not user:
        return Refusal(Reason.NO_USER, Phrase("a user name"), Phrase("none"))
    if not password:
        return Refusal(Reason.NO_PASSWORD, Phrase("a password"), Phrase("none"))
    if account is None:
        return Refusal(Reason.BAD_LOGIN, Phrase("the user of an account"), Phrase("user {user}", user=repr(user[:40])))
    if account.password != password:
        return Refusal(
            Reason.BAD_PASSWORD, Phrase("the password of user {user}", user=repr(user[:40])), Phrase("another one")
        )
    return None
