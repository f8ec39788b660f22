"""Accounts and the ends of messages as configuration files and the control API write them."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Self

from msgspec import Meta, field

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.delivery import Outcome, Profile, Status, Weighted
from kobikom_emulator.domain.push_urls import push_url_problem
from kobikom_emulator.domain.values import (
    MOST_SECONDS,
    Amount,
    Checked,
    Currency,
    GsmError,
    NetworkName,
    Password,
    Seconds,
    Title,
    UserName,
    coverage_key,
    network_key,
)

Weight = Annotated[int, Meta(ge=1, le=1_000_000, description="The share of the messages that end like this.")]


def _push_url_problem(url: str) -> str:
    return push_url_problem(url) if url else ""


PushUrl = Annotated[
    str,
    Meta(
        max_length=2000,
        description="Where reports are pushed, an http or https URL; empty: nowhere (S-19).",
        extra={"check": _push_url_problem},
    ),
]


class DeliveryOutcome(Checked, frozen=True):
    """One way a message can end: final status, seconds after sending, share of the messages. Without `gsm_error` the
    report has the one that fits the status (R-10).
    """

    status: Status
    after: Seconds = 1.0
    weight: Weight = 1
    gsm_error: GsmError | None = None


class DeliverySettings(Checked, frozen=True):
    """How ordinary messages end. `jitter` adds up to so many seconds to `after`, drawn from the seed."""

    outcomes: Annotated[tuple[DeliveryOutcome, ...], Meta(min_length=1)] = (DeliveryOutcome(Status.DELIVERED),)
    jitter: Seconds = 0.0

    @classmethod
    def of_profile(cls, profile: Profile) -> Self:
        """The settings that give this profile."""
        outcomes: list[DeliveryOutcome] = []
        for line in profile.outcomes:
            end = line.outcome
            after = (
                MOST_SECONDS if end.after is None else end.after / 1000
            )  # after any validity: never by itself
            outcomes.append(DeliveryOutcome(end.status, after, line.weight, end.gsm_error))
        return cls(tuple(outcomes), profile.jitter / 1000)

    def profile(self) -> Profile:
        lines = (
            Weighted(Outcome(line.status, round(line.after * 1000), line.gsm_error), line.weight)
            for line in self.outcomes
        )
        return Profile(tuple(lines), round(self.jitter * 1000))


class AccountDefaults(Checked, frozen=True):
    """The terms of an account that says nothing else. `prices` are by network (turkcell, vodafone, turktelekom, …) or
    country code (de, gb, …).
    """

    credit: Amount = Decimal("1000.000")
    currency: Currency = "TRY"
    titles: tuple[Title, ...] = ("Kobikom", "TEST", "DEMO")
    price: Amount = Decimal(1)
    prices: dict[NetworkName, Amount] = field(default_factory=dict)
    coverage: frozenset[NetworkName] = frozenset({"TR"})
    push_url: PushUrl = ""


class AccountSettings(AccountDefaults, frozen=True, kw_only=True):
    """An account. `delivery` is how its messages end where that differs from other accounts."""

    user: UserName
    password: Password
    delivery: DeliverySettings | None = None

    def account(self, delivery: DeliverySettings) -> Account:
        """The account; its messages end as `delivery` says unless it has a profile of its own."""
        return Account(
            user=self.user,
            password=self.password,
            credit=self.credit,
            currency=self.currency,
            titles=self.titles,
            price=self.price,
            prices={network_key(network): price for network, price in self.prices.items()},
            coverage=frozenset(map(coverage_key, self.coverage)),
            profile=(self.delivery or delivery).profile(),
            push_url=self.push_url,
        )
