"""Whatever an adapter answers and its client writes, the judge ends with a report, and never blames its own code."""

from __future__ import annotations

import contextlib
import itertools
import json
import socket
import sys
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kobikom_contracts import strategies as kobikom
from kobikom_contracts.clauses import Clause
from kobikom_contracts.client_suite import adapter_protocol
from kobikom_contracts.client_suite.adapter_lines import read_line
from kobikom_contracts.client_suite.adapter_protocol import Able, Capabilities, Capability, Credit, Request
from kobikom_contracts.client_suite.blame import BlamingSession
from kobikom_contracts.client_suite.clauses import CLIENT_CLAUSES
from kobikom_contracts.client_suite.expected_reports import expect_reports
from kobikom_contracts.client_suite.judge import judge_client
from kobikom_contracts.core.profiles import PROFILES
from kobikom_contracts.core.report.html import html_report
from kobikom_contracts.core.report.machine import json_report, junit_report
from kobikom_contracts.core.verdicts import Outcome, Run
from kobikom_contracts.reader import Report

SMALLEST = replace(PROFILES["tiny"], name="smallest", examples=2, shrink=False)
# K-17 and K-24 need large answers or real time, K-22 waits for a client to be silent.
SLOW = frozenset({"K-17", "K-22", "K-24"})
SOME_CLAUSES = st.lists(
    st.sampled_from([c for c in CLIENT_CLAUSES if c not in SLOW]), min_size=1, max_size=3, unique=True
)

ODD = st.sampled_from(("", "0", "-1", "²", "NaN", "sNaN", "1e999999", "9" * 5000, "905329975725", "\x00", "\ud800"))
DATES = st.sampled_from(
    ("2026/1/31 9:0:0", "0000/0/0 0:0:0", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "now", "")
)
NUMBERS = st.sampled_from((0, -1, -5, 10**30, 1.5))
RESULTS = st.fixed_dictionaries(
    {"results": st.lists(st.fixed_dictionaries({"status": NUMBERS, "destination": ODD, "message_id": ODD | st.none()}))}
)
REPORT = st.fixed_dictionaries({"id": ODD, "status": ODD, "gsmerror": NUMBERS, "sent_at": DATES, "done_at": DATES})
ERROR = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(("refused", "transport", "malformed", "unknown_fate", "other")),
        "code": NUMBERS | st.none(),
    }
)
ANSWERS = st.one_of(
    RESULTS,
    st.fixed_dictionaries({"reports": st.lists(REPORT, max_size=3)}),
    st.fixed_dictionaries({"error": ERROR}, optional={"reports": st.lists(REPORT, max_size=3)}),
    st.fixed_dictionaries({"amount": ODD, "currency": ODD}),
    st.fixed_dictionaries({"alphanumeric": st.lists(ODD), "numeric": st.lists(ODD)}),
)
LINES = st.one_of(
    ANSWERS.map(lambda answer: json.dumps(answer).encode()),
    st.binary(max_size=40),
    st.sampled_from((b"", b"null", b"[" * 100_000, b'{"results": ' + b"[" * 5_000, b'"\\ud800"')),
)


def post(body: bytes, *headers: str, method: str = "POST", target: str = "/api/sendsms/xml/") -> bytes:
    """A request, its Content-Length right unless a header says another."""
    rows = [f"{method} {target} HTTP/1.1", "Host: x", *headers]
    rows += [] if any("ength" in header for header in headers) else [f"Content-Length: {len(body)}"]
    return "\r\n".join(rows).encode() + b"\r\n\r\n" + body


REQUESTS = st.one_of(
    st.just(b""),
    st.binary(max_size=60),
    kobikom.near_valid_bodies("test", "parola").map(post),
    kobikom.sends("test", "parola").map(lambda send: post(send.body())),
    st.sampled_from(
        (
            post(b"", method="GET", target="//[::1/pull?kullanici=test"),
            post(b"", method="GET", target="/api/sendsms/xml/pull?kullanici=test&parola=parola&messageid=%FF,,"),
            post(b"<SMS>", "Content-Length: " + "9" * 30),
            post(b"<SMS/>", "Transfer-Encoding: chunked"),
            post(b"-5\r\nabc\r\n", "Transfer-Encoding: chunked"),
            post(
                b'--x\r\nContent-Disposition: form-data; name="XML"\r\n\r\n--x--',
                "Content-Type: multipart/form-data; boundary=x",
            ),
            post(
                '<?xml version="1.0" encoding="utf-16"?><SMS/>'.encode("utf-16"),
                "Content-Type: text/xml; charset=nonsense",
            ),
            post(b"XML=%3CSMS%3E%FF"),
            post(b"<SMS>" + b"<a>" * 5_000),
        )
    ),
)  # fmt: skip


class RandomClient:
    """An adapter that writes the next of some requests and answers the next of some lines."""

    name = "random"

    def __init__(self, lines: list[bytes], requests: list[bytes]) -> None:
        self.last = ("", "")
        self._lines = itertools.cycle(lines)
        self._requests = itertools.cycle(requests)

    def ask(self, call: Request, patience: float) -> Any:
        """The capabilities are all; anything else is answered at random."""
        if isinstance(call, Capabilities):
            return Able(tuple(one for one in Capability if one is not Capability.TIMEOUT))
        with contextlib.suppress(OSError):
            self.write(urlsplit(getattr(call, "url", "")).port or 0, next(self._requests))
        line = next(self._lines)
        self.last = ("a call", line[:100].decode("latin-1"))
        return read_line(call, line)

    def write(self, port: int, request: bytes) -> None:
        """Write a request and wait for the first bytes of its answer."""
        if request:
            with socket.create_connection(("127.0.0.1", port), 5) as wire:
                wire.sendall(request)
                wire.shutdown(socket.SHUT_WR)
                wire.recv(1000)

    def close(self) -> None:
        """Nothing to end."""


def reported(run: Run) -> None:
    """Every report can be written and read, and no contract crashed."""
    assert len(run.verdicts) == len(json.loads(json_report(run))["clauses"])
    assert len(run.verdicts) + bool(run.ended) == len(
        ET.fromstring(junit_report(run, lambda v: v.clause.id)).findall("*/testcase")
    )
    assert html_report(run, lambda v: v.clause.id).endswith("</html>\n")
    assert [] == [verdict.traceback for verdict in run.verdicts if verdict.traceback]


@settings(suppress_health_check=[HealthCheck.nested_given, HealthCheck.too_slow])
@given(st.lists(LINES, min_size=1, max_size=5), st.lists(REQUESTS, min_size=1, max_size=3), SOME_CLAUSES)
def test_random_lines_end_in_a_report(lines: list[bytes], requests: list[bytes], clauses: list[str]) -> None:
    """Random lines of the adapter protocol, random bytes and requests on the wire: a verdict on each clause."""
    run = judge_client(RandomClient(lines, requests), profile=SMALLEST, only=clauses, patience=5.0)
    assert set(clauses) <= {verdict.clause.id for verdict in run.verdicts}
    reported(run)


@pytest.mark.parametrize("line", [b"\xff\xfe", b"[" * 100_000, b"nonsense", b"{}"])
def test_a_program_that_prints_anything_is_judged(line: bytes) -> None:
    """A process that answers every call but the first with the same bytes: all clauses have a verdict."""
    program = f"""
import sys
for call in sys.stdin.buffer:
    answer = b'{{"capabilities": ["balance"]}}' if b"capabilities" in call else {line!r}
    sys.stdout.buffer.write(answer + b"\\n")
    sys.stdout.buffer.flush()
"""
    run = judge_client([sys.executable, "-S", "-E", "-c", program], profile=SMALLEST, only=("K-35",), patience=20.0)
    reported(run)
    assert Outcome.VIOLATED is run.of("K-35").outcome


def test_a_script_that_crashes_is_an_error_of_the_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception in the thread of the scripted server ends in the verdict `error`, with its traceback."""
    from kobikom_contracts.client_suite import session

    class Crashing:
        answered = True

        def __init__(self, *_: object) -> None: ...

        def __call__(self, _: object) -> Any:
            raise ZeroDivisionError("in the script")

    class Asking(RandomClient):
        def ask(self, call: Request, patience: float) -> Any:
            super().ask(call, patience)
            return Able((Capability.BALANCE,)) if isinstance(call, Capabilities) else Credit("1", "TRY")

    monkeypatch.setattr(session, "CallScript", Crashing)
    body = b"<bakiye><dogrulama><kullanici>test</kullanici><parola>parola</parola></dogrulama></bakiye>"
    client = Asking([b'{"amount": "1", "currency": "TRY"}'], [post(body)])
    verdict = judge_client(client, profile=SMALLEST, only=("K-35",), patience=5.0).of("K-35")
    assert Outcome.ERROR is verdict.outcome
    assert "ZeroDivisionError: in the script" in verdict.detail
    assert "in __call__" in verdict.traceback


@pytest.mark.parametrize("date", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "now", ""])
def test_dates_that_no_calendar_holds_are_violations(date: str) -> None:
    """A report's date at either end of the calendar, or none at all, violates K-27 and crashes nothing."""
    handed_out = Report("a", "2026/1/31 9:0:0", "2026/1/31 9:0:1", "DELIVERED", "0")
    reported = adapter_protocol.Report("a", "DELIVERED", 0, date, date)
    session = Reading(capabilities=frozenset(), profile=SMALLEST, seed=0)
    expect_reports(session, [handed_out], adapter_protocol.Pulled((reported,)))
    assert ["K-27"] == [one.statement for one in session.filed]


class Reading(BlamingSession):
    """A session without a client."""

    def observed_reading(self, clause: Clause) -> str | None:
        """None was observed."""
        return None
