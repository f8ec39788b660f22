"""One request in, one answer out: the vendor's four operations over a space.

`post` and `pull` never raise for anything a client sent: malformed bytes become -22, refusals are values, and every
request leaves a journal entry that says why. May be imported by server, control, cli and bootstrap.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import assert_never

import msgspec

from kobikom_emulator.domain.account import Account, is_numeric, login, printed
from kobikom_emulator.domain.admission import Admission, RefusedSend, Verdict, admit
from kobikom_emulator.domain.messages import Draft
from kobikom_emulator.domain.reasons import Reason, Refusal
from kobikom_emulator.domain.reports import Push, ReportQuery, Reports
from kobikom_emulator.domain.rules import DuplicateId, EmptyNumber
from kobikom_emulator.gateway import translate
from kobikom_emulator.gateway.answer import Answer, WireRequest
from kobikom_emulator.gateway.explanation import Kind, Note
from kobikom_emulator.gateway.faults.chain import NO_FAULTS, Firing
from kobikom_emulator.gateway.faults.rule import Incoming
from kobikom_emulator.gateway.space import Space
from kobikom_emulator.gateway.spaces import Spaces
from kobikom_emulator.protocol import encode
from kobikom_emulator.protocol.codes import NO_DATA, PULL_CODES, Code
from kobikom_emulator.protocol.decode import (
    BalanceQuery,
    Mesaj,
    PullQuery,
    Request,
    SendRequest,
    TitlesQuery,
    Unread,
    decode,
    decode_pull,
)
from kobikom_emulator.protocol.envelope import Malformed, open_envelope
from kobikom_emulator.protocol.readings import Readings

SLICE = 1000
"""Reports rendered before the event loop gets its turn."""


class Done(msgspec.Struct, frozen=True, gc=False):
    """What an operation came to: the body, one word and the code for the journal, and the explanation."""

    chunks: tuple[bytes, ...]
    outcome: str
    code: int | None = 0
    notes: tuple[Note, ...] = ()
    ids: range = range(0)
    """The generated ids of the messages that came of it."""


class Case(msgspec.Struct, frozen=True, gc=False):
    """A request with everything that bears on its answer."""

    space: Space
    now: int
    readings: Readings
    firing: Firing


class Gateway:
    """The dialect's front door over any number of spaces."""

    def __init__(self, spaces: Spaces) -> None:
        self.spaces = spaces

    async def post(self, wire: WireRequest, space: Space | None = None) -> Answer:
        """Answer a POST to the send resource (T-01); `space` where the path named one."""
        home = space or self.spaces.default
        try:
            request = _read(wire, home)
        except Malformed as malformed:
            legacy = space or self._home_of_legacy_bytes(wire)
            if legacy.readings.undeclared_bytes == home.readings.undeclared_bytes:
                answer = _malformed(legacy, wire, malformed)
                legacy.bell.ring()
                return answer
            request = _read(wire, legacy)
        home = space or self.spaces.of_user(request.credentials.kullanici)
        home.in_flight += 1
        try:
            async with home.turn:
                return await _answer(home, wire, request)
        finally:
            home.in_flight -= 1
            home.bell.ring()

    async def pull(self, wire: WireRequest, space: Space | None = None) -> Answer:
        """Answer a GET of delivery reports (R-01)."""
        query = decode_pull(wire.target.partition("?")[2])
        home = space or self.spaces.of_user(query.credentials.kullanici)
        home.in_flight += 1
        try:
            return await _answer_pull(home, wire, query)
        finally:
            home.in_flight -= 1
            home.bell.ring()

    def refuse_plainly(self, wire: WireRequest, answer: Answer, *, expected: str) -> None:
        """Write down a request that the dialect never saw: wrong method, path or size (T-08)."""
        space = self.spaces.default
        found = f"{wire.method} {wire.target[:80]}"
        space.journal.write(
            at=space.clock.now(),
            operation="http",
            user="",
            outcome="refused",
            code=None,
            request=wire,
            answer=answer,
            notes=(Note(Kind.REFUSED, "T-08", expected=expected, found=found),),
        )
        space.bell.ring()

    def _home_of_legacy_bytes(self, wire: WireRequest) -> Space:
        """The space of a body that is no UTF-8: that of the user it names if it is read as windows-1254 (T-05)."""
        try:
            envelope = open_envelope(wire.body, content_type=wire.content_type, undeclared_bytes="windows-1254")
            return self.spaces.of_user(decode(envelope.root).credentials.kullanici)
        except Malformed:
            return self.spaces.default


def _read(wire: WireRequest, space: Space) -> Request:
    envelope = open_envelope(
        wire.body,
        content_type=wire.content_type,
        undeclared_bytes=space.readings.undeclared_bytes,
        max_depth=space.limits.max_depth,
    )
    return decode(envelope.root)


async def _answer(space: Space, wire: WireRequest, request: Request) -> Answer:
    """Carry a readable POST out, unless a fault rule is in the way."""
    now = space.clock.now()
    firing = space.faults.fire(incoming(request), now) if len(space.faults) else NO_FAULTS
    case = Case(space, now, firing.readings(space.readings), firing)
    answer, done = firing.before(), Done((), "fault", None)
    if answer is None:
        done = await _carry_out(case, request)
        answer = Answer(done.chunks, encode.content_type(case.readings), at=now)
    operation, user = _OPERATIONS[type(request)], request.credentials.kullanici
    return _conclude(case, wire, operation, user, done, request.unread, answer)


async def _answer_pull(space: Space, wire: WireRequest, query: PullQuery) -> Answer:
    user = query.credentials.kullanici
    now = space.clock.now()
    firing = space.faults.fire(Incoming("pull", user), now) if len(space.faults) else NO_FAULTS
    case = Case(space, now, firing.readings(space.readings), firing)
    answer, done = firing.before(), Done((), "fault", None)
    if answer is None:
        done = await _pull(case, query)
        answer = Answer(done.chunks, encode.content_type(case.readings), at=now)
    return _conclude(case, wire, "pull", user, done, query.unread, answer)


_OPERATIONS: Mapping[type[Request], str] = {SendRequest: "send", TitlesQuery: "titles", BalanceQuery: "balance"}


def incoming(request: Request) -> Incoming:
    """What fault rules look at."""
    user = request.credentials.kullanici
    match request:
        case SendRequest():
            return Incoming(
                "send",
                user,
                [mesaj.alicilar.gsm for mesaj in request.mesajlar],
                [mesaj.baslik for mesaj in request.mesajlar],
                [mesaj.metin for mesaj in request.mesajlar],
            )
        case TitlesQuery():
            return Incoming("titles", user)
        case BalanceQuery():
            return Incoming("balance", user)
        case _:
            assert_never(request)


def _malformed(space: Space, wire: WireRequest, malformed: Malformed) -> Answer:
    note = Note(
        Kind.REFUSED,
        malformed.clause,
        expected=malformed.expected,
        found=malformed.found,
        code=int(Code.BAD_XML),
        line=malformed.line,
        column=malformed.column,
    )
    case = Case(space, space.clock.now(), space.readings, NO_FAULTS)
    body = encode.results([(Code.BAD_XML, "", "")], space.readings)
    answer = Answer((body,), encode.content_type(space.readings), at=case.now)
    return _conclude(case, wire, "unreadable", "", Done((body,), "refused", Code.BAD_XML, (note,)), (), answer)


def _conclude(
    case: Case, wire: WireRequest, operation: str, user: str, done: Done, unread: Sequence[Unread], answer: Answer
) -> Answer:
    """Let the faults tamper with the answer and write the journal entry."""
    notes = done.notes
    if unread:
        notes += tuple(translate.unread_note(each) for each in unread)
    faults: tuple[str, ...] = ()
    if case.firing.armed:
        answer = case.firing.after(answer)
        faults = case.firing.labels
    case.space.journal.write(
        at=case.now,
        operation=operation,
        user=user,
        outcome=done.outcome,
        code=done.code,
        request=wire,
        answer=answer,
        notes=notes,
        faults=faults,
        ids=done.ids,
    )
    return answer


async def _carry_out(case: Case, request: Request) -> Done:
    account = await case.space.store.account(request.credentials.kullanici)
    refusal = login(request.credentials.kullanici, request.credentials.parola, account)
    fault = case.firing.request_code()
    if refusal is None and fault is not None:
        refusal = Refusal(Reason.FAULT, "no fault", "a fault rule", fault)
    if refusal is not None:
        mesajlar = request.mesajlar if isinstance(request, SendRequest) else ()
        return _refuse_all(case, refusal, "/" + _ROOTS[type(request)] + _login_path(refusal), mesajlar)
    assert account is not None
    match request:
        case SendRequest():
            return await _send(case, request, account)
        case TitlesQuery():
            alphanumeric = [title for title in account.titles if not is_numeric(title)]
            numeric = [title for title in account.titles if is_numeric(title)]
            return Done((encode.titles(alphanumeric, numeric),), "answered")
        case BalanceQuery():
            credit = await case.space.store.credit(account.user, case.now)
            return Done((encode.balance(printed(credit), account.currency),), "answered")
        case _:
            assert_never(request)


_ROOTS: Mapping[type[Request], str] = {SendRequest: "SMS", TitlesQuery: "basliklar", BalanceQuery: "bakiye"}


def _login_path(refusal: Refusal) -> str:
    match refusal.reason:
        case Reason.NO_USER | Reason.BAD_LOGIN:
            return "/dogrulama/kullanici"
        case Reason.NO_PASSWORD:
            return "/dogrulama/parola"
        case _:
            return ""


async def _send(case: Case, request: SendRequest, account: Account) -> Done:
    """Judge and carry out a send (S, C)."""
    space, mesajlar = case.space, request.mesajlar
    drafts: list[Draft] = []
    for mesaj in mesajlar:
        draft = translate.draft(mesaj, now=case.now)
        if isinstance(draft, translate.BrokenField):
            return _refuse_all(case, draft.refusal, f"{mesaj.path}/{translate.FIELDS[draft.field]}", mesajlar)
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
        path = f"{mesajlar[admission.draft].path}/{translate.FIELDS[admission.field]}" if mesajlar else "/SMS"
        return _refuse_all(case, admission.refusal, path, mesajlar, every_recipient=admission.every_recipient)
    if admission.changes:
        await space.store.apply(admission.changes)
        space.ids.take(admission.ids_taken)
        if any([verdict.batch is not None and verdict.batch.push_url for verdict in admission.verdicts]):
            space.clock.nudge()
    return _admitted(case, admission, mesajlar, range(first_id, first_id + admission.ids_taken))


def _forced(case: Case, mesajlar: Sequence[Mesaj]) -> list[dict[int, Refusal]]:
    """The refusals that fault rules put upon single recipients; indices count the recipients that get a result."""
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


def _admitted(case: Case, admission: Admission, mesajlar: Sequence[Mesaj], ids: range) -> Done:
    """Render an admitted send: the common case in one pass, refused recipients row by row."""
    verdicts = admission.verdicts
    notes: tuple[Note, ...] = ()
    for mesaj, verdict in zip(mesajlar, verdicts, strict=True):
        if verdict.observations:
            notes += tuple(translate.remark_note(each, mesaj.path) for each in verdict.observations)
        if remarks := translate.wire_remarks(mesaj):
            notes += tuple(translate.remark_note(each, mesaj.path) for each in remarks)
    if len(verdicts) == 1 and case.readings.result_shape == "well-formed":
        batch = verdicts[0].batch
        if batch is not None and batch.client_ids is None and not verdicts[0].refusals:
            first = batch.first_id
            body = encode.accepted_results(range(first, first + len(batch)), batch.destinations)
            return Done((body,), "accepted", 0, notes, ids)
    rows: list[encode.Row] = []
    refused: list[Note] = []
    for mesaj, verdict in zip(mesajlar, verdicts, strict=True):
        rows += _rows(verdict)
        places = _gsm_places(mesaj, verdict)
        for index, refusal in sorted(verdict.refusals.items()):
            path = f"{mesaj.path}/alicilar/gsm" + (f"[{places[index] + 1}]" if places[index] else "")
            refused.append(translate.refusal_note(refusal, path))
    notes += tuple(refused)
    code = next((note.code for note in refused if note.code), 0)
    accepted = any(verdict.batch is not None for verdict in verdicts)
    outcome = ("partly" if code else "accepted") if accepted else "refused"
    return Done((encode.results(rows, case.readings),), outcome, code, notes, ids)


def _rows(verdict: Verdict) -> list[encode.Row]:
    """The results of one message in document order (S-01, S-03, S-06)."""
    ids = verdict.batch.message_ids(range(len(verdict.batch))) if verdict.batch is not None else []
    following = iter(ids)
    own = verdict.client_ids or ("",) * len(verdict.numbers)
    refusals = verdict.refusals
    return [
        (0, next(following), number)
        if index not in refusals
        else (translate.code_of(refusals[index]), own[index], number)
        for index, number in enumerate(verdict.numbers)
    ]


def _gsm_places(mesaj: Mesaj, verdict: Verdict) -> Sequence[int]:
    """Where each recipient of the results stands in the document: skipped empty elements count there."""
    submitted = mesaj.alicilar.gsm
    if len(verdict.numbers) == len(submitted):
        return range(len(submitted))
    return [at for at, number in enumerate(submitted) if number]


def _refuse_all(
    case: Case, refusal: Refusal, path: str, mesajlar: Sequence[Mesaj] = (), *, every_recipient: bool = False
) -> Done:
    """Refuse the whole request: one result, or one for each recipient (A-05)."""
    code = translate.code_of(refusal)
    rows: list[encode.Row] = []
    if every_recipient or case.readings.refusal_shape == "per-recipient":
        for mesaj in mesajlar:
            own = mesaj.alicilar.message_ids or ("",) * len(mesaj.alicilar.gsm)
            rows += [
                (code, client_id, number) for client_id, number in zip(own, mesaj.alicilar.gsm, strict=True) if number
            ]
    body = encode.results(rows or [(code, "", "")], case.readings)
    return Done((body,), "refused", code, (translate.refusal_note(refusal, path),))


async def _pull(case: Case, query: PullQuery) -> Done:
    """Give the reports that are there, each exactly once, in slices that let others have their turn (R-03)."""
    space, readings = case.space, case.readings
    user = query.credentials.kullanici
    refusal = login(user, query.credentials.parola, await space.store.account(user))
    fault = case.firing.request_code()
    if refusal is None and fault is not None:
        refusal = Refusal(Reason.FAULT, "no fault", "a fault rule", fault)
    if refusal is not None:
        return _refused_pull(refusal, readings)
    wanted = ReportQuery(user, case.now, query.appid, query.message_ids)
    chunks: list[bytes] = []
    given = 0
    while True:
        async with space.turn:
            taken = await space.store.take_reports(wanted, SLICE)
        count = sum(map(len, taken))
        if count:
            chunks.append(_report_lines(taken, readings).encode())
            given += count
        if count < SLICE or wanted.message_ids is not None:
            break
        await asyncio.sleep(0)
    if not chunks:
        return Done((NO_DATA,), "empty", None)
    chunks[0] = encode.REPORTS_OPEN.encode() + chunks[0]
    chunks[-1] += encode.reports_close(readings).encode()
    return Done(tuple(chunks), "given", None, (Note(Kind.NOTED, "R-03", found=f"{given} given, never again"),))


def _report_lines(taken: Sequence[Reports], readings: Readings) -> str:
    return "".join(
        [
            encode.report_lines(
                reports.message_ids(),
                sent_at=reports.plan.submitted_at,
                done_at=reports.plan.done_at,
                status=reports.plan.status,
                gsm_error=reports.plan.gsm_error,
                readings=readings,
            )
            for reports in taken
        ]
    )


def report_document(push: Push, readings: Readings) -> bytes:
    """The body that pushes one report (S-19): the document a pull would have given."""
    reports = Reports(push.batch, push.plan, (push.index,))
    return (encode.REPORTS_OPEN + _report_lines([reports], readings) + encode.reports_close(readings)).encode()


_PULL_NUMBERS = {int(code): number for code, number in PULL_CODES.items()}


def _refused_pull(refusal: Refusal, readings: Readings) -> Done:
    """The bare number that refuses a pull (R-07)."""
    code = translate.code_of(refusal)
    number = _PULL_NUMBERS.get(code, abs(code))
    body = str(number if readings.pull_refusal == "positive" else -number).encode()
    parameter = "parola" if refusal.reason is Reason.NO_PASSWORD else "kullanici"
    return Done((body,), "refused", code, (translate.refusal_note(refusal, f"?{parameter}"),))
