"""Law: contracts of A-01 to A-06: credentials, the order of judgement, the refusal document."""

from __future__ import annotations

from dataclasses import replace

from kobikom_contracts import documents, reader
from kobikom_contracts.contract import contract
from kobikom_contracts.documents import SEND_PATH
from kobikom_contracts.lab import Lab
from kobikom_contracts.target import Need

ROOTS = ("SMS", "basliklar", "bakiye")


def _body(lab: Lab, root: str, user: str | None, password: str | None) -> bytes:
    """A request of one kind with these credentials; a send has a recipient, so it could go."""
    if root == "SMS":
        count = 0 if lab.target.lacks(Need.SEND) else 1
        return replace(lab.message(count), user=user, password=password).body()
    return documents.query(root, user, password)


def _refused(lab: Lab, root: str, user: str | None, password: str | None, code: int) -> bytes:
    lab.example()
    answer = lab.answer(lab.post(_body(lab, root, user, password)))
    lab.refused(answer, code, f"{root} of user {user!r}, password {password!r}")
    return answer.http.body


@contract("A-01")
def missing_user(lab: Lab) -> None:
    """A user missing, empty or blank is -10, with or without a password."""
    for root in ROOTS:
        for user in (None, "", "  "):
            _refused(lab, root, user, lab.password, -10)


@contract("A-02")
def missing_password(lab: Lab) -> None:
    """A password missing, empty or blank is -11; both missing -10."""
    for root in ROOTS:
        for password in (None, "", " \n"):
            _refused(lab, root, lab.user, password, -11)
        _refused(lab, root, None, None, -10)
        _refused(lab, root, "", "", -10)


@contract("A-03")
def wrong_pair(lab: Lab) -> None:
    """Unknown user and wrong password are both -5, byte for byte the same answer."""
    for root in ROOTS:
        unknown = _refused(lab, root, lab.user + "-nobody", lab.password, -5)
        wrong = _refused(lab, root, lab.user, lab.password + "-wrong", -5)
        lab.expect(unknown, wrong, "answer to a wrong password, against that to an unknown user")
    # Case matters in a password, and nothing is matched by its beginning.
    if lab.password.swapcase() != lab.password:
        _refused(lab, "bakiye", lab.user, lab.password.swapcase(), -5)
    if len(lab.password) > 1:
        _refused(lab, "bakiye", lab.user, lab.password[:-1], -5)


@contract("A-04")
def order_of_judgement(lab: Lab) -> None:
    """Unreadable XML first, then missing user, missing password, wrong pair, then the rest."""
    broken = _body(lab, "SMS", None, None)[:-6]
    lab.refused(lab.answer(lab.post(broken)), -22, "for broken XML without credentials")
    faulty = lab.message(0, flash="7", ileriTarih="soon", baslik="no such title at all")
    for user, password, code in (
        (None, "x", -10),
        (lab.user, None, -11),
        (lab.user, lab.password + "x", -5),
    ):
        lab.example()
        send = replace(faulty, user=user, password=password)
        lab.refused(lab.answer(lab.post(send.body())), code, "before any fault of the message")


@contract("A-05", needs=(Need.SEND,))
def refusal_document(lab: Lab) -> None:
    """A refused request is answered by one result with empty id and destination, or one each."""
    send = replace(lab.message(2, ids=True), password=lab.password + "x")
    recipients = send.blocks[0].recipients
    answer = lab.answer(lab.post(send.body()))
    seen = tuple((one.status, one.message_id, one.destination) for one in answer.results)
    lab.decide(
        "refusal-shape",
        seen,
        {
            "single": (("-5", "", ""),),
            "per-recipient": tuple(("-5", r.message_id, r.gsm) for r in recipients),
        },
    )
    if "<status><" in answer.http.text:
        return  # several results as the page prints them are no XML: E's matter
    broken = reader.schema_faults("send-answer", answer.http.body)
    lab.require(not broken, "a document valid by send-answer.rng", "; ".join(broken))


@contract("A-05")
def refusal_without_recipients(lab: Lab) -> None:
    """What is refused without a readable recipient has exactly one result, both fields empty."""
    for what, body in (
        ("unreadable XML", b"<SMS><x></SMS>"),
        ("no recipient", lab.message(0).body()),
    ):
        lab.example()
        answer = lab.answer(lab.post(body))
        seen = [(one.message_id, one.destination) for one in answer.results]
        lab.expect([("", "")], seen, f"ids and destinations for {what}")


@contract("A-06")
def refused_queries(lab: Lab) -> None:
    """A refused title or balance query is answered by the very document a send would get."""
    for user, password in ((None, None), (lab.user, ""), (lab.user, lab.password + "x")):
        for root in ("basliklar", "bakiye"):
            lab.example()
            http = lab.post(documents.query(root, user, password), SEND_PATH)
            broken = reader.schema_faults("send-answer", http.body)
            lab.require(not broken, "a document valid by send-answer.rng", "; ".join(broken))
            found = [(one.message_id, one.destination) for one in reader.results(http.text)]
            lab.expect([("", "")], found, f"ids and destinations of a refused {root} query")
