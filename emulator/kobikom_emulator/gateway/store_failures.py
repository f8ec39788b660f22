"""The answer to a request of which something could not be read or stored: -26, and nothing of it is acknowledged."""

from __future__ import annotations

from kobikom_emulator.exchange import Answer, WireRequest
from kobikom_emulator.faults.chain import NO_FAULTS
from kobikom_emulator.gateway.context import OperationResult, RequestContext
from kobikom_emulator.gateway.recording import record
from kobikom_emulator.journal.entries import Operation, Outcome
from kobikom_emulator.journal.notes import Kind, Note
from kobikom_emulator.phrases import Phrase
from kobikom_emulator.ports import PerhapsStored, StoreFailed
from kobikom_emulator.protocol import encode
from kobikom_emulator.protocol.codes import Code
from kobikom_emulator.space.space import Space

_NOT_CONFIRMED = Phrase("what the request did was not confirmed, and may be kept all the same")
_PERHAPS_DONE = {
    Operation.SEND: Note(
        Kind.NOTED,
        "E.2",
        found=_NOT_CONFIRMED,
        hint=Phrase("look at the messages and the ledger before it is sent again"),
    ),
    Operation.PULL: Note(
        Kind.NOTED, "R-03.5", found=_NOT_CONFIRMED, hint=Phrase("reports that it was given are not given again then")
    ),
}
"""What an entry says beside the refusal, where the store does not know whether it has the change."""


def not_kept(space: Space, wire: WireRequest, operation: Operation, user: str, failure: StoreFailed) -> Answer:
    """Refuse a request with -26 (E.2); the journal says so in place of what it said before."""
    space.journal.withdraw(wire)
    context = RequestContext(space, space.clock.now(), space.readings, NO_FAULTS)
    if operation is Operation.PULL:
        number = int(Code.API_CONNECTION)
        chunks: tuple[bytes, ...] = (str(-number if space.readings.pull_refusal == "positive" else number).encode(),)
    else:
        chunks = encode.results([(Code.API_CONNECTION, "", "")], space.readings)
    answer = Answer(chunks, encode.content_type(space.readings), at=context.now)
    note = Note(
        Kind.REFUSED,
        "E.2",
        expected=Phrase("a store that can be written"),
        found=str(failure),
        code=int(Code.API_CONNECTION),
    )
    perhaps_done = _PERHAPS_DONE.get(operation) if isinstance(failure, PerhapsStored) else None
    notes = (note,) if perhaps_done is None else (note, perhaps_done)
    result = OperationResult(chunks, Outcome.REFUSED, int(Code.API_CONNECTION), notes)
    return record(context, wire, operation, user=user, result=result, unread=(), answer=answer)
