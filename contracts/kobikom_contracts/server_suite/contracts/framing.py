"""Contracts of T-04, T-08, T-09, T-11: HTTP around the documents, hardening."""

from __future__ import annotations

import time
from functools import partial

from kobikom_contracts import documents
from kobikom_contracts.core.verdicts import NotCheckable
from kobikom_contracts.documents import PULL_PATH, SEND_PATH, Recipient
from kobikom_contracts.http_connection import HttpAnswer
from kobikom_contracts.server_suite.contract import contract
from kobikom_contracts.server_suite.exchanges import CONTENT_TYPES
from kobikom_contracts.server_suite.session import ServerSession


def _balance_request(session: ServerSession, *headers: tuple[str, str], version: str = "HTTP/1.1") -> bytes:
    body = documents.query("bakiye", session.user, session.password)
    extra = (*headers, ("Content-Length", str(len(body))))
    return session.http_client.head("POST", SEND_PATH, extra, version=version) + body


def _is_balance(session: ServerSession, http: HttpAnswer, what: str) -> None:
    session.require("<miktar>" in http.text, f"a balance answer {what}", f"{http.status} {http.text!r}")


@contract("T-04.1")
def hosts_of_the_page(session: ServerSession) -> None:
    """Each host name that the page uses is served."""
    for host in ("kobikom.com", "www.kobikom.com", "sms1.kobikom.com"):
        session.example()
        raw = _balance_request(session, ("Host", host), ("Connection", "close"))
        _is_balance(session, session.ask(partial(session.http_client.ask, raw)), f"for Host {host}")


@contract("T-04.4")
def absolute_form(session: ServerSession) -> None:
    """A request line with the whole address, as the page prints it, is served."""
    body = documents.query("bakiye", session.user, session.password)
    lines = (
        f"POST http://www.kobikom.com{session.http_client.prefix}{SEND_PATH} HTTP/1.1",
        "Host: kobikom.com",
        f"Content-Length: {len(body)}",
        "Connection: close",
    )
    raw = "\r\n".join(lines).encode() + b"\r\n\r\n" + body
    _is_balance(session, session.ask(partial(session.http_client.ask, raw)), "to a target in absolute form")


@contract("T-04.3")
def http_1_0(session: ServerSession) -> None:
    """An HTTP/1.0 request without Host is answered."""
    raw = _balance_request(session, version="HTTP/1.0")
    _is_balance(session, session.ask(lambda: session.http_client.ask(raw)), "to HTTP/1.0")


@contract("T-04.3", credit=2)
def http_1_0_has_the_same_effects(session: ServerSession) -> None:
    """A send by HTTP/1.0 is accepted, and the connection then closes unless the answer says otherwise."""
    send = session.message()
    body = send.body()
    session.spend(1, 1)
    head = session.http_client.head("POST", SEND_PATH, (("Content-Length", str(len(body))),), version="HTTP/1.0")
    with session.http_client.connect() as connection:
        connection.write(head + body)
        http = session.ask(connection.read)
        session.look_at_send(send, http)
        session.accepted(session.answer(http), "a send by HTTP/1.0 accepted")
        keeps = "keep-alive" in (http.header("Connection") or "").lower()
        session.require(keeps or connection.closed_by_peer(), "the connection closed after HTTP/1.0", "still open")


@contract("T-08.4")
def head_requests(session: ServerSession) -> None:
    """HEAD at the address of sends is a wrong method: 405, and no octet of a body follows."""
    raw = session.http_client.head("HEAD", SEND_PATH)
    with session.http_client.connect() as connection:
        connection.write(raw)
        http = session.ask(partial(connection.read, head=True))
        session.expect(405, http.status, f"HEAD {SEND_PATH}")
        if (http.header("Connection") or "").lower() != "close":
            connection.write(_balance_request(session, ("Connection", "close")))
            _is_balance(session, session.ask(connection.read), "after HEAD on the same connection")


@contract("T-04.2")
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


@contract("T-04.3")
def keep_alive_and_pipelining(session: ServerSession) -> None:
    """Two requests on one connection, the second sent before the first is answered, unless it is said to close."""
    with session.http_client.connect() as connection:
        connection.write(_balance_request(session) + _balance_request(session, ("Connection", "close")))
        first = session.ask(connection.read)
        _is_balance(session, first, "to the first of two requests")
        if (first.header("Connection") or "").lower() != "close":
            _is_balance(session, session.ask(connection.read), "to the second of two requests")
        session.require(
            connection.closed_by_peer(),
            "the connection closed after Connection: close",
            "still open",
        )


@contract("T-04.3")
def half_closed_client(session: ServerSession) -> None:
    """A client that closes its sending half after the request still gets its answer."""
    if session.http_client.is_tls:
        raise NotCheckable("a TLS connection cannot be closed by half")
    with session.http_client.connect() as connection:
        connection.write(_balance_request(session))
        connection.half_close()
        _is_balance(session, session.ask(connection.read), "to a half-closed client")


@contract("T-08.1", wrong_logins=2)
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


@contract("T-08.2", credit=2)
def accepted_send_is_http_200(session: ServerSession) -> None:
    """The answer to an accepted send is HTTP 200."""
    session.expect(200, session.accepted(session.message()).http.status, "HTTP status of an accepted send")


@contract("T-08.4")
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


@contract("T-09.4", "T-09.3")
def length_and_type(session: ServerSession) -> None:
    """Every answer has a Content-Length, is not chunked, and carries the documented type."""
    for answer in (
        session.ask_balance(),
        session.ask_titles(),
        session.post(b"<SMS"),
        session.get(documents.pull_path(session.user, session.password, (session.new_id(),))),
    ):
        _framed(session, answer, length="T-09.4", label="T-09.3")


@contract("T-09.1", "T-09.2", credit=2)
def length_and_type_of_a_send(session: ServerSession) -> None:
    """The answer to a send is framed and labelled like the documented one."""
    _framed(session, session.submit(session.message()).http, length="T-09.1", label="T-09.2")


def _framed(session: ServerSession, http: HttpAnswer, *, length: str, label: str) -> None:
    """``length`` and ``label``: the statements that ask for the Content-Length and the Content-Type."""
    session.expect("length", http.framing, "body framed by Content-Length", statement=length)
    session.expect((), http.faults, "header faults", statement=length)
    session.decide(
        "content-type",
        http.header("Content-Type"),
        CONTENT_TYPES,
        statement=label,
    )


@contract("T-11.1")
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


@contract("T-11.2")
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
