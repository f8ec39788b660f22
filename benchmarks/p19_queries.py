"""P19: pulls of one report and balance queries from 64 connections: bare aiohttp's processor time ÷ the emulator's.

Each pull names the id of a message that is delivered and was not pulled before, so each gives one report; all of them
are among some hundred thousand that wait. Bare aiohttp reads the query or the body and returns prepared bytes. The
ratio is of processor time a request, and both servers run alternately, as for P1.
"""

from __future__ import annotations

import re
import shutil
from http.client import HTTPConnection
from pathlib import Path

from benchmarks.bodies import SEND_PATH, balance_body, pull_target, send_body
from benchmarks.load import Load
from benchmarks.p1_send import temporary_folder
from benchmarks.processes import Server
from benchmarks.result import Bar, Effort, LeftOut, Result, Row
from benchmarks.servers import start

_A_SECOND = 25_000
"""More pulls than the emulator answers in a second."""
_RECIPIENTS = 50_000
"""Recipients of one send that fills the store."""
_PULLS = """
local id = {first}
wrk.method = "GET"
function request()
  id = id + 1
  return wrk.format("GET", "{target}" .. string.format("%.0f", id))
end
"""


def measure(effort: Effort) -> list[Row]:
    bar = Bar(0.6, 0.8, at_least=True)
    what = {"pull": "pull of 1 report", "balance": "balance query"}
    if shutil.which("wrk") is None:
        return [LeftOut("P19", f"{each}, bare aiohttp ÷ ours", "wrk is not installed") for each in what.values()]
    rows: list[Row] = []
    with temporary_folder() as folder, start.emulator(folder) as ours, start.bare_aiohttp(folder) as bare:
        for kind, name in what.items():
            turns = [_turn(effort, folder, kind, ours, bare) for _ in range(effort.pairs)]
            bare_best, our_best = (min(times) * 1e6 for times in zip(*turns, strict=True))
            detail = f"{bare_best:.0f} µs ÷ {our_best:.0f} µs at best"
            ratios = tuple(theirs / mine for theirs, mine in turns)
            rows.append(Result("P19", f"{name}, bare aiohttp's processor time ÷ ours", bar, ratios, detail))
    return rows


def _turn(effort: Effort, folder: Path, kind: str, ours: Server, bare: Server) -> tuple[float, float]:
    """Processor time a request of bare aiohttp and of the emulator."""
    if kind == "balance":
        load = Load(folder, balance_body())
    else:
        first = _delivered(ours, effort.seconds * _A_SECOND if effort.stored > _A_SECOND else 2000)
        load = Load(folder, b"", _PULLS.replace("{first}", str(first)).replace("{target}", pull_target("x")[:-1]))
    times = []
    for server in (bare, ours):
        by_cpu = load.rate(server, effort.seconds).by_cpu
        assert by_cpu is not None, "the system does not report processor time"
        times.append(1 / by_cpu)
    return times[0], times[1]


def _delivered(server: Server, count: int) -> int:
    """Send so many messages and wait until they are delivered; the first generated id."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
    first = 0
    for sent in range(0, count, _RECIPIENTS):
        connection.request("POST", SEND_PATH, send_body(min(_RECIPIENTS, count - sent), start=sent))
        content = connection.getresponse().read()
        identifier = re.search(rb"<messageid>(\d+)<", content)
        assert identifier is not None, content[:200]
        first = first or int(identifier[1])
    connection.request(
        "POST", "/_emulator/spaces/default/clock", b'{"advance": 5}', {"Content-Type": "application/json"}
    )
    answer = connection.getresponse()
    assert answer.status == 200, answer.read()
    connection.close()
    return first
