"""Contracts about many at once: recipients, blocks, waiting reports. What holds for one holds for each."""

from __future__ import annotations

from hypothesis import strategies as st

from kobikom_contracts import reader
from kobikom_contracts.core.verdicts import Violation
from kobikom_contracts.documents import Block, Recipient, Send
from kobikom_contracts.server_suite.contract import contract
from kobikom_contracts.server_suite.session import ServerSession
from kobikom_contracts.server_suite.target import Need
from kobikom_contracts.strategies import CHARACTERS, xml_texts

MANY = 120
"""Recipients of one request: more than a page, a batch or a first guess at a limit."""


@contract("S-01.1", "S-02.1", "S-03.3", needs=(Need.NUMBERS, Need.DELIVERY), credit=300)
def many_recipients(session: ServerSession) -> None:
    """Of many recipients in one request each is accepted, has a result, an id and a report."""
    for named in (False, True):
        session.example()
        recipients = [Recipient(session.gsm(i), session.new_id() if named and i % 3 else None) for i in range(MANY)]
        answer = session.accepted(session.to(recipients), f"{MANY} recipients accepted", statement="S-02.1")
        ids = [one.message_id for one in answer.results]
        session.expect(MANY, len(set(ids)), "distinct messageids", statement="S-02.5")


@contract("S-20.1", needs=(Need.NUMBERS, Need.DELIVERY), credit=300)
def blocks_of_every_kind(session: ServerSession) -> None:
    """Each block of a request keeps its own text, title, fields and price."""
    normal, numeric = reader.titles(session.ask_titles().text)
    titles = (*normal, *numeric)[:4]
    kinds: list[dict[str, str]] = [
        {"metin": "bir"},
        {"metin": "iki " * 60, "type": "longSMS"},
        {"metin": "üç ığş", "type": "longSMS", "datacoding": "8"},
        {"metin": "dört", "flash": "1"},
        {"metin": "", "binary": "0A0B"},
        {"metin": "altı".replace("ı", "i"), "ValidityPeriod": "12:00"},
        {"metin": "yedi " * 120, "type": "longSMS"},
        {"metin": "sekiz", "appid": "uygulama"},
        *({"metin": f"{title} ile", "baslik": title, "type": "longSMS", "datacoding": "8"} for title in titles),
    ]
    for order in (kinds, kinds[::-1]):
        session.example()
        blocks = []
        for index, fields in enumerate(order):
            recipients = [Recipient(session.gsm(5 * index + i), session.new_id() if i else None) for i in range(5)]
            blocks.append(Block(tuple(recipients), fields))
        answer = session.submit(Send(session.user, session.password, tuple(blocks)))
        session.accepted(answer, f"{len(order)} blocks of 5 recipients accepted")
        session.expect(5 * len(order), len(answer.results), "results", statement="S-01.1")


@contract("S-04.1", credit=8)
def duplicate_ids_across_blocks(session: ServerSession) -> None:
    """An id twice in a request is -33 the second time, whichever blocks it stands in."""
    first, other = session.new_id(), session.new_id()
    blocks = tuple(
        Block(tuple(Recipient(session.gsm(3 * index + i), ident) for i, ident in enumerate(ids)))
        for index, ids in enumerate(((first, other), (first,), (other,)))
    )
    answer = session.submit(Send(session.user, session.password, blocks))
    session.decide(
        "duplicate-id",
        answer.for_each(4),
        {
            "later-ones": ("0", "0", "-33", "-33"),
            "whole-request": ("-33",) * 4,
            "account-history": ("0", "0", "-33", "-33"),
        },
    )


@contract("S-06.2", "S-20.1", credit=20)
def refused_recipients_anywhere(session: ServerSession) -> None:
    """A refused recipient in any place of any block keeps no other from being sent."""
    for bad in range(4):
        session.example()
        numbers = [session.gsm(i) for i in range(4)]
        numbers[bad] = "numara"
        blocks = tuple(Block(tuple(map(Recipient, pair))) for pair in (numbers[:2], numbers[2:]))
        answer = session.submit(Send(session.user, session.password, blocks))
        wanted = tuple("-13" if i == bad else "0" for i in range(4))
        session.expect(wanted, answer.statuses, f"statuses with a bad number in place {bad + 1} of two blocks of two")


@contract("R-03.1", "R-04.1", needs=(Need.NUMBERS, Need.DELIVERY, Need.EXCLUSIVE), credit=300)
def many_reports_waiting(session: ServerSession) -> None:
    """Of many reports that wait each is given once: first those that are named, then the rest in as many pulls."""
    ids = [
        one.message_id for _ in range(2) for one in session.accepted(session.message(MANY // 2 + 5, ids=True)).results
    ]
    session.deliver()
    named = ids[::5]
    got = [one.id for one in session.collect(named)]
    session.expect(sorted(named), sorted(got), "reports of the named", statement="R-04.1")
    rest: list[str] = []
    for _ in range(len(ids)):
        pull = session.pull()
        if not pull.ids:
            break
        rest += pull.ids
    missing = sorted(set(ids) - set(named) - set(rest))
    session.expect([], missing, "reports that no pull gave")
    twice = sorted({one for one in rest if rest.count(one) > 1} | set(named) & set(rest))
    session.expect([], twice, "reports given more than once")


@contract("S-21.1", needs=(Need.MESSAGES, Need.NUMBERS), credit=160)
def every_character_arrives(session: ServerSession) -> None:
    """Each kind of character that XML carries arrives as written, whichever block it stands in."""
    names = list(CHARACTERS)
    for start in range(0, len(names), 10):
        session.example()
        _blocks_of(session, {name: CHARACTERS[name] for name in names[start : start + 10]})

    def check(texts: list[str]) -> None:
        _blocks_of(session, {repr(text): text for text in texts})

    session.for_all(st.lists(xml_texts(), min_size=1, max_size=4, unique=True), check, examples=12)


def _blocks_of(session: ServerSession, texts: dict[str, str]) -> None:
    """Send each text in a block of its own, and compare what the control API shows."""
    control = session.target.control
    assert control is not None, "Need.MESSAGES means there is one"
    fields = [{"metin": text, "type": "longSMS", "datacoding": "8"} for text in texts.values()]
    blocks = tuple(Block((Recipient(session.gsm(i), session.new_id()),), each) for i, each in enumerate(fields))
    answer = session.submit(Send(session.user, session.password, blocks))
    session.accepted(answer, f"texts with {', '.join(texts)} accepted", statement="S-20.1")
    session.expect(len(blocks), len(answer.results), "results", statement="S-01.1")
    for (name, text), result in zip(texts.items(), answer.results, strict=True):
        shown = control.message_text(result.message_id)
        if shown is not None and shown != text:
            raise Violation(f"{text!r} ({name})", repr(shown))
