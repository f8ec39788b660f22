"""Deviations of R: reports lost, repeated, early, late, misspelled."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from paper_server.httpd import Request, Response

from deviant_servers.deviation import (
    Deviation,
    answer_instead,
    change_answer,
    change_request,
    change_target,
    has,
    operation,
    replacing,
    substituting,
)
from deviant_servers.proxy import HttpBehaviour, Upstream

PULL = "pull"
MESSAGE = re.compile(rb"<message [^>]*/>\n")


def _again(ask: Upstream, request: Request, memory: dict[str, Any]) -> Response:
    answer = ask(request)
    if operation(request) != PULL:
        return answer
    known = memory.setdefault(request.target, answer)
    memory[request.target] = answer
    return known if answer.body == b"NO_DATA" else answer


def _last_lost(body: bytes) -> bytes:
    rows = MESSAGE.findall(body)
    return body.replace(rows[-1], b"") if len(rows) == 3 else body


def _reversed(body: bytes) -> bytes:
    rows = MESSAGE.findall(body)
    return b"<DeliveryReport>\n" + b"".join(rows[::-1]) + b"</DeliveryReport>\n" if rows else body


def _race(ask: Upstream, request: Request, memory: dict[str, Any]) -> Response:
    """Pulls of the same reports at once both get them."""
    if operation(request) != PULL:
        return ask(request)
    lock = memory.setdefault("lock", threading.Lock())
    with lock:
        memory["inside"] = memory.get("inside", 0) + 1
        answer = ask(request)
        if answer.body == b"NO_DATA" and memory["inside"] > 1:
            answer = memory.get(request.target, answer)
        memory[request.target] = answer
    threading.Event().wait(0.02)
    memory["inside"] -= 1
    return answer


def _shifted(seconds: int, test: Any = lambda r: True) -> Any:
    """Pulls look at another moment than now."""

    def middleware(ask: Upstream, request: Request, memory: dict[str, Any]) -> Response:
        server = memory["server"]
        if operation(request) != PULL or not test(request):
            return ask(request)
        server.now += timedelta(seconds=seconds)
        try:
            return ask(request)
        finally:
            server.now -= timedelta(seconds=seconds)

    return middleware


def _as_owner(target: str) -> str:
    asked = parse_qs(urlsplit(target).query)
    return target.replace(asked["kullanici"][0], "test").replace("parola=second", "parola=test")


def _greedy(ask: Upstream, request: Request, memory: dict[str, Any]) -> Response:
    answer = ask(request)
    if operation(request) == PULL and answer.body != b"NO_DATA" and "messageid=" in request.target:
        ask(replace(request, target=re.sub("&messageid=[^&]*", "", request.target)))
    return answer


def _poisoned(ask: Upstream, request: Request, _: dict[str, Any]) -> Response:
    return Response(200, b"NO_DATA") if request.target.endswith(",yok") else ask(request)


def _no_generated(target: str) -> str:
    return re.sub(r",\d{18}(?=$|&|,)", "", target)


def _year_on(body: bytes) -> bytes:
    return re.sub(rb'donedate="(\d{4})', lambda m: b'donedate="%d' % (int(m[1]) + 1), body)


def _padded(text: bytes) -> bytes:
    return re.sub(rb"(?<!\d)(\d)(?!\d)", rb"0\1", text)


def _dates(change: Any, name: str = "(?:sent|done)date") -> Any:
    pattern = re.compile(rf'({name}=")([^"]*)'.encode())
    return change_answer(lambda body: pattern.sub(lambda m: m[1] + change(m[2]), body), PULL)


def _hours_back(text: bytes) -> bytes:
    return re.sub(rb" (\d+):", lambda m: b" %d:" % ((int(m[1]) - 3) % 24), text)


SPELT = frozenset({"R-02"})
SCHEDULE = frozenset({"S-15"})

DEVIATIONS = (
    Deviation(
        "R-01.1",
        "knows MessageId only",
        change_target(lambda t: t.replace("&messageid=", "&x=")),
        also=frozenset({"R-04", "R-07", "S-18"}),
    ),
    Deviation("R-01.3", "does not know pull/", answer_instead(has("/pull/?"), 404)),
    Deviation(
        "R-01.3",
        "knows messageid in lower case only",
        change_target(lambda t: re.sub("(MessageId|MESSAGEID|messageId)=[^&]*", "x=1", t)),
        also=frozenset({"R-04"}),
    ),
    Deviation("R-01.3", "does not know KULLANICI", change_target(lambda t: t.replace("KULLANICI", "k"))),
    Deviation(
        "R-02.1",
        "writes a declaration",
        change_answer(replacing("<DeliveryReport>", '<?xml version="1.0"?>\n<DeliveryReport>'), PULL),
    ),
    Deviation(
        "R-02.1",
        "swaps two attributes",
        change_answer(substituting(r'(sentdate="[^"]*") (donedate="[^"]*")', r"\2 \1"), PULL),
    ),
    Deviation(
        "R-02.1",
        "calls sentdate sent",
        change_answer(replacing("sentdate=", "sent="), PULL),
        also=frozenset({"R-08", "R-12"}),
    ),
    Deviation("R-02.2", "gives the newest first", change_answer(_reversed, PULL)),
    Deviation(
        "R-02.1", "names the root element reports", change_answer(replacing("DeliveryReport>", "reports>"), PULL)
    ),
    Deviation("R-03.1", "gives reports again", _again, also=frozenset({"R-06"})),
    Deviation("R-03.1", "loses one of three reports", change_answer(_last_lost, PULL), also=SPELT),
    Deviation(
        "R-03.3",
        "ends NO_DATA with a newline",
        change_answer(lambda b: b"NO_DATA\n" if b == b"NO_DATA" else b, PULL),
        also=frozenset({"R-06"}),
    ),
    Deviation(
        "R-03.2",
        "answers an empty document",
        change_answer(lambda b: b"<DeliveryReport></DeliveryReport>" if b == b"NO_DATA" else b, PULL),
        also=frozenset({"R-02", "R-06"}),
    ),
    Deviation("R-03.5", "gives a report to two pulls at once", _race, http=HttpBehaviour(together=True)),
    Deviation("R-04.3", "answers NO_DATA because of one unknown id", _poisoned),
    Deviation("R-04.3", "does not find generated ids", change_target(_no_generated), also=frozenset({"R-03", "S-03"})),
    Deviation("R-04.1", "consumes what was not named", _greedy, also=frozenset({"R-01", "R-03", "S-18"})),
    Deviation("R-04.2", "takes an empty list for none", change_target(lambda t: re.sub("&messageid=,*$", "", t))),
    Deviation(
        "R-05.1",
        "shows reports to another account",
        change_target(_as_owner, lambda r: "parola=second" in r.target),
        also=frozenset({"R-03"}),
    ),
    Deviation("R-06.2", "gives reports three seconds early", _shifted(3), also=frozenset({"R-11", "S-15", "S-16"})),
    Deviation(
        "R-06.2",
        "gives reports two seconds late",
        _shifted(-2),
        also=frozenset({"R-01", "R-02", "R-03", "R-04", "R-05", "R-09", "R-10", "R-12", "S-03", "S-18"}),
    ),
    Deviation("R-06.1", "writes dates in the future", change_answer(_year_on, PULL)),
    Deviation("R-07.1", "answers 5 to a missing user", change_answer(lambda b: b"5" if b == b"10" else b, PULL)),
    Deviation("R-07.1", "mixes signs", change_answer(lambda b: b"-5" if b == b"5" else b, PULL)),
    Deviation(
        "R-07.2",
        "ends the number with a newline",
        change_answer(lambda b: b + b"\n" if b in (b"5", b"10", b"11") else b, PULL),
    ),
    Deviation(
        "R-08.2",
        "writes ISO dates",
        _dates(lambda t: t.replace(b"/", b"-").replace(b" ", b"T")),
        also=frozenset({"R-02", "R-06", "R-11", "R-12"}),
    ),
    Deviation("R-08.4", "pads donedate only", _dates(_padded, "donedate")),
    Deviation("R-08.1", "writes Greenwich time", _dates(_hours_back)),
    Deviation(
        "R-09.1",
        "misspells DELIVERED",
        change_answer(replacing('"DELIVERED"', '"DELIVRD"'), PULL),
        also=frozenset({"R-02", "R-10", "S-19"}),
    ),
    Deviation(
        "R-09.2", "reports NOT_ALLOWED as REJECTED", change_answer(replacing('"NOT_ALLOWED"', '"REJECTED"'), PULL)
    ),
    Deviation(
        "R-10.2",
        "reports no error for a failure",
        change_answer(substituting(r'(status="REJECTED" gsmerror=")\d+', r"\g<1>0"), PULL),
    ),
    Deviation(
        "R-10.1",
        "reports an error for success",
        change_answer(substituting(r'(status="DELIVERED" gsmerror=")0', r"\g<1>1"), PULL),
    ),
    Deviation(
        "R-10.3",
        "reports an error for NOT_SENT",
        change_answer(substituting(r'(status="NOT_SENT" gsmerror=")0', r"\g<1>1"), PULL),
    ),
    Deviation("R-10.2", "confuses two errors", change_answer(replacing('gsmerror="27"', 'gsmerror="31"'), PULL)),
    Deviation(
        "R-11.1",
        "delivers scheduled messages at once",
        change_request(replacing("<ileriTarih>1h</ileriTarih>", "")),
        also=SCHEDULE,
    ),
    Deviation(
        "R-11.2",
        "reports 32 when the validity is over",
        change_answer(replacing('gsmerror="4101"', 'gsmerror="32"'), PULL),
        also=frozenset({"S-16"}),
    ),
    Deviation("R-11.2", "ignores the validity", change_request(replacing(">01:00</Val", ">48:00</Val"))),
    Deviation(
        "R-12.1",
        "swaps the two dates",
        change_answer(substituting(r'sentdate="([^"]*)" donedate="([^"]*)"', r'sentdate="\2" donedate="\1"'), PULL),
        also=frozenset({"R-11"}),
    ),
    Deviation(
        "R-12.1",
        "keeps one sentdate for all",
        change_answer(substituting(r'sentdate="([^" ]*) [^"]*"', r'sentdate="\1 9:0:0"'), PULL),
        also=frozenset({"R-08", "R-11"}),
    ),
)
