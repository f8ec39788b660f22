"""What a target does that says nothing about a clause is named once, and no clause is blamed for it."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from deviant_servers.deviation import code
from deviant_servers.proxy import Middleware, Upstream
from paper_server.httpd import Request, Response

from kobikom_contracts.core.runner import ContractEnded
from kobikom_contracts.core.verdicts import Outcome, Run
from kobikom_contracts.http_connection import HttpAnswer
from kobikom_contracts.server_suite.contracts import server_contracts
from kobikom_contracts.server_suite.encodings import decompressed
from kobikom_contracts.server_suite.judge import judge_server
from kobikom_contracts.server_suite.logins import MOST_WRONG_LOGINS, Login, login_in, login_in_query
from kobikom_contracts.server_suite.target import Target

from .failing_servers import waited_for

ACCUSED = (Outcome.VIOLATED, Outcome.DIFFERS, Outcome.ERROR)


def judge(middleware: Middleware | None, *only: str, watch: Any = None, **more: Any) -> Run:
    """A tiny run without the control API."""
    with waited_for(middleware) as (url, wait):
        target = Target(url, "test", "test", exclusive=True, timeout=3.0, **more)
        return judge_server(target, profile="tiny", only=only, wait=wait, watch=watch)


def accused(run: Run) -> dict[str, str]:
    """The clauses that are said not to be kept."""
    return {v.clause.id: f"{v.expected}; {v.found}" for v in run.verdicts if v.outcome in ACCUSED}


def right_login(request: Request) -> bool:
    """True of a request with the account's own login."""
    return login_in(request.body) == Login("test", "test") or login_in_query(request.target) == Login("test", "test")


def locking(after: int, *, in_a_row: bool) -> Middleware:
    """An account that is locked for good after so many wrong logins."""

    def middleware(ask: Upstream, request: Request, memory: dict[str, Any]) -> Response:
        login = login_in(request.body) or login_in_query(request.target)
        if memory.get("wrong", 0) >= after:
            pull = "/pull" in request.target
            return Response(200, b"5" if pull else code(-5), {"Content-Type": "text/csv;charset= UTF-8"})
        if login is not None and login.user == "test" and login.password:
            wrong = login.password != "test"
            memory["wrong"] = memory.get("wrong", 0) + 1 if wrong else 0 if in_a_row else memory.get("wrong", 0)
        return ask(request)

    return middleware


def test_a_locked_account_is_named_once() -> None:
    """After four wrong logins nothing is let in any more: one disturbance, no clause accused."""
    run = judge(locking(4, in_a_row=False))
    assert {} == accused(run)
    assert ["locked-account"] == [one.kind for one in run.disturbances]
    assert "the account's own login is refused after 4 wrong ones" in run.disturbances[0].sentence


def test_wrong_logins_are_spread() -> None:
    """A server that locks an account after two wrong logins in a row never does: the right one comes in between."""
    run = judge(locking(2, in_a_row=True))
    assert ({}, ()) == (accused(run), run.disturbances)
    assert MOST_WRONG_LOGINS >= run.spent["wrong logins"] > 0


def test_wrong_logins_come_last_and_are_counted_as_planned() -> None:
    """Each contract tries as many wrong logins as it says; with all that try any, the run ends."""
    counted: Counter[str] = Counter()
    order: list[str] = []

    def count(ask: Upstream, request: Request, memory: dict[str, Any]) -> Response:
        login = login_in(request.body) or login_in_query(request.target)
        if login is not None and login.user == "test" and login.password not in ("test", ""):
            counted["total"] += 1
        return ask(request)

    def watch(event: ContractEnded) -> None:
        order.append(event.name)
        counted[event.name] = counted["total"] - sum(counted[name] for name in order[:-1])

    judge(count, watch=watch)
    planned = {one.name: one.wrong_logins for one in server_contracts()}
    assert planned == {name: counted[name] for name in planned}
    first = next(index for index, name in enumerate(order) if planned[name])
    assert all(planned[name] for name in order[first:])


def test_the_number_of_wrong_logins_can_be_limited() -> None:
    """With none allowed the contracts that need one are not checkable and name the option."""
    run = judge(None, "A-06", "R-07", wrong_logins=0)
    assert 0 == run.spent["wrong logins"]
    assert [True, True] == ["--wrong-logins" in verdict.detail for verdict in run.verdicts]


@pytest.mark.parametrize(("status", "headers"), [(429, {}), (429, {"Retry-After": "2"}), (503, {"Retry-After": "2"})])
def test_a_limited_rate_is_named_once(status: int, headers: dict[str, str]) -> None:
    """Every seventh request is put off: named once with how often, no clause accused, a pace suggested."""
    waits: list[float] = []

    def limited(ask: Upstream, request: Request, memory: dict[str, Any]) -> Response:
        memory["asked"] = memory.get("asked", 0) + 1
        return Response(status, b"slow down", headers) if memory["asked"] % 7 == 0 else ask(request)

    with waited_for(limited) as (url, wait):

        def counted(seconds: float) -> None:
            waits.append(seconds)
            wait(seconds)

        target = Target(url, "test", "test", exclusive=True, timeout=3.0)
        run = judge_server(target, profile="tiny", only=("S", "C", "A"), wait=counted)
    assert {} == accused(run)
    (disturbance,) = run.disturbances
    assert ("rate-limit", True) == (disturbance.kind, "give --pace N" in disturbance.sentence)
    assert disturbance.times > 1
    assert waits


COMPRESSIONS = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "x-gzip": gzip.compress,
}


@pytest.mark.parametrize("name", COMPRESSIONS)
def test_compression_that_nobody_asked_for_is_named_once(name: str) -> None:
    """Compressed answers are read all the same: nothing is accused, one disturbance."""

    def compressed(ask: Upstream, request: Request, _: dict[str, Any]) -> Response:
        answer = ask(request)
        return replace(
            answer, body=COMPRESSIONS[name](answer.body), headers={**answer.headers, "Content-Encoding": name}
        )

    run = judge(compressed, "S-01", "S-03", "B-01", "H-01", "C-01")
    assert ({}, ["compression"]) == (accused(run), [one.kind for one in run.disturbances])
    assert 5 == sum(verdict.outcome is Outcome.HELD for verdict in run.verdicts)


def test_what_cannot_be_decompressed_stays_as_it_is() -> None:
    """An answer is not decompressed when the coding is unknown, or when the body is not of that coding."""
    answers = [
        HttpAnswer(200, "OK", "HTTP/1.1", (("Content-Encoding", name),), b"<x/>", "length") for name in ("br", "gzip")
    ]
    assert [None, None] == [decompressed(one) for one in answers]
