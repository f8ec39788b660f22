"""The readings of a space over the control API."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from kobikom_emulator.control.problems import Problem
from kobikom_emulator.control.routing import Call, Endpoint, as_json
from kobikom_emulator.exchange import Answer
from kobikom_emulator.operations.space import SpaceOperations
from kobikom_emulator.operations.spaces import ServerOperations
from kobikom_emulator.phrases import Language
from kobikom_emulator.protocol.readings import CATALOGUE, ReadingChoices, Readings


class ReadingView(msgspec.Struct, frozen=True):
    """An ambiguity of the vendor's page, the value chosen and what each value means."""

    name: str
    value: str
    default: str
    clause: str
    marks: str
    question: str
    page: str
    values: dict[str, str]


class ReadingList(msgspec.Struct, frozen=True):
    readings: tuple[ReadingView, ...]


def reading_views(readings: Readings, language: Language) -> ReadingList:
    values = readings.chosen()
    return ReadingList(
        tuple(
            ReadingView(
                ambiguity.name,
                values[ambiguity.name],
                ambiguity.default,
                ambiguity.clause,
                ambiguity.marks,
                ambiguity.question,
                ambiguity.page,
                dict(ambiguity.values),
            )
            for ambiguity in [each.in_language(language) for each in CATALOGUE]
        )
    )


class ReadingExample(msgspec.Struct, frozen=True):
    """Requests, and under each value of a reading the last answer to them: status and type, an empty line, the body."""

    request: str
    answers: dict[str, str]


async def list_readings(space: SpaceOperations, call: Call) -> Answer:
    return as_json(reading_views(space.readings.show(), call.language))


async def change(space: SpaceOperations, call: Call) -> Answer:
    readings = await space.readings.choose(call.body_as(ReadingChoices))
    return as_json(reading_views(readings, call.language))


@cache
def _examples() -> dict[str, ReadingExample]:
    """The examples of all readings, read when one is wanted for the first time. A test makes them again."""
    file = Path(__file__).with_name("reading_examples.json")
    return msgspec.json.decode(file.read_bytes(), type=dict[str, ReadingExample])


async def show_example(_: ServerOperations, call: Call) -> Answer:
    name = call.path["reading"]
    example = _examples().get(name)
    if example is None:
        raise Problem(404, f"there is no reading {name!r}")
    return as_json(example)


ENDPOINTS = (
    Endpoint("GET", "/readings/{reading}/example", show_example, "showReadingExample",
             "The bytes that a reading makes a difference to.", {200: ReadingExample}, for_space=False),
    Endpoint("GET", "/readings", list_readings, "listReadings", "The readings.", {200: ReadingList}),
    Endpoint("PATCH", "/readings", change, "changeReadings", "Choose readings.", {200: ReadingList},
             body=ReadingChoices),
)  # fmt: skip
