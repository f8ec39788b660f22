"""Deviations of A, H and B: credentials and the two queries."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from paper_server.httpd import Request, Response

from deviant_servers.deviation import (
    Deviation,
    answer_instead,
    change_answer,
    change_request,
    code,
    has,
    operation,
    replacing,
    substituting,
)
from deviant_servers.proxy import Upstream


def _wrong_password(request: Request) -> bool:
    return b"<parola>test-wrong<" in request.body or b"<parola>testx<" in request.body


def _unreadable_without_login(request: Request) -> bool:
    return b"<mesajiniz" in request.body and not request.body.endswith(b"</SMS>")


def _two_empty(ask: Upstream, request: Request, _: dict[str, Any]) -> Response:
    answer = ask(request)
    if operation(request) == "send" and request.body.count(b"<gsm") == 2 and b">-5<" in answer.body:
        row = re.search(rb"<result>.*?</result>\n", answer.body, re.DOTALL)
        assert row is not None, "an honest refusal has a result"
        return replace(answer, body=answer.body.replace(row[0], row[0] * 2))
    return answer


def _query_refusal(change: Any) -> Any:
    def middleware(ask: Upstream, request: Request, _: dict[str, Any]) -> Response:
        answer = ask(request)
        if operation(request) in ("titles", "balance") and b"<results>" in answer.body:
            return replace(answer, body=change(answer.body))
        return answer

    return middleware


AUTH = frozenset({"A-04", "A-05"})
EMPTY_USER = has("<kullanici></kullanici>")
NO_LOGIN = lambda r: b"dogrulama" not in r.body  # noqa: E731 - one line says it

DEVIATIONS = (
    Deviation(
        "A-01.1",
        "answers -23 to an empty user",
        answer_instead(EMPTY_USER, code(-23)),
        also=frozenset({"A-02"}),
    ),
    Deviation("A-01.4", "answers -5 to an empty user", answer_instead(EMPTY_USER, code(-5)), also=frozenset({"A-02"})),
    Deviation("A-01.4", "treats a blank user as a name", answer_instead(has("<kullanici>  <"), code(-5))),
    Deviation(
        "A-01.4",
        "answers -10 only when the whole login is missing",
        answer_instead(lambda r: b"<dogrulama><parola>" in r.body, code(-11)),
        also=frozenset({"A-04"}),
    ),
    Deviation("A-02.5", "answers -5 to an empty password", answer_instead(has("<parola></parola>"), code(-5))),
    Deviation(
        "A-02.1",
        "accepts an empty password",
        change_request(replacing("<parola></parola>", "<parola>test</parola>")),
        also=frozenset({"A-06", "R-03"}),
    ),
    Deviation(
        "A-02.4",
        "answers -11 when both are missing",
        answer_instead(lambda r: NO_LOGIN(r) and b"<bakiye" in r.body, code(-11)),
    ),
    Deviation("A-03.2", "answers -10 to an unknown user", answer_instead(has("test-nobody"), code(-10))),
    Deviation("A-03.2", "answers -11 to a wrong password", answer_instead(_wrong_password, code(-11)), also=AUTH),
    Deviation(
        "A-03.1", "compares passwords without case", change_request(replacing(">TEST</parola>", ">test</parola>"))
    ),
    Deviation(
        "A-03.1", "compares the beginning of passwords", change_request(replacing(">tes</parola>", ">test</parola>"))
    ),
    Deviation("A-04.1", "judges fields before the login", answer_instead(has(">soon<"), code(-27))),
    Deviation("A-04.1", "looks for a login in unreadable XML", answer_instead(_unreadable_without_login, code(-10))),
    Deviation("A-05.1", "repeats the refusal without destinations", _two_empty, also=frozenset({"S-01"})),
    Deviation(
        "A-05.1",
        "puts a dash into the empty destination",
        change_answer(replacing("<destination></destination>", "<destination>-</destination>"), "send"),
        also=frozenset({"S-01"}),
    ),
    Deviation(
        "A-06.1",
        "names the query in its refusal",
        _query_refusal(replacing("<destination></destination>", "<destination>0</destination>")),
    ),
    Deviation(
        "A-06.1",
        "refuses queries with another document",
        _query_refusal(lambda b: b.replace(b"results>", b"hata>").replace(b"<result>", b"<r>")),
        also=frozenset({"A-05", "B-01", "H-01", "T-10"}),
    ),
    Deviation("H-01.3", "leaves an empty group out", change_answer(replacing("<sayisal></sayisal>", ""), "titles")),
    Deviation(
        "H-01.2",
        "lists numeric titles as normal ones",
        change_answer(substituting(r"</normal><sayisal>(.*?)</sayisal>", r"\1</normal><sayisal></sayisal>"), "titles"),
    ),
    Deviation(
        "H-01.1",
        "leaves the declaration out",
        change_answer(substituting(r"^<\?xml.*?\?>", ""), "titles"),
        also=frozenset({"A-06"}),
    ),
    Deviation(
        "B-01.2",
        "writes a decimal comma",
        change_answer(substituting(r"<miktar>(\d+)\.(\d+)<", r"<miktar>\1,\2<"), "balance"),
    ),
    Deviation("B-01.2", "writes two places", change_answer(substituting(r"\.(\d\d)\d<", r".\1<"), "balance")),
    Deviation("B-01.1", "leaves the currency out", change_answer(substituting(r"<kur>.*?</kur>", ""), "balance")),
    Deviation("B-01.2", "rounds thousandths", change_answer(replacing(".532<", ".530<"), "balance")),
)
