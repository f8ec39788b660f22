"""Deviations of C and E: charges, and codes that nothing provoked."""

from __future__ import annotations

import threading
from dataclasses import replace
from decimal import Decimal
from typing import Any

from paper_server.dialect import Result, balance_answer
from paper_server.httpd import Request, Response

from deviant_servers.controlled_server import ControlledServer
from deviant_servers.deviation import (
    Deviation,
    always,
    answer_instead,
    change_answer,
    change_results,
    code,
    has,
    operation,
    performed_twice,
    results,
    substituting,
)
from deviant_servers.proxy import HttpBehaviour, Upstream


def _credit(memory: dict[str, Any], change: Decimal) -> None:
    account = memory["server"].world.accounts["test"]
    account.credit = max(account.credit + change, Decimal(0))


def _charges_refusals(which: str, status: int) -> Any:
    def middleware(ask: Upstream, request: Request, memory: dict[str, Any]) -> Response:
        answer = ask(request)
        if operation(request) == "send" and which.encode() in request.body:
            _credit(memory, Decimal(-sum(r.status == status for r in results(answer.body))))
        return answer

    return middleware


def _pays_back(ask: Upstream, request: Request, memory: dict[str, Any]) -> Response:
    answer = ask(request)
    if operation(request) == "pull" and b'status="NOT_DELIVERED"' in answer.body:
        _credit(memory, Decimal(1))
    return answer


def _no_refunds(server: ControlledServer) -> None:
    server.world._settle = lambda *_: None  # type: ignore[method-assign]


def _surcharge(ask: Upstream, request: Request, memory: dict[str, Any]) -> Response:
    """The second recipient of a send costs two."""
    answer = ask(request)
    if operation(request) == "send" and sum(r.status == 0 for r in results(answer.body)) > 2:
        _credit(memory, Decimal(-1))
    return answer


def _last_first(rows: list[Result]) -> list[Result]:
    statuses = [r.status for r in rows][::-1]
    return [replace(r, status=s) for r, s in zip(rows, statuses, strict=True)] if -2 in statuses else rows


def _generous(rows: list[Result]) -> list[Result]:
    return [
        replace(r, status=0, message_id="10000000000000000" + str(i)) if r.status == -2 else r
        for i, r in enumerate(rows)
    ]


def _lost_update(ask: Upstream, request: Request, memory: dict[str, Any]) -> Response:
    """Read the credit, wait a moment, write it: what another wrote meanwhile is lost."""
    if operation(request) != "send":
        return ask(request)
    account = memory["server"].world.accounts["test"]
    with memory.setdefault("lock", threading.Lock()):
        before = account.credit
    threading.Event().wait(0.02)
    with memory["lock"]:
        account.credit = before
        return ask(request)


def _parallel_free(ask: Upstream, request: Request, memory: dict[str, Any]) -> Response:
    """A send that finds another under way is forgotten when it comes to paying."""
    if operation(request) != "send":
        return ask(request)
    lock = memory.setdefault("lock", threading.Lock())
    memory["inside"] = memory.get("inside", 0) + 1
    threading.Event().wait(0.02)
    with lock:
        crowd = memory["inside"] > 1
        memory["inside"] -= 1
        answer = ask(request)
        if crowd:
            _credit(memory, Decimal(1))
        return answer


def _late_books(ask: Upstream, request: Request, memory: dict[str, Any]) -> Response:
    """The balance after a send to two is shown one query late."""
    answer = ask(request)
    if operation(request) == "balance" and b"<miktar>" in answer.body:
        shown = answer.body
        if memory.pop("stale", False) and "last" in memory:
            shown = memory["last"]
        memory["last"] = answer.body
        return replace(answer, body=shown)
    if operation(request) == "send" and request.body.count(b"<gsm") == 2:
        memory["stale"] = True
    return answer


def _scheduled_later(ask: Upstream, request: Request, memory: dict[str, Any]) -> Response:
    answer = ask(request)
    if b"<ileriTarih>1h<" in request.body:
        _credit(memory, Decimal(1))
    return answer


def _rounded(ask: Upstream, request: Request, memory: dict[str, Any]) -> Response:
    answer = ask(request)
    if operation(request) == "balance" and b"<miktar>" in answer.body:
        credit = memory["server"].world.accounts["test"].credit
        return replace(answer, body=balance_answer((credit / 10).to_integral_value() * 10, "TRY"))
    return answer


def _every(count: int, status: int) -> Any:
    """Refuse each so-many-th send with a code, and do nothing else."""

    def middleware(ask: Upstream, request: Request, memory: dict[str, Any]) -> Response:
        if operation(request) != "send":
            return ask(request)
        memory["n"] = memory.get("n", 0) + 1
        return answer_instead(always, code(status))(ask, request, memory) if memory["n"] % count == 0 else ask(request)

    return middleware


DEVIATIONS = (
    Deviation("C-01.1", "charges a third recipient twice", _surcharge, also=frozenset({"C-04"})),
    Deviation("C-01.1", "charges a scheduled message when it is sent", _scheduled_later),
    Deviation("C-01.1", "charges a scheduled message twice", performed_twice(has("<ileriTarih>1h<"))),
    Deviation(
        "C-04.1", "serves the last recipients first", change_results(_last_first), also=frozenset({"C-02", "S-02"})
    ),
    Deviation(
        "C-02.1",
        "answers -1 when the credit is short",
        change_results(lambda f: [replace(r, status=-1) if r.status == -2 else r for r in f]),
        also=frozenset({"E", "C-04"}),
    ),
    Deviation("C-02.1", "sends without enough credit", change_results(_generous), also=frozenset({"C-04", "R-03"})),
    Deviation("C-03.1", "charges a refused request", _charges_refusals("<flash>7<", -23)),
    Deviation("C-03.1", "charges bad numbers", _charges_refusals(">90212<", -13)),
    Deviation("C-03.2", "keeps the charge of NOT_ALLOWED", configure=_no_refunds),
    Deviation("C-03.2", "refunds every failure", _pays_back),
    Deviation("C-04.1", "loses an update under a race", _lost_update, http=HttpBehaviour(together=True)),
    Deviation("C-04.1", "does not charge parallel sends", _parallel_free, http=HttpBehaviour(together=True)),
    Deviation(
        "C-05.1", "shows the charge one query late", _late_books, also=frozenset({"C-01", "C-03", "S-22", "C-04"})
    ),
    Deviation(
        "C-05.1",
        "shows whole tens only",
        _rounded,
        also=frozenset({"C-01", "C-03", "C-04", "B-01", "S-22", "C-02", "S-11"}),
    ),
    Deviation("E.1", "answers a code of its own", answer_instead(lambda r: r.body == b"<SMS>", code(-7))),
    Deviation(
        "E.2",
        "answers -26 now and then",
        _every(7, -26),
        also=frozenset({"A-03", "C-01", "C-03", "R-03", "S-22", "T-10"}),
    ),
    Deviation(
        "E.2",
        "answers -99 to two recipients",
        change_results(lambda f: [replace(r, status=-99) for r in f] if len(f) == 2 else f),
        also=frozenset({"C-01", "C-03", "C-05", "S-02", "S-06", "S-22"}),
    ),
    Deviation(
        "E.3",
        "leaves the opening tag of later results out",
        change_answer(substituting(r"(</result>\n)<result>\n", r"\1"), "send"),
        also=frozenset({"T-10"}),
    ),
    Deviation(
        "E.2",
        "answers an armed code as -23",
        change_results(lambda f: [replace(r, status=-23) if r.status == -99 else r for r in f]),
    ),
)
