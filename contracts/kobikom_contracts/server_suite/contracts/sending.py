"""Contracts of S-01 to S-05, S-20, S-22: results, ids and blocks of a send."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from hypothesis import strategies as st

from kobikom_contracts.clauses import READING_BY_NAME
from kobikom_contracts.documents import Block, Recipient, Send
from kobikom_contracts.server_suite.contract import contract
from kobikom_contracts.server_suite.session import ServerSession
from kobikom_contracts.server_suite.target import Need
from kobikom_contracts.strategies import message_ids

PLACES = st.lists(st.integers(0, 40), min_size=1, max_size=6, unique=True)
FORMS = ("{}", "+{}", "00{}")
BLANKS = ("", " ", "\n", "\t  ")
LONG_ID = 20
"""Characters of a message id that any server is expected to keep; the page prints 12."""


@contract("S-01.1", "S-01.2", "S-01.3", "S-01.4", credit=150)
def results_echo_recipients(session: ServerSession) -> None:
    """One result a recipient, in order, each destination echoing the number as submitted."""

    def check(drawn: list[tuple[int, str, str]]) -> None:
        numbers = [form.format(session.gsm(place)) for place, form, _ in drawn]
        inner = "".join(
            f"<gsm>{blank}{number}{blank}</gsm>" for number, (_, _, blank) in zip(numbers, drawn, strict=True)
        )
        xml = session.message(0).xml().replace("<alicilar>", f"<alicilar>{inner}")
        answer = session.submit_raw(xml.encode(), len(numbers))
        echoed = [one.destination for one in answer.results]
        session.expect(len(numbers), len(echoed), "results")
        session.expect([_digits(one) for one in numbers], [_digits(one) for one in echoed], "destinations, digits only")
        for number, destination, (_, form, blank) in zip(numbers, echoed, drawn, strict=True):
            statement = "S-01.4" if destination != destination.strip() else "S-01.3" if form != "{}" else "S-01.2"
            session.expect(
                number, destination, f"destination{' without white space' if blank else ''}", statement=statement
            )

    one = st.tuples(st.integers(0, 40), st.sampled_from(FORMS), st.sampled_from(BLANKS))
    session.for_all(st.lists(one, min_size=1, max_size=6, unique_by=lambda t: t[0]), check)


def _digits(number: str) -> str:
    """A number as it is compared for its place in the answer: without what marks its form."""
    return number.strip().lstrip("+0")


@contract("S-02.1", "S-02.4", "S-02.5", credit=60)
def ids_are_unique(session: ServerSession) -> None:
    """Accepted recipients get status 0 and ids of one of the known shapes, none twice."""
    seen: set[str] = set()
    for count in session.some((3, 1, 30, 1)):
        session.example()
        answer = session.accepted(session.message(count))
        for one in answer.results:
            session.require(bool(one.message_id), "a messageid", repr(one))
            again = f"{one.message_id} again"
            session.require(one.message_id not in seen, "a new messageid", again, statement="S-02.5")
            shape = f"{len(one.message_id)}-digits" if re.fullmatch("[0-9]+", one.message_id) else one.message_id
            session.decide("message-id", shape, {name: name for name in READING_BY_NAME["message-id"].values})
            seen.add(one.message_id)


@contract("S-03.1", "S-03.2", "S-03.3", credit=150)
def client_ids_are_echoed(session: ServerSession) -> None:
    """A client's messageId comes back as messageid, whatever its length; others get one made."""

    def check(drawn: list[str | None]) -> None:
        recipients = [
            Recipient(session.gsm(index), None if tail is None else session.new_id() + tail)
            for index, tail in enumerate(drawn)
        ]
        answer = session.submit(session.to(recipients))
        session.expect(len(recipients), len(answer.results), "results")
        for recipient, one in zip(recipients, answer.results, strict=True):
            if recipient.message_id is None:
                session.require(bool(one.message_id), "a messageid made by the server", repr(one), statement="S-03.3")
            else:
                mixed = "S-03.3" if None in drawn else None
                statement = "S-03.2" if len(recipient.message_id) > LONG_ID else mixed
                session.expect(recipient.message_id, one.message_id, "messageid", statement=statement)

    ids = message_ids() | st.just("x" * 300) | st.just("")
    session.for_all(st.lists(st.none() | ids, min_size=1, max_size=4), check)


@contract("S-03.1", credit=6)
def ids_with_markup_are_echoed(session: ServerSession) -> None:
    """An id with characters of markup, quotes or letters outside ASCII comes back as it was given."""
    tails = ("&", "<b>", "]]>", "\"'", "ığüşöçİ", "%41+&amp;")
    recipients = [Recipient(session.gsm(index), session.new_id() + tail) for index, tail in enumerate(tails)]
    answer = session.accepted(session.to(recipients))
    echoed = [one.message_id for one in answer.results]
    session.expect([one.message_id for one in recipients], echoed, "messageids")


@contract("S-03.1", "S-03.2", "S-03.3", needs=(Need.DELIVERY,), credit=4)
def client_ids_name_reports(session: ServerSession) -> None:
    """The report of a message with a client's id carries that id, another the generated one."""
    mine, long = session.new_id(), session.new_id() + "-" + "0123456789" * 5
    numbers = [Recipient(session.gsm(0), mine), Recipient(session.gsm(1), long), Recipient(session.gsm(2))]
    answer = session.accepted(session.to(numbers))
    generated = answer.results[2].message_id
    got = [one.id for one in session.collect((mine, long, generated))]
    session.require(mine in got, f"a report of {mine}", got)
    session.require(long in got, f"a report of {long}", got, statement="S-03.2")
    session.expect(sorted((mine, long, generated)), sorted(got), "ids of the reports", statement="S-03.3")


@contract("S-03.4", credit=4)
def ids_that_no_pull_can_name(session: ServerSession) -> None:
    """A messageId with a comma or with white space at an end is accepted and echoed all the same."""
    for tail in (",1", " "):
        session.example()
        ident = session.new_id() + tail
        answer = session.accepted(session.to([Recipient(session.gsm(), ident)]))
        session.expect(ident, answer.results[0].message_id, "messageid")


@contract("S-04.1", credit=10)
def duplicate_client_ids(session: ServerSession) -> None:
    """Of one id twice in a request the first stands and later ones get -33."""
    for _ in session.some(range(2)):
        session.example()
        first, other = session.new_id(), session.new_id()
        ids = (first, other, first, first)
        answer = session.submit(session.to(Recipient(session.gsm(i), ident) for i, ident in enumerate(ids)))
        if answer.statuses == ("0", "0", "-33", "-33"):
            again = session.submit(session.to([Recipient(session.gsm(4), first)])).statuses
            session.decide("duplicate-id", again, {"later-ones": ("0",), "account-history": ("-33",)})
            continue
        session.decide(
            "duplicate-id",
            answer.for_each(len(ids)),
            {"later-ones": ("0", "0", "-33", "-33"), "whole-request": ("-33",) * 4},
        )


@contract("S-05.1")
def no_recipient(session: ServerSession) -> None:
    """A send without any non-empty gsm is -6 for the request."""
    bare = session.message(0)
    bodies = {
        "no gsm": bare.xml(),
        "one empty gsm": bare.xml().replace("<alicilar>", "<alicilar><gsm></gsm>"),
        "blank gsms": bare.xml().replace("<alicilar>", "<alicilar><gsm> </gsm><gsm/>"),
        "no alicilar": bare.xml().replace("<alicilar></alicilar>", ""),
    }
    for what, xml in bodies.items():
        session.example()
        session.refused(session.answer(session.post(xml.encode())), -6, f"with {what}")


@contract("S-05.3", credit=8)
def empty_recipients_beside_real_ones(session: ServerSession) -> None:
    """Empty gsm elements beside real ones are skipped, or get a -6 result each."""
    number, other = session.gsm(0), session.gsm(1)
    inner = f"<gsm></gsm><gsm>{number}</gsm><gsm> </gsm><gsm/><gsm>{other}</gsm>"
    xml = session.message(0).xml().replace("<alicilar>", f"<alicilar>{inner}")
    answer = session.submit_raw(xml.encode(), 2)
    seen = tuple((one.status, one.destination) for one in answer.results)
    empty = ("-6", "")
    session.decide(
        "empty-gsm",
        seen,
        {
            "skip": (("0", number), ("0", other)),
            "refuse": (empty, ("0", number), empty, empty, ("0", other)),
        },
    )


@contract("S-05.4", credit=4)
def short_numbers(session: ServerSession) -> None:
    """A number with a digit missing is -13 or -6, always the same."""
    for short in (session.gsm(1)[:-1], session.gsm(2)[:-2]):
        session.example()
        answer = session.submit(session.to([Recipient(session.gsm(0)), Recipient(short)]))
        session.decide("short-number", answer.statuses[1:], {"unknown": ("-13",), "incomplete": ("-6",)})


@contract("S-20.1", credit=90)
def several_blocks(session: ServerSession) -> None:
    """Every mesajiniz block is sent; results come flattened, in document order."""

    def check(sizes: list[int]) -> None:
        blocks: list[Block] = []
        expected: list[str | None] = []
        for size in sizes:
            recipients = [Recipient(session.gsm(len(expected) + i), session.new_id()) for i in range(size)]
            expected += [one.message_id for one in recipients]
            blocks.append(Block(tuple(recipients), {"metin": f"blok {escape(str(len(blocks)))}"}))
        answer = session.accepted(session.submit(Send(session.user, session.password, tuple(blocks))))
        session.expect(expected, [one.message_id for one in answer.results], "messageids")

    session.for_all(st.lists(st.integers(1, 3), min_size=2, max_size=4), check, examples=8)


@contract("S-22.1", credit=4)
def same_number_twice(session: ServerSession) -> None:
    """The same number twice gets two results with ids of their own."""
    number = session.gsm()
    answer = session.accepted(session.to([Recipient(number), Recipient(number)]))
    session.expect([number, number], [one.destination for one in answer.results], "destinations")
    session.expect(2, len({one.message_id for one in answer.results}), "distinct messageids")


@contract("S-22.1", needs=(Need.EXCLUSIVE,), credit=6)
def same_number_twice_is_charged_twice(session: ServerSession) -> None:
    """The same number twice costs two messages."""
    number = session.gsm()
    charge = session.charge(session.to([Recipient(number), Recipient(number)]))
    session.expect(2 * session.unit, charge, "charge")
