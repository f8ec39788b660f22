"""One request in, one answer out: the four operations of the API over the spaces of a server.

`post` and `pull` never raise for anything that a client sent. Malformed bytes become -22, refusals are values, and each
request gets a journal entry that explains its answer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from msgspec.structs import replace

from kobikom_emulator.domain.account import login
from kobikom_emulator.domain.reasons import Reason, Refusal
from kobikom_emulator.exchange import Answer, OpenConnection, WireRequest
from kobikom_emulator.faults.chain import NO_FAULTS, FiredRules
from kobikom_emulator.gateway import queries
from kobikom_emulator.gateway.all_reasons import further_login_notes, malformed_notes, with_notes
from kobikom_emulator.gateway.context import OperationResult, RequestContext
from kobikom_emulator.gateway.pulling import pull
from kobikom_emulator.gateway.recording import record
from kobikom_emulator.gateway.sending import refuse_all, send
from kobikom_emulator.gateway.store_failures import not_kept
from kobikom_emulator.journal.entries import HttpRefusal, Operation, Outcome
from kobikom_emulator.journal.notes import Kind, Note
from kobikom_emulator.phrases import Phrase
from kobikom_emulator.ports import StoreFailed
from kobikom_emulator.protocol import encode
from kobikom_emulator.protocol.codes import Code
from kobikom_emulator.protocol.decode import BalanceQuery, Request, SendRequest, TitlesQuery, decode
from kobikom_emulator.protocol.envelope import open_envelope
from kobikom_emulator.protocol.malformed import Malformed
from kobikom_emulator.protocol.pull_query import PullQuery, decode_pull
from kobikom_emulator.protocol.slips import Slip, Unread
from kobikom_emulator.space.errors import SpaceClosed
from kobikom_emulator.space.large_work import LARGE
from kobikom_emulator.space.registry import SpaceRegistry
from kobikom_emulator.space.space import Space
from kobikom_emulator.translation.notes import with_cause
from kobikom_emulator.translation.places import refusal_path
from kobikom_emulator.translation.requests import (
    OPERATIONS,
    credentials_of,
    incoming_post,
    incoming_pull,
    recipients_of,
    user_of,
)


class Gateway:
    """Answers the requests of the vendor's API; finds the space that each belongs to, unless it is for `only` one."""

    def __init__(self, spaces: SpaceRegistry, *, only: Space | None = None, name: str = "") -> None:
        self.spaces = spaces
        self._only = only
        self._name = name

    @property
    def max_body(self) -> int:
        """The most bytes a body may have (T-11)."""
        return self.spaces.default.limits.max_body

    @property
    def max_state(self) -> int:
        """The most bytes an imported state may have."""
        return self.spaces.default.limits.max_state

    def within(self, name: str) -> Gateway | None:
        """A gateway to one space, which knows no users of others; None where none of this name is open."""
        space = self.spaces.named(name)
        if space is None and not self.spaces.is_shared:
            return None
        return Gateway(self.spaces, only=space, name=name)

    async def post(self, wire: WireRequest, connection: OpenConnection | None = None) -> Answer:
        """Answer a POST to the send resource (T-01); `connection` is where it came from."""
        if self.spaces.is_shared:
            return await self._answered(partial(self._post, wire, connection))
        return await self._post(wire, connection)

    async def _answered(self, answer: Callable[[], Awaitable[Answer]]) -> Answer:
        """The answer to a request where several servers share the spaces: another one may have opened or closed the
        space meanwhile.
        """
        while True:
            if self._name and (self._only is None or self._only.closed):
                self._only = await self.spaces.find(self._name)
                if self._only is None:
                    return Answer((b"404: there is no such space\n",), status=404)
            try:
                return await answer()
            except SpaceClosed:
                await self.spaces.catch_up()

    async def _home(self, user: str) -> Space:
        """The space that a request of a user is for."""
        if self._only is not None:
            return self._only
        return await self.spaces.home_of(user) if self.spaces.is_shared else self.spaces.of_user(user)

    async def _post(self, wire: WireRequest, connection: OpenConnection | None) -> Answer:
        space = self._only
        reading_space = space or self.spaces.default
        large = self.spaces.large_work.takes(wire.body)
        try:
            request = await self._read(wire, reading_space) if large else _read(wire, reading_space)
        except Malformed as malformed:
            named_space = space or await self._space_of_windows_1254_body(wire)
            if named_space.readings.undeclared_bytes == reading_space.readings.undeclared_bytes:
                try:
                    async with named_space.whole_request():
                        answer = await _answer_malformed(named_space, wire, malformed)
                    if named_space.shared:
                        await named_space.kept()
                    return answer
                except StoreFailed as failure:
                    return not_kept(named_space, wire, Operation.UNREADABLE, "", failure)
                finally:
                    named_space.changed.notify()
            request = await self._read(wire, named_space)
        home = await self._home(user_of(request))
        if connection is not None:
            home.connections.add(connection)
        home.in_flight += 1
        try:
            if not (isinstance(request, SendRequest) or home.faults or home.shared):
                return await _answer_query(home, wire, request)
            async with home.lock:
                answer = await _answer_post(home, wire, request)
            await home.kept()
            return answer
        except StoreFailed as failure:
            return not_kept(home, wire, OPERATIONS[type(request)], user_of(request), failure)
        finally:
            home.in_flight -= 1
            home.changed.notify()

    async def _read(self, wire: WireRequest, space: Space, undeclared_bytes: str = "") -> Request:
        """Read a request in the thread for large work."""
        return await self.spaces.large_work.run(partial(_read, wire, space, undeclared_bytes))

    async def pull(self, wire: WireRequest, connection: OpenConnection | None = None) -> Answer:
        """Answer a GET of delivery reports (R-01); `connection` is where it came from."""
        if self.spaces.is_shared:
            return await self._answered(partial(self._pull, wire, connection))
        return await self._pull(wire, connection)

    async def _pull(self, wire: WireRequest, connection: OpenConnection | None) -> Answer:
        query = decode_pull(wire.target.partition("?")[2])
        home = await self._home(user_of(query))
        if connection is not None:
            home.connections.add(connection)
        home.in_flight += 1
        try:
            async with home.whole_request():
                answer, changed = await _answer_pull(home, wire, query)
            if changed or home.shared:
                await home.kept()
            else:
                home.note_soon()
                await home.store.kept()  # as a query
            return answer
        except StoreFailed as failure:
            return not_kept(home, wire, Operation.PULL, user_of(query), failure)
        finally:
            home.in_flight -= 1
            home.changed.notify()

    def record_http_refusal(self, wire: WireRequest, answer: Answer, *, expected: str, found: str = "") -> Answer:
        """Write a request to the journal that never reached the API: wrong path, method or size, or not HTTP (T-08).

        Returns the answer with the space's time.
        """
        space = self._only or self.spaces.default
        answer = replace(answer, at=space.clock.now())
        found = found or f"{wire.method} {wire.target[:80]}"
        note = Note(Kind.REFUSED, "T-08.4", expected=expected, found=found)
        space.journal.write(HttpRefusal(space.clock.now(), wire, answer, (note,)))
        space.note_soon()
        space.changed.notify()
        return answer

    async def _space_of_windows_1254_body(self, wire: WireRequest) -> Space:
        """The space of the user that a body names if its bytes are read as windows-1254 (T-05)."""
        try:
            request = await self._read(wire, self.spaces.default, "windows-1254")
        except Malformed:
            return self.spaces.default
        return await self._home(user_of(request))


def _is_large(wire: WireRequest) -> bool:
    return len(wire.body) > LARGE


def _read(wire: WireRequest, space: Space, undeclared_bytes: str = "") -> Request:
    envelope = open_envelope(
        wire.body,
        content_type=wire.content_type,
        undeclared_bytes=undeclared_bytes or space.readings.undeclared_bytes,
        bounds=space.bounds,
    )
    request = decode(envelope.root, max_messages=space.limits.max_messages)
    if envelope.ignored_charset:
        slip = Unread("", envelope.ignored_charset, Slip.CHARSET)
        request = replace(request, unread=(*request.unread, slip))
    return request


_ANSWERED_BY_RULE = OperationResult((), Outcome.FAULT, None)
"""The result of a request that was not carried out because a fault rule answered it."""


async def _answer_post(space: Space, wire: WireRequest, request: Request) -> Answer:
    """Carry out a readable POST, unless a fault rule answers instead. The caller holds the lock."""
    now, large, fired = space.clock.now(), _is_large(wire), NO_FAULTS
    if space.faults:
        if large:
            fired = await space.large_work.run(partial(space.faults.fire, incoming_post(request), now))
        else:
            fired = space.faults.fire(incoming_post(request), now)
    context = _context(space, now, fired, large=large)
    answer, result = fired.before() if fired.armed else None, _ANSWERED_BY_RULE
    if answer is None:
        result = await _carry_out(context, request)
        answer = Answer(result.chunks, encode.content_type(context.readings), at=now)
    operation = OPERATIONS[type(request)]
    steps = space.steps.due(operation)
    answer = record(
        context,
        wire,
        operation,
        user=user_of(request),
        result=result,
        unread=request.unread,
        answer=answer,
        steps=steps,
        recipients=recipients_of(request),
    )
    if steps:
        await space.take(steps)
    return answer


def _context(space: Space, now: int, fired: FiredRules, *, large: bool = False) -> RequestContext:
    readings = fired.readings(space.readings) if fired.armed else space.readings
    return RequestContext(space, now, readings, fired, large)


async def _answer_query(space: Space, wire: WireRequest, request: TitlesQuery | BalanceQuery) -> Answer:
    """Answer a query where no fault rule is armed. It changes nothing, so it waits for no change that is being made."""
    context = RequestContext(space, space.clock.now(), space.readings, NO_FAULTS, _is_large(wire))
    result = await _carry_out(context, request)
    answer = Answer(result.chunks, encode.content_type(context.readings), at=context.now)
    operation, user = OPERATIONS[type(request)], user_of(request)
    steps = space.steps.due(operation)
    answer = record(
        context, wire, operation, user=user, result=result, unread=request.unread, answer=answer, steps=steps
    )
    if steps:
        async with space.lock:
            await space.take(steps)
        await space.kept()
    else:
        space.note_soon()
        await space.store.kept()  # it shows nothing that could still be undone
    return answer


async def _answer_pull(space: Space, wire: WireRequest, query: PullQuery) -> tuple[Answer, bool]:
    """The answer, and whether something changed with it."""
    user = user_of(query)
    now = space.clock.now()
    fired = space.faults.fire(incoming_pull(query), now) if space.faults else NO_FAULTS
    context = _context(space, now, fired)
    answer, result = fired.before() if fired.armed else None, _ANSWERED_BY_RULE
    if answer is None:
        result = await pull(context, query)
        answer = Answer(result.chunks, encode.content_type(context.readings), at=now)
    steps = space.steps.due(Operation.PULL)
    answer = record(
        context, wire, Operation.PULL, user=user, result=result, unread=query.unread, answer=answer, steps=steps
    )
    if steps:
        async with space.part_of_request():
            await space.take(steps)
    return answer, bool(steps or space.faults or result.outcome is Outcome.GIVEN)


async def _answer_malformed(space: Space, wire: WireRequest, malformed: Malformed) -> Answer:
    context = RequestContext(space, space.clock.now(), space.readings, NO_FAULTS, space.large_work.takes(wire.body))
    notes = await context.run(partial(malformed_notes, wire, malformed, space.bounds))
    chunks = encode.results([(Code.BAD_XML, "", "")], space.readings)
    answer = Answer(chunks, encode.content_type(space.readings), at=context.now)
    result = OperationResult(chunks, Outcome.REFUSED, int(Code.BAD_XML), notes)
    space.note_soon()
    return record(context, wire, Operation.UNREADABLE, user="", result=result, unread=(), answer=answer)


async def _carry_out(context: RequestContext, request: Request) -> OperationResult:
    user, password = credentials_of(request)
    account = await context.space.store.account(user)
    refusal = login(user, password, account)
    if refusal is None and context.fired.armed and (code := context.fired.request_code()) is not None:
        refusal = Refusal(Reason.FAULT, Phrase("no fault"), Phrase("a fault rule"), code)
    if refusal is not None:
        return await context.run(partial(_refused_login, context, request, refusal))
    assert account is not None
    if isinstance(request, SendRequest):
        return await send(context, request, account)
    return await queries.answer(context, request, account)


def _refused_login(context: RequestContext, request: Request, refusal: Refusal) -> OperationResult:
    messages = request.messages if isinstance(request, SendRequest) else ()
    refusal, path = with_cause(refusal, refusal_path(request, refusal), request.unread)
    result = refuse_all(context, refusal, path, messages)
    return with_notes(result, further_login_notes(context, request, refusal))
