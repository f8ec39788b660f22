"""The refused recipients of one send as notes: equal refusals are one note, and only so many are kept (T-11)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from msgspec.structs import replace

from kobikom_emulator.domain.reasons import Reason, Refusal
from kobikom_emulator.journal.notes import MOST_NOTES, MOST_PLACES, Note, rest_of
from kobikom_emulator.protocol.readings import Readings
from kobikom_emulator.translation.codes import code_of
from kobikom_emulator.translation.notes import refusal_note
from kobikom_emulator.translation.places import recipient_path
from kobikom_emulator.translation.requests import WireMessage


@dataclass(slots=True)
class _Group:
    """Equal refusals: the place of the first, how many they are, and the places of the next few."""

    path: str
    times: int = 1
    places: list[str] = field(default_factory=list)


class RefusedRecipients:
    """Collects the refusals of recipients in document order."""

    def __init__(self, readings: Readings) -> None:
        self._readings = readings
        self._groups: dict[Refusal, _Group] = {}
        self._different: Counter[Reason] = Counter()
        self._rest: Counter[Refusal] = Counter()
        """How many refusals were not kept, by the first of them for each reason."""
        self._first_left_out: dict[Reason, Refusal] = {}
        self.code = 0
        """The first status code that is not 0."""

    def add(self, refusal: Refusal, message: WireMessage, place: int) -> None:
        """Add the refusal of a recipient; `place` counts from 0 in the document."""
        group = self._groups.get(refusal)
        if group is not None:
            group.times += 1
            if len(group.places) < MOST_PLACES:
                group.places.append(recipient_path(message, place))
            return
        reason = refusal.reason
        if self._different[reason] >= MOST_NOTES:
            self._rest[self._first_left_out.setdefault(reason, refusal)] += 1
            return
        self._different[reason] += 1
        self._groups[refusal] = _Group(recipient_path(message, place))
        self.code = self.code or code_of(refusal, self._readings)

    def notes(self) -> list[Note]:
        """A note for each different refusal, and one for the rest of each reason."""
        return [
            *(
                replace(self._note(refusal, group.path), times=group.times, places=tuple(group.places))
                for refusal, group in self._groups.items()
            ),
            *(rest_of(self._note(refusal, ""), times) for refusal, times in self._rest.items()),
        ]

    def _note(self, refusal: Refusal, path: str) -> Note:
        return refusal_note(refusal, path, code=code_of(refusal, self._readings))
