"""One request in, one answer out: the vendor's four operations over a space.

`post` and `pull` never raise for anything a client sent: malformed bytes become -22, refusals are values, and every
request leaves a journal entry that says why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import assert_never

from kobikom_emulator import translation
from kobikom_emulator.domain.account import login, printed
from kobikom_emulator.domain.reasons import Reason, Refusal
from kobikom_emulator.domain.values import is_numeric
from kobikom_emulator.exchange import Answer, WireRequest
from kobikom_emulator.faults.chain import NO_FAULTS
from kobikom_emulator.faults.rule import Incoming
from kobikom_emulator.gateway.context import Done, RequestContext
from kobikom_emulator.gateway.pulling import pull
from kobikom_emulator.gateway.sending import refuse_all, send
from kobikom_emulator.journal.notes import Kind, Note
from kobikom_emulator.protocol import encode
from kobikom_emulator.protocol.codes import Code
from kobikom_emulator.protocol.decode import (
    BalanceQuery,
    PullQuery,
    Request,
    SendRequest,
    TitlesQuery,
    Unread,
    decode,
    decode_pull,
)
from kobikom_emulator.protocol.envelope import Malformed, open_envelope
from kobikom_emulator.space.registry import SpaceRegistry
from kobikom_emulator.space.space import Space


class Gateway:
    """The dialect's front door over any number of spaces."""

    def __init__(self, spaces: SpaceRegistry) -> None:
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
    case = RequestContext(space, now, firing.readings(space.readings), firing)
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
    case = RequestContext(space, now, firing.readings(space.readings), firing)
    answer, done = firing.before(), Done((), "fault", None)
    if answer is None:
        done = await pull(case, query)
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
    case = RequestContext(space, space.clock.now(), space.readings, NO_FAULTS)
    body = encode.results([(Code.BAD_XML, "", "")], space.readings)
    answer = Answer((body,), encode.content_type(space.readings), at=case.now)
    return _conclude(case, wire, "unreadable", "", Done((body,), "refused", Code.BAD_XML, (note,)), (), answer)


def _conclude(
    case: RequestContext,
    wire: WireRequest,
    operation: str,
    user: str,
    done: Done,
    unread: Sequence[Unread],
    answer: Answer,
) -> Answer:
    """Let the faults tamper with the answer and write the journal entry."""
    notes = done.notes
    if unread:
        notes += tuple(translation.unread_note(each) for each in unread)
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


async def _carry_out(case: RequestContext, request: Request) -> Done:
    account = await case.space.store.account(request.credentials.kullanici)
    refusal = login(request.credentials.kullanici, request.credentials.parola, account)
    fault = case.firing.request_code()
    if refusal is None and fault is not None:
        refusal = Refusal(Reason.FAULT, "no fault", "a fault rule", fault)
    if refusal is not None:
        mesajlar = request.mesajlar if isinstance(request, SendRequest) else ()
        return refuse_all(case, refusal, "/" + _ROOTS[type(request)] + _login_path(refusal), mesajlar)
    assert account is not None
    match request:
        case SendRequest():
            return await send(case, request, account)
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
