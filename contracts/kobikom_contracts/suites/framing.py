"""Law: contracts of T-04, T-08, T-09, T-10, T-11: HTTP around the documents, and hardening."""

from __future__ import annotations

import time
from functools import partial

from kobikom_contracts import documents, reader
from kobikom_contracts.contract import contract
from kobikom_contracts.documents import PULL_PATH, SEND_PATH, Recipient
from kobikom_contracts.lab import Lab
from kobikom_contracts.verdicts import Violation
from kobikom_contracts.wire import HttpAnswer

DOCUMENTED_TYPE = "text/csv;charset= UTF-8"


def _balance_request(lab: Lab, *headers: tuple[str, str], version: str = "HTTP/1.1") -> bytes:
    body = documents.query("bakiye", lab.user, lab.password)
    extra = (*headers, ("Content-Length", str(len(body))))
    return lab.wire.head("POST", SEND_PATH, extra, version=version) + body


def _is_balance(lab: Lab, http: HttpAnswer, what: str) -> None:
    lab.require("<miktar>" in http.text, f"a balance answer {what}", f"{http.status} {http.text!r}")


@contract("T-04")
def any_host(lab: Lab) -> None:
    """Any Host header is served."""
    for host in ("kobikom.com", "www.kobikom.com", "example.invalid:81", "localhost"):
        lab.example()
        raw = _balance_request(lab, ("Host", host), ("Connection", "close"))
        _is_balance(lab, lab.ask(partial(lab.wire.ask, raw)), f"for Host {host}")


@contract("T-04")
def http_1_0(lab: Lab) -> None:
    """An HTTP/1.0 request without Host is answered."""
    raw = _balance_request(lab, version="HTTP/1.0")
    _is_balance(lab, lab.ask(lambda: lab.wire.ask(raw)), "to HTTP/1.0")


@contract("T-04")
def expect_100_continue(lab: Lab) -> None:
    """A client that waits for 100 Continue before its body is served."""
    body = documents.query("bakiye", lab.user, lab.password)
    headers = (
        ("Content-Length", str(len(body))),
        ("Expect", "100-continue"),
        ("Connection", "close"),
    )
    with lab.wire.connect() as connection:
        connection.write(lab.wire.head("POST", SEND_PATH, headers))
        lab.require(connection.read_interim(2.0), "100 Continue (or an answer) within 2 s", "nothing")
        connection.write(body)
        http = lab.ask(connection.read)
    _is_balance(lab, http, "after 100 Continue")


@contract("T-04")
def keep_alive_and_pipelining(lab: Lab) -> None:
    """Two requests on one connection, the second sent before the first is answered."""
    with lab.wire.connect() as connection:
        connection.write(_balance_request(lab) + _balance_request(lab, ("Connection", "close")))
        first = lab.ask(connection.read)
        _is_balance(lab, first, "to the first of two requests")
        if (first.header("Connection") or "").lower() == "close":
            raise Violation("the connection kept open (HTTP/1.1)", "Connection: close")
        _is_balance(lab, lab.ask(connection.read), "to the second of two requests")
        lab.require(
            connection.closed_by_peer(),
            "the connection closed after Connection: close",
            "still open",
        )


@contract("T-04")
def half_closed_client(lab: Lab) -> None:
    """A client that closes its sending half after the request still gets its answer."""
    with lab.wire.connect() as connection:
        connection.write(_balance_request(lab))
        connection.half_close()
        _is_balance(lab, lab.ask(connection.read), "to a half-closed client")


@contract("T-08")
def refusals_are_http_200(lab: Lab) -> None:
    """Every application answer is HTTP 200, whatever its code."""
    bodies = {
        "a balance": documents.query("bakiye", lab.user, lab.password),
        "-22": b"<SMS><oops></SMS>",
        "-22 for nothing": b"",
        "-10": documents.query("bakiye", None, None),
        "-11": documents.query("basliklar", lab.user, ""),
        "-5": documents.query("bakiye", lab.user, lab.password + "x"),
        "-6": lab.message(0).body(),
    }
    for what, body in bodies.items():
        lab.example()
        lab.expect(200, lab.post(body).status, f"HTTP status of {what}")
    for path in (
        documents.pull_path(None, None),
        documents.pull_path(lab.user, "wrong"),
        documents.pull_path(lab.user, lab.password, (lab.new_id(),)),
    ):
        lab.example()
        lab.expect(200, lab.get(path).status, "HTTP status of a pull")


@contract("T-08")
def wrong_method_and_path(lab: Lab) -> None:
    """A wrong method is 405 with Allow, a wrong path 404."""
    for method, path, allow in (
        ("GET", SEND_PATH, "POST"),
        ("PUT", SEND_PATH, "POST"),
        ("DELETE", SEND_PATH, "POST"),
        ("POST", PULL_PATH, "GET"),
    ):
        lab.example()
        raw = lab.wire.head(method, path, (("Content-Length", "0"), ("Connection", "close")))
        http = lab.ask(partial(lab.wire.ask, raw))
        lab.expect(405, http.status, f"{method} {path}")
        allowed = {word.strip() for word in (http.header("Allow") or "").split(",")}
        lab.require(allow in allowed, f"Allow: {allow} for {method} {path}", http.header("Allow"))
    for path in ("/api/sendsms/", "/api/sendsms/xml/push", "/api/sendsms/xmlx/"):
        lab.example()
        lab.expect(404, lab.get(path).status, f"GET {path}")


@contract("T-09")
def length_and_type(lab: Lab) -> None:
    """Every answer has a Content-Length, is not chunked, and carries the documented type."""
    for answer in (
        lab.ask_balance(),
        lab.ask_titles(),
        lab.post(b"<SMS"),
        lab.get(documents.pull_path(lab.user, lab.password, (lab.new_id(),))),
    ):
        _framed(lab, answer)


@contract("T-09", credit=2)
def length_and_type_of_a_send(lab: Lab) -> None:
    """The answer to a send is framed and labelled like the documented one."""
    _framed(lab, lab.submit(lab.message()).http)


def _framed(lab: Lab, http: HttpAnswer) -> None:
    lab.expect("length", http.framing, "body framed by Content-Length")
    lab.expect((), http.faults, "header faults")
    lab.decide(
        "content-type",
        http.header("Content-Type"),
        {"as-documented": DOCUMENTED_TYPE, "xml": "application/xml; charset=UTF-8"},
    )


@contract("T-10", credit=20)
def send_answer_bytes(lab: Lab) -> None:
    """Send answers of 1 to 4 recipients are laid out byte for byte."""
    for count in (1, 2, 3, 4):
        lab.example()
        answer = lab.submit(lab.message(count))
        lab.expect(count, len(answer.results), "results")
        if not _as_printed(lab, answer.http):
            _laid_out(lab, answer.http)


def _as_printed(lab: Lab, http: HttpAnswer) -> bool:
    """True of the layout of the page's second example, which is E's matter."""
    if "<status><" in http.text:
        return True
    if not reader.is_as_printed(http.body):
        return False
    lab.decide("result-shape", found=True, values={"well-formed": False, "as-printed": True})
    return True


def _laid_out(lab: Lab, http: HttpAnswer) -> None:
    faults = reader.send_faults(http.body)
    lab.require(not faults, "the documented byte layout", "; ".join(faults))
    broken = reader.schema_faults("send-answer", http.body)
    lab.require(not broken, "a document valid by send-answer.rng", "; ".join(broken))


@contract("T-10", credit=4)
def documented_sizes(lab: Lab) -> None:
    """With 18-digit ids: 177 bytes for a 12-digit number, 411 for three of them."""
    for count, size in ((1, 177), (3, 411)):
        lab.example()
        answer = lab.submit(lab.message(count))
        ids = [one.message_id for one in answer.results]
        numbers = [one.destination for one in answer.results]
        if _as_printed(lab, answer.http) or [len(i) for i in ids] != [18] * count:
            continue  # as-printed is E's matter, the ids' shape S-02's
        if [len(n) for n in numbers] == [12] * count:
            lab.expect(size, len(answer.http.body), f"bytes of an answer with {count} results")


@contract("T-10")
def refusal_bytes(lab: Lab) -> None:
    """A refusal has the same byte layout."""
    http = lab.post(documents.query("bakiye", lab.user, lab.password + "x"))
    if not _as_printed(lab, http):
        _laid_out(lab, http)


@contract("T-11")
def doctype_is_refused(lab: Lab) -> None:
    """A document with a DOCTYPE is -22 and no entity of it is ever expanded."""
    one = Recipient(lab.gsm(), "&kim;")
    xml = lab.to([one]).xml().replace("&amp;kim;", "&kim;")
    for doctype in (
        "<!DOCTYPE SMS>",
        '<!DOCTYPE SMS [<!ENTITY kim "x">]>',
        '<!DOCTYPE SMS SYSTEM "file:///etc/hostname">',
        '<!DOCTYPE SMS [<!ENTITY a "aaaaaaaaaa"><!ENTITY kim "&a;&a;&a;&a;&a;&a;">]>',
    ):
        lab.example()
        text = xml if "kim" in doctype else xml.replace("&kim;", "k")
        lab.refused(lab.submit_raw((doctype + text).encode()), -22, "with a DOCTYPE")


@contract("T-11")
def depth_is_bounded(lab: Lab) -> None:
    """A document nested 200,000 deep is refused in the dialect (or by 413), within seconds."""
    deep = b"<SMS>" + b"<a>" * 200_000 + b"</a>" * 200_000 + b"</SMS>"
    started = time.monotonic()
    answer = lab.submit_raw(deep, 0)
    took = time.monotonic() - started
    if answer.http.status != 413:
        lab.expect(200, answer.http.status, "HTTP status")
        lab.refused(answer, -22, "nested 200,000 deep")
    lab.require(took < 5, "an answer within 5 s", f"{took:.1f} s")
    _is_balance(lab, lab.ask_balance(), "right after it")
