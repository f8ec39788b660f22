"""Deviations of T: what a server may do wrong before it reads a message."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import unquote_plus

from paper_server.httpd import Request, Response

from deviant_servers.deviation import (
    Deviation,
    answer_instead,
    change_answer,
    change_request,
    change_status,
    code,
    has,
    operation,
    replacing,
    substituting,
)
from deviant_servers.proxy import HttpBehaviour, Upstream

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
    def middleware(ask: Upstream, request: Request, _: dict[str, Any]) -> Response:
        answer = ask(request)
        if operation(request) not in which:
            return answer
        return replace(answer, headers={"Content-Type": value})

    return middleware


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
        "T-01.1",
        "takes title queries elsewhere",
        answer_instead(lambda r: operation(r) == "titles", R22),
        also=frozenset({"A-01", "A-03", "T-02"}),
    ),
    Deviation(
        "T-01.4",
        "redirects the path without a slash",
        answer_instead(lambda r: r.target == SEND, 301, Location=SEND + "/"),
    ),
    Deviation(
        "T-01.4",
        "serves only sends without the slash",
        answer_instead(lambda r: r.target == SEND and operation(r) != "send", 404),
    ),
    Deviation("T-01.3", "treats an unknown root as a send", answer_instead(has("<siparis>"), code(-6))),
    Deviation(
        "T-02.1",
        "does not know XML= with literal XML",
        answer_instead(_starts(b"XML=<"), R22),
        also=frozenset({"T-01", "T-03"}),
    ),
    Deviation(
        "T-02.6",
        "form-decodes literal XML after XML=",
        change_request(lambda b: b"XML=" + unquote_plus(b[4:].decode()).encode(), _starts(b"XML=<")),
        also=frozenset({"T-03"}),
    ),
    Deviation(
        "T-02.6",
        "form-decodes bare XML",
        change_request(replacing("+", " "), _starts(b"<SMS")),
        also=frozenset({"T-03"}),
    ),
    Deviation(
        "T-02.2",
        "wants XML= before title queries",
        answer_instead(_starts(b"<basliklar"), R22),
        also=frozenset({"A-01", "A-03", "T-01"}),
    ),
    Deviation("T-02.5", "does not know multipart bodies", answer_instead(_starts(b"--"), R22)),
    Deviation("T-02.6", "wants XML= in upper case", answer_instead(_starts(b"xml="), R22)),
    Deviation("T-03.2", "refuses text/xml with 415", answer_instead(_type_is("text/xml"), 415)),
    Deviation(
        "T-03.3",
        "refuses a Content-Type with Accept appended to it",
        answer_instead(_type_is("application/xml Accept: */*"), 400),
    ),
    Deviation("T-03.2", "trusts a form's Content-Type", _no_type_trusted, also=frozenset({"T-02"})),
    Deviation(
        "T-04.2",
        "answers 417 to Expect",
        http=HttpBehaviour(expect=b"HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n"),
    ),
    Deviation("T-04.3", "refuses HTTP/1.0", http=HttpBehaviour(old_http=False)),
    Deviation(
        "T-04.3", "closes after an answer without saying so", http=HttpBehaviour(keep_alive=False, says_close=False)
    ),
    Deviation("T-04.3", "drops a pipelined request", http=HttpBehaviour(pipeline=False)),
    Deviation("T-04.3", "keeps a connection open after Connection: close", http=HttpBehaviour(honour_close=False)),
    Deviation("T-04.3", "drops half-closed clients", http=HttpBehaviour(half_close=False)),
    Deviation("T-04.4", "wants the path alone", answer_instead(lambda r: r.target.startswith("http"), 404)),
    Deviation(
        "T-04.1",
        "serves its own host name only",
        answer_instead(lambda r: r.headers.get("host", "") == "kobikom.com", 421),
    ),
    Deviation("T-05.2", "reads ISO-8859-9 as ISO-8859-1", change_request(replacing("ISO-8859-9", "ISO-8859-1"))),
    Deviation("T-05.2", "does not know windows-1254", answer_instead(has('encoding="windows-1254"'), R22)),
    Deviation("T-05.2", "ignores the charset parameter", _no_charset),
    Deviation(
        "T-05.3",
        "replaces undeclared bytes by U+FFFD",
        change_request(
            lambda b: b.decode("utf-8", "replace").encode(),
            lambda r: r.body.startswith(b"<SMS") and "charset" not in str(r.headers),
        ),
    ),
    Deviation("T-06.2", "refuses U+00A0 between elements", answer_instead(has(">\u00a0"), R22)),
    Deviation("T-06.1", "wants the XML at the first byte", answer_instead(lambda r: r.body[:1].isspace(), R22)),
    Deviation("T-06.1", "wants the XML right after XML=", answer_instead(_starts(b"XML=\n"), R22)),
    Deviation("T-06.3", "leaves hexadecimal references alone", change_request(replacing("&#x", "&amp;#x"))),
    Deviation("T-06.4", "drops CDATA", change_request(substituting(r"<!\[CDATA\[.*?\]\]>", ""))),
    Deviation(
        "T-07.1",
        "wants tags in the documented case",
        answer_instead(lambda r: b"<PAROLA>" in r.body or b"<sms>" in r.body, R22),
    ),
    Deviation(
        "T-07.1",
        "wants dogrulama first",
        answer_instead(lambda r: re.match(rb"<sms>\s*<mesajiniz", r.body, re.IGNORECASE) is not None, code(-10)),
    ),
    Deviation("T-07.1", "refuses unknown tags", answer_instead(has("<bilinmeyen"), code(-23))),
    Deviation("T-07.2", "refuses empty optional tags", answer_instead(has("<srcton></srcton>"), code(-23))),
    Deviation("T-08.2", "answers an accepted send with HTTP 201", change_status(lambda b: b"<status>0<" in b, 201)),
    Deviation("T-08.1", "answers -5 with HTTP 401", change_status(lambda b: b"<status>-5<" in b, 401)),
    Deviation("T-08.1", "answers -22 with HTTP 400", change_status(lambda b: b"<status>-22<" in b, 400)),
    Deviation("T-08.1", "answers a refused pull with HTTP 403", change_status(lambda b: b in (b"5", b"10"), 403)),
    Deviation("T-08.1", "answers NO_DATA with HTTP 404", change_status(lambda b: b == b"NO_DATA", 404)),
    Deviation("T-08.4", "answers 405 without Allow", _no_allow),
    Deviation("T-08.4", "answers any path with 200", _found),
    Deviation("T-09.1", "answers chunked", http=HttpBehaviour(chunked=True)),
    Deviation("T-09.1", "leaves Content-Length out", http=HttpBehaviour(length=False)),
    Deviation(
        "T-09.2",
        "writes text/csv without the blank",
        _type("text/csv;charset=UTF-8", ("send", "titles", "balance", "pull")),
    ),
    Deviation("T-09.2", "mixes both content types", _type("application/xml; charset=UTF-8", ("balance",))),
    Deviation("T-10.6", "ends lines with CR LF", change_answer(replacing("\n", "\r\n"), "send")),
    Deviation("T-10.6", "indents", change_answer(_indented, "send")),
    Deviation("T-10.6", "leaves out the last newline", change_answer(lambda b: b.rstrip(b"\n"), "send")),
    Deviation(
        "T-10.1",
        "writes blanks into status",
        change_answer(substituting(r"<status>(-?\d+)</status>", r"<status> \1 </status>"), "send"),
        also=frozenset({"A-05", "E"}),
    ),
    Deviation(
        "T-10.6",
        "writes refusals in one line",
        change_answer(replacing("\n", ""), "", only=lambda b: b"<status>-5<" in b),
    ),
    Deviation("T-11.1", "ignores a DOCTYPE", change_request(substituting(r"<!DOCTYPE[^>\[]*(\[.*?\])?>", ""))),
    Deviation(
        "T-11.1",
        "expands entities",
        change_request(lambda b: substituting(r"<!DOCTYPE[^>\[]*(\[.*?\])?>", "")(b).replace(b"&kim;", b"x")),
    ),
    Deviation("T-11.2", "answers 500 to deep nesting", answer_instead(has("<a>" * 1000), 500)),
)
