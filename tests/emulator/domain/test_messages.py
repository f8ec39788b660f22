"""A batch as its messages see it: ids, costs and plans of each recipient (S-02, S-03, C-01)."""

from decimal import Decimal
from typing import Any

import pytest

from kobikom_emulator.domain.delivery import Plan, Status
from kobikom_emulator.domain.messages import Batch, Draft, RecipientGroup
from kobikom_emulator.domain.segments import LongText, Unencodable, segment_text

NUMBERS = ("905321234567", "905421234567", "905551234567")
FIRST, SECOND = Plan(0, 0, 1, Status.DELIVERED, 0), Plan(0, 0, 2, Status.REJECTED, 32)


def batch(**more: Any) -> Batch:
    segmentation = segment_text(
        "x", ucs2=False, turkish=False, concatenate=False, long_text=LongText.CUT, unencodable=Unencodable.UCS2
    )
    defaults: dict[str, Any] = {
        "user": "u",
        "first_id": 1000,
        "title": "K",
        "text": "x",
        "segmentation": segmentation,
        "flash": False,
        "destinations": NUMBERS,
        "msisdns": NUMBERS,
        "client_ids": None,
        "costs": Decimal(2),
        "groups": (RecipientGroup(FIRST, (0, 2)), RecipientGroup(SECOND, (1,))),
    }
    return Batch(**defaults | more)


@pytest.mark.parametrize(
    ("client_ids", "ids"),
    [
        (None, ["1000", "1001", "1002"]),
        (("a", "", "c"), ["a", "1001", "c"]),
    ],
)
def test_ids(client_ids: tuple[str, ...] | None, ids: list[str]) -> None:
    """The customer's own id where it gave one, else the generated one; one by one and together (S-02, S-03)."""
    messages = batch(client_ids=client_ids)
    assert ids == [messages.message_id(index) for index in range(3)] == messages.message_ids(range(3))
    assert [ids[2], ids[1]] == messages.message_ids((2, 1))


@pytest.mark.parametrize(
    ("costs", "each", "some"),
    [
        (Decimal("0.5"), ["0.5", "0.5", "0.5"], "1.0"),
        ((Decimal(1), Decimal(2), Decimal(4)), ["1", "2", "4"], "5"),
    ],
)
def test_costs(costs: Decimal | tuple[Decimal, ...], each: list[str], some: str) -> None:
    """One amount for all or one each; that of some recipients is their sum (C-01)."""
    messages = batch(costs=costs)
    assert [Decimal(cost) for cost in each] == [messages.cost_of(index) for index in range(3)]
    assert Decimal(some) == messages.cost_of_all((0, 2))
    assert 0 == messages.cost_of_all(())


def test_plans() -> None:
    """The plan of a recipient is that of its group."""
    assert [FIRST, SECOND, FIRST] == [batch().plan_of(index) for index in range(3)]
    assert 3 == len(batch())


@pytest.mark.parametrize(
    ("indices", "held"),
    [((1, 3), [1, 3]), ((), []), (range(2), [0, 1]), ((2, 4, 5), [2, 4, 5]), (range(3, 6), [3, 4, 5])],
)
def test_the_indices_of_a_group(indices: Any, held: list[int]) -> None:
    """A group has exactly the indices that it was made of."""
    assert held == [index for index in range(7) if index in RecipientGroup(FIRST, indices)]


def test_a_draft_of_numbers_alone() -> None:
    """What is not given changes nothing: no ids, no text, at once, in plain GSM, pushed as the account says."""
    assert Draft(
        NUMBERS,
        client_ids=None,
        title="",
        text="",
        octets=None,
        coding=0,
        language="",
        concatenate=False,
        flash=False,
        delay=0,
        validity=0,
        app_id="",
        push_url="",
        no_push=False,
        recorded={},
    ) == Draft(NUMBERS)
