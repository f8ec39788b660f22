"""A whole space as one JSON document, exported and imported."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from kobikom_emulator.domain.states import AccountRecord, BatchRecord, Record
from kobikom_emulator.faults.chain import ChainState
from kobikom_emulator.operations.clock import ClockState, state_of
from kobikom_emulator.operations.errors import Conflict, Invalid
from kobikom_emulator.operations.readings import chosen
from kobikom_emulator.operations.state_check import ID_DIGITS, first_problem, ids_problem
from kobikom_emulator.protocol.readings import ReadingChoices, Readings
from kobikom_emulator.space.errors import UserTaken
from kobikom_emulator.space.registry import SpaceRegistry
from kobikom_emulator.space.space import Dropped, Space
from kobikom_emulator.space.steps import StepState

FORMAT: Final = "kobikom-emulator-state/2"

SLICE = 500
"""Records and messages that are written or read before the event loop runs other tasks."""


SLICE_BYTES = 200_000
"""Bytes of a document that are read before it does."""


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
    encoder = msgspec.json.Encoder(enc_hook=_encode, order="deterministic")
    of_plans = msgspec.json.Encoder(enc_hook=_encode)  # msgspec orders no mapping of numbers; a batch has no sets
    pieces = [encoder.encode(head).removesuffix(b"]}")]
    lines: list[bytes] = []
    size = 0
    for record in records:
        lines.append((of_plans if isinstance(record, BatchRecord) and record.replanned else encoder).encode(record))
        size += len(record.batch) if isinstance(record, BatchRecord) else 1
        if size >= SLICE:
            pieces += (_separator(pieces), _SEPARATOR.join(lines))
            lines, size = [], 0
            await asyncio.sleep(0)
    if lines:
        pieces += (_separator(pieces), _SEPARATOR.join(lines))
    return [*pieces, b"\n]}\n"]


_SEPARATOR = b",\n"
"""Each record is a line of its own, so that a document can be read line by line."""


def _separator(pieces: Sequence[bytes]) -> bytes:
    return b"\n" if len(pieces) == 1 else _SEPARATOR


def _encode(value: Any) -> Any:
    if isinstance(value, range):
        return list(value)
    raise TypeError(type(value).__name__)


async def replace(space: Space, registry: SpaceRegistry, document: bytes) -> None:
    """Replace everything in a space by a document; its journal begins empty."""
    state = await _read(document)
    if problem := await first_problem(state):
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
        space.dropped = Dropped()
        space.generation += 1


async def _read(document: bytes) -> State:
    """The state in a document, read record by record where each is a line, as in every exported document."""
    with suppress(msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        if (state := await _read_lines(document)) is not None:
            return state
    try:
        return msgspec.json.decode(document, type=State)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid.from_json(error, State) from None


async def _read_lines(document: bytes) -> State | None:
    """The same; None, or an error of the decoder, where it is not written in lines."""
    start = document.find(b"\n") + 1
    end = document.rfind(b"\n]}")
    if not document.startswith(b"{") or end < start or document[start - 2 : start] != b"[\n":
        return None
    head = msgspec.json.decode(document[: start - 1] + document[end + 1 :], type=State)
    decoder = msgspec.json.Decoder(Record)
    records: list[Record] = []
    size = 0
    while start < end:
        stop = document.find(b"\n", start, end)
        line = document[start : end if stop < 0 else stop - 1]
        if stop >= 0 and document[stop - 1 : stop] != b",":
            return None
        records.append(decoder.decode(line))
        start = end if stop < 0 else stop + 1
        size += len(line)
        if size >= SLICE_BYTES:
            size = 0
            await asyncio.sleep(0)
    return msgspec.structs.replace(head, records=tuple(records))


async def _each(records: Sequence[Record]) -> AsyncIterator[Record]:
    size = 0
    for record in records:
        yield record
        size += len(record.batch) if isinstance(record, BatchRecord) else 1
        if size >= SLICE:
            size = 0
            await asyncio.sleep(0)
