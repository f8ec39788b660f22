"""The accounts of a space over the control API."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from kobikom_emulator.control.routing import NO_CONTENT, Call, Endpoint, as_json
from kobikom_emulator.domain.account import exact
from kobikom_emulator.domain.terms import AccountDefaults, DeliverySettings
from kobikom_emulator.exchange import Answer
from kobikom_emulator.operations.accounts import AccountState
from kobikom_emulator.operations.space import SpaceOperations
from kobikom_emulator.space.new_space import AccountTerms


class AccountView(msgspec.Struct, frozen=True):
    """An account as it is now. `credit` is what can be spent. Amounts are decimal strings."""

    user: str
    password: str
    credit: str
    currency: str
    titles: tuple[str, ...]
    price: str
    prices: dict[str, str]
    coverage: tuple[str, ...]
    push_url: str
    delivery: DeliverySettings


class AccountDefaultsView(msgspec.Struct, frozen=True):
    """The terms of an account that says nothing else."""

    credit: str
    currency: str
    titles: tuple[str, ...]
    price: str
    prices: dict[str, str]
    coverage: tuple[str, ...]
    push_url: str


class Accounts(msgspec.Struct, frozen=True):
    accounts: tuple[AccountView, ...]


_delivery_view = lru_cache(maxsize=64)(DeliverySettings.of_profile)


def account_view(state: AccountState) -> AccountView:
    account = state.account
    return AccountView(
        user=account.user,
        password=account.password,
        credit=exact(state.credit),
        currency=account.currency,
        titles=account.titles,
        price=f"{account.price:f}",
        prices={network: f"{price:f}" for network, price in sorted(account.prices.items())},
        coverage=tuple(sorted(account.coverage)),
        push_url=account.push_url,
        delivery=_delivery_view(account.profile),
    )


def account_defaults_view(terms: AccountDefaults) -> AccountDefaultsView:
    return AccountDefaultsView(
        credit=exact(terms.credit),
        currency=terms.currency,
        titles=terms.titles,
        price=f"{terms.price:f}",
        prices={network: f"{price:f}" for network, price in sorted(terms.prices.items())},
        coverage=tuple(sorted(terms.coverage)),
        push_url=terms.push_url,
    )


async def list_accounts(space: SpaceOperations, _: Call) -> Answer:
    return as_json(Accounts(tuple(map(account_view, await space.accounts.list()))))


async def show(space: SpaceOperations, call: Call) -> Answer:
    return as_json(account_view(await space.accounts.show(call.path["user"])))


async def put(space: SpaceOperations, call: Call) -> Answer:
    state, is_new = await space.accounts.put(call.path["user"], call.body_as(AccountTerms))
    return as_json(account_view(state), 201 if is_new else 200)


async def change(space: SpaceOperations, call: Call) -> Answer:
    return as_json(account_view(await space.accounts.change(call.path["user"], call.body_as(AccountTerms))))


async def close(space: SpaceOperations, call: Call) -> Answer:
    await space.accounts.close(call.path["user"])
    return NO_CONTENT


ENDPOINTS = (
    Endpoint("GET", "/accounts", list_accounts, "listAccounts", "The accounts.", {200: Accounts}),
    Endpoint("GET", "/accounts/{user}", show, "showAccount", "An account as it is now.", {200: AccountView}),
    Endpoint("PUT", "/accounts/{user}", put, "putAccount", "Open an account, or set all of its terms.",
             {200: AccountView, 201: AccountView}, body=AccountTerms, problems=(409,)),
    Endpoint("PATCH", "/accounts/{user}", change, "patchAccount", "Change terms of an account.", {200: AccountView},
             body=AccountTerms),
    Endpoint("DELETE", "/accounts/{user}", close, "closeAccount", "Close an account.", {204: None}),
)  # fmt: skip
