"""Collects what else is wrong with a request that is refused: for its explanation, never for its answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.all_refusals import RefusedRecipient, all_refusals
from kobikom_emulator.domain.draft_checks import RefusedSend
from kobikom_emulator.domain.messages import Draft
from kobikom_emulator.domain.reasons import Reason, Refusal
from kobikom_emulator.domain.rules import EmptyNumber
from kobikom_emulator.exchange import WireRequest
from kobikom_emulator.gateway.context import OperationResult, RequestContext
from kobikom_emulator.journal.notes import Kind, Note
from kobikom_emulator.phrases import Phrase
from kobikom_emulator.protocol.bounds import Bounds
from kobikom_emulator.protocol.codes import Code
from kobikom_emulator.protocol.decode import Request, SendRequest
from kobikom_emulator.protocol.malformed import Malformed
from kobikom_emulator.translation.codes import code_of
from kobikom_emulator.translation.drafts import broken_fields, draft_of_sound_fields
from kobikom_emulator.translation.notes import refusal_note
from kobikom_emulator.translation.places import field_path, recipient_path, refusal_path
from kobikom_emulator.translation.requests import WireMessage, credentials_of, numbers_of

MOST_NOTES = 50
"""Further findings of one request that are reported."""
MOST_MESSAGES = 1000
"""Messages of a refused send that are looked at for further findings."""


def with_notes(result: OperationResult, further: Iterable[Note]) -> OperationResult:
    """A refusal with further findings behind its own."""
    notes = list(result.notes)
    known = {(note.path, note.found) for note in notes}
    for note in further:
        if len(notes) > MOST_NOTES:
            break
        if (note.path, note.found) not in known:
            known.add((note.path, note.found))
            notes.append(note)
    return replace(result, notes=tuple(notes))


def malformed_notes(wire: WireRequest, malformed: Malformed, bounds: Bounds) -> tuple[Note, ...]:
    """The slips of a body that cannot be read."""
    from kobikom_emulator.protocol.diagnosis import diagnose  # its patterns are compiled with the first such body

    encoding = next((value for name, value in wire.headers if name.lower() == b"content-encoding"), b"")
    slips = diagnose(
        wire.body,
        malformed,
        content_type=wire.content_type,
        content_encoding=encoding.decode("latin-1"),
        bounds=bounds,
    )
    return tuple(
        Note(
            Kind.ALSO if index else Kind.REFUSED,
            slip.statement,
            "",
            slip.expected,
            slip.found,
            int(Code.BAD_XML),
            slip.line,
            slip.column,
            slip.hint,
        )
        for index, slip in enumerate(slips)
    )


def further_login_notes(context: RequestContext, request: Request, refusal: Refusal) -> Iterator[Note]:
    """What is wrong beside the login: the password where both are missing, and fields that break their form."""
    if refusal.reason is Reason.NO_USER and not credentials_of(request)[1]:
        missing = Refusal(Reason.NO_PASSWORD, Phrase("a password"), Phrase("none"))
        yield _also(context, missing, refusal_path(request, missing))
    if isinstance(request, SendRequest):
        for message in request.messages[:MOST_MESSAGES]:
            yield from _broken_fields(context, message)


def further_send_notes(context: RequestContext, messages: Sequence[WireMessage], account: Account) -> Iterator[Note]:
    """What would refuse a send too, or one of its recipients, beside what refused it."""
    drafts: list[Draft] = []
    messages = messages[:MOST_MESSAGES]
    places: dict[int, Sequence[int]] = {}
    for message in messages:
        yield from _broken_fields(context, message)
        draft = draft_of_sound_fields(message, now=context.now, readings=context.readings)
        drafts.append(draft)
    for refused in all_refusals(drafts, account, context.space.rules):
        message = messages[refused.draft]
        match refused:
            case RefusedSend():
                path = field_path(message, refused.field)
            case RefusedRecipient():
                if refused.draft not in places:
                    places[refused.draft] = _listed_places(context, message)
                path = recipient_path(message, places[refused.draft][refused.recipient])
        yield _also(context, refused.refusal, path)


def recipient_places(message: WireMessage, numbers: Sequence[str]) -> Sequence[int]:
    """Where each recipient of the results stands in the document: skipped empty elements count there."""
    submitted = numbers_of(message)
    if len(numbers) == len(submitted):
        return range(len(submitted))
    return [at for at, number in enumerate(submitted) if number]


def _listed_places(context: RequestContext, message: WireMessage) -> Sequence[int]:
    """Where each recipient that gets a result stands in the document."""
    numbers = numbers_of(message)
    if context.space.rules.empty_number is EmptyNumber.SKIP:
        numbers = tuple(filter(None, numbers))
    return recipient_places(message, numbers)


def _broken_fields(context: RequestContext, message: WireMessage) -> Iterator[Note]:
    for broken in broken_fields(message, now=context.now, readings=context.readings):
        yield _also(context, broken.refusal, field_path(message, broken.field))


def _also(context: RequestContext, refusal: Refusal, path: str) -> Note:
    code = code_of(refusal, context.readings)
    return refusal_note(refusal, path, code=code, kind=Kind.ALSO)
