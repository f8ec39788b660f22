"""Carries out a send and renders its answer (S, C); also refuses whole requests (A-05)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import NamedTuple

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.admission import Admission, DraftResult, admit
from kobikom_emulator.domain.draft_checks import RefusedSend
from kobikom_emulator.domain.messages import Draft
from kobikom_emulator.domain.reasons import Reason, Refusal
from kobikom_emulator.domain.rules import DuplicateId, EmptyNumber
from kobikom_emulator.gateway.all_reasons import further_send_notes, recipient_places, with_notes
from kobikom_emulator.gateway.context import OperationResult, RequestContext
from kobikom_emulator.gateway.refused_recipients import RefusedRecipients
from kobikom_emulator.journal.entries import Outcome
from kobikom_emulator.journal.notes import Note
from kobikom_emulator.phrases import Phrase
from kobikom_emulator.protocol import encode
from kobikom_emulator.protocol.decode import SendRequest
from kobikom_emulator.protocol.readings import Readings
from kobikom_emulator.translation.codes import code_of
from kobikom_emulator.translation.drafts import BrokenField, draft_of, has_remarkable_fields, wire_remarks
from kobikom_emulator.translation.notes import push_url_note, refusal_note, remark_note, unnameable_ids, with_cause
from kobikom_emulator.translation.places import field_path, send_path
from kobikom_emulator.translation.requests import WireMessage, client_ids_of, numbers_of


async def send(context: RequestContext, request: SendRequest, account: Account) -> OperationResult:
    """Carry out a send (S, C). The caller holds the space's lock."""
    space, messages = context.space, request.messages
    if request.left_out:
        most = space.limits.max_messages
        refusal = Refusal(
            Reason.TOO_MANY_MESSAGES,
            Phrase("at most {count} messages", count=most),
            Phrase("{count}", count=most + request.left_out),
        )
        return refuse_all(context, refusal, send_path((), 0, ""))
    drafts = await context.run(partial(_drafts, context, messages)) if context.large else _drafts(context, messages)
    if isinstance(drafts, _BrokenMessage):
        return await context.run(partial(_refused_field, context, messages, account, drafts))
    used: set[str] = set()
    if space.rules.duplicate_id is DuplicateId.ACCOUNT_HISTORY:
        client_ids = [client_id for draft in drafts for client_id in draft.client_ids or () if client_id]
        used = await space.store.used_ids(account.user, client_ids)
    first_id = space.ids.peek(space.rules.id_digits)
    decide = partial(
        admit,
        drafts,
        account=account,
        credit=await space.store.credit(account.user, context.now),
        rules=space.rules,
        now=context.now,
        seed=space.seed,
        first_id=first_id,
        used_ids=used,
        forced=_forced(context, messages),
    )
    admission = await context.run(decide) if context.large else decide()
    if isinstance(admission, RefusedSend):
        return await context.run(partial(_refused_send, context, request, account, admission))
    if admission.changes:
        space.ids.take(admission.ids_taken)  # first: nothing may use these ids, should the request be cancelled now
        await space.store.apply(admission.changes)
        if space.watches:
            batches = [result.batch for result in admission.results if result.batch is not None]
            space.watches.arrived(batches, next_number=await space.store.next_number())
        if admission.pushes:
            space.clock.nudge()
    ids = range(first_id, first_id + admission.ids_taken)
    if context.large:
        return await context.run(partial(_admitted, context, admission, messages, ids))
    return _admitted(context, admission, messages, ids)


class _BrokenMessage(NamedTuple):
    """The first message of a send that has a field which breaks its form."""

    message: WireMessage
    broken: BrokenField


def _drafts(context: RequestContext, messages: Sequence[WireMessage]) -> list[Draft] | _BrokenMessage:
    drafts: list[Draft] = []
    for message in messages:
        draft = draft_of(message, now=context.now, readings=context.readings)
        if isinstance(draft, BrokenField):
            return _BrokenMessage(message, draft)
        drafts.append(draft)
    return drafts


def _refused_field(
    context: RequestContext, messages: Sequence[WireMessage], account: Account, field: _BrokenMessage
) -> OperationResult:
    message, broken = field
    result = refuse_all(context, broken.refusal, field_path(message, broken.field), messages)
    return with_notes(result, further_send_notes(context, messages, account))


def _refused_send(
    context: RequestContext, request: SendRequest, account: Account, refused: RefusedSend
) -> OperationResult:
    messages = request.messages
    path = send_path(messages, refused.draft, refused.field)
    refusal, path = with_cause(refused.refusal, path, request.unread)
    result = refuse_all(context, refusal, path, messages, every_recipient=refused.every_recipient)
    return with_notes(result, further_send_notes(context, messages, account))


def _forced(context: RequestContext, messages: Sequence[WireMessage]) -> list[dict[int, Refusal]]:
    """The recipients that fault rules refuse; indices count the recipients that get a result."""
    if not context.fired.armed:
        return []
    skip_empty = context.space.rules.empty_number is EmptyNumber.SKIP
    recipients = [[number for number in numbers_of(message) if number or not skip_empty] for message in messages]
    return [
        {
            index: Refusal(Reason.FAULT, Phrase("no fault"), Phrase("a fault rule"), code)
            for index, code in codes.items()
        }
        for codes in context.fired.recipient_codes(recipients)
    ]


def _admitted(
    context: RequestContext, admission: Admission, messages: Sequence[WireMessage], ids: range
) -> OperationResult:
    """Render an admitted send: the common case in one pass, refused recipients row by row."""
    results = admission.results
    notes = _message_notes(context, messages, results)
    if len(results) == 1 and context.readings.result_shape == "well-formed":
        batch = results[0].batch
        if batch is not None and batch.client_ids is None and not results[0].refusals:
            chunks = encode.accepted_results(batch.first_id, batch.destinations, context.readings)
            return OperationResult(chunks, Outcome.ACCEPTED, 0, tuple(notes), ids)
    rows = chain.from_iterable([_rows(result, context.readings) for result in results])
    refused = RefusedRecipients(context.readings)
    for message, result in zip(messages, results, strict=True):
        if result.refusals:
            places = recipient_places(message, result.numbers)
            for index, refusal in sorted(result.refusals.items()):
                refused.add(refusal, message, places[index])
    notes += refused.notes()
    accepted = any([result.batch is not None for result in results])
    outcome = (Outcome.PARTLY if refused.code else Outcome.ACCEPTED) if accepted else Outcome.REFUSED
    return _result(context, rows, outcome, refused.code, tuple(notes), ids)


def _message_notes(
    context: RequestContext, messages: Sequence[WireMessage], results: Sequence[DraftResult]
) -> list[Note]:
    """What is remarked about the messages of an admitted send."""
    notes: list[Note] = []
    problems: dict[str, str] = {}
    for message, result in zip(messages, results, strict=True):
        if result.observations:
            notes += [remark_note(observation, message.path) for observation in result.observations]
        if has_remarkable_fields(message):
            notes += [remark_note(remark, message.path) for remark in wire_remarks(message)]
        if client_ids_of(message) is not None and (note := unnameable_ids(message)):
            notes.append(note)
        if url := "" if result.batch is None else result.batch.push_url:
            if url not in problems:
                problems[url] = context.space.pusher.address_problem(url)
            if problem := problems[url]:
                notes.append(push_url_note(message, problem))
    return notes


def _rows(result: DraftResult, readings: Readings) -> Iterator[encode.Row]:
    """The results of one message in document order (S-01, S-03, S-06)."""
    ids = result.batch.message_ids(range(len(result.batch))) if result.batch is not None else []
    following = iter(ids)
    own = result.client_ids or ("",) * len(result.numbers)
    refusals = result.refusals
    return (
        (0, next(following), number)
        if index not in refusals
        else (code_of(refusals[index], readings), own[index], number)
        for index, number in enumerate(result.numbers)
    )


def refuse_all(
    context: RequestContext,
    refusal: Refusal,
    path: str,
    messages: Sequence[WireMessage] = (),
    *,
    every_recipient: bool = False,
) -> OperationResult:
    """Refuse the whole request: one result, or one for each recipient (A-05), of which there may be so many only as a
    send may have (T-11).
    """
    code = code_of(refusal, context.readings)
    rows: list[encode.Row] = []
    each = every_recipient or context.readings.refusal_shape == "per-recipient"
    if each and sum([len(numbers_of(message)) for message in messages]) <= context.space.limits.max_recipients:
        for message in messages:
            numbers = numbers_of(message)
            client_ids = client_ids_of(message) or ("",) * len(numbers)
            rows += [(code, client_id, number) for client_id, number in zip(client_ids, numbers, strict=True) if number]
    notes = (refusal_note(refusal, path, code=code),)
    return _result(context, rows or [(code, "", "")], Outcome.REFUSED, code, notes)


def _result(
    context: RequestContext,
    rows: Iterable[encode.Row],
    outcome: Outcome,
    code: int,
    notes: tuple[Note, ...],
    ids: range = range(0),
) -> OperationResult:
    if context.altered:
        rows = list(rows)
    chunks = encode.results(rows, context.readings)
    intended = encode.results(rows, context.space.readings) if context.altered else None
    return OperationResult(chunks, outcome, code, notes, ids, intended)
