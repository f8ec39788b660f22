"""`kobikom-contracts trace` judges a recording statement by statement: what its exchanges show, if it is certain."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import jsonschema_rs
import pytest
from click.testing import CliRunner
from day_of_an_application import AYSE, MEHMET, PATH, Application, live, recorded

from kobikom_contracts.cli import main
from kobikom_contracts.core.verdicts import Outcome, Run
from kobikom_contracts.documents import Block, Recipient, Send, pull_path, query
from kobikom_contracts.reader import DECLARATION
from kobikom_contracts.recording.exchanges import Ended, RecordedExchange
from kobikom_contracts.recording.har_files import HarFile, read_har
from kobikom_contracts.trace.judge import judge_recordings, recordings_of
from kobikom_emulator import Emulator

START = datetime(2026, 3, 5, 6, 4, 7, tzinfo=UTC)
BROKEN = (Outcome.VIOLATED, Outcome.DIFFERS)
NOT_AS_DOCUMENTED = {"K-03", "K-07", "K-11", "K-12"}
"""What the day writes on purpose: other encodings, other spellings, a long text without longSMS."""


def judged(run: Run, *outcomes: Outcome) -> set[str]:
    """The statements with one of these outcomes."""
    return {one.statement.id for verdict in run.verdicts for one in verdict.statements if one.outcome in outcomes}


def exchange(second: int, request: bytes | str, answer: bytes, **more: object) -> RecordedExchange:
    """An exchange of bodies that the server kept itself: a document that was POSTed, or a target that was got."""
    is_pull = isinstance(request, str)
    values = {
        "number": second + 1,
        "begun_at": START + timedelta(seconds=second),
        "method": "GET" if is_pull else "POST",
        "target": request if is_pull else PATH,
        "request_body": b"" if is_pull else request,
        "status": 200,
        "answer_body": answer,
        "by_server": True,
    }
    return RecordedExchange(**(values | more))  # type: ignore[arg-type]  # any fields


def results(*rows: tuple[str, str, str]) -> bytes:
    """The answer to a send, in the page's layout."""
    lines = [DECLARATION, "<results>"]
    for status, ident, number in rows:
        lines += ["<result>", f"<status>{status}</status>", f"<messageid>{ident}</messageid>"]
        lines += [f"<destination>{number}</destination>", "</result>"]
    return "\n".join([*lines, "</results>"]).encode()


def send(*numbers: str | Recipient, **fields: str) -> bytes:
    """A send of one message."""
    recipients = tuple(one if isinstance(one, Recipient) else Recipient(one) for one in numbers)
    return Send("u", "p", (Block(recipients, {"metin": "Merhaba", **fields}),)).body()


def report(ident: str, sent: str = "2026/3/5 9:4:7", done: str = "2026/3/5 9:4:9", status: str = "DELIVERED") -> bytes:
    """The answer to a pull with one report."""
    row = f'<message id="{ident}" sentdate="{sent}" donedate="{done}" status="{status}" gsmerror="0"/>'
    return f"<DeliveryReport>\n{row}\n</DeliveryReport>".encode()


def judge(*exchanges: RecordedExchange, exclusive: bool = False, strict: bool = False) -> Run:
    """The run over some exchanges of one file."""
    return judge_recordings(recordings_of({"t.har": exchanges}), exclusive=exclusive, strict=strict).run


SENT = exchange(0, send(AYSE), results(("0", "786261100000001", AYSE)))
PULL = pull_path("u", "p")


def test_a_day_with_the_emulator_keeps_everything(tmp_path: Path) -> None:
    """No statement of the protocol is broken by the day, and most of those that an application can show are seen."""
    with (
        Emulator(clock={"start": "2026-03-05T09:04:07+03:00"}) as emulator,
        recorded(emulator.url, tmp_path / "t.har") as url,
    ):
        live(Application(url, lambda: emulator.clock.advance(60)))
    recordings = recordings_of({"t.har": read_har(tmp_path / "t.har").exchanges})
    run = judge_recordings(recordings, strict=True).run
    assert NOT_AS_DOCUMENTED == judged(run, *BROKEN)
    assert 110 < len(judged(run, Outcome.HELD))


@pytest.mark.parametrize(
    ("statement", "exchanges"),
    [
        ("R-03.1", [SENT, exchange(5, PULL, report("786261100000001")), exchange(9, PULL, report("786261100000001"))]),
        ("R-03.1", [exchange(5, PULL, report("a")), exchange(9, PULL, report("a"))]),
        ("S-02.5", [SENT, replace(SENT, number=2)]),
        ("R-05.1", [SENT, exchange(5, pull_path("v", "p"), report("786261100000001"))]),
        ("R-06.1", [exchange(5, PULL, report("a", done="2026/3/5 12:4:9"))]),
        ("R-12.1", [exchange(5, PULL, report("a", done="2026/3/5 9:4:6"))]),
        ("R-08.1", [SENT, exchange(5, PULL, report("786261100000001", "2026/3/5 6:4:7", "2026/3/5 6:4:9"))]),
        ("R-04.1", [exchange(5, pull_path("u", "p", ("b",)), report("a"))]),
        ("R-09.1", [exchange(5, PULL, report("a", status="DONE"))]),
        ("S-01.1", [exchange(0, send(AYSE, MEHMET, AYSE), results(("0", "1" * 15, AYSE), ("0", "2" * 15, AYSE)))]),
        ("S-01.2", [exchange(0, send(AYSE), results(("0", "1" * 15, MEHMET)))]),
        (
            "S-04.1",
            [
                exchange(
                    0,
                    send(Recipient(AYSE, "a"), Recipient(MEHMET, "a")),
                    results(("0", "a", AYSE), ("0", "a", MEHMET)),
                )
            ],
        ),
        ("S-15.4", [exchange(0, send(AYSE, ileriTarih="soon"), results(("0", "1" * 15, AYSE)))]),
        ("A-02.1", [exchange(0, query("bakiye", "u", ""), b"<bakiye><miktar>1.000</miktar><kur>TRY</kur></bakiye>")]),
        ("T-02.2", [exchange(0, query("bakiye", "u", "p"), results(("-22", "", "")))]),
        ("R-07.1", [exchange(0, pull_path(None, "p"), b"5")]),
        ("R-03.3", [exchange(0, PULL, b"NO_DATA\n")]),
        ("B-01.1", [exchange(0, query("bakiye", "u", "p"), b"<bakiye><miktar>1.000</miktar></bakiye>")]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_broken_statement_is_named_with_its_exchange(statement: str, exchanges: list[RecordedExchange]) -> None:
    """The statement is violated or differs, as its mark says, and the report names the last exchange."""
    run = judge(*exchanges)
    assert statement in judged(run, *BROKEN)
    verdict = next(one for one in run.verdicts if statement in {each.statement.id for each in one.statements})
    details = {one.statement.id: one.detail for one in verdict.statements}
    assert details[statement].endswith(f"(exchange {exchanges[-1].number} of t.har)")


BOM = b'\xef\xbb\xbf<?xml version="1.0" encoding="ISO-8859-9"?>' + send(AYSE)
CUT = exchange(5, PULL, report("786261100000001")[:-20], ended=Ended.CUT)


@pytest.mark.parametrize(
    "exchanges",
    [
        [SENT, CUT, exchange(9, PULL, report("786261100000001"))],
        [exchange(5, PULL, report("a")), exchange(9, PULL, report("a", done="2026/3/5 9:4:10"))],
        [
            exchange(0, send(Recipient(AYSE, "a")), results(("0", "a", AYSE))),
            exchange(5, pull_path("v", "p"), report("a")),
        ],
        [exchange(0, send(AYSE, baslik="X"), results(("-34", "", AYSE)))],
        [exchange(0, send(AYSE, ileriTarih="soon", baslik="X"), results(("-34", "", AYSE)))],
        [exchange(0, query("bakiye", "u", "p"), b"<html>", status=502)],
        [exchange(0, BOM, results(("-22", "", "")))],
        [exchange(0, query("bakiye", "u", "p"), b"", status=0, ended=Ended.NO_ANSWER)],
    ],
    ids=[
        "cut",
        "another of the same id",
        "another's id",
        "title",
        "title before offset",
        "gateway",
        "a BOM",
        "no answer",
    ],
)
def test_what_is_not_certain_breaks_nothing(exchanges: list[RecordedExchange]) -> None:
    """A lost answer, another message of the same id, another reason for a refusal: no statement is broken."""
    assert set() == {one for one in judged(judge(*exchanges, strict=True), *BROKEN) if not one.startswith("K")}


def balance(second: int, amount: str) -> RecordedExchange:
    body = f"{DECLARATION}<bakiye><miktar>{amount}</miktar><kur>TRY</kur></bakiye>".encode()
    ended_at = START + timedelta(seconds=second, milliseconds=10)
    return exchange(second, query("bakiye", "u", "p"), body, ended_at=ended_at)


def test_balances_count_where_nothing_else_changed_them() -> None:
    """A balance that falls though nothing was accepted breaks C-03 with --exclusive, and nothing without."""
    refused = replace(
        exchange(2, send(AYSE, flash="7"), results(("-23", "", ""))), ended_at=START + timedelta(seconds=2)
    )
    exchanges = [balance(0, "1000.000"), refused, balance(4, "999.000")]
    assert "C-03.1" in judged(judge(*exchanges, exclusive=True), *BROKEN)
    assert {"K-07"} == judged(judge(*exchanges), *BROKEN)


def test_without_exact_bytes_statements_about_bytes_are_not_checkable() -> None:
    """Of a program's decoded texts neither framing nor layout is judged."""
    decoded = replace(SENT, by_server=False, answer_body=SENT.answer_body.replace(b"\n", b"\r\n"))
    run = judge(decoded, strict=True)
    assert set() == judged(run, *BROKEN)
    assert {"T-09.1", "T-10.6"} <= judged(run, Outcome.NOT_CHECKABLE)
    assert "exact bytes" in next(one.detail for one in run.of("T-10").statements if one.statement.id == "T-10.6")


def test_a_contradiction_is_said_and_never_averaged() -> None:
    """A service with two ways of writing amounts keeps neither: the clause is violated, both exchanges are named."""
    monday, tuesday = balance(0, "914.000"), balance(86_400, "18.5")
    run = judge(monday, tuesday)
    verdict = run.of("B-01")
    assert (Outcome.VIOLATED, "B-01.2") == (verdict.outcome, verdict.statement and verdict.statement.id)
    assert {"1", "86401"} == set(re.findall(r"exchange (\d+) of t.har", str(verdict.found)))


# -- the command ---------------------------------------------------------------------------------------------


def written(path: Path, *exchanges: RecordedExchange) -> Path:
    writer = HarFile(path)
    for one in exchanges:
        writer.write(one)
    writer.close()
    return path


def test_every_report_is_written(tmp_path: Path) -> None:
    """JSON by its schema, JUnit, HTML and the readings; exit status 0, since only differences were found."""
    file = written(tmp_path / "t.har", replace(SENT, by_server=False))
    options = [word for name in ("json", "junit", "html", "out") for word in (f"--{name}", str(tmp_path / name))]
    ended = CliRunner().invoke(main, ["trace", str(file), *options, "--evidence", str(tmp_path / "evidence")])
    assert 0 == ended.exit_code, ended.output
    document = json.loads((tmp_path / "json").read_text(encoding="utf-8"))
    schema = json.loads(
        files("kobikom_contracts").joinpath("schemas", "report.schema.json").read_text(encoding="utf-8")
    )
    jsonschema_rs.validate(schema, document)
    clauses = {one["id"]: one for one in document["clauses"]}
    (counted,) = [one for one in clauses["S-01"]["statements"] if one["id"] == "S-01.2"]
    assert ("held", 1, f"exchange 1 of {file}") == (counted["verdict"], counted["examples"], counted["detail"])
    assert (tmp_path / "html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "<testsuite" in (tmp_path / "junit").read_text(encoding="utf-8")
    assert "[readings]" in (tmp_path / "out").read_text(encoding="utf-8")
    assert "S-01.2   held          1 time, first in exchange 1" in ended.output


def test_a_violation_is_exit_status_1(tmp_path: Path) -> None:
    """What the vendor's page says and the recording breaks ends the command with 1; --only leaves others out."""
    file = written(tmp_path / "t.har", exchange(5, PULL, report("a")), exchange(9, PULL, report("a")))
    assert 1 == CliRunner().invoke(main, ["trace", str(file)]).exit_code
    assert 0 == CliRunner().invoke(main, ["trace", str(file), "--only", "R-02"]).exit_code
