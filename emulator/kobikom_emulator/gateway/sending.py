"""Carries out a send and builds its answer (S, C), or the answer that refuses a whole request (A-05)."""

from __future__ import annotations

from collections.abc import Sequence

from kobikom_emulator import translation
from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.admission import Admission, DraftResult, RefusedSend, admit
from kobikom_emulator.domain.messages import Draft
from kobikom_emulator.domain.reasons import Reason, Refusal
from kobikom_emulator.domain.rules import DuplicateId, EmptyNumber
from kobikom_emulator.gateway.context import Done, RequestContext
from kobikom_emulator.journal.notes import Note
from kobikom_emulator.protocol import encode
from kobikom_emulator.protocol.decode import Mesaj, SendRequest


async def send(case: RequestContext, request: SendRequest, account: Account) -> Done:
    """Decide and carry out a send (S, C)."""
    space, mesajlar = case.space, request.mesajlar
    drafts: list[Draft] = []
    for mesaj in mesajlar:
        draft = translation.draft(mesaj, now=case.now)
        if isinstance(draft, translation.BrokenField):
            return refuse_all(case, draft.refusal, f"{mesaj.path}/{translation.FIELDS[draft.field]}", mesajlar)
        drafts.append(draft)
    used: set[str] = set()
    if space.rules.duplicate_id is DuplicateId.ACCOUNT_HISTORY:
        ids = [client_id for draft in drafts for client_id in draft.client_ids or () if client_id]
        used = await space.store.used_ids(account.user, ids)
    first_id = space.ids.peek()
    admission = admit(
        drafts,
        account=account,
        credit=await space.store.credit(account.user, case.now),
        rules=space.rules,
        now=case.now,
        seed=space.blueprint.seed,
        first_id=first_id,
        used_ids=used,
        forced=_forced(case, mesajlar),
    )
    if isinstance(admission, RefusedSend):
        path = f"{mesajlar[admission.draft].path}/{translation.FIELDS[admission.field]}" if mesajlar else "/SMS"
        return refuse_all(case, admission.refusal, path, mesajlar, every_recipient=admission.every_recipient)
    if admission.changes:
        await space.store.apply(admission.changes)
        space.ids.take(admission.ids_taken)
        if any([result.batch is not None and result.batch.push_url for result in admission.results]):
            space.clock.nudge()
    return _admitted(case, admission, mesajlar, range(first_id, first_id + admission.ids_taken))


def _forced(case: RequestContext, mesajlar: Sequence[Mesaj]) -> list[dict[int, Refusal]]:
    """The refusals of single recipients by fault rules; indices count the recipients that get a result."""
    if not case.firing.armed:
        return []
    skip_empty = case.space.rules.empty_number is EmptyNumber.SKIP
    return [
        {
            index: Refusal(Reason.FAULT, "no fault", "a fault rule", code)
            for index, code in case.firing.recipient_codes(
                tuple(number for number in mesaj.alicilar.gsm if number or not skip_empty)
            ).items()
        }
        for mesaj in mesajlar
    ]


def _admitted(case: RequestContext, admission: Admission, mesajlar: Sequence[Mesaj], ids: range) -> Done:
    """Render an admitted send: the common case in one pass, refused recipients row by row."""
    results = admission.results
    notes: tuple[Note, ...] = ()
    for mesaj, result in zip(mesajlar, results, strict=True):
        if result.observations:
            notes += tuple(translation.remark_note(each, mesaj.path) for each in result.observations)
        if remarks := translation.wire_remarks(mesaj):
            notes += tuple(translation.remark_note(each, mesaj.path) for each in remarks)
    if len(results) == 1 and case.readings.result_shape == "well-formed":
        batch = results[0].batch
        if batch is not None and batch.client_ids is None and not results[0].refusals:
            first = batch.first_id
            body = encode.accepted_results(range(first, first + len(batch)), batch.destinations)
            return Done((body,), "accepted", 0, notes, ids)
    rows: list[encode.Row] = []
    refused: list[Note] = []
    for mesaj, result in zip(mesajlar, results, strict=True):
        rows += _rows(result)
        places = _gsm_places(mesaj, result)
        for index, refusal in sorted(result.refusals.items()):
            path = f"{mesaj.path}/alicilar/gsm" + (f"[{places[index] + 1}]" if places[index] else "")
            refused.append(translation.refusal_note(refusal, path))
    notes += tuple(refused)
    code = next((note.code for note in refused if note.code), 0)
    accepted = any(result.batch is not None for result in results)
    outcome = ("partly" if code else "accepted") if accepted else "refused"
    return Done((encode.results(rows, case.readings),), outcome, code, notes, ids)


def _rows(result: DraftResult) -> list[encode.Row]:
    """The results of one message in document order (S-01, S-03, S-06)."""
    ids = result.batch.message_ids(range(len(result.batch))) if result.batch is not None else []
    following = iter(ids)
    own = result.client_ids or ("",) * len(result.numbers)
    refusals = result.refusals
    return [
        (0, next(following), number)
        if index not in refusals
        else (translation.code_of(refusals[index]), own[index], number)
        for index, number in enumerate(result.numbers)
    ]


def _gsm_places(mesaj: Mesaj, result: DraftResult) -> Sequence[int]:
    """Where each recipient of the results stands in the document: skipped empty elements count there."""
    submitted = mesaj.alicilar.gsm
    if len(result.numbers) == len(submitted):
        return range(len(submitted))
    return [at for at, number in enumerate(submitted) if number]


def refuse_all(
    case: RequestContext, refusal: Refusal, path: str, mesajlar: Sequence[Mesaj] = (), *, every_recipient: bool = False
) -> Done:
    """Refuse the whole request: one result, or one for each recipient (A-05)."""
    code = translation.code_of(refusal)
    rows: list[encode.Row] = []
    if every_recipient or case.readings.refusal_shape == "per-recipient":
        for mesaj in mesajlar:
            own = mesaj.alicilar.message_ids or ("",) * len(mesaj.alicilar.gsm)
            rows += [
                (code, client_id, number) for client_id, number in zip(own, mesaj.alicilar.gsm, strict=True) if number
            ]
    body = encode.results(rows or [(code, "", "")], case.readings)
    return Done((body,), "refused", code, (translation.refusal_note(refusal, path),))
