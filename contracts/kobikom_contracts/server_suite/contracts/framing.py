"""Contracts of T-04, T-08, T-09, T-10, T-11: HTTP around the documents, answer bytes, hardening."""

from __future__ import annotations

import time
from functools import partial

from kobikom_contracts import documents, reader
from kobikom_contracts.core.verdicts import Violation
from kobikom_contracts.documents import PULL_PATH, SEND_PATH, Recipient
from kobikom_contracts.http_connection import HttpAnswer
from kobikom_contracts.server_suite.contract import contract
from kobikom_contracts.server_suite.session import ServerSession

DOCUMENTED_TYPE = "text/csv;charset= UTF-8"


def _balance_request(session: ServerSession, *headers: tuple[str, str], version: str = "HTTP/1.1") -> bytes:
    body = documents.query("bakiye", session.user, session.password)
    extra = (*headers, ("Content-Length", str(len(body))))
    return session.http_client.head("POST", SEND_PATH, extra, version=version) + body


def _is_balance(session: ServerSession, http: HttpAnswer, what: str) -> None:
    session.require("<miktar>" in http.text, f"a balance answer {what}", f"{http.status} {http.text!r}")


@contract("T-04")
def any_host(session: ServerSession) -> None:
    """Any Host header is served."""
    for host in ("kobikom.com", "www.kobikom.com", "example.invalid:81", "localhost"):
        session.example()
        raw = _balance_request(session, ("Host", host), ("Connection", "close"))
        _is_balance(session, session.ask(partial(session.http_client.ask, raw)), f"for Host {host}")


@contract("T-04")
def http_1_0(session: ServerSession) -> None:
    """An HTTP/1.0 request without Host is answered."""
    raw = _balance_request(session, version="HTTP/1.0")
    _is_balance(session, session.ask(lambda: session.http_client.ask(raw)), "to HTTP/1.0")


@contract("T-04")
def expect_100_continue(session: ServerSession) -> None:
    """A client that waits for 100 Continue before its body is served."""
    body = documents.query("bakiye", session.user, session.password)
    headers = (
        ("Content-Length", str(len(body))),
        ("Expect", "100-continue"),
        ("Connection", "close"),
    )
    with session.http_client.connect() as connection:
        connection.write(session.http_client.head("POST", SEND_PATH, headers))
        session.require(connection.read_interim(2.0), "100 Continue (or an answer) within 2 s", "nothing")
        connection.write(body)
        http = session.ask(connection.read)
    _is_balance(session, http, "after 100 Continue")


@contract("T-04")
def keep_alive_and_pipelining(session: ServerSession) -> None:
    """Two requests on one connection, the second sent before the first is answered."""
    with session.http_client.connect() as connection:
        connection.write(_balance_request(session) + _balance_request(session, ("Connection", "close")))
        first = session.ask(connection.read)
        _is_balance(session, first, "to the first of two requests")
        if (first.header("Connection") or "").lower() == "close":
            raise Violation("the connection kept open (HTTP/1.1)", "Connection: close")
        _is_balance(session, session.ask(connection.read), "to the second of two requests")
        session.require(
            connection.closed_by_peer(),
            "the connection closed after Connection: close",
            "still open",
        )


@contract("T-04")
def half_closed_client(session: ServerSession) -> None:
    """A client that closes its sending half after the request still gets its answer."""
    with session.http_client.connect() as connection:
        connection.write(_balance_request(session))
        connection.half_close()
        _is_balance(session, session.ask(connection.read), "to a half-closed client")


@contract("T-08")
def refusals_are_http_200(session: ServerSession) -> None:
    """Every application answer is HTTP 200, whatever its code."""
    bodies = {
        "a balance": documents.query("bakiye", session.user, session.password),
        "-22": b"<SMS><oops></SMS>",
        "-22 for nothing": b"",
        "-10": documents.query("bakiye", None, None),
        "-11": documents.query("basliklar", session.user, ""),
        "-5": documents.query("bakiye", session.user, session.password + "x"),
        "-6": session.message(0).body(),
    }
    for what, body in bodies.items():
        session.example()
        session.expect(200, session.post(body).status, f"HTTP status of {what}")
    for path in (
        documents.pull_path(None, None),
        documents.pull_path(session.user, "wrong"),
        documents.pull_path(session.user, session.password, (session.new_id(),)),
    ):
        session.example()
        session.expect(200, session.get(path).status, "HTTP status of a pull")


@contract("T-08")
def wrong_method_and_path(session: ServerSession) -> None:
    """A wrong method is 405 with Allow, a wrong path 404."""
    for method, path, allow in (
        ("GET", SEND_PATH, "POST"),
        ("PUT", SEND_PATH, "POST"),
        ("DELETE", SEND_PATH, "POST"),
        ("POST", PULL_PATH, "GET"),
    ):
        session.example()
        raw = session.http_client.head(method, path, (("Content-Length", "0"), ("Connection", "close")))
        http = session.ask(partial(session.http_client.ask, raw))
        session.expect(405, http.status, f"{method} {path}")
        allowed = {word.strip() for word in (http.header("Allow") or "").split(",")}
        session.require(allow in allowed, f"Allow: {allow} for {method} {path}", http.header("Allow"))
    for path in ("/api/sendsms/", "/api/sendsms/xml/push", "/api/sendsms/xmlx/"):
        session.example()
        session.expect(404, session.get(path).status, f"GET {path}")


@contract("T-09")
def length_and_type(session: ServerSession) -> None:
    """Every answer has a Content-Length, is not chunked, and carries the documented type."""
    for answer in (
        session.ask_balance(),
        session.ask_titles(),
        session.post(b"<SMS"),
        session.get(documents.pull_path(session.user, session.password, (session.new_id(),))),
    ):
        _framed(session, answer)


@contract("T-09", credit=2)
def length_and_type_of_a_send(session: ServerSession) -> None:
    """The answer to a send is framed and labelled like the documented one."""
    _framed(session, session.submit(session.message()).http)


def _framed(session: ServerSession, http: HttpAnswer) -> None:
    session.expect("length", http.framing, "body framed by Content-Length")
    session.expect((), http.faults, "header faults")
    session.decide(
        "content-type",
        http.header("Content-Type"),
        {"as-documented": DOCUMENTED_TYPE, "xml": "application/xml; charset=UTF-8"},
    )


@contract("T-10", credit=20)
def send_answer_bytes(session: ServerSession) -> None:
    """Send answers of 1 to 4 recipients are laid out byte for byte."""
    for count in (1, 2, 3, 4):
        session.example()
        answer = session.submit(session.message(count))
        session.expect(count, len(answer.results), "results")
        if not _as_printed(session, answer.http):
            _laid_out(session, answer.http)


def _as_printed(session: ServerSession, http: HttpAnswer) -> bool:
    """True of the layout of the page's second example, which E judges."""
    if "<status><" in http.text:
        return True
    if not reader.is_as_printed(http.body):
        return False
    session.decide("result-shape", found=True, values={"well-formed": False, "as-printed": True})
    return True


def _laid_out(session: ServerSession, http: HttpAnswer) -> None:
    faults = reader.send_faults(http.body)
    session.require(not faults, "the documented byte layout", "; ".join(faults))
    broken = reader.schema_faults("send-answer", http.body)
    session.require(not broken, "a document valid by send-answer.rng", "; ".join(broken))


@contract("T-10", credit=4)
def documented_sizes(session: ServerSession) -> None:
    """With 18-digit ids: 177 bytes for a 12-digit number, 411 for three of them."""
    for count, size in ((1, 177), (3, 411)):
        session.example()
        answer = session.submit(session.message(count))
        ids = [one.message_id for one in answer.results]
        numbers = [one.destination for one in answer.results]
        if _as_printed(session, answer.http) or [len(i) for i in ids] != [18] * count:
            continue  # as-printed is judged by E, the form of ids by S-02
        if [len(n) for n in numbers] == [12] * count:
            session.expect(size, len(answer.http.body), f"bytes of an answer with {count} results")


@contract("T-10")
def refusal_bytes(session: ServerSession) -> None:
    """A refusal has the same byte layout."""
    http = session.post(documents.query("bakiye", session.user, session.password + "x"))
    if not _as_printed(session, http):
        _laid_out(session, http)


@contract("T-11")
def doctype_is_refused(session: ServerSession) -> None:
    """A document with a DOCTYPE is -22 and no entity of it is ever expanded."""
    one = Recipient(session.gsm(), "&kim;")
    xml = session.to([one]).xml().replace("&amp;kim;", "&kim;")
    for doctype in (
        "<!DOCTYPE SMS>",
        '<!DOCTYPE SMS [<!ENTITY kim "x">]>',
        '<!DOCTYPE SMS SYSTEM "file:///etc/hostname">',
        '<!DOCTYPE SMS [<!ENTITY a "aaaaaaaaaa"><!ENTITY kim "&a;&a;&a;&a;&a;&a;">]>',
    ):
        session.example()
        text = xml if "kim" in doctype else xml.replace("&kim;", "k")
        session.refused(session.submit_raw((doctype + text).encode()), -22, "with a DOCTYPE")


@contract("T-11")
def depth_is_bounded(session: ServerSession) -> None:
    """A document nested 200,000 deep is refused in the dialect (or by 413), within seconds."""
    deep = b"<SMS>" + b"<a>" * 200_000 + b"</a>" * 200_000 + b"</SMS>"
    started = time.monotonic()
    answer = session.submit_raw(deep, 0)
    took = time.monotonic() - started
    if answer.http.status != 413:
        session.expect(200, answer.http.status, "HTTP status")
        session.refused(answer, -22, "nested 200,000 deep")
    session.require(took < 5, "an answer within 5 s", f"{took:.1f} s")
    _is_balance(session, session.ask_balance(), "right after it")
