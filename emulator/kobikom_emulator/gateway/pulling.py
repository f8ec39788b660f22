"""Gives delivery reports: the answer to a pull (R), and the document that a push posts (S-19)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from functools import lru_cache

from kobikom_emulator.domain.account import login
from kobikom_emulator.domain.reasons import Reason, Refusal
from kobikom_emulator.domain.reports import Push, ReportQuery, Reports
from kobikom_emulator.gateway.context import OperationResult, RequestContext
from kobikom_emulator.journal.entries import Outcome
from kobikom_emulator.journal.notes import Kind, Note
from kobikom_emulator.phrases import Phrase
from kobikom_emulator.protocol import encode
from kobikom_emulator.protocol.codes import NO_DATA, PULL_CODES
from kobikom_emulator.protocol.pull_query import PullQuery
from kobikom_emulator.protocol.readings import Readings
from kobikom_emulator.translation.codes import pull_code_of
from kobikom_emulator.translation.notes import EMPTY_ID_LIST, refusal_note, with_cause
from kobikom_emulator.translation.places import login_parameter
from kobikom_emulator.translation.requests import credentials_of

SLICE = 1000
"""Reports written before the event loop runs other tasks."""


async def pull(context: RequestContext, query: PullQuery) -> OperationResult:
    """Give the reports that exist, each exactly once, in slices between which other tasks can run (R-03)."""
    space, readings = context.space, context.readings
    user, password = credentials_of(query)
    refusal = login(user, password, await space.store.account(user))
    if refusal is None and context.fired.armed and (code := context.fired.request_code()) is not None:
        refusal = Refusal(Reason.FAULT, Phrase("no fault"), Phrase("a fault rule"), code)
    if refusal is not None:
        return _refused_pull(refusal, query, readings)
    if query.message_ids == ():
        return OperationResult((NO_DATA,), Outcome.EMPTY, None, (EMPTY_ID_LIST,))
    if query.message_ids is not None and len(query.message_ids) > space.limits.max_ids:
        return _too_many_ids(len(query.message_ids), space.limits.max_ids, readings)
    wanted = ReportQuery(user, context.now, query.appid, query.message_ids)
    chunks: list[bytes] = []
    intended: list[bytes] = []
    given = 0
    while True:
        async with space.part_of_request():
            taken = await space.store.take_reports(wanted, SLICE)
        for some in _in_slices(taken):
            chunks.append(_report_lines(some, readings).encode())
            if context.altered:
                intended.append(_report_lines(some, space.readings).encode())
            count = sum(map(len, some))
            given += count
            if count >= SLICE:  # a short pull is answered in one step
                await asyncio.sleep(0)
        if wanted.message_ids is not None or sum(map(len, taken)) < SLICE:
            break
    if not chunks:
        return OperationResult((NO_DATA,), Outcome.EMPTY, None)
    return OperationResult(
        _document(chunks, readings),
        Outcome.GIVEN,
        None,
        (_given_note(given),),
        intended=_document(intended, space.readings) if context.altered else None,
    )


@lru_cache(maxsize=64)
def _given_note(count: int) -> Note:
    return Note(Kind.NOTED, "R-03.1", found=Phrase("{count} given, never again", count=count))


def _in_slices(taken: Sequence[Reports]) -> Iterator[Sequence[Reports]]:
    """What was taken: a query by ids is answered whole, and may have many more reports than a slice."""
    if sum(map(len, taken)) <= SLICE:
        return iter([taken] if taken else [])
    return (taken[at : at + SLICE] for at in range(0, len(taken), SLICE))


def _document(lines: Sequence[bytes], readings: Readings) -> tuple[bytes, ...]:
    """The chunks of a document from those of its reports (R-02)."""
    chunks = list(lines)
    chunks[0] = encode.REPORTS_OPEN.encode() + chunks[0]
    chunks[-1] = encode.close_reports(chunks[-1], readings)
    return tuple(chunks)


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
    lines = encode.REPORTS_OPEN + _report_lines([reports], readings)
    return encode.close_reports(lines.encode(), readings)


_PULL_NUMBERS = {int(code): number for code, number in PULL_CODES.items()}


def _refused_pull(refusal: Refusal, query: PullQuery, readings: Readings) -> OperationResult:
    """The bare number that refuses a pull (R-07)."""
    refusal, path = with_cause(refusal, login_parameter(refusal), query.unread)
    return _refused(refusal, path, readings)


def _too_many_ids(count: int, most: int, readings: Readings) -> OperationResult:
    """A pull with more ids than the limit gives nothing (T-11)."""
    refusal = Refusal(Reason.TOO_MANY_IDS, Phrase("at most {count} ids", count=most), Phrase("{count}", count=count))
    return _refused(refusal, "?messageid", readings)


def _refused(refusal: Refusal, path: str, readings: Readings) -> OperationResult:
    code = pull_code_of(refusal)
    number = _PULL_NUMBERS.get(code, abs(code))
    body = str(number if readings.pull_refusal == "positive" else -number).encode()
    return OperationResult((body,), Outcome.REFUSED, code, (refusal_note(refusal, path, code=code),))
