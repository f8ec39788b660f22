"""What is asked of a space that is to be opened, as the control API and a configuration file write it."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType, field

from kobikom_emulator.domain.terms import DeliverySettings, PushUrl
from kobikom_emulator.domain.values import Amount, Checked, Currency, NetworkName, Password, Title, UserName
from kobikom_emulator.faults.rule import Rule
from kobikom_emulator.protocol.readings import ReadingChoices
from kobikom_emulator.space.blueprint import LimitChoices, RetentionChoices
from kobikom_emulator.space.first_messages import FirstMessage
from kobikom_emulator.space.scenario import ClockChange
from kobikom_emulator.space.steps import Step
from kobikom_emulator.space.webhooks import EVERY_EVENT, MOST, Events, Secret, Target

SpaceName = Annotated[
    str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$", description="Lower case letters, digits, dashes.")
]


class DefaultTerms(Checked, frozen=True):
    """Terms that accounts have in common; what is left out keeps its value."""

    credit: Amount | UnsetType = UNSET
    currency: Currency | UnsetType = UNSET
    titles: tuple[Title, ...] | UnsetType = UNSET
    price: Amount | UnsetType = UNSET
    prices: dict[NetworkName, Amount] | UnsetType = UNSET
    coverage: frozenset[NetworkName] | UnsetType = UNSET
    push_url: PushUrl | UnsetType = UNSET


class AccountTerms(DefaultTerms, frozen=True):
    """The terms of an account; what is left out keeps its value, or gets the space's default in a new account."""

    password: Password | UnsetType = UNSET
    delivery: DeliverySettings | UnsetType = UNSET


class NewAccount(AccountTerms, frozen=True):
    """An account of a new space; user and password are generated where they are left out."""

    user: UserName | UnsetType = UNSET


class NewWebhook(Checked, frozen=True):
    """A webhook to add; the secret is generated where it is left out."""

    url: Target
    events: Events = EVERY_EVENT
    secret: Secret | UnsetType = UNSET


class NewSpace(Checked, frozen=True):
    """A space to open. Everything is optional: what is left out is as the server's settings say. `clock.set` freezes
    the clock there unless `clock.freeze` is false. `faults` replaces the rules of the settings; `limits`,
    `retention` and `account_defaults` change those that they name.
    """

    name: SpaceName | UnsetType = UNSET
    seed: int | UnsetType = UNSET
    clock: ClockChange | UnsetType = UNSET
    accounts: Annotated[tuple[NewAccount, ...], Meta(min_length=1, max_length=1000)] | UnsetType = UNSET
    account_defaults: DefaultTerms = DefaultTerms()
    delivery: DeliverySettings | UnsetType = UNSET
    readings: ReadingChoices = field(default_factory=dict)
    limits: LimitChoices = LimitChoices()
    retention: RetentionChoices = RetentionChoices()
    magic_numbers: bool | UnsetType = UNSET
    faults: tuple[Rule, ...] | UnsetType = UNSET
    steps: tuple[Step, ...] = ()
    webhooks: Annotated[tuple[NewWebhook, ...], Meta(max_length=MOST)] = ()
    messages: Annotated[tuple[FirstMessage, ...], Meta(max_length=10_000)] = ()
