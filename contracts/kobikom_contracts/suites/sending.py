"""Law: contracts of S-01 to S-05, S-20, S-22: results, ids and blocks of a send."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from hypothesis import strategies as st

from kobikom_contracts.contract import contract
from kobikom_contracts.documents import Block, Recipient, Send
from kobikom_contracts.lab import Lab
from kobikom_contracts.strategies import message_ids
from kobikom_contracts.target import Need

PLACES = st.lists(st.integers(0, 40), min_size=1, max_size=6, unique=True)
FORMS = ("{}", "+{}", "00{}")
BLANKS = ("", " ", "\n", "\t  ")


@contract("S-01", credit=150)
def results_echo_recipients(lab: Lab) -> None:
    """One result a recipient, in order, each destination echoing the number as submitted."""

    def check(drawn: list[tuple[int, str, str]]) -> None:
        numbers = [form.format(lab.gsm(place)) for place, form, _ in drawn]
        inner = "".join(
            f"<gsm>{blank}{number}{blank}</gsm>" for number, (_, _, blank) in zip(numbers, drawn, strict=True)
        )
        xml = lab.message(0).xml().replace("<alicilar>", f"<alicilar>{inner}")
        answer = lab.submit_raw(xml.encode(), len(numbers))
        lab.expect(numbers, [one.destination for one in answer.results], "destinations")

    one = st.tuples(st.integers(0, 40), st.sampled_from(FORMS), st.sampled_from(BLANKS))
    lab.forall(st.lists(one, min_size=1, max_size=6, unique_by=lambda t: t[0]), check)


@contract("S-02", credit=60)
def ids_are_unique(lab: Lab) -> None:
    """Accepted recipients get status 0 and 18-digit ids, none twice."""
    seen: set[str] = set()
    for count in (1, 3, 30, 1):
        lab.example()
        answer = lab.accepted(lab.message(count))
        for one in answer.results:
            lab.require(
                re.fullmatch(r"[0-9]{18}", one.message_id) is not None,
                "a messageid of 18 digits",
                repr(one.message_id),
            )
            lab.require(one.message_id not in seen, "a new messageid", f"{one.message_id} again")
            seen.add(one.message_id)


@contract("S-03", credit=150)
def client_ids_are_echoed(lab: Lab) -> None:
    """A client's messageId comes back as messageid, whatever its length; others get one made."""

    def check(drawn: list[str | None]) -> None:
        recipients = [
            Recipient(lab.gsm(index), None if tail is None else lab.new_id() + tail) for index, tail in enumerate(drawn)
        ]
        answer = lab.submit(lab.to(recipients))
        lab.expect(len(recipients), len(answer.results), "results")
        for recipient, one in zip(recipients, answer.results, strict=True):
            if recipient.message_id is None:
                lab.require(bool(one.message_id), "a messageid made by the server", repr(one))
            else:
                lab.expect(recipient.message_id, one.message_id, "messageid")

    ids = message_ids() | st.just("x" * 300) | st.just("")
    lab.forall(st.lists(st.none() | ids, min_size=1, max_size=4), check)


@contract("S-03", needs=(Need.DELIVERY,), credit=4)
def client_ids_name_reports(lab: Lab) -> None:
    """The report of a message with a client's id carries that id, another the generated one."""
    mine = lab.new_id() + "-" + "0123456789" * 5
    answer = lab.accepted(lab.to([Recipient(lab.gsm(0), mine), Recipient(lab.gsm(1))]))
    made = answer.results[1].message_id
    got = [one.id for one in lab.collect((mine, made))]
    lab.expect(sorted((mine, made)), sorted(got), "ids of the reports")


@contract("S-04", credit=10)
def duplicate_client_ids(lab: Lab) -> None:
    """Of one id twice in a request the first stands and later ones get -33."""
    for _ in range(2):
        lab.example()
        first, other = lab.new_id(), lab.new_id()
        ids = (first, other, first, first)
        answer = lab.submit(lab.to(Recipient(lab.gsm(i), ident) for i, ident in enumerate(ids)))
        if answer.statuses == ("0", "0", "-33", "-33"):
            again = lab.submit(lab.to([Recipient(lab.gsm(4), first)])).statuses
            lab.decide("duplicate-id", again, {"later-ones": ("0",), "account-history": ("-33",)})
            continue
        lab.decide(
            "duplicate-id",
            answer.statuses,
            {"later-ones": ("0", "0", "-33", "-33"), "whole-request": ("-33",) * 4},
        )


@contract("S-05")
def no_recipient(lab: Lab) -> None:
    """A send without any non-empty gsm is -6 for the request."""
    bare = lab.message(0)
    bodies = {
        "no gsm": bare.xml(),
        "one empty gsm": bare.xml().replace("<alicilar>", "<alicilar><gsm></gsm>"),
        "blank gsms": bare.xml().replace("<alicilar>", "<alicilar><gsm> </gsm><gsm/>"),
        "no alicilar": bare.xml().replace("<alicilar></alicilar>", ""),
    }
    for what, xml in bodies.items():
        lab.example()
        lab.refused(lab.answer(lab.post(xml.encode())), -6, f"with {what}")


@contract("S-05", credit=8)
def empty_recipients_beside_real_ones(lab: Lab) -> None:
    """Empty gsm elements beside real ones are skipped, or get a -6 result each."""
    number, other = lab.gsm(0), lab.gsm(1)
    inner = f"<gsm></gsm><gsm>{number}</gsm><gsm> </gsm><gsm/><gsm>{other}</gsm>"
    xml = lab.message(0).xml().replace("<alicilar>", f"<alicilar>{inner}")
    answer = lab.submit_raw(xml.encode(), 2)
    seen = tuple((one.status, one.destination) for one in answer.results)
    empty = ("-6", "")
    lab.decide(
        "empty-gsm",
        seen,
        {
            "skip": (("0", number), ("0", other)),
            "refuse": (empty, ("0", number), empty, empty, ("0", other)),
        },
    )


@contract("S-20", credit=90)
def several_blocks(lab: Lab) -> None:
    """Every mesajiniz block is sent; results come flattened, in document order."""

    def check(sizes: list[int]) -> None:
        blocks: list[Block] = []
        expected: list[str | None] = []
        for size in sizes:
            recipients = [Recipient(lab.gsm(len(expected) + i), lab.new_id()) for i in range(size)]
            expected += [one.message_id for one in recipients]
            blocks.append(Block(tuple(recipients), {"metin": f"blok {escape(str(len(blocks)))}"}))
        answer = lab.accepted(lab.submit(Send(lab.user, lab.password, tuple(blocks))))
        lab.expect(expected, [one.message_id for one in answer.results], "messageids")

    lab.forall(st.lists(st.integers(1, 3), min_size=2, max_size=4), check, examples=8)


@contract("S-22", credit=4)
def same_number_twice(lab: Lab) -> None:
    """The same number twice gets two results with ids of their own."""
    number = lab.gsm()
    answer = lab.accepted(lab.to([Recipient(number), Recipient(number)]))
    lab.expect([number, number], [one.destination for one in answer.results], "destinations")
    lab.expect(2, len({one.message_id for one in answer.results}), "distinct messageids")


@contract("S-22", needs=(Need.EXCLUSIVE,), credit=6)
def same_number_twice_is_charged_twice(lab: Lab) -> None:
    """The same number twice costs two messages."""
    number = lab.gsm()
    charge = lab.charge(lab.to([Recipient(number), Recipient(number)]))
    lab.expect(2 * lab.unit, charge, "charge")
