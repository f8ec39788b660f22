"""Credit through the gateway (C): conserved over random sends, exact under every reading."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kobikom_emulator.domain.account import Account

TURKCELL, VODAFONE = "905321234567", "905421234567"


def account(credit: str, **more: Any) -> Account:
    return Account("test", "test", credit=Decimal(credit), **more)


@pytest.mark.parametrize(
    ("reading", "codes", "left"), [("per-recipient", [0, -13, 0, -2], "0.500"), ("whole-request", [-2] * 4, "2.500")]
)
def test_short_credit(world: Callable[..., Any], reading: str, codes: list[int], left: str) -> None:
    """Both readings; under the second every result is -2, also those that would have been -13 (C-02)."""
    kobikom = world(accounts=[account("2.5")], readings={"short-credit": reading})
    assert codes == kobikom.codes(TURKCELL, "1", TURKCELL, TURKCELL)
    assert Decimal(left) == kobikom.balance()


def test_short_credit_is_explained(world: Callable[..., Any]) -> None:
    """The explanation of -2 names the recipient and the credit that was left (C-02)."""
    kobikom = world(accounts=[account("1.5")])
    kobikom.send(TURKCELL, VODAFONE)
    [note] = kobikom.journal()[-1]["explanation"]
    assert ("C-02", -2, "/SMS/mesajiniz/alicilar/gsm[2]", "a credit of 1", "0.5 left") == (
        note["clause"], note["code"], note["path"], note["expected"], note["found"]
    )  # fmt: skip


def test_prices_by_network(world: Callable[..., Any]) -> None:
    """Prices by network are added in decimal arithmetic: ten tenths are one (C-01, C-04)."""
    kobikom = world(accounts=[account("1", prices={"turkcell": Decimal("0.1"), "tr": Decimal("0.05")})])
    assert [0] * 6 == kobikom.codes(*[TURKCELL] * 5, VODAFONE)
    assert Decimal("0.450") == kobikom.balance()
    assert [0, 0, 0, 0, -2, 0] == kobikom.codes(*[TURKCELL] * 5, VODAFONE)
    assert Decimal("0.000") == kobikom.balance()


def test_blocks_share_one_credit(world: Callable[..., Any]) -> None:
    """The credit pays recipients in document order over all blocks (C-02, S-20)."""
    kobikom = world(accounts=[account("2")])
    body = kobikom.body(kobikom.block(TURKCELL), kobikom.block(TURKCELL, TURKCELL), kobikom.block(TURKCELL))
    assert [0, 0, -2, -2] == [code for code, _, _ in kobikom.results(kobikom.post(body))]


NUMBERS = st.sampled_from([TURKCELL, VODAFONE, "1", "", "4915112345678", "905990000005", "905990000010"])
BLOCKS = st.tuples(st.lists(NUMBERS, max_size=5), st.integers(0, 400), st.booleans(), st.sampled_from(["", "x", "1d"]))


@given(
    st.lists(st.tuples(st.lists(BLOCKS, max_size=3), st.integers(0, 2)), max_size=6),
    st.sampled_from(["per-recipient", "whole-request"]),
    st.sampled_from(["cut", "split", "refuse"]),
)
def test_credit_is_conserved(
    world: Callable[..., Any], requests: list[tuple[list[Any], int]], short: str, long: str
) -> None:
    """Before − after = cost of what was accepted − refunds that are due; never below zero (C-01 … C-05)."""
    prices = {"turkcell": Decimal("0.333"), "vodafone": Decimal("1.7")}
    terms = account("9.5", prices=prices)
    kobikom = world(accounts=[terms], readings={"short-credit": short, "long-text": long})
    expected, refunds, now = Decimal("9.5"), [], 0
    for blocks, pause in requests:
        body = kobikom.body(
            *[
                kobikom.block(*numbers, metin="x" * length, type="longSMS" if split else "", ileriTarih=when)
                for numbers, length, split, when in blocks
            ]
        )
        answered = kobikom.results(kobikom.post(body))
        flat = [
            (number, length, split, when) for numbers, length, split, when in blocks for number in numbers if number
        ]
        if len(flat) == len(answered) and [each[0] for each in flat] == [number for _, _, number in answered]:
            for (number, length, split, when), (code, _, _) in zip(flat, answered, strict=True):
                if code == 0:
                    parts = -(-length // 153) if length > 160 and (split or long == "split") else 1
                    cost = parts * {"90532": prices["turkcell"], "90542": prices["vodafone"]}.get(
                        number[:5], Decimal(1)
                    )
                    expected -= cost
                    if number == "905990000005":
                        refunds.append((now + 1 + 86_400 * (when == "1d"), cost))
        else:
            assert 0 not in {code for code, _, _ in answered}
        kobikom.later(pause)
        now += pause
        expected += sum((cost for due, cost in refunds if due <= now), Decimal(0))
        refunds = [each for each in refunds if each[0] > now]
        assert expected == kobikom.balance() >= 0
