"""Deviations that show in traffic whose contract asks for something else: the audit of every exchange finds them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from paper_server.dialect import Result
from paper_server.httpd import Request, Response

from deviant_servers.controlled_server import ControlledServer
from deviant_servers.deviation import (
    Deviation,
    answer_instead,
    change_answer,
    change_results,
    change_status,
    operation,
    replacing,
    results,
)
from deviant_servers.proxy import Upstream


def _consumes_when_refused(ask: Upstream, request: Request, memory: dict[str, Any]) -> Response:
    """A pull that is refused takes the reports with it."""
    answer = ask(request)
    if operation(request) == "pull" and answer.body in (b"5", b"10", b"11"):
        memory["server"].world.accounts["test"].waiting.clear()
    return answer


def _titles_cost_a_report(ask: Upstream, request: Request, memory: dict[str, Any]) -> Response:
    """A title query takes one waiting report with it."""
    if operation(request) == "titles":
        del memory["server"].world.accounts["test"].waiting[:1]
    return ask(request)


def _charges_large_sends_more(ask: Upstream, request: Request, memory: dict[str, Any]) -> Response:
    """One part more for a send to more than 50."""
    answer = ask(request)
    if operation(request) == "send" and sum(one.status == 0 for one in results(answer.body)) > 50:
        memory["server"].world.accounts["test"].credit -= 1
    return answer


def _finds_by_the_beginning(ask: Upstream, request: Request, memory: dict[str, Any]) -> Response:
    """An id of which one character is missing finds its report."""
    named = re.search(r"messageid=([^&,]{8,})(?=&|$)", request.target)
    if operation(request) == "pull" and named is not None:
        waiting = [one.id for one in memory["server"].world.accounts["test"].waiting]
        longer = next((one for one in waiting if one[:-1] == named[1]), None)
        if longer is not None and named[1] not in waiting:
            return ask(replace(request, target=request.target.replace(named[1], longer)))
    return ask(request)


def _late_dates(ask: Upstream, request: Request, memory: dict[str, Any]) -> Response:
    """The donedate is the time of the pull."""
    answer = ask(request)
    now = memory["server"].now
    date = f"{now.year}/{now.month}/{now.day} {now:%H:%M:%S}".encode()
    return replace(answer, body=re.sub(rb'donedate="[^"]*"', b'donedate="' + date + b'"', answer.body))


def _shared_id(rows: list[Result]) -> list[Result]:
    """Past the fiftieth recipient the id of the fiftieth."""
    return [replace(row, message_id=rows[49].message_id) if index > 49 else row for index, row in enumerate(rows)]


def _joined_blanks(server: ControlledServer) -> None:
    shown = server.shown
    server.shown = lambda message: {**shown(message), "text": re.sub(" +", " ", shown(message)["text"])}  # type: ignore[method-assign]


# ``also`` names the clause whose traffic shows it, too.
DEVIATIONS = (
    Deviation("R-03.1", "consumes every report when it refuses a pull", _consumes_when_refused),
    Deviation(
        "R-03.1", "loses a waiting report at every title query", _titles_cost_a_report, also=frozenset({"H-01", "S-03"})
    ),
    Deviation("C-01.1", "charges a send to more than 50 one part more", _charges_large_sends_more),
    Deviation("R-04.1", "finds a report by the beginning of its id", _finds_by_the_beginning),
    Deviation("R-06.1", "writes the time of the pull as donedate", _late_dates, also=frozenset({"R-04"})),
    Deviation("S-02.5", "gives one id to all past the fiftieth", change_results(_shared_id)),
    Deviation("S-21.1", "stores runs of blanks as one", configure=_joined_blanks),
    Deviation(
        "S-03.1",
        "echoes an ampersand unescaped",
        change_answer(replacing("&amp;", "&"), "send"),
        also=frozenset({"T-10"}),
    ),
    Deviation(
        "B-01.1",
        "ends a balance with a comment",
        change_answer(lambda b: b + b"<!-- -->", "balance"),
        also=frozenset({"A-06"}),
    ),
    Deviation(
        "T-08.2",
        "answers large sends with HTTP 201",
        change_status(lambda b: b.count(b"<result>") > 50, 201),
        also=frozenset({"S-01"}),
    ),
    Deviation("T-08.4", "answers HEAD with 200", answer_instead(lambda r: r.method == "HEAD", 200)),
)
