"""Many tasks against one gateway, with a store that yields between calls: nothing is lost or doubled (C-04, R-03)."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from kobikom_emulator.domain.account import Account

TURKCELL = "905321234567"


async def balance(kobikom: Any) -> Decimal:
    query = b"<bakiye><dogrulama><kullanici>test</kullanici><parola>test</parola></dogrulama></bakiye>"
    body = (await kobikom.posted(query)).body
    return Decimal(body.partition(b"<miktar>")[2].partition(b"<")[0].decode())


@pytest.mark.parametrize("seed", range(3))
def test_reports_and_credit_are_conserved(world: Callable[..., Any], seed: int) -> None:
    """Sends, pulls, named pulls, balances interleaved: every accepted message has one report (R-03, C-04)."""
    kobikom = world(yielding=True)
    dice = random.Random(seed)
    accepted: list[str] = []
    pulled: list[str] = []
    seen: list[Decimal] = []

    async def sender() -> None:
        for _ in range(6):
            await asyncio.sleep(0)
            count = dice.randrange(1, 30)
            body = kobikom.body(kobikom.block(*[TURKCELL] * count, metin="x" * 161, type="longSMS"))
            accepted.extend(each[1] for each in kobikom.results((await kobikom.posted(body)).body) if each[0] == 0)

    async def puller(named: bool) -> None:
        for _ in range(12):
            kobikom.later(1)
            query = {"messageid": ",".join(dice.sample(accepted, min(9, len(accepted))))} if named and accepted else {}
            pulled.extend(r["id"] for r in kobikom.read_reports(await kobikom.pulled(**query)))
            await asyncio.sleep(0)

    async def watcher() -> None:
        seen.extend([await balance(kobikom) for _ in range(20)])

    async def everything() -> None:
        await asyncio.gather(
            *[sender() for _ in range(8)], *[puller(nth % 2 == 1) for nth in range(8)], watcher(), watcher()
        )
        kobikom.later(10)
        pulled.extend(r["id"] for r in kobikom.read_reports(await kobikom.pulled()))
        seen.append(await balance(kobikom))

    asyncio.run(everything())
    assert Counter(accepted) == Counter(pulled)
    assert {1} == set(Counter(accepted).values())
    assert min(seen) >= 0
    assert Decimal(1000) - 2 * len(accepted) == seen[-1]


def test_the_last_credit_is_spent_once(world: Callable[..., Any]) -> None:
    """Fifty sends at once and credit for twenty (C-02, C-04)."""
    kobikom = world(yielding=True, accounts=[Account("test", "test", credit=Decimal(20))])

    async def everything() -> list[int]:
        body = kobikom.body(kobikom.block(TURKCELL))
        answers = await asyncio.gather(*[kobikom.posted(body) for _ in range(50)])
        return [kobikom.results(answer.body)[0][0] for answer in answers]

    assert Counter({0: 20, -2: 30}) == Counter(asyncio.run(everything()))


def test_slices_of_two_pulls_do_not_overlap(world: Callable[..., Any]) -> None:
    """Thousands of reports shared by pulls that run side by side, each well-formed (R-03)."""
    kobikom = world(yielding=True, accounts=[Account("test", "test", credit=Decimal(5000))])

    async def everything() -> list[list[str]]:
        await kobikom.posted(kobikom.body(kobikom.block(*[TURKCELL] * 5000)))
        kobikom.later(1)
        answers = await asyncio.gather(*[kobikom.pulled() for _ in range(4)])
        return [[report["id"] for report in kobikom.read_reports(answer)] for answer in answers]

    shares = asyncio.run(everything())
    assert (5000, 5000) == (sum(map(len, shares)), len({each for share in shares for each in share}))
    assert len([share for share in shares if share]) > 1


def test_an_id_of_the_accounts_history_is_used_once(world: Callable[..., Any]) -> None:
    """Of many sends with the same id at once, one is accepted (S-04)."""
    kobikom = world(yielding=True, readings={"duplicate-id": "account-history"})

    async def everything() -> list[int]:
        body = kobikom.body(kobikom.block(TURKCELL, ids=["a"]))
        answers = await asyncio.gather(*[kobikom.posted(body) for _ in range(20)])
        return [kobikom.results(answer.body)[0][0] for answer in answers]

    assert Counter({0: 1, -33: 19}) == Counter(asyncio.run(everything()))
