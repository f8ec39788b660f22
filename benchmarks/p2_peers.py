"""P2: sends to one recipient from 64 connections, divided by the rates of other fakes under the same load.

WireMock with templates is the closest peer: it also reads the number from the XML, generates an id and keeps a
journal of the same length; it validates, charges and stores nothing. pytest-httpserver with one prepared answer is
common in Python tests. The other rows are for comparison. A peer that is not available is left out, and its row has
the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from benchmarks import peers
from benchmarks.load import LoadFailed
from benchmarks.p1_send import ratio_to, temporary_folder
from benchmarks.processes import NotStarted, Server
from benchmarks.result import Bar, Effort, LeftOut, Row
from benchmarks.servers import start

Start = Callable[[Path], AbstractContextManager[Server]]


def _httpserver(folder: Path) -> AbstractContextManager[Server]:
    peers.require_httpserver()
    return start.httpserver(folder)


def _wiremock(folder: Path, *, templated: bool) -> AbstractContextManager[Server]:
    return start.wiremock(folder, peers.wiremock_command(), templated=templated)


def _mountebank(folder: Path, *, xpath: bool) -> AbstractContextManager[Server]:
    return start.mountebank(folder, peers.mountebank_command(), xpath=xpath)


def measure(effort: Effort) -> list[Row]:
    candidates: list[tuple[str, Start, Bar | None]] = [
        ("pytest-httpserver static", _httpserver, Bar(4.5, 7, at_least=True)),
    ]
    if effort.peers_from_npm:
        candidates += [
            ("WireMock templated", lambda folder: _wiremock(folder, templated=True), Bar(9, 15, at_least=True)),
            ("WireMock static", lambda folder: _wiremock(folder, templated=False), None),
            ("mountebank with XPath", lambda folder: _mountebank(folder, xpath=True), None),
            ("mountebank static", lambda folder: _mountebank(folder, xpath=False), Bar(1.8, 2.5, at_least=True)),
        ]
    rows: list[Row] = []
    for name, begin, bar in candidates:
        what = f"the same ÷ {name}"
        with temporary_folder() as folder:
            try:
                rows.append(ratio_to(effort, folder, "P2", what, begin(folder), bar))
            except (peers.PeerMissing, NotStarted, LoadFailed) as error:
                rows.append(LeftOut("P2", what, str(error)))
    return rows
