"""Show the readings of a space and choose others."""

from __future__ import annotations

from collections.abc import Mapping

from kobikom_emulator.operations.errors import Invalid
from kobikom_emulator.protocol.readings import Readings, UnknownReading
from kobikom_emulator.space.space import Space


class ReadingOperations:
    """The readings of one space."""

    def __init__(self, space: Space) -> None:
        self._space = space

    def show(self) -> Readings:
        return self._space.readings

    async def choose(self, choices: Mapping[str, str]) -> Readings:
        """Choose readings by name, from the next request on; `Invalid` names one that does not exist."""
        async with self._space.change():
            self._space.use_readings(chosen(self._space.readings, choices))
        return self._space.readings


def chosen(readings: Readings, choices: Mapping[str, str], *, field: str = "") -> Readings:
    """The readings with some of them changed; `Invalid` names a choice that does not exist."""
    for name, value in choices.items():
        try:
            readings = readings.with_choices({name: value})
        except UnknownReading as error:
            raise Invalid(str(error), field=f"{field}{name}") from None
    return readings
