"""Contracts of A-01 to A-06: credentials, the order in which a request is judged, the refusal document."""

from __future__ import annotations

from dataclasses import replace

from kobikom_contracts import documents, reader
from kobikom_contracts.documents import SEND_PATH
from kobikom_contracts.server_suite.contract import contract
from kobikom_contracts.server_suite.session import ServerSession
from kobikom_contracts.server_suite.target import Need

ROOTS = ("SMS", "basliklar", "bakiye")


def _body(session: ServerSession, root: str, user: str | None, password: str | None) -> bytes:
    """A request of one kind with these credentials; a send has a recipient, so it could go."""
    if root == "SMS":
        count = 0 if session.target.lacks(Need.SEND) else 1
        return replace(session.message(count), user=user, password=password).body()
    return documents.query(root, user, password)


def _refused(session: ServerSession, root: str, user: str | None, password: str | None, code: int) -> bytes:
    session.example()
    answer = session.answer(session.post(_body(session, root, user, password)))
    session.refused(answer, code, f"{root} of user {user!r}, password {password!r}")
    return answer.http.body


@contract("A-01")
def missing_user(session: ServerSession) -> None:
    """A user missing, empty or blank is -10, with or without a password."""
    for root in ROOTS:
        for user in (None, "", "  "):
            _refused(session, root, user, session.password, -10)


@contract("A-02")
def missing_password(session: ServerSession) -> None:
    """A password missing, empty or blank is -11; both missing -10."""
    for root in ROOTS:
        for password in (None, "", " \n"):
            _refused(session, root, session.user, password, -11)
        _refused(session, root, None, None, -10)
        _refused(session, root, "", "", -10)


@contract("A-03")
def wrong_pair(session: ServerSession) -> None:
    """Unknown user and wrong password are both -5, byte for byte the same answer."""
    for root in ROOTS:
        unknown = _refused(session, root, session.user + "-nobody", session.password, -5)
        wrong = _refused(session, root, session.user, session.password + "-wrong", -5)
        session.expect(unknown, wrong, "answer to a wrong password, against that to an unknown user")
    # Case matters in a password, and nothing is matched by its beginning.
    if session.password.swapcase() != session.password:
        _refused(session, "bakiye", session.user, session.password.swapcase(), -5)
    if len(session.password) > 1:
        _refused(session, "bakiye", session.user, session.password[:-1], -5)


@contract("A-04")
def order_of_judgement(session: ServerSession) -> None:
    """Unreadable XML first, then missing user, missing password, wrong pair, then the rest."""
    broken = _body(session, "SMS", None, None)[:-6]
    session.refused(session.answer(session.post(broken)), -22, "for broken XML without credentials")
    faulty = session.message(0, flash="7", ileriTarih="soon", baslik="no such title at all")
    for user, password, code in (
        (None, "x", -10),
        (session.user, None, -11),
        (session.user, session.password + "x", -5),
    ):
        session.example()
        send = replace(faulty, user=user, password=password)
        session.refused(session.answer(session.post(send.body())), code, "before any fault of the message")


@contract("A-05", needs=(Need.SEND,))
def refusal_document(session: ServerSession) -> None:
    """A refused request is answered by one result with empty id and destination, or one each."""
    send = replace(session.message(2, ids=True), password=session.password + "x")
    recipients = send.blocks[0].recipients
    answer = session.answer(session.post(send.body()))
    seen = tuple((one.status, one.message_id, one.destination) for one in answer.results)
    session.decide(
        "refusal-shape",
        seen,
        {
            "single": (("-5", "", ""),),
            "per-recipient": tuple(("-5", r.message_id, r.gsm) for r in recipients),
        },
    )
    if "<status><" in answer.http.text:
        return  # several results as the page prints them are not XML: judged by E
    broken = reader.schema_faults("send-answer", answer.http.body)
    session.require(not broken, "a document valid by send-answer.rng", "; ".join(broken))


@contract("A-05")
def refusal_without_recipients(session: ServerSession) -> None:
    """What is refused without a readable recipient has exactly one result, both fields empty."""
    for what, body in (
        ("unreadable XML", b"<SMS><x></SMS>"),
        ("no recipient", session.message(0).body()),
    ):
        session.example()
        answer = session.answer(session.post(body))
        seen = [(one.message_id, one.destination) for one in answer.results]
        session.expect([("", "")], seen, f"ids and destinations for {what}")


@contract("A-06")
def refused_queries(session: ServerSession) -> None:
    """A refused title or balance query is answered by the very document a send would get."""
    for user, password in ((None, None), (session.user, ""), (session.user, session.password + "x")):
        for root in ("basliklar", "bakiye"):
            session.example()
            http = session.post(documents.query(root, user, password), SEND_PATH)
            broken = reader.schema_faults("send-answer", http.body)
            session.require(not broken, "a document valid by send-answer.rng", "; ".join(broken))
            fields = [(one.message_id, one.destination) for one in reader.results(http.text)]
            session.expect([("", "")], fields, f"ids and destinations of a refused {root} query")
