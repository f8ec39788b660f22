"""Whatever a server answers, the judge ends with a report, and never blames its own code for it."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from deviant_servers.deviation import Deviation, change_results
from deviant_servers.proxy import Upstream
from paper_server.httpd import Request, Response

from kobikom_contracts.clauses import CLAUSES
from kobikom_contracts.control import Control
from kobikom_contracts.core.profiles import PROFILES
from kobikom_contracts.core.report.html import html_report
from kobikom_contracts.core.report.machine import json_report, junit_report
from kobikom_contracts.core.verdicts import Outcome, Run
from kobikom_contracts.reader import DECLARATION
from kobikom_contracts.server_suite.judge import judge_server
from kobikom_contracts.server_suite.target import Target

from .answering import BALANCE, answering, framed

# The judge draws, too, inside a test that draws what it is answered.
nested = settings(suppress_health_check=[HealthCheck.nested_given, HealthCheck.too_slow])
SMALLEST = replace(
    PROFILES["tiny"], name="smallest", examples=2, machine_runs=2, machine_steps=5, threads=2, thrifty=2, shrink=False
)
# Contracts of these wait for real time to pass when nothing comes; they are judged elsewhere.
SLOW = frozenset({"S-19", "T-04"})
SOME_CLAUSES = st.lists(st.sampled_from([c for c in CLAUSES if c not in SLOW]), min_size=1, max_size=3, unique=True)

ODD = st.sampled_from(
    (
        "",
        "0",
        "-1",
        "²",
        "٣",
        "NaN",
        "sNaN",
        "Infinity",
        "1e999999",
        "9" * 5000,
        "1_000",
        "-0",
        "18.532",
        "\x00",
        "&#0;",
    )
)
STATUS = st.sampled_from(("0", "0", "0", "-5", "-13", "-33")) | ODD
DATES = st.sampled_from(
    ("2026/1/31 9:0:0", "0000/0/0 0:0:0", "0001/1/1 0:0:0", "9999/12/31 23:59:59", "٢٠٢٦/1/1 1:1:1")
)


@st.composite
def results(draw: st.DrawFn) -> str:
    """A send answer with any number of results, each of any status and id."""
    rows = draw(st.lists(st.tuples(STATUS, ODD | st.just("1" * 18), ODD | st.just("905329975725")), max_size=4))
    inner = "".join(
        f"<result>\n<status>{s}</status><messageid>{i}</messageid><destination>{d}</destination></result>\n"
        for s, i, d in rows
    )
    return f"{DECLARATION}\n<results>\n{inner}</results>\n"


@st.composite
def reports(draw: st.DrawFn) -> str:
    """A delivery report with odd values in every place."""
    rows = draw(st.lists(st.tuples(ODD, DATES | ODD, DATES | ODD, ODD | st.just("DELIVERED"), ODD), max_size=3))
    inner = "".join(
        f'<message id="{i}" sentdate="{s}" donedate="{d}" status="{t}" gsmerror="{e}"/>\n' for i, s, d, t, e in rows
    )
    return f"<DeliveryReport>\n{inner}{draw(st.sampled_from(('', '</DeliveryReport>')))}"


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """A document of the dialect with odd contents, perhaps cut short."""
    amount, title = draw(ODD), draw(ODD)
    document = draw(
        st.one_of(
            results(),
            reports(),
            st.just(f"{DECLARATION}<bakiye><miktar>{amount}</miktar><kur>{title}</kur></bakiye>"),
            st.just(f"<basliklar><normal><baslik>{title}</baslik></normal><sayisal/></basliklar>"),
            st.sampled_from(("NO_DATA", "5", "-10", amount)),
        )
    ).encode()
    return document[: draw(st.integers(0, len(document)))] if draw(st.booleans()) else document


HEADS = st.sampled_from(
    (
        b"", b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 \xb2\xb2\xb2 OK\r\n\r\n",
        b"HTTP/1.1 200\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: \xb2\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n", b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"HTTP/1.1 204 No Content\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n: no name\r\n\r\n", b"ICY 200 OK\r\n\r\n", b"HTTP/1.1 500 x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 30 + b"\r\n\r\n", b"<html>",
    )
)  # fmt: skip
REPLIES = st.one_of(
    documents().map(framed),
    documents().map(framed),
    st.binary(max_size=60).map(framed),
    st.tuples(HEADS, documents()).map(b"".join),
    st.binary(max_size=60),
)


def reported(run: Run, clauses: list[str]) -> None:
    """Every clause has a verdict, every report can be written and read, and no contract crashed."""
    assert set(clauses) <= {verdict.clause.id for verdict in run.verdicts}
    assert len(run.verdicts) == len(json.loads(json_report(run))["clauses"])
    assert len(run.verdicts) + bool(run.ended) == len(
        ET.fromstring(junit_report(run, lambda v: v.clause.id)).findall("*/testcase")
    )
    assert html_report(run, lambda v: v.clause.id).endswith("</html>\n")
    assert [] == [v.traceback for v in run.verdicts if v.traceback]


@nested
@given(st.lists(REPLIES, min_size=1, max_size=5), SOME_CLAUSES)
def test_random_answers_end_in_a_report(replies: list[bytes], clauses: list[str]) -> None:
    """Random documents, bytes, status lines and headers, closed connections: a verdict on each clause."""
    with answering(replies, first=[framed(BALANCE)] * 2) as url:
        target = Target(
            url, "test", "test", exclusive=True, second=("other", "x"), timeout=1.0, patience=0.0, budget=500
        )
        run = judge_server(target, profile=SMALLEST, only=clauses, wait=lambda _: None)
    reported(run, clauses)


DAMAGES = (
    lambda body: body[: len(body) // 2],
    lambda body: body.replace(b"</result>\n", b"</result>\n<!-- ", 1),
    lambda body: body[: body.find(b"<result>")] + b"</results>\n" if b"<result>" in body else b"",
    lambda body: body.replace(b"0", "²".encode()),
    lambda body: body.replace(b"<miktar>", b"<miktar>sNaN"),
    lambda body: body.replace(b"<status>0<", b"<status>-99<", 1),
    lambda body: body.replace(b'donedate="2', b'donedate="x2'),
    lambda body: body * 2,
    lambda body: b"\xff\x00<",
)


@settings(nested, max_examples=settings().max_examples if settings().max_examples > 100 else 25)
@given(st.lists(st.none() | st.sampled_from(range(len(DAMAGES))), min_size=1, max_size=12), SOME_CLAUSES)
def test_damaged_answers_end_in_a_report(plan: list[int | None], clauses: list[str]) -> None:
    """A server in good order of which some answers are damaged: contracts fail wherever they are."""

    def damaged(ask: Upstream, request: Request, memory: dict[str, Any]) -> Response:
        memory["asked"] = asked = memory.get("asked", 0) + 1
        answer = ask(request)
        damage = plan[asked % len(plan)]
        # The login and the balance that is put back afterwards are read before any contract runs.
        return answer if damage is None or asked <= 2 else replace(answer, body=DAMAGES[damage](answer.body))

    with Deviation("T-01.1", "nothing", damaged).served() as url:
        control = Control(url)
        control.probe()
        target = Target(url, "test", "test", control=control, timeout=1.0)
        run = judge_server(target, profile=SMALLEST, only=clauses)
    reported(run, clauses)


@pytest.mark.parametrize("kept", [0, 1])
def test_fewer_results_than_asked_for(kept: int) -> None:
    """Answers that hold too few results violate clauses; every clause is judged all the same."""
    with Deviation("T-01.1", "nothing", change_results(lambda found: found[:kept])).served() as url:
        control = Control(url)
        control.probe()
        run = judge_server(Target(url, "test", "test", control=control, timeout=2.0), profile=SMALLEST)
    reported(run, list(CLAUSES))
    assert Outcome.VIOLATED is run.of("S-01").outcome
