"""Contracts of A-01 to A-06: credentials, the order in which a request is judged, the refusal document."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from operator import itemgetter

from kobikom_contracts import documents, reader, strict_reader
from kobikom_contracts.documents import SEND_PATH
from kobikom_contracts.server_suite.codes import LOGIN_REFUSALS
from kobikom_contracts.server_suite.contract import contract
from kobikom_contracts.server_suite.exchanges import Answer
from kobikom_contracts.server_suite.session import ServerSession
from kobikom_contracts.server_suite.target import Need

QUERIES = ("basliklar", "bakiye")
ROOTS = ("SMS", *QUERIES)


def _body(session: ServerSession, root: str, user: str | None, password: str | None) -> bytes:
    """A request of one kind with these credentials; a send has a recipient, so it could go."""
    if root == "SMS":
        count = 0 if session.target.lacks(Need.SEND) else 1
        return replace(session.message(count), user=user, password=password).body()
    return documents.query(root, user, password)


def _refused(
    session: ServerSession, root: str, login: tuple[str | None, str | None], code: int, *, page: str, exact: str
) -> bytes:
    """The answer to a request with this login, which must be refused with a code.

    ``page``: the statement broken when it is refused with no code of logins at all, or not refused;
    ``exact``: when it is refused with another of them.
    """
    session.example()
    answer = session.answer(session.post(_body(session, root, *login)))
    what = f"{root} of user {login[0]!r}, password {login[1]!r}"
    session.require(_is_login_refusal(answer), f"{code} for the request {what}", answer, statement=page)
    session.refused(answer, code, what, statement=exact)
    return answer.http.body


def _is_login_refusal(answer: Answer) -> bool:
    return bool(answer.statuses) and set(answer.statuses) <= LOGIN_REFUSALS


@contract("A-01.4", "A-01.1")
def missing_user(session: ServerSession) -> None:
    """A user missing, empty or blank is -10, with or without a password."""
    for root, user in session.some([(root, user) for root in ROOTS for user in (None, "", "  ")], by=itemgetter(0)):
        _refused(session, root, (user, session.password), -10, page="A-01.1", exact="A-01.4")


@contract("A-02.5", "A-02.1", "A-02.4", wrong_logins=1)
def missing_password(session: ServerSession) -> None:
    """A password missing, empty or blank is -11; both missing -10."""
    cases = [(root, password) for root in ROOTS for password in (None, "")]
    # A server may take a blank password for a wrong one.
    cases += [(root, " \n") for root in session.rarely(ROOTS)]
    for root, password in session.some(cases, by=itemgetter(0)):
        _refused(session, root, (session.user, password), -11, page="A-02.1", exact="A-02.5")
    for root in session.some(ROOTS):
        _refused(session, root, (None, None), -10, page="A-01.1", exact="A-02.4")
        _refused(session, root, ("", ""), -10, page="A-01.1", exact="A-02.4")


@contract("A-03.1", "A-03.2", "A-03.3", "A-01.4", "A-02.5", wrong_logins=3)
def wrong_pair(session: ServerSession) -> None:
    """Unknown user and wrong password are both -5, byte for byte the same answer; or -10 and -11."""
    for root in session.rarely(ROOTS[::-1]):
        session.example()
        unknown = _wrong(session, root, session.user + "-nobody", session.password)
        wrong = _wrong(session, root, session.user, session.password + "-wrong")
        codes = (set(unknown.statuses), set(wrong.statuses))
        values = {"missing": ({"-5"}, {"-5"}), "wrong": ({"-10"}, {"-11"})}
        session.decide("login-codes", codes, values, statement="A-03.2")
        if codes[0] == codes[1]:
            same = unknown.http.body == wrong.http.body
            session.require(same, f"{unknown.http.text!r} for both", wrong.http.text, statement="A-03.2")
    # Case matters in a password, and nothing is matched by its beginning.
    if session.password.swapcase() != session.password:
        _wrong(session, "bakiye", session.user, session.password.swapcase())
    if len(session.password) > 1:
        _wrong(session, "bakiye", session.user, session.password[:-1])


def _wrong(session: ServerSession, root: str, user: str, password: str) -> Answer:
    """The answer to a wrong login, which must be refused with one of the codes for it."""
    answer = session.answer(session.post(_body(session, root, user, password)))
    expected = f"-5, -10 or -11 for {root} of user {user!r}, password {password!r}"
    session.require(_is_login_refusal(answer), expected, answer)
    return answer


@contract("A-04.1", wrong_logins=2)
def order_of_judgement(session: ServerSession) -> None:
    """Unreadable XML first, then missing user, missing password, wrong pair, then the rest: each pair of faults."""
    logins: tuple[tuple[str | None, str | None, set[str]], ...] = (
        (None, None, {"-10"}),
        (None, "x", {"-10"}),
        ("", session.password + "x", {"-10"}),
        (session.user, None, {"-11"}),
        (session.user, session.password + "x", {"-5", "-11"}),
        (session.user + "-nobody", session.password, {"-5", "-10"}),
        (session.user + "-nobody", None, {"-11", "-10"}),
    )
    for user, password, codes in session.some(logins, by=lambda login: min(login[2])):
        wrong = user == session.user and password not in (None, "")
        for root in session.rarely(ROOTS) if wrong else ROOTS:
            session.example()
            broken = _body(session, root, user, password)[:-6]
            session.refused(session.answer(session.post(broken)), -22, f"for a broken {root} of user {user!r}")
        for fields in session.rarely(CONTENT_FAULTS[1:]) if wrong else CONTENT_FAULTS:
            session.example()
            count = 0 if session.target.lacks(Need.SEND) else 1
            send = session.with_fields(fields, count)
            answer = session.answer(session.post(replace(send, user=user, password=password).body()))
            refused = bool(answer.statuses) and set(answer.statuses) <= codes
            session.require(refused, f"{' or '.join(sorted(codes))} before {fields or 'a missing number'}", answer)


CONTENT_FAULTS: tuple[dict[str, str], ...] = (
    {},
    {"flash": "7"},
    {"ileriTarih": "soon"},
    {"baslik": "no such title at all"},
    {"metin": "a", "binary": "XY"},
    {"ValidityPeriod": "abc"},
)
"""Faults of a message that must not be looked at while the login is wrong."""


@contract("A-03.1", "A-01.1", needs=(Need.SECOND, Need.CREDIT))
def logins_with_markup(session: ServerSession) -> None:
    """A user name and a password with markup, quotes and Turkish letters are taken, in documents and in addresses."""
    control = session.target.control
    if control is None or "accounts" not in control.capabilities:
        return
    for user, password in (("a&b<c>", "p\"q'r"), ("ığüş öç", "%41+b=c&d"), ("k" * 40, "ş" * 30)):
        session.example()
        login = (f"{session.prefix}-{user}", password)
        control.put_account(*login, Decimal(5), ["Kobikom"])
        text = session.post(documents.query("bakiye", *login)).text
        session.require("<miktar>" in text, f"a balance for user {login[0]!r}", text)
        pulled = session.get(documents.pull_path(*login)).body
        refused = re.fullmatch(rb"\s*-?(5|10|11)\s*", pulled) is not None
        session.require(not refused, f"a pull of user {login[0]!r} served", repr(pulled))


@contract("A-05.1", needs=(Need.SEND,), wrong_logins=1)
def refusal_document(session: ServerSession) -> None:
    """A refused request is answered by one result with empty id and destination, or one each."""
    send = replace(session.message(2, ids=True), password=session.password + "x")
    recipients = send.blocks[0].recipients
    answer = session.answer(session.post(send.body()))
    session.require(_is_login_refusal(answer), "a refused login", answer, statement="A-03.1")
    seen = tuple((one.status, one.destination) for one in answer.results)
    code = answer.statuses[0]
    session.decide(
        "refusal-shape",
        seen,
        {"single": ((code, ""),), "per-recipient": tuple((code, r.gsm) for r in recipients)},
    )
    own: list[str | None] = [one.message_id for one in recipients]
    for result, ident in zip(answer.results, own if len(answer.results) > 1 else [""], strict=True):
        allowed = result.message_id in ("", ident)
        session.require(allowed, "an empty messageid, or the client's own", repr(result.message_id))
    if "<status><" in answer.http.text:
        return  # several results as the page prints them are not XML: judged by E
    broken = strict_reader.shape_faults("send", answer.http.body)
    session.require(not broken, "the document of a send in well-formed XML", "; ".join(broken))


@contract("A-05.1")
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


@contract("A-06.1", wrong_logins=1)
def refused_queries(session: ServerSession) -> None:
    """A refused title or balance query is answered by the very document a send would get."""
    for user, password in ((None, None), (session.user, ""), (session.user, session.password + "x")):
        wrong = password not in (None, "")
        for root in session.rarely(QUERIES) if wrong else QUERIES:
            session.example()
            http = session.post(documents.query(root, user, password), SEND_PATH)
            broken = strict_reader.shape_faults("send", http.body)
            session.require(not broken, "the document of a send in well-formed XML", "; ".join(broken))
            fields = [(one.message_id, one.destination) for one in reader.results(http.text)]
            session.expect([("", "")], fields, f"ids and destinations of a refused {root} query")
