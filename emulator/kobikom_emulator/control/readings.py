"""The readings of a space over the control API."""

from __future__ import annotations

import msgspec

from kobikom_emulator.control.routing import Call, Endpoint, as_json
from kobikom_emulator.exchange import Answer
from kobikom_emulator.operations.space import SpaceOperations
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


async def list_readings(space: SpaceOperations, call: Call) -> Answer:
    return as_json(reading_views(space.readings.show(), call.language))


async def change(space: SpaceOperations, call: Call) -> Answer:
    readings = await space.readings.choose(call.body_as(ReadingChoices))
    return as_json(reading_views(readings, call.language))


ENDPOINTS = (
    Endpoint("GET", "/readings", list_readings, "listReadings", "The readings.", {200: ReadingList}),
    Endpoint("PATCH", "/readings", change, "changeReadings", "Choose readings.", {200: ReadingList},
             body=ReadingChoices),
)  # fmt: skip
