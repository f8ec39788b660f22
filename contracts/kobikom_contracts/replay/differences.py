"""What differs between a recorded answer and the target's, and which statement says what it should be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kobikom_contracts import reader
from kobikom_contracts.answer_reader import HttpAnswer
from kobikom_contracts.core.verdicts import Violation
from kobikom_contracts.documents import Send
from kobikom_contracts.reader import Result
from kobikom_contracts.replay.explanation import Explanations
from kobikom_contracts.replay.replayer import Replayed
from kobikom_contracts.server_suite import amounts
from kobikom_contracts.server_suite.audit import echo
from kobikom_contracts.server_suite.audit.meaning import PullRequest
from kobikom_contracts.server_suite.audit.soundness import BALANCE, PULL, SEND, TITLES
from kobikom_contracts.server_suite.codes import CODES, PULL_REFUSALS
from kobikom_contracts.server_suite.exchanges import CONTENT_TYPES
from kobikom_contracts.trace.exchanges import JudgedExchange

_OF_RECIPIENTS = frozenset({"-3", "-13", "-33"})
_UNPROVOKED = frozenset({"-1", "-26", "-99"})


@dataclass(frozen=True, slots=True)
class Compared:
    """A pair of answers, and what is known of the whole replay."""

    pair: Replayed
    explanations: Explanations

    @property
    def then(self) -> JudgedExchange:
        """The recorded exchange."""
        return self.pair.then

    @property
    def now(self) -> JudgedExchange:
        """The target's."""
        return self.pair.now

    @property
    def answers(self) -> tuple[HttpAnswer, HttpAnswer]:
        """The two answers, where both came."""
        then, now = self.pair.then.http, self.pair.now.http
        assert then is not None, "the recorded server answered"
        assert now is not None, "the target answered"
        return then, now


def differences(one: Compared) -> Iterator[Violation]:
    """The differences of one pair, apart from reports and amounts, which are followed across exchanges."""
    then, now = one.then.http, one.now.http
    if then is None:
        return
    if now is None:
        expected = f"an answer of HTTP {then.status}"
        statement = one.explanations.of_http(one.pair)
        if one.now.recorded.status and one.now.recorded.answer_header("Content-Length") is None:
            statement = "T-09.1" if one.then.operation == SEND else "T-09.4"
        yield Violation(expected, f"none ({one.now.recorded.ended})", statement=statement)
        return
    if then.status != now.status:
        statement = one.explanations.of_http(one.pair)
        if _is_document(now.text) and _is_document(then.text):
            statement = "T-08.2" if one.now.operation == SEND and "0" in one.now.statuses else "T-08.1"
        yield Violation(f"HTTP {then.status}", f"HTTP {now.status}", statement=statement)
        return
    yield from _head(one)
    if then.status == 200:
        yield from _documents(one)


def outweighing(one: Compared) -> Violation | None:
    """A difference that explains what the target's answer breaks by itself."""
    then, now = one.then.http, one.now.http
    if then is None or now is None or (then.status, now.status) != (200, 200):
        return None
    before, after = reader.results(then.text), reader.results(now.text)
    if one.then.operation == PULL and then.text == "NO_DATA" and "<" in now.text and not reader.reports(now.text):
        return Violation("NO_DATA", repr(now.text[:200]), statement="R-03.2")
    if isinstance(one.then.request, PullRequest) and (cut := _cut_id(one.then.request, now.text)):
        return Violation("reports with the ids that were named", repr(cut), statement="S-03.2")
    if not before:
        return None
    if unknown := {result.status for result in after} - CODES:
        return Violation("a code of the page's list", ", ".join(sorted(unknown)), statement="E.1")
    same = [result.status for result in before] == [result.status for result in after]
    if one.then.operation in (TITLES, BALANCE) and before != after and (same or not after):
        return Violation("the refusal of the recording", repr(now.text[:200]), statement="A-06.1")
    if one.then.operation in (TITLES, BALANCE) and "<results" not in now.text:
        return Violation("the refusal of the recording", repr(now.text[:200]), statement="A-06.1")
    if now.text.count("<result>") != now.text.count("<status>") and not reader.is_as_printed(now.body):
        return Violation("each result in an element of its own", repr(now.text[:200]), statement="E.3")
    codes = {result.status for result in after} - {result.status for result in before}
    if codes & _UNPROVOKED and "0" in one.then.statuses:
        return Violation(f"no {', '.join(sorted(codes))}", ", ".join(one.now.statuses[:8]), statement="E.2")
    rows = [[(row.status, row.destination) for row in results] for results in (before, after)]
    if rows[0] != rows[1] and sorted(rows[0]) == sorted(rows[1]):
        return Violation("results in the order of the recipients", "in another", statement="S-01.1")
    return _outweighing_results(one, before, after)


def _cut_id(pull: PullRequest, text: str) -> str | None:
    """An id in an answer that is the beginning of one that was asked for."""
    named = pull.ids or ()
    ids = [row.id for row in reader.reports(text) if row.id and row.id not in named]
    return next((ident for ident in ids if any(name.startswith(ident) for name in named)), None)


def _outweighing_results(one: Compared, before: tuple[Result, ...], after: tuple[Result, ...]) -> Violation | None:
    pairs = _pairs(one, before)
    if not pairs:
        return None
    if len(before) != len(after) and after:
        return Violation(f"{len(before)} results", f"{len(after)}", statement=_of_count(one, before, after))
    for (_, recipient, was), row in zip(pairs, after, strict=False):
        own = recipient.message_id or ""
        if was.status in _OF_RECIPIENTS and row.status != was.status:
            statement = _of_recipient(one, before, was.status, row.status)
            return Violation(f"status {was.status} for {recipient.gsm}", row.status, statement=statement)
        if row.message_id and row.message_id != own and own.startswith(row.message_id) and row.status == "0":
            return Violation(f"messageid {own!r}", repr(row.message_id), statement="S-03.2")
    return None


def _is_document(text: str) -> bool:
    marks = ("<results", "<basliklar", "<bakiye", "<DeliveryReport", "NO_DATA")
    return any(mark in text for mark in marks) or text.strip() in PULL_REFUSALS


def _head(one: Compared) -> Iterator[Violation]:
    then, now = one.answers
    if not then.headers:
        return
    is_send = one.then.operation == SEND
    before, after = then.header("Content-Type"), now.header("Content-Type")
    if before != after:
        # The other label is that of a reading, whose statement is the one of sends.
        labelled = "T-09.2" if is_send or after in CONTENT_TYPES.values() else "T-09.3"
        statement = "T-08.4" if then.status != 200 else labelled
        yield Violation(f"Content-Type {before!r}", repr(after), statement=statement)
    if then.header("Allow") != now.header("Allow"):
        yield Violation(f"Allow {then.header('Allow')!r}", repr(now.header("Allow")), statement="T-08.4")
    if one.then.has_exact_head and (then.framing, then.faults) != (now.framing, now.faults):
        expected = "; ".join((f"a body framed by {then.framing}", *then.faults))
        found = "; ".join((now.framing, *now.faults))
        yield Violation(expected, found, statement="T-09.1" if is_send else "T-09.4")


def _documents(one: Compared) -> Iterator[Violation]:
    then, now = one.answers
    before, after = reader.results(then.text), reader.results(now.text)
    if before or after:
        yield from _results(one, before, after)
        return
    match one.then.operation:
        case operation if operation == TITLES:
            yield from _titles(one, then.text, now.text)
        case operation if operation == BALANCE:
            yield from _balances(then.text, now.text)
        case operation if operation != PULL and then.body != now.body:
            yield Violation(repr(then.text[:200]), repr(now.text[:200]), statement="T-10.1")


def _titles(one: Compared, then: str, now: str) -> Iterator[Violation]:
    before, after = (tuple(map(sorted, reader.titles(text))) for text in (then, now))
    if before != after:
        both = [sorted([*groups[0], *groups[1]]) for groups in (before, after)]
        yield Violation(f"the titles {before}", str(after), statement="H-01.2" if both[0] == both[1] else "H-01.1")
    elif one.then.has_exact_body and reader.layout_of_query(then.encode()) != reader.layout_of_query(now.encode()):
        yield Violation("the layout of the recording", repr(now[:200]), statement="T-10.6")


def _balances(then: str, now: str) -> Iterator[Violation]:
    before, after = ((reader.element(text, "miktar") or "").strip() for text in (then, now))
    form, other = amounts.forms_of(before), amounts.forms_of(after)
    if form and not set(form) & set(other):
        yield Violation(f"an amount written as {before}", repr(after), statement="B-01.2")
    before, after = ((reader.element(text, "kur") or "").strip() for text in (then, now))
    if before != after:
        yield Violation(f"the currency {before!r}", repr(after), statement="B-01.3")
    if reader.layout_of_query(then.encode()) != reader.layout_of_query(now.encode()):
        yield Violation("the layout of the recording", repr(now[:200]), statement="T-10.6")


# -- results -----------------------------------------------------------------------------------------------


def _results(one: Compared, before: tuple[Result, ...], after: tuple[Result, ...]) -> Iterator[Violation]:
    shown = [", ".join(result.status for result in rows[:8]) or "no results" for rows in (before, after)]
    if len(before) != len(after):
        yield Violation(
            f"{len(before)} results ({shown[0]})", f"{len(after)} ({shown[1]})", statement=_of_count(one, before, after)
        )
        return
    if [result.status for result in before] != [result.status for result in after]:
        yield Violation(f"statuses {shown[0]}", shown[1], statement=_of_statuses(one, before, after))
        return
    own = [recipient.message_id or "" for _, recipient, _ in _pairs(one, before)] or [""] * len(before)
    yield from _values(before, after, own)
    then, now = one.answers
    if one.then.has_exact_body and _layout(then.body) != _layout(now.body):
        yield Violation(f"the layout {_layout(then.body)}", str(_layout(now.body)), statement="T-10.6")


def _layout(body: bytes) -> str | None:
    return "as printed" if reader.is_as_printed(body) and body.count(b"<result>") > 1 else reader.layout_of_send(body)


def _pairs(one: Compared, results: tuple[Result, ...]) -> list[echo.Pair]:
    request = one.then.request
    return echo.pairs(request, results) or [] if isinstance(request, Send) else []


def _of_count(one: Compared, before: tuple[Result, ...], after: tuple[Result, ...]) -> str:
    request = one.then.request
    if not isinstance(request, Send):
        return "A-06.1" if before else _of_refusal(one, after[0].status)
    if not _pairs(one, before):
        return "A-05.1"
    recipients = [recipient for block in request.blocks for recipient in block.recipients]
    numbers = [recipient.gsm.strip(echo.BLANK) for recipient in recipients]
    if len(after) == 1 and not after[0].destination:
        return _of_refusal(one, after[0].status)
    if len(request.blocks) > 1:
        return "S-20.1"
    if "" in numbers:
        return "S-05.3"
    return "S-22.1" if len(set(numbers)) < len(numbers) else "S-01.1"


def _of_refusal(one: Compared, status: str) -> str:
    return "E.2" if status in _UNPROVOKED else one.explanations.of_refusal(one.pair)


def _of_statuses(one: Compared, before: tuple[Result, ...], after: tuple[Result, ...]) -> str:
    pairs = _pairs(one, before)
    if not pairs or len(pairs) == 1:
        if pairs and pairs[0][2].status != "0":
            return _of_recipient(one, before, before[0].status, after[0].status)
        return _of_refusal(one, after[0].status)
    changed = next((a.status, b.status) for a, b in zip(before, after, strict=True) if a.status != b.status)
    refused = next(
        ((a.status, b.status) for a, b in zip(before, after, strict=True) if a.status not in (b.status, "0")),
        changed,
    )
    return _of_recipient(one, before, *refused)


def _of_recipient(one: Compared, before: tuple[Result, ...], was: str, now: str) -> str:
    if now in _UNPROVOKED and was == "0":
        return "E.2"
    codes = {result.status for result in before}
    match was:
        case "-13":
            return "S-06.2" if now == "0" else "S-06.1"
        case "-3":
            return "S-07.3" if now == "0" else "S-07.2" if now == "-13" else "S-07.1"
        case "-33":
            return "S-04.1"
        case "-2":
            return "C-02.1"
        case "-6":
            return "S-05.4"
    if was == "0" and now in codes - {"0"}:
        return {"-13": "S-06.2", "-3": "S-07.2", "-33": "S-04.1", "-2": "C-04.1"}.get(now, "S-01.1")
    if was == "0" and now == "-13":
        return "S-08.1"
    return _of_refusal(one, now)


def _values(before: tuple[Result, ...], after: tuple[Result, ...], own: list[str]) -> Iterator[Violation]:
    if [row.destination for row in before] != [row.destination for row in after]:
        was, now = next(
            (a.destination, b.destination) for a, b in zip(before, after, strict=True) if a.destination != b.destination
        )
        yield Violation(f"destination {was!r}", repr(now), statement=_of_destination(was, now))
    for was_row, row, ident in zip(before, after, own, strict=True):
        if (was_row.message_id == row.message_id) or _is_generated(was_row, row, ident):
            continue
        yield Violation(
            f"messageid {was_row.message_id!r}", repr(row.message_id), statement=_of_id(was_row, row, ident)
        )
        return


def _of_destination(was: str, now: str) -> str:
    if not was:
        return "A-05.1"
    if echo.is_plain(was):
        return "S-01.2"
    return "S-01.4" if now.strip(echo.BLANK) == was.strip(echo.BLANK) else "S-01.3"


def _is_generated(was: Result, row: Result, own: str) -> bool:
    """Both ids are the server's, in one form: they differ from one server to the next."""
    if own.strip() or not was.message_id or not row.message_id or row.status != "0":
        return False
    return len(was.message_id) == len(row.message_id) and was.message_id.isdigit() == row.message_id.isdigit()


def _of_id(was: Result, row: Result, own: str) -> str:
    if row.status != "0":
        return "S-06.3"
    if own.strip():
        return "S-03.2" if own.startswith(row.message_id) and row.message_id else "S-03.1"
    return "S-02.1" if not row.message_id else "S-02.4"
