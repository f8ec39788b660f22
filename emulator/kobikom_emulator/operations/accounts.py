"""List, open, change and close the accounts of a space."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from hashlib import sha256

import msgspec
from msgspec import UNSET

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.changes import AccountClosed, AccountSet, Change, CreditSet
from kobikom_emulator.domain.terms import AccountDefaults, AccountSettings, DeliverySettings
from kobikom_emulator.operations.errors import Conflict, Invalid, NotFound
from kobikom_emulator.space.errors import UserTaken
from kobikom_emulator.space.new_space import AccountTerms, NewAccount
from kobikom_emulator.space.registry import SpaceRegistry
from kobikom_emulator.space.space import Space

NOTHING_OF_ITS_OWN = NewAccount()


class AccountState(msgspec.Struct, frozen=True):
    """An account's terms and what it can spend now."""

    account: Account
    credit: Decimal


class AccountOperations:
    """The accounts of one space."""

    def __init__(self, space: Space, registry: SpaceRegistry) -> None:
        self._space = space
        self._registry = registry

    async def list(self) -> Sequence[AccountState]:
        return [await self._state(account) for account in await self._space.store.accounts()]

    async def show(self, user: str) -> AccountState:
        """`NotFound` where the space has no such account."""
        return await self._state(await self._account(user))

    async def put(self, user: str, terms: AccountTerms) -> tuple[AccountState, bool]:
        """Open an account, or give an open one exactly these terms; the account and whether it is new.

        `Conflict` where the user belongs to another space.
        """
        space = self._space
        password = made_up_password(space.name, user) if terms.password is UNSET else terms.password
        usual = usual_account(space.blueprint.account_defaults, space.blueprint.delivery, user=user, password=password)
        account = account_with(terms, base=usual)
        async with space.change():
            is_new = await space.store.account(user) is None
            await self._apply(account, credit=account.credit)
        return await self._state(account), is_new

    async def change(self, user: str, terms: AccountTerms) -> AccountState:
        """Change the terms that are given and leave the rest; `NotFound` where the space has no such account."""
        async with self._space.change():
            account = account_with(terms, base=await self._account(user))
            await self._apply(account, credit=None if terms.credit is UNSET else terms.credit)
        return await self._state(account)

    async def close(self, user: str) -> None:
        """Close an account; its messages stay. `NotFound` where the space has no such account."""
        async with self._space.change():
            await self._account(user)
            await self._space.store.apply([AccountClosed(user, self._space.clock.now())])
            self._registry.release(user)

    async def _apply(self, account: Account, *, credit: Decimal | None) -> None:
        now = self._space.clock.now()
        changes: list[Change] = [AccountSet(account, now)]
        if credit is not None and await self._space.store.account(account.user) is not None:
            changes.append(CreditSet(account.user, now, credit))
        try:
            with self._registry.claiming([account.user], self._space):
                await self._space.store.apply(changes)
        except UserTaken as error:
            raise Conflict(str(error), field="user") from None

    async def _account(self, user: str) -> Account:
        account = await self._space.store.account(user)
        if account is None:
            raise NotFound(f"space {self._space.name!r} has no account {user!r}")
        return account

    async def _state(self, account: Account) -> AccountState:
        return AccountState(account, await self._space.store.credit(account.user, self._space.clock.now()))


def account_with(terms: AccountTerms, *, base: Account) -> Account:
    """The base with the terms that are given; `Invalid` names a term that is not valid."""
    changed = {
        name: value
        for name in AccountTerms.__struct_fields__
        if name not in ("delivery", "credit") and (value := getattr(terms, name)) is not UNSET
    }
    account = base
    if changed:
        try:
            account = msgspec.structs.replace(settings_of(base), **changed).account(DeliverySettings())
        except ValueError as error:
            raise _invalid(error) from None
    profile = base.profile if terms.delivery is UNSET else terms.delivery.profile()
    credit = base.credit if terms.credit is UNSET else terms.credit
    return msgspec.structs.replace(account, profile=profile, credit=credit)


def usual_account(
    defaults: AccountDefaults,
    delivery: DeliverySettings,
    *,
    user: str = "any",
    password: str = "any",  # noqa: S107  # no secret
) -> Account:
    """An account with the default terms; `Invalid` names what is wrong with user or password."""
    terms = {name: getattr(defaults, name) for name in AccountDefaults.__struct_fields__}
    try:
        return AccountSettings(user=user, password=password, **terms).account(delivery)
    except ValueError as error:
        raise _invalid(error) from None


def _invalid(error: ValueError) -> Invalid:
    return Invalid(str(error), field=str(error).partition(":")[0])


def settings_of(account: Account) -> AccountSettings:
    """The terms of an account as they are written; ValueError("<field>: <sentence>") for one that cannot be used."""
    return AccountSettings(
        user=account.user,
        password=account.password,
        currency=account.currency,
        titles=account.titles,
        price=account.price,
        prices=dict(account.prices),
        coverage=account.coverage,
        push_url=account.push_url,
    )


def new_account(space: str, wanted: NewAccount, *, nth: int, usual: Account) -> Account:
    """An account of a new space, with the terms of the usual account where it has none of its own; user and password
    are made from the space's name where they are left out.
    """
    user = wanted.user if wanted.user is not UNSET else space if nth == 0 else f"{space}-{nth + 1}"
    password = made_up_password(space, user) if wanted.password is UNSET else wanted.password
    account = msgspec.structs.replace(usual, user=user, password=password)
    return account if wanted == NOTHING_OF_ITS_OWN else account_with(wanted, base=account)


def made_up_password(space: str, user: str) -> str:
    """The password of an account that was given none: the same for the same names, on every server."""
    return sha256(f"kobikom-emulator password {space} {user}".encode()).hexdigest()[:12]
