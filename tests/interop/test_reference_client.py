"""The reference client with the emulator, also when the emulator's readings and faults change the answers."""

import asyncio
import http.server
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from kobikom_client import (
    AsyncClient,
    BadCredentials,
    Balance,
    Client,
    Code,
    LostReports,
    Message,
    Receipt,
    Recipient,
    Refused,
    Report,
    Result,
    Titles,
    TransportError,
    UnknownOutcome,
    push,
)
from kobikom_emulator import Emulator
from kobikom_emulator.protocol.readings import CATALOGUE

START = "2026-01-31T09:00:00+03:00"
NUMBER = "905329975725"
READINGS = [(reading.name, value) for reading in CATALOGUE for value in reading.values]
COMMAND = "import sys; from kobikom_client.cli import main; sys.exit(main())"
STATUSES = (
    "NOT_SENT SENT NOT_DELIVERED DELIVERED NOT_ALLOWED INVALID_DESTINATION_ADDRESS INVALID_SOURCE_ADDRESS "
    "ROUTE_NOT_AVAILABLE NOT_ENOUGH_CREDITS REJECTED INVALID_MESSAGE_FORMAT"
).split()


class AnyClient:
    """Calls the methods of either client synchronously."""

    def __init__(self, kind: str, url: str, user: str = "test", password: str = "test", **options: Any) -> None:
        self._client = (Client if kind == "blocking" else AsyncClient)(url, user, password, **options)
        self._asynchronous = kind == "async"

    def _call(self, name: str, *arguments: Any, **named: Any) -> Any:
        method = getattr(self._client, name)
        if not self._asynchronous:
            return method(*arguments, **named)

        async def run() -> Any:
            return await method(*arguments, **named)

        return asyncio.run(run())

    def send(self, message: Message | str, to: Any) -> Receipt:
        return self._call("send", message, to)

    def reports(self, *arguments: Any, **named: Any) -> tuple[Report, ...]:
        return self._call("reports", *arguments, **named)

    def titles(self) -> Titles:
        return self._call("titles")

    def balance(self) -> Balance:
        return self._call("balance")


@pytest.fixture(params=["blocking", "async"])
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@contextmanager
def service(**settings: Any) -> Iterator[Emulator]:
    with Emulator({"seed": 1, "clock": {"start": START}, **settings}) as running:
        yield running


def test_the_four_methods(emulator: Emulator, kind: str) -> None:
    """Send, reports, titles and balance return the ids, dates and amounts of the emulator."""
    client = AnyClient(kind, emulator.url)
    receipt = client.send("Merhaba", [NUMBER, Recipient("905329975726", "mine")])
    assert [(0, NUMBER), (0, "905329975726")] == [(result.code, result.number) for result in receipt.results]
    assert "mine" == receipt.results[1].message_id
    assert () == client.reports()
    emulator.clock.advance(2)
    reports = client.reports()
    assert {result.message_id for result in receipt.results} == {report.message_id for report in reports}
    assert {("DELIVERED", 0)} == {(report.status, report.gsm_error) for report in reports}
    for report in reports:
        assert report.sent_at is not None
        assert report.done_at is not None
        assert (START, 1.0) == (report.sent_at.isoformat(), (report.done_at - report.sent_at).total_seconds())
    assert () == client.reports()
    assert Titles(("Kobikom", "TEST", "DEMO"), ()) == client.titles()
    expected = Balance(Decimal(998), "TRY", printed="998.000", other_amount=Decimal(998_000))
    assert expected == client.balance()


@pytest.mark.parametrize(("name", "value"), READINGS, ids=[f"{name}={value}" for name, value in READINGS])
def test_every_reading_is_understood(kind: str, name: str, value: str) -> None:
    """With each reading, the client reads recipients, refusals, reports, titles and balance correctly."""
    bad_number = Code.INCOMPLETE_NUMBER if (name, value) == ("short-number", "incomplete") else Code.UNKNOWN_NUMBER
    bad_password = Code.BAD_PASSWORD if (name, value) == ("login-codes", "wrong") else Code.BAD_CREDENTIALS
    with service(readings={name: value}) as emulator:
        client = AnyClient(kind, emulator.url)
        receipt = client.send("Merhaba", [Recipient(NUMBER, "a"), Recipient("1", "b"), Recipient(NUMBER, "c")])
        assert [Code.ACCEPTED, bad_number, Code.ACCEPTED] == [result.code for result in receipt.results]
        assert ["a", "c"] == [result.message_id for result in receipt.accepted]
        emulator.clock.advance(2)
        assert [("a", "DELIVERED"), ("c", "DELIVERED")] == [
            (report.message_id, report.status) for report in client.reports()
        ]
        assert () == client.reports()
        assert Decimal("998.000") == client.balance().amount
        assert "Kobikom" in client.titles().alphanumeric
        wrong_password = AnyClient(kind, emulator.url, "test", "wrong")
        for call, code in (
            (wrong_password.reports, Code.BAD_CREDENTIALS),
            (wrong_password.balance, bad_password),
            (wrong_password.titles, bad_password),
            (lambda: wrong_password.send("a", NUMBER), bad_password),
        ):
            with pytest.raises(BadCredentials) as refused:
                call()
            assert code == refused.value.code


def test_every_status_is_read(emulator: Emulator, kind: str) -> None:
    """The eleven magic numbers have the eleven statuses, and the client reads each (R-09)."""
    client = AnyClient(kind, emulator.url)
    numbers = [
        "905990000001",
        "905990000002",
        "905990000003",
        "905990000004",
        "905990000005",
        "905990000006",
        "905990000007",
        "905990000008",
        "905990000009",
        "905990000010",
        "905990000011",
    ]
    receipt = client.send("Merhaba", [Recipient(number, number) for number in numbers])
    assert len(numbers) == len(receipt.accepted)
    emulator.clock.advance(2)
    assert dict(zip(numbers, STATUSES, strict=True)) == {
        report.message_id: report.status for report in client.reports()
    }


@pytest.mark.parametrize(
    "text",
    [
        "a & b < c > \"d\" 'e'",
        "  spaces  ",
        "line\nline",
        "50%+%41",
        "ğüşıöçĞÜŞİÖÇ",
        "€{}[]~|^\\",
        "😀 emoji",
        "]]>",
        "x" * 161,
    ],
)
def test_both_count_the_same_parts(kind: str, text: str) -> None:
    """Any text is accepted and costs the parts that the client calculates (S-10, S-21, C-01)."""
    with service() as emulator:
        client = AnyClient(kind, emulator.url)
        receipt = client.send(text, NUMBER)
        assert [Code.ACCEPTED] == [result.code for result in receipt.results]
        assert Decimal(1000) - receipt.parts == client.balance().amount


def test_large_sends_are_divided_into_batches(kind: str) -> None:
    """Three batches give one receipt in the caller's order; the credit is used up within the last batch."""
    with service(accounts=[{"user": "test", "password": "test", "credit": "250"}]) as emulator:
        client = AnyClient(kind, emulator.url, batch=100)
        receipt = client.send("Merhaba", [Recipient(NUMBER, f"m{nth}") for nth in range(300)])
        assert [f"m{nth}" for nth in range(250)] == [result.message_id for result in receipt.accepted]
        assert {Code.NOT_ENOUGH_CREDIT} == {result.code for result in receipt.refused}
        assert 3 == sum(entry.operation == "send" for entry in emulator.journal)
        emulator.clock.advance(2)
        assert 250 == len(client.reports())


def test_chosen_reports(emulator: Emulator, kind: str) -> None:
    """A pull by id, by application and without either returns the matching reports (R-04, S-18)."""
    client = AnyClient(kind, emulator.url)
    client.send("a", [Recipient(NUMBER, "one"), Recipient(NUMBER, "two")])
    client.send(Message("a", app_id="shop"), Recipient(NUMBER, "three"))
    emulator.clock.advance(2)
    assert ["two"] == [report.message_id for report in client.reports(["two", "three", "nobody's"])]
    assert ["three"] == [report.message_id for report in client.reports(app_id="shop")]
    assert ["one"] == [report.message_id for report in client.reports()]


def test_a_refused_request_is_raised(emulator: Emulator, kind: str) -> None:
    """A title that is not the account's refuses the request, and nothing was sent (S-09)."""
    with pytest.raises(Refused) as refused:
        AnyClient(kind, emulator.url).send(Message("a", title="Nobody"), NUMBER)
    assert (Code.NOT_DELIVERABLE, False) == (refused.value.code, refused.value.may_have_gone_out)


def test_a_schedule(emulator: Emulator, kind: str) -> None:
    """A delayed message is reported after its time, not before (S-15, R-11)."""
    client = AnyClient(kind, emulator.url)
    client.send(Message("a", delay=timedelta(days=1, seconds=5)), NUMBER)
    emulator.clock.advance(86_400)
    assert () == client.reports()
    emulator.clock.advance(10)
    assert 1 == len(client.reports())


DAMAGED: dict[str, dict[str, Any]] = {
    "dropped after": {"kind": "drop", "moment": "after"},
    "dropped before": {"kind": "drop", "moment": "before"},
    "cut at 0": {"kind": "truncate", "bytes": 0},
    "cut at 100": {"kind": "truncate", "bytes": 100},
    "garbage": {"kind": "garbage"},
    "502": {"kind": "http", "status": 502},
    "late": {"kind": "delay", "seconds": 600},
}


@pytest.mark.parametrize("fault", DAMAGED)
def test_a_send_with_a_damaged_answer_has_an_unknown_outcome(kind: str, fault: str) -> None:
    """With each fault in the answer, the client raises UnknownOutcome and sends nothing twice."""
    with service(faults=[{"effect": DAMAGED[fault], "match": {"operation": "send"}}]) as emulator:
        client = AnyClient(kind, emulator.url, timeout=timedelta(seconds=1 if fault == "late" else 20))
        with pytest.raises(UnknownOutcome) as unknown:
            client.send("Merhaba", [Recipient(NUMBER, "a"), Recipient(NUMBER, "b")])
        assert ["a", "b"] == [recipient.message_id for recipient in unknown.value.progress.unknown]
        assert unknown.value.may_have_gone_out
        sends = [entry for entry in emulator.journal if entry.operation == "send"]
        assert 1 == len(sends)
        left = "1000.000" if fault in ("dropped before", "502") else "998.000"
        assert Decimal(left) == client.balance().amount


def test_a_cut_pull_keeps_what_arrived(kind: str) -> None:
    """The complete reports of a pull that was cut are in the LostReports error (R-03)."""
    fault = {"effect": {"kind": "truncate", "bytes": 300}, "match": {"operation": "pull"}}
    with service(faults=[fault]) as emulator:
        client = AnyClient(kind, emulator.url)
        client.send("a", [Recipient(NUMBER, f"m{nth}") for nth in range(20)])
        emulator.clock.advance(2)
        with pytest.raises(LostReports) as lost:
            client.reports()
        assert ["m0", "m1"] == [report.message_id for report in lost.value.reports]


def test_a_fault_rule_for_one_recipient(kind: str) -> None:
    """A fault rule for one number changes only the result of that recipient."""
    fault = {"effect": {"kind": "status", "code": -1, "scope": "recipient"}, "match": {"to": "*7"}}
    with service(faults=[fault]) as emulator:
        receipt = AnyClient(kind, emulator.url).send("a", [NUMBER, "905329975727", "905329975728"])
        assert [0, Code.SEND_FAILED, 0] == [result.code for result in receipt.results]


def test_no_server(kind: str) -> None:
    """Without a server, the client reports that nothing was sent."""
    with service() as emulator:
        url = emulator.url
    with pytest.raises(TransportError) as refused:
        AnyClient(kind, url).send("a", NUMBER)
    assert not refused.value.may_have_gone_out


def test_a_push_is_read(emulator: Emulator) -> None:
    """The client reads the report that the emulator posts to a push URL (S-19)."""
    bodies: queue.Queue[bytes] = queue.Queue()

    class PushHandler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.put(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), PushHandler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        client = Client(emulator.url, "test", "test")
        client.send(Message("a", push_url=f"http://127.0.0.1:{server.server_port}/"), Recipient(NUMBER, "mine"))
        emulator.clock.advance(2)
        (report,) = push.read(bodies.get(timeout=20))
        server.shutdown()
        thread.join(20)
    assert ("mine", "DELIVERED", 0) == (report.message_id, report.status, report.gsm_error)
    assert () == client.reports()


async def test_many_tasks_share_one_client() -> None:
    """Fifty concurrent sends and ten pulls of one asynchronous client return each report once."""
    async with Emulator() as emulator:
        client = AsyncClient(emulator.url, "test", "test")
        receipts = await asyncio.gather(*[client.send("a", [NUMBER, NUMBER]) for _ in range(50)])
        emulator.clock.advance(2)
        pulls = await asyncio.gather(*[client.reports() for _ in range(10)])
        sent: list[Result] = [*chain.from_iterable(receipt.accepted for receipt in receipts)]
        assert sorted(str(result.message_id) for result in sent) == sorted(
            report.message_id for report in chain.from_iterable(pulls)
        )


def test_the_command_line(emulator: Emulator) -> None:
    """`kobikom-client` sends to the emulator and pulls the report, with JSON output."""
    root = Path(__file__).resolve().parents[2]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KOBIKOM_")} | {
        "PYTHONPATH": str(root / "client_reference"),
        "KOBIKOM_URL": emulator.url,
        "KOBIKOM_USER": "test",
        "KOBIKOM_PASSWORD": "test",
    }

    def command(*arguments: str) -> Any:
        process = subprocess.run(
            [
                sys.executable,
                "-c",
                COMMAND,
                *arguments,
                "--json",
            ],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (0, "") == (process.returncode, process.stderr)
        return json.loads(process.stdout)

    assert "1000.000" in json.dumps(command("balance"))
    assert NUMBER in json.dumps(command("send", "--to", NUMBER, "Merhaba"))
    emulator.clock.advance(2)
    assert "DELIVERED" in json.dumps(command("reports"))
