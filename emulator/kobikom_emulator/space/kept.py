"""What a space is beside what its store and its journal hold, as bytes, so that it can go on after a restart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from kobikom_emulator.faults.chain import ChainState
from kobikom_emulator.journal.kept import decoded, encoded
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
    first_entry: int = 0
    """The number of the oldest entry of the journal."""
    replans: int = 0
    """How often it was decided again how a message ends."""


_ENCODER = msgspec.msgpack.Encoder(order="deterministic")
_DECODER = msgspec.msgpack.Decoder(KeptState)


def state_of(space: Space) -> bytes:
    """The present state of a space."""
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
    space.ids.restart(state.ids_seed)
    space.ids.take(state.ids_taken)
    space.seed, space.magic_numbers = state.seed, state.magic_numbers
    space.use_readings(state.readings)
    space.clock.resume(state.clock)
    space.faults.restore(state.faults, state.seed)
    space.steps.restore(state.steps)
    space.webhooks.restore(state.webhooks, given=state.webhooks_given)
    space.dropped = Dropped(state.dropped, state.dropped_unpulled)
    space.journal.restore(map(decoded, entries), written=state.written)


class KeepableSpace:
    """A space as `ports.Keepable`."""

    def __init__(self, space: Space) -> None:
        self._space = space

    def state(self) -> bytes:
        return state_of(self._space)

    def entries(self, after: int) -> Sequence[tuple[int, bytes]]:
        newest_first: list[tuple[int, bytes]] = []
        for numbered in reversed(self._space.journal):
            if numbered.number <= after:
                break
            newest_first.append((numbered.number, encoded(numbered)))
        return newest_first[::-1]

    @property
    def first_entry(self) -> int:
        return self._space.journal.first
