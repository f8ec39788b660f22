"""Explanations of validation errors: the field, and what would do instead."""

from enum import StrEnum
from typing import Any, Literal

import msgspec
import pytest

from kobikom_emulator.domain.invalid import Invalid, explain
from kobikom_emulator.domain.values import Amount, Checked, GsmError


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Circle(Checked, frozen=True, tag_field="shape", tag="circle"):
    radius: GsmError


class Square(Checked, frozen=True, tag_field="shape", tag="square"):
    side: int
    colour: Colour = Colour.RED


class Drawing(Checked, frozen=True):
    shapes: tuple[Circle | Square, ...] = ()
    price: Amount | None = None
    paper: Literal["a4", "a5"] | None = None
    named: dict[str, Square] = msgspec.field(default_factory=dict)
    lid: Square | None = None


@pytest.mark.parametrize(
    ("value", "invalid"),
    [
        ({"prise": 1}, Invalid("prise", "is not known; did you mean price?", names_fields=True)),
        ({"x": 1}, Invalid("x", "is not known; known: shapes, price, paper, named, lid", names_fields=True)),
        ({"price": "-1"}, Invalid("price", "must be an amount from 0 to below 10^15 with at most 6 decimals, not -1")),
        ({"paper": "a6"}, Invalid("paper", "cannot be 'a6': choose one of a4, a5")),
        ({"shapes": [{"shape": "oval"}]}, Invalid("shapes[0].shape", "cannot be 'oval': choose one of circle, square")),
        ({"shapes": [{}]}, Invalid("shapes[0].shape", "is required")),
        (
            {"shapes": [{"shape": "circle", "radius": 1}, {"shape": "square", "side": 1, "sidd": 1}]},
            Invalid("shapes[1].sidd", "is not known; did you mean side?", names_fields=True),
        ),
        ({"shapes": [{"shape": "circle", "radius": -1}]}, Invalid("shapes[0].radius", "must be a whole number >= 0")),
        ({"shapes": [{"shape": "circle"}]}, Invalid("shapes[0].radius", "is required")),
        (
            {"lid": {"side": 1, "shape": "square", "colour": "green"}},
            Invalid("lid.colour", "cannot be 'green': choose one of red, blue"),
        ),
        ({"named": {"a": {"shape": "square"}}}, Invalid("named[...].side", "is required")),
        (
            {"named": {"a": {"shape": "square", "side": 1, "colour": "x"}}},
            Invalid("named[...].colour", "cannot be 'x': choose one of red, blue"),
        ),
        (
            {"shapes": [{"shape": "circle", "radius": 1}, {"shape": "square", "side": 1, "z": 1}]},
            Invalid("shapes[1].z", "is not known; known: side, colour", names_fields=True),
        ),
        ([], Invalid("", "must be an object, not a list")),
        ({"lid": 1}, Invalid("lid", "must be an object or null, not a whole number")),
        (
            {"shapes": [{"shape": "circle", "radius": "1"}]},
            Invalid("shapes[0].radius", "must be a whole number, not a text"),
        ),
    ],
    ids=str,
)
def test_explanations(value: Any, invalid: Invalid) -> None:
    """The dotted path of the field, the nearest names for an unknown one, all choices for a wrong one."""
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert(value, Drawing)
    assert invalid == explain(caught.value, Drawing, value)


def test_without_the_value_all_members_of_a_union_are_considered() -> None:
    """Without the value the fields of every member of a union are possible names."""
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert({"shapes": [{"shape": "circle", "z": 1}]}, Drawing)
    assert Invalid("shapes[0].z", "is not known; known: radius, side, colour", names_fields=True) == explain(
        caught.value, Drawing
    )


def test_a_sentence_lists_no_names_of_fields_unless_it_says_so() -> None:
    """Only the sentence about an unknown field lists the names of others."""
    assert Invalid("a", "is required", names_fields=False) == Invalid("a", "is required")
