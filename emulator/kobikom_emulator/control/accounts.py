"""Accounts over the control API: terms merged, checked and put into a space."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import UNSET

from kobikom_emulator.control import views
from kobikom_emulator.control.models import Accounts, AccountTerms, NewAccount
from kobikom_emulator.control.problems import Problem
from kobikom_emulator.control.routing import NO_CONTENT, Call, as_json
from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.changes import AccountClosed, AccountSet, Change, CreditSet
from kobikom_emulator.exchange import Answer
from kobikom_emulator.settings import AccountSettings, DeliverySettings
from kobikom_emulator.space.registry import SpaceRegistry, UserTaken
from kobikom_emulator.space.space import Space


class AccountDesk:
    """List, open, change and close the accounts of a space."""

    def __init__(self, spaces: SpaceRegistry) -> None:
        self._spaces = spaces

    async def list(self, space: Space, _: Call) -> Answer:
        return as_json(Accounts(await views.accounts(space)))

    async def show(self, space: Space, call: Call) -> Answer:
        return as_json(await views.account(space, await self._open(space, call)))

    async def put(self, space: Space, call: Call) -> Answer:
        """Open an account, or give an open one exactly these terms."""
        user = call.path["user"]
        terms = call.body_as(AccountTerms)
        known = await space.store.account(user) is not None
        password = user_secret(space.name, user) if terms.password is UNSET else terms.password
        await self._set(space, account_from(AccountSettings(user=user, password=password), terms), credit=True)
        account = await self._open(space, call)
        return as_json(await views.account(space, account), 200 if known else 201)

    async def patch(self, space: Space, call: Call) -> Answer:
        """Change what is given, leave the rest."""
        account = await self._open(space, call)
        terms = call.body_as(AccountTerms)
        changed = account_from(settings_of(account), terms, profile_of=account)
        await self._set(space, changed, credit=terms.credit is not UNSET)
        return as_json(await views.account(space, changed))

    async def delete(self, space: Space, call: Call) -> Answer:
        account = await self._open(space, call)
        async with space.lock:
            await space.store.apply([AccountClosed(account.user)])
        self._spaces.release(account.user)
        return NO_CONTENT

    async def _open(self, space: Space, call: Call) -> Account:
        account = await space.store.account(call.path["user"])
        if account is None:
            raise Problem(404, f"space {space.name!r} has no account {call.path['user']!r}")
        return account

    async def _set(self, space: Space, account: Account, *, credit: bool) -> None:
        try:
            self._spaces.claim(account.user, space)
        except UserTaken as error:
            raise Problem(409, str(error), field="user") from None
        changes: list[Change] = [AccountSet(account)]
        if credit:
            changes.append(CreditSet(account.user, account.credit))
        async with space.lock:
            await space.store.apply(changes)


def user_secret(space: str, user: str) -> str:
    """A password for an account that was given none: the same for the same names, on every server."""
    return sha256(f"kobikom-emulator password {space} {user}".encode()).hexdigest()[:12]


def new_account(space: str, wanted: NewAccount, nth: int) -> Account:
    """An account of a new space, user and password made up where they are left out."""
    user = wanted.user if wanted.user is not UNSET else space if nth == 0 else f"{space}-{nth + 1}"
    password = user_secret(space, user) if wanted.password is UNSET else wanted.password
    return account_from(AccountSettings(user=user, password=password), wanted)


def account_from(base: AccountSettings, terms: AccountTerms, *, profile_of: Account | None = None) -> Account:
    """The base with the terms laid over it, checked; `Problem` 422 names the field."""
    given: Mapping[str, Any] = {
        name: value for name in AccountTerms.__struct_fields__ if (value := getattr(terms, name)) is not UNSET
    }
    merged = msgspec.structs.replace(base, **given)
    if problem := merged.problem():
        raise Problem(422, problem, field=problem.split()[0])
    account = merged.account(DeliverySettings())
    if profile_of is not None and terms.delivery is UNSET:
        return Account(**{**_fields(account), "profile": profile_of.profile})
    return account


def settings_of(account: Account) -> AccountSettings:
    """An account's terms in the form settings have, without its profile."""
    return AccountSettings(
        user=account.user,
        password=account.password,
        credit=account.credit if account.credit >= 0 else Decimal(0),
        currency=account.currency,
        titles=account.titles,
        price=account.price,
        prices=dict(account.prices),
        coverage=account.coverage,
        push_url=account.push_url,
    )


def _fields(account: Account) -> dict[str, Any]:
    return {name: getattr(account, name) for name in Account.__dataclass_fields__}
