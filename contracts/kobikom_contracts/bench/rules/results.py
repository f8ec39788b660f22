"""Law: what a client makes of what its sends are answered, when the answer is whole."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from kobikom_contracts.bench import draws, pages
from kobikom_contracts.bench.desk import Desk
from kobikom_contracts.bench.draws import Settled
from kobikom_contracts.bench.protocol import Capability, Failed, Kind, Outcome, Send, Sent
from kobikom_contracts.bench.rule import rule
from kobikom_contracts.bench.seen import SeenSend
from kobikom_contracts.bench.server import Received, Reply
from kobikom_contracts.bench.telling import Teller, saying
from kobikom_contracts.reader import Result
from kobikom_contracts.verdicts import Violation

Row = tuple[int, str, str | None]


def told(desk: Desk, teller: Teller) -> list[Row]:
    """What each recipient was told, as a client has to say it: in the order of the call."""
    rows = [(int(one.status), one.destination, one.message_id or None) for one in teller.told]
    order = [to.gsm for to in desk.asked.recipients] if isinstance(desk.asked, Send) else []
    # A stable sort: the results of a number given twice stay as they came.
    return sorted(rows, key=lambda row: order.index(row[1]) if row[1] in order else len(order))


def said(outcome: Outcome) -> list[Row] | None:
    """What the client says each recipient was told; None when it says the send failed."""
    if not isinstance(outcome, Sent):
        return None
    return [(one.status, one.destination, one.message_id or None) for one in outcome.results]


def match(desk: Desk, teller: Teller, outcome: Outcome, *, clause: str | None = None) -> None:
    """The client says what it was told; a lone refusal may also be a refusal of the whole.

    Wrong order and a refusal taken for a success have clauses of their own, unless one is given.
    """
    found, expected = said(outcome), told(desk, teller)
    if found is None:
        codes = {status for status, _, _ in expected}
        if len(codes) == 1 and 0 not in codes:
            desk.failed(outcome, Kind.REFUSED, code=codes.pop(), clause=clause)
            return
        raise Violation(f"results {expected!r}", repr(outcome), clause=clause)
    refused = {row[1] for row in expected if row[0]}
    if sorted(expected, key=str) == sorted(found, key=str):
        desk.expect(expected, found, "results in order", clause=clause or "K-13")
    elif any(row[0] == 0 and row[1] in refused for row in found) and not _swapped(expected, found):
        raise Violation(f"results {expected!r}", repr(found), clause=clause or "K-14")
    desk.expect(expected, found, "results", clause=clause)


def _swapped(expected: list[Row], found: list[Row]) -> bool:
    """The right codes at the wrong recipients: a matter of matching, not of codes."""
    return sorted(row[0] for row in expected) == sorted(row[0] for row in found)


@rule("K-13", needs=(Capability.SEND,))
def results_in_order(desk: Desk) -> None:
    """Each recipient's result is its own: status, message id, destination, in the order given."""

    def check(case: Settled) -> None:
        teller = Teller(case.table)
        match(desk, teller, desk.call(case.call, teller.plain))

    desk.forall(draws.settled(desk.able, st.sampled_from((0, 0, -13, -2))), check)


@rule("K-13", needs=(Capability.SEND,))
def results_by_destination(desk: Desk) -> None:
    """Results that come in another order than the recipients still belong to their destinations."""

    def check(drawn: tuple[Settled, bool]) -> None:
        case, halves = drawn
        teller = Teller(case.table)

        def mixed(results: Sequence[Result]) -> bytes:
            found = list(results)
            middle = len(found) // 2
            return pages.send_answer(found[middle:] + found[:middle] if halves else found[::-1])

        found = said(desk.call(case.call, teller.by(mixed)))
        if found is None:
            return  # it noticed, and says that it can't tell: judged by K-18
        desk.expect(sorted(told(desk, teller), key=str), sorted(found, key=str), "results in any order")

    several = draws.settled(desk.able, st.sampled_from((0, -13, -3)), least=2)
    desk.forall(st.tuples(several, st.booleans()), check)


@rule("K-14", needs=(Capability.SEND,))
def refusals_of_some(desk: Desk) -> None:
    """Every code that a recipient can get is reported for it, and for it alone."""

    def check(case: Settled) -> None:
        teller = Teller(case.table)
        match(desk, teller, desk.call(case.call, teller.plain))

    codes = st.sampled_from((0, *draws.SINGLE))
    desk.forall(draws.settled(desk.able, codes, least=2), check)


@rule("K-15", needs=(Capability.SEND,))
def refusals_of_all(desk: Desk) -> None:
    """Every code, refusing a whole send in the single shape: refused, with that code."""

    def check(drawn: tuple[Send, int]) -> None:
        call, code = drawn
        outcome = desk.call(call, saying(pages.refusal(code)))
        desk.failed(outcome, Kind.REFUSED, code=code)

    desk.forall(st.tuples(draws.sends(desk.able), st.sampled_from(draws.CODES)), check)


@rule("K-15", needs=(Capability.SEND,))
def refusals_of_each(desk: Desk) -> None:
    """A whole send refused in the shape of one result a recipient is no success either."""

    def check(drawn: tuple[Send, int]) -> None:
        call, code = drawn
        teller = Teller({to.gsm: code for to in call.recipients})
        match(desk, teller, desk.call(call, teller.plain))

    desk.forall(st.tuples(draws.sends(desk.able), st.sampled_from(draws.WHOLE)), check)


@rule("K-16", needs=(Capability.SEND,))
def however_carried(desk: Desk) -> None:
    """By length, in chunks, up to the close, in pieces, kept alive, under any content type."""

    def check(drawn: tuple[Settled, pages.Carriage]) -> None:
        case, carriage = drawn
        teller = Teller(case.table)
        match(desk, teller, desk.call(case.call, teller.by(pages.send_answer, carriage)))

    cases = draws.settled(desk.able, st.sampled_from((0, 0, -13)))
    desk.forall(st.tuples(cases, draws.carriages()), check)


@rule("K-17", needs=(Capability.SEND,))
def many_results(desk: Desk) -> None:
    """A send to a thousand recipients is answered with a thousand results, and all are read."""
    desk.example()
    numbers = [f"90532{n:07d}" for n in range(1000)]
    call = draws.message(*numbers)
    teller = Teller(dict.fromkeys(numbers[::7], -13))
    match(desk, teller, desk.call(call, teller.plain))


@rule("K-18", needs=(Capability.SEND,))
def a_result_missing(desk: Desk) -> None:
    """An answer without the result of one recipient says nothing of that one's fate."""

    def check(drawn: tuple[Send, int]) -> None:
        call, which = drawn
        teller = Teller()

        def without(request: Received, seen: SeenSend) -> Reply:
            found = teller.settle(seen)
            del found[which % len(found)]
            return pages.carried(request, pages.send_answer(found))

        desk.failed(desk.call(call, without), Kind.UNKNOWN_FATE)

    desk.forall(st.tuples(draws.sends(desk.able), st.integers(0, 3)), check)


@rule("K-25", needs=(Capability.SEND,))
def results_as_printed(desk: Desk) -> None:
    """The page's own second example, not well-formed: read rightly, or called unknown fate."""
    read = []

    def check(case: Settled) -> None:
        teller = Teller(case.table)
        outcome = desk.call(case.call, teller.by(pages.send_answer_as_printed))
        if isinstance(outcome, Failed) and outcome.error.kind is Kind.UNKNOWN_FATE:
            read.append(False)
            return
        match(desk, teller, outcome, clause="K-25")
        read.append(True)

    desk.forall(draws.settled(desk.able, st.sampled_from((0, 0, -13)), least=2), check)
    desk.findings["K-25"] = f"result-shape=as-printed: {'read' if all(read) else 'unknown fate'}"
