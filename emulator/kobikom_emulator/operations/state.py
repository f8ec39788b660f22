"""A whole space as one JSON document, exported and imported."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any, Final, Literal

import msgspec

from kobikom_emulator.domain.states import AccountRecord, Record
from kobikom_emulator.faults.rule import Rule
from kobikom_emulator.operations.clock import ClockState, state_of
from kobikom_emulator.operations.errors import Conflict, Invalid
from kobikom_emulator.operations.readings import chosen
from kobikom_emulator.operations.state_check import first_problem
from kobikom_emulator.protocol.readings import Readings
from kobikom_emulator.space.registry import SpaceRegistry, UserTaken
from kobikom_emulator.space.space import Space

FORMAT: Final = "kobikom-emulator-state/2"

SLICE = 500
"""Records encoded before the event loop gets its turn."""


class FaultState(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An armed rule, how many requests it matched and how often it fired."""

    rule: Rule
    matched: int
    fired: int


class State(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything a space is at an instant, but for its journal. `records` hold accounts, refunds, ledger, batches and
    pushes.
    """

    format: Literal["kobikom-emulator-state/2"]
    ids_taken: int
    clock: ClockState
    readings: dict[str, str]
    faults: tuple[FaultState, ...]
    records: tuple[Record, ...]


async def export(space: Space) -> Sequence[bytes]:
    """The state as JSON, in pieces: a snapshot is taken under the lock and encoded in slices."""
    async with space.lock:
        records = [record async for record in space.store.export()]
        head = State(
            format=FORMAT,
            ids_taken=space.ids.taken,
            clock=state_of(space.clock),
            readings=space.readings.chosen(),
            faults=tuple(FaultState(armed.rule, armed.matched, armed.fired) for armed in space.faults.rules),
            records=(),
        )
    encoder = msgspec.json.Encoder(enc_hook=_encode)
    pieces = [encoder.encode(head).removesuffix(b"]}")]
    for start in range(0, len(records), SLICE):
        encoded = b",".join(map(encoder.encode, records[start : start + SLICE]))
        pieces.append(b"," + encoded if start else encoded)
        await asyncio.sleep(0)
    return [*pieces, b"]}\n"]


def _encode(value: Any) -> Any:
    if isinstance(value, range):
        return list(value)
    raise TypeError(type(value).__name__)


async def replace(space: Space, registry: SpaceRegistry, document: bytes) -> None:
    """Replace everything in a space by a document; its journal begins empty."""
    try:
        state = msgspec.json.decode(document, type=State)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid.from_json(error, State) from None
    if problem := first_problem(state):
        raise Invalid(f"{problem.field}: {problem.detail}", field=problem.field)
    readings = chosen(Readings(), state.readings, field="readings.")
    users = [record.account.user for record in state.records if isinstance(record, AccountRecord)]
    async with space.change():
        try:
            registry.check_users(space, users)
        except UserTaken as error:
            raise Conflict(str(error), field="records.account.user") from None
        try:
            await space.store.replace(_each(state.records))
        except ValueError as error:
            raise Invalid(f"records: {error}", field="records") from None
        registry.set_users(space, users)
        space.ids.restart()
        space.ids.take(state.ids_taken)
        space.use_readings(readings)
        space.clock.set(state.clock.now)
        space.clock.run(rate=state.clock.rate)
        if state.clock.frozen:
            space.clock.freeze()
        space.faults.clear()
        for fault in state.faults:
            space.faults.restore(fault.rule, matched=fault.matched, fired=fault.fired)
        space.journal.clear()
        space.generation += 1


async def _each(records: Sequence[Record]) -> AsyncIterator[Record]:
    for record in records:
        yield record
