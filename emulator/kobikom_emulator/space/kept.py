"""What a space is beside what its store and its journal hold, as bytes, so that it can go on after a restart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from msgspec.structs import replace

from kobikom_emulator.faults.chain import ChainState
from kobikom_emulator.journal.entries import RequestEntry
from kobikom_emulator.journal.journal import NumberedEntry
from kobikom_emulator.journal.kept import decoded, encoded
from kobikom_emulator.journal.notes import Kind, Note
from kobikom_emulator.phrases import Phrase
from kobikom_emulator.ports import ClockReading
from kobikom_emulator.protocol.readings import Readings
from kobikom_emulator.space.blueprint import Blueprint
from kobikom_emulator.space.space import Dropped, Space
from kobikom_emulator.space.steps import StepState
from kobikom_emulator.space.webhooks import WebhookState


class KeptState(msgspec.Struct, frozen=True, omit_defaults=True):
    """The state of a space at an instant. `webhooks_given` is the number of its newest webhook, `written` how many
    entries its journal ever had, `dropped` and `dropped_unpulled` count the messages that retention dropped.
    """

    blueprint: Blueprint
    seed: int
    magic_numbers: bool
    ids_seed: int
    ids_taken: int
    clock: ClockReading
    readings: Readings
    faults: ChainState
    steps: tuple[StepState, ...] = ()
    webhooks: tuple[WebhookState, ...] = ()
    webhooks_given: int = 0
    dropped: int = 0
    dropped_unpulled: int = 0
    written: int = 0
    unanswered: int = 0
    """How many of the last entries have answers of which it is not known whether they were sent."""
    first_entry: int = 0
    """The number of the oldest entry of the journal."""
    replans: int = 0
    """How often it was decided again how a message ends."""


_PERHAPS_NOT_SENT = Note(
    Kind.NOTED,
    "R-03.5",
    found=Phrase("the server was ended at about this time; whether the answer reached the client is not known"),
    hint=Phrase("what the request did is kept: reports that it was given are not given again"),
)

_ENCODER = msgspec.msgpack.Encoder(order="deterministic")
_DECODER = msgspec.msgpack.Decoder(KeptState)


def state_of(space: Space, answered: int | None = None) -> bytes:
    """The present state of a space; the answers of the entries above `answered` may not be sent yet."""
    dropped = space.dropped
    return _ENCODER.encode(
        KeptState(
            blueprint=space.blueprint,
            seed=space.seed,
            magic_numbers=space.magic_numbers,
            ids_seed=space.ids.seed,
            ids_taken=space.ids.taken,
            clock=space.clock.reading(),
            readings=space.readings,
            faults=space.faults.export(),
            steps=space.steps.export(),
            webhooks=space.webhooks.export(),
            webhooks_given=space.webhooks.given,
            dropped=dropped.messages,
            dropped_unpulled=dropped.unpulled,
            written=space.journal.written,
            unanswered=0 if answered is None else space.journal.written - answered,
            first_entry=space.journal.first,
            replans=space.watches.changes,
        )
    )


def read(octets: bytes) -> KeptState:
    """The state in the bytes of `state_of`; `msgspec.MsgspecError` for anything else."""
    return _DECODER.decode(octets)


def resume(space: Space, state: KeptState, entries: Iterable[bytes]) -> None:
    """Let a space that has not begun go on from a state, with these entries in its journal, oldest first.

    Its store has what it had then already. `msgspec.MsgspecError` for anything else than encoded entries.
    """
    set_values(space, state)
    space.webhooks.restore(state.webhooks, given=state.webhooks_given)
    answered = state.written - state.unanswered
    journal = [_marked(entry) if entry.number > answered else entry for entry in map(decoded, entries)]
    space.journal.restore(journal, written=state.written)


def set_values(space: Space, state: KeptState) -> None:
    """Give a space what a state says of it, but for its blueprint, its webhooks and its journal."""
    space.ids.restart(state.ids_seed)
    space.ids.take(state.ids_taken)
    space.seed, space.magic_numbers = state.seed, state.magic_numbers
    space.use_readings(state.readings)
    space.clock.resume(state.clock)
    space.faults.restore(state.faults, state.seed)
    space.steps.restore(state.steps)
    space.dropped = Dropped(state.dropped, state.dropped_unpulled)
    space.watches.changes = state.replans


def _marked(numbered: NumberedEntry) -> NumberedEntry:
    """An entry with the note that its answer may not have reached the client, if it has an answer."""
    entry = numbered.entry
    if not isinstance(entry, RequestEntry) or _PERHAPS_NOT_SENT in entry.notes:
        return numbered
    return NumberedEntry(numbered.number, replace(entry, notes=(*entry.notes, _PERHAPS_NOT_SENT)))


class KeepableSpace:
    """A space as `ports.Keepable`."""

    def __init__(self, space: Space) -> None:
        self._space = space

    def state(self, answered: int | None = None) -> bytes:
        return state_of(self._space, answered)

    def entries(self, after: int) -> Sequence[tuple[int, bytes]]:
        newest_first: list[tuple[int, bytes]] = []
        for numbered in reversed(self._space.journal):
            if numbered.number <= after:
                break
            newest_first.append((numbered.number, encoded(numbered)))
        return newest_first[::-1]

    @property
    def restored(self) -> int:
        return self._space.journal.restored

    @property
    def first_entry(self) -> int:
        return self._space.journal.first
