"""A whole space as one JSON document, exported and imported."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from kobikom_emulator.domain.states import AccountRecord, Record
from kobikom_emulator.faults.chain import ChainState
from kobikom_emulator.operations.clock import ClockState, state_of
from kobikom_emulator.operations.errors import Conflict, Invalid
from kobikom_emulator.operations.readings import chosen
from kobikom_emulator.operations.state_check import ID_DIGITS, first_problem, ids_problem
from kobikom_emulator.protocol.readings import ReadingChoices, Readings
from kobikom_emulator.space.errors import UserTaken
from kobikom_emulator.space.registry import SpaceRegistry
from kobikom_emulator.space.space import Space
from kobikom_emulator.space.steps import StepState

FORMAT: Final = "kobikom-emulator-state/2"

SLICE = 500
"""Records encoded before the event loop gets its turn."""


class State(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Everything a space is at an instant, but for its journal. `seed` is what drawn outcomes and faults come from,
    `ids_seed` what generated ids do; `records` hold accounts, refunds, ledger, batches and pushes.
    """

    format: Literal["kobikom-emulator-state/2"]
    seed: int
    magic_numbers: bool
    ids_seed: (
        Annotated[int, Meta(description="What generated ids come from; `seed` where it is left out.")] | UnsetType
    ) = UNSET
    ids_taken: Annotated[int, Meta(ge=0, description="How many message ids were given (S-02).")]
    clock: ClockState
    readings: ReadingChoices
    faults: ChainState
    steps: tuple[StepState, ...] = ()
    records: tuple[Record, ...]


async def export(space: Space) -> Sequence[bytes]:
    """The state as JSON, in pieces: a snapshot is taken under the lock and encoded in slices."""
    async with space.lock:
        records = [record async for record in space.store.export()]
        head = State(
            format=FORMAT,
            seed=space.seed,
            magic_numbers=space.magic_numbers,
            ids_seed=space.ids.seed,
            ids_taken=space.ids.taken,
            clock=state_of(space.clock),
            readings=space.readings.chosen(),
            faults=space.faults.export(),
            steps=space.steps.export(),
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
    ids_seed = state.seed if state.ids_seed is UNSET else state.ids_seed
    if problem := ids_problem(
        state, {digits: space.ids.next_after(ids_seed, state.ids_taken, digits) for digits in ID_DIGITS}
    ):
        raise Invalid(f"{problem.field}: {problem.detail}", field=problem.field)
    readings = chosen(Readings(), state.readings, field="readings.")
    users = [record.account.user for record in state.records if isinstance(record, AccountRecord)]
    async with space.change():
        try:
            with registry.claiming(users, space):
                await space.store.replace(_each(state.records))
        except UserTaken as error:
            raise Conflict(str(error), field="records.account.user") from None
        except ValueError as error:
            raise Invalid(f"records: {error}", field="records") from None
        registry.keep_users(space, users)
        space.ids.restart(ids_seed)
        space.ids.take(state.ids_taken)
        space.seed, space.magic_numbers = state.seed, state.magic_numbers
        space.use_readings(readings)
        space.clock.start(at=state.clock.now, advance=0, frozen=state.clock.frozen, rate=state.clock.rate)
        space.faults.restore(state.faults, state.seed)
        space.steps.restore(state.steps)
        space.journal.clear()
        space.generation += 1


async def _each(records: Sequence[Record]) -> AsyncIterator[Record]:
    for record in records:
        yield record
