"""Law: deviations of T: what a server may get wrong before it reads a message."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import unquote_plus

from paper_server.httpd import Request, Response

from teeth.front import Manners, Upstream
from teeth.lying import (
    Deviation,
    code,
    has,
    heard,
    instead,
    operation,
    resub,
    status_for,
    swap,
    told,
)

R22 = code(-22)
SEND = "/api/sendsms/xml"


def _starts(*heads: bytes) -> Any:
    return lambda r: r.body.startswith(heads)


def _no_type_trusted(ask: Upstream, request: Request, _: dict[str, Any]) -> Response:
    if request.headers.get("content-type") == "application/x-www-form-urlencoded":
        return ask(replace(request, body=unquote_plus(request.body.decode()).encode()))
    return ask(request)


def _no_charset(ask: Upstream, request: Request, _: dict[str, Any]) -> Response:
    return ask(replace(request, headers={**request.headers, "content-type": "text/xml"}))


def _type(value: str, which: tuple[str, ...]) -> Any:
    def tell(ask: Upstream, request: Request, _: dict[str, Any]) -> Response:
        answer = ask(request)
        if operation(request) not in which:
            return answer
        return replace(answer, headers={"Content-Type": value})

    return tell


def _no_allow(ask: Upstream, request: Request, _: dict[str, Any]) -> Response:
    return replace(ask(request), headers={"Content-Type": "text/csv;charset= UTF-8"})


def _found(ask: Upstream, request: Request, _: dict[str, Any]) -> Response:
    answer = ask(request)
    return Response(200, b"") if answer.status == 404 else answer


def _indented(body: bytes) -> bytes:
    return body.replace(b"\n<result>", b"\n  <result>")


def _type_is(value: str) -> Any:
    return lambda r: r.headers.get("content-type", "") == value


def _refused_before_login(request: Request) -> bool:
    return b"</SMS>" not in request.body and b"<SMS>" in request.body and b"parola" not in request.body


DEVIATIONS = (
    Deviation(
        "T-01", "redirects the path without a slash", instead(lambda r: r.target == SEND, 301, Location=SEND + "/")
    ),
    Deviation(
        "T-01",
        "serves only sends without the slash",
        instead(lambda r: r.target == SEND and operation(r) != "send", 404),
    ),
    Deviation("T-01", "takes an unknown root for a send", instead(has("<siparis>"), code(-6))),
    Deviation("T-02", "does not know XML= with literal XML", instead(_starts(b"XML=<"), R22), also=frozenset({"T-03"})),
    Deviation(
        "T-02",
        "form-decodes literal XML after XML=",
        heard(lambda b: b"XML=" + unquote_plus(b[4:].decode()).encode(), _starts(b"XML=<")),
        also=frozenset({"T-03"}),
    ),
    Deviation("T-02", "form-decodes bare XML", heard(swap("+", " "), _starts(b"<SMS")), also=frozenset({"T-03"})),
    Deviation("T-02", "does not know multipart bodies", instead(_starts(b"--"), R22)),
    Deviation("T-02", "wants XML= in upper case", instead(_starts(b"xml="), R22)),
    Deviation("T-03", "refuses text/xml with 415", instead(_type_is("text/xml"), 415)),
    Deviation("T-03", "chokes on the glued Content-Type", instead(_type_is("application/xml Accept: */*"), 400)),
    Deviation("T-03", "believes a form's Content-Type", _no_type_trusted, also=frozenset({"T-02"})),
    Deviation(
        "T-04",
        "answers 417 to Expect",
        manners=Manners(expect=b"HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n"),
    ),
    Deviation("T-04", "refuses HTTP/1.0", manners=Manners(old_http=False)),
    Deviation("T-04", "closes after every answer", manners=Manners(keep_alive=False)),
    Deviation("T-04", "forgets a pipelined request", manners=Manners(pipeline=False)),
    Deviation("T-04", "keeps a connection open after Connection: close", manners=Manners(honour_close=False)),
    Deviation("T-04", "drops half-closed clients", manners=Manners(half_close=False)),
    Deviation(
        "T-04", "serves its own host name only", instead(lambda r: r.headers.get("host", "") == "kobikom.com", 421)
    ),
    Deviation("T-05", "reads ISO-8859-9 as ISO-8859-1", heard(swap("ISO-8859-9", "ISO-8859-1"))),
    Deviation("T-05", "does not know windows-1254", instead(has('encoding="windows-1254"'), R22)),
    Deviation("T-05", "ignores the charset parameter", _no_charset),
    Deviation(
        "T-05",
        "replaces undeclared bytes by U+FFFD",
        heard(
            lambda b: b.decode("utf-8", "replace").encode(),
            lambda r: r.body.startswith(b"<SMS") and "charset" not in str(r.headers),
        ),
    ),
    Deviation("T-06", "wants the XML at the first byte", instead(lambda r: r.body[:1].isspace(), R22)),
    Deviation("T-06", "wants the XML right after XML=", instead(_starts(b"XML=\n"), R22)),
    Deviation("T-06", "leaves hexadecimal references alone", heard(swap("&#x", "&amp;#x"))),
    Deviation("T-06", "drops CDATA", heard(resub(r"<!\[CDATA\[.*?\]\]>", ""))),
    Deviation(
        "T-07", "wants tags in the documented case", instead(lambda r: b"<PAROLA>" in r.body or b"<sms>" in r.body, R22)
    ),
    Deviation(
        "T-07",
        "wants dogrulama first",
        instead(lambda r: re.match(rb"<sms>\s*<mesajiniz", r.body, re.IGNORECASE) is not None, code(-10)),
    ),
    Deviation("T-07", "refuses unknown tags", instead(has("<bilinmeyen"), code(-23))),
    Deviation("T-07", "refuses empty optional tags", instead(has("<srcton></srcton>"), code(-23))),
    Deviation("T-08", "says 401 with -5", status_for(lambda b: b"<status>-5<" in b, 401)),
    Deviation("T-08", "says 400 with -22", status_for(lambda b: b"<status>-22<" in b, 400)),
    Deviation("T-08", "says 403 to a refused pull", status_for(lambda b: b in (b"5", b"10"), 403)),
    Deviation("T-08", "says 404 with NO_DATA", status_for(lambda b: b == b"NO_DATA", 404)),
    Deviation("T-08", "says 405 without Allow", _no_allow),
    Deviation("T-08", "answers any path with 200", _found),
    Deviation("T-09", "answers chunked", manners=Manners(chunked=True)),
    Deviation("T-09", "leaves Content-Length out", manners=Manners(length=False)),
    Deviation(
        "T-09",
        "says text/csv without the blank",
        _type("text/csv;charset=UTF-8", ("send", "titles", "balance", "pull")),
    ),
    Deviation("T-09", "mixes both content types", _type("application/xml; charset=UTF-8", ("balance",))),
    Deviation("T-10", "ends lines with CR LF", told(swap("\n", "\r\n"), "send")),
    Deviation("T-10", "indents", told(_indented, "send")),
    Deviation("T-10", "leaves out the last newline", told(lambda b: b.rstrip(b"\n"), "send")),
    Deviation(
        "T-10",
        "writes blanks into status",
        told(resub(r"<status>(-?\d+)</status>", r"<status> \1 </status>"), "send"),
        also=frozenset({"A-05", "E"}),
    ),
    Deviation("T-10", "lays refusals out in one line", told(swap("\n", ""), "", only=lambda b: b"<status>-5<" in b)),
    Deviation("T-11", "ignores a DOCTYPE", heard(resub(r"<!DOCTYPE[^>\[]*(\[.*?\])?>", ""))),
    Deviation(
        "T-11",
        "expands entities",
        heard(lambda b: resub(r"<!DOCTYPE[^>\[]*(\[.*?\])?>", "")(b).replace(b"&kim;", b"x")),
    ),
    Deviation("T-11", "breaks down at depth", instead(has("<a>" * 1000), 500)),
)
