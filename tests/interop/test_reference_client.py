"""Law: the reference client and the emulator, two readings of one page, understand each other whatever happens."""

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
    UnknownFate,
    push,
)
from kobikom_emulator import Emulator
from kobikom_emulator.protocol.readings import CATALOGUE

START = "2026-01-31T09:00:00+03:00"
NUMBER = "905329975725"
READINGS = [(each.name, value) for each in CATALOGUE for value in each.values]
COMMAND = "import sys; from kobikom_client.cli import main; sys.exit(main())"
STATUSES = (
    "NOT_SENT SENT NOT_DELIVERED DELIVERED NOT_ALLOWED INVALID_DESTINATION_ADDRESS INVALID_SOURCE_ADDRESS "
    "ROUTE_NOT_AVAILABLE NOT_ENOUGH_CREDITS REJECTED INVALID_MESSAGE_FORMAT"
).split()


class Either:
    """Both clients behind the blocking one's face."""

    def __init__(self, kind: str, url: str, user: str = "test", password: str = "test", **options: Any) -> None:
        self._asks = (Client if kind == "blocking" else AsyncClient)(url, user, password, **options)
        self._asynchronous = kind == "async"

    def _do(self, verb: str, *given: Any, **named: Any) -> Any:
        act = getattr(self._asks, verb)
        if not self._asynchronous:
            return act(*given, **named)

        async def run() -> Any:
            return await act(*given, **named)

        return asyncio.run(run())

    def send(self, message: Message | str, to: Any) -> Receipt:
        return self._do("send", message, to)

    def reports(self, *given: Any, **named: Any) -> tuple[Report, ...]:
        return self._do("reports", *given, **named)

    def titles(self) -> Titles:
        return self._do("titles")

    def balance(self) -> Balance:
        return self._do("balance")


@pytest.fixture(params=["blocking", "async"])
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@contextmanager
def service(**settings: Any) -> Iterator[Emulator]:
    with Emulator({"seed": 1, "clock": {"start": START}, **settings}) as running:
        yield running


def test_the_four_verbs(emulator: Emulator, kind: str) -> None:
    """Send, pull once, titles and balance, with ids, dates and money as they are."""
    client = Either(kind, emulator.url)
    receipt = client.send("Merhaba", [NUMBER, Recipient("905329975726", "mine")])
    assert [(0, NUMBER), (0, "905329975726")] == [(each.code, each.number) for each in receipt.results]
    assert "mine" == receipt.results[1].message_id
    assert () == client.reports()
    emulator.clock.advance(2)
    reports = client.reports()
    assert {each.message_id for each in receipt.results} == {each.message_id for each in reports}
    assert {("DELIVERED", 0)} == {(each.status, each.gsm_error) for each in reports}
    for each in reports:
        assert each.sent_at is not None
        assert each.done_at is not None
        assert (START, 1.0) == (each.sent_at.isoformat(), (each.done_at - each.sent_at).total_seconds())
    assert () == client.reports()
    assert Titles(("Kobikom", "TEST", "DEMO"), ()) == client.titles()
    assert Balance(Decimal("998.000"), "TRY") == client.balance()


@pytest.mark.parametrize(("name", "value"), READINGS, ids=[f"{name}={value}" for name, value in READINGS])
def test_every_reading_is_survived(kind: str, name: str, value: str) -> None:
    """Whatever the page meant: recipients, refusals, reports, titles and balance are told apart."""
    with service(readings={name: value}) as emulator:
        client = Either(kind, emulator.url)
        receipt = client.send("Merhaba", [Recipient(NUMBER, "a"), Recipient("1", "b"), Recipient(NUMBER, "c")])
        assert [Code.ACCEPTED, Code.UNKNOWN_NUMBER, Code.ACCEPTED] == [each.code for each in receipt.results]
        assert ["a", "c"] == [each.message_id for each in receipt.accepted]
        emulator.clock.advance(2)
        assert [("a", "DELIVERED"), ("c", "DELIVERED")] == [(each.message_id, each.status) for each in client.reports()]
        assert () == client.reports()
        assert Decimal("998.000") == client.balance().amount
        assert "Kobikom" in client.titles().alphanumeric
        stranger = Either(kind, emulator.url, "test", "wrong")
        for ask in (stranger.reports, stranger.balance, stranger.titles, lambda: stranger.send("a", NUMBER)):
            with pytest.raises(BadCredentials) as refused:
                ask()
            assert Code.BAD_CREDENTIALS == refused.value.code


def test_every_status_is_read(emulator: Emulator, kind: str) -> None:
    """The eleven magic numbers end in the eleven statuses, and the client reads each (R-09)."""
    client = Either(kind, emulator.url)
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
    assert dict(zip(numbers, STATUSES, strict=True)) == {each.message_id: each.status for each in client.reports()}


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
    """Any text is accepted as it is, and costs what the client's own arithmetic says (S-10, S-21, C-01)."""
    with service() as emulator:
        client = Either(kind, emulator.url)
        receipt = client.send(text, NUMBER)
        assert [Code.ACCEPTED] == [each.code for each in receipt.results]
        assert Decimal(1000) - receipt.parts == client.balance().amount


def test_large_sends_go_in_batches(kind: str) -> None:
    """Three batches, one receipt in the caller's order; the credit ends in the middle of the last one."""
    with service(accounts=[{"user": "test", "password": "test", "credit": "250"}]) as emulator:
        client = Either(kind, emulator.url, batch=100)
        receipt = client.send("Merhaba", [Recipient(NUMBER, f"m{nth}") for nth in range(300)])
        assert [f"m{nth}" for nth in range(250)] == [each.message_id for each in receipt.accepted]
        assert {Code.NOT_ENOUGH_CREDIT} == {each.code for each in receipt.refused}
        assert 3 == sum(entry.operation == "send" for entry in emulator.journal)
        emulator.clock.advance(2)
        assert 250 == len(client.reports())


def test_chosen_reports(emulator: Emulator, kind: str) -> None:
    """Pulling by id, by application and without either takes what each asks for (R-04, S-18)."""
    client = Either(kind, emulator.url)
    client.send("a", [Recipient(NUMBER, "one"), Recipient(NUMBER, "two")])
    client.send(Message("a", app_id="shop"), Recipient(NUMBER, "three"))
    emulator.clock.advance(2)
    assert ["two"] == [each.message_id for each in client.reports(["two", "three", "nobody's"])]
    assert ["three"] == [each.message_id for each in client.reports(app_id="shop")]
    assert ["one"] == [each.message_id for each in client.reports()]


def test_a_refused_request_is_raised(emulator: Emulator, kind: str) -> None:
    """A title that is not the account's refuses the request: nothing may have gone out (S-09)."""
    with pytest.raises(Refused) as refused:
        Either(kind, emulator.url).send(Message("a", sender="Nobody"), NUMBER)
    assert (Code.NOT_DELIVERABLE, False) == (refused.value.code, refused.value.may_have_gone_out)


def test_a_schedule(emulator: Emulator, kind: str) -> None:
    """A delayed message is reported after its time, not before (S-15, R-11)."""
    client = Either(kind, emulator.url)
    client.send(Message("a", delay=timedelta(days=1, seconds=5)), NUMBER)
    emulator.clock.advance(86_400)
    assert () == client.reports()
    emulator.clock.advance(10)
    assert 1 == len(client.reports())


SPOILT: dict[str, dict[str, Any]] = {
    "dropped after": {"kind": "drop", "moment": "after"},
    "dropped before": {"kind": "drop", "moment": "before"},
    "cut at 0": {"kind": "truncate", "bytes": 0},
    "cut at 100": {"kind": "truncate", "bytes": 100},
    "garbage": {"kind": "garbage"},
    "502": {"kind": "http", "status": 502},
    "late": {"kind": "delay", "seconds": 600},
}


@pytest.mark.parametrize("fault", SPOILT)
def test_a_spoilt_send_is_of_unknown_fate(kind: str, fault: str) -> None:
    """Whatever became of the answer, the client says that it does not know, and sends nothing twice."""
    with service(faults=[{"effect": SPOILT[fault], "match": {"operation": "send"}}]) as emulator:
        client = Either(kind, emulator.url, timeout=timedelta(seconds=1 if fault == "late" else 20))
        with pytest.raises(UnknownFate) as unknown:
            client.send("Merhaba", [Recipient(NUMBER, "a"), Recipient(NUMBER, "b")])
        assert ["a", "b"] == [each.message_id for each in unknown.value.progress.unknown]
        assert unknown.value.may_have_gone_out
        sends = [entry for entry in emulator.journal if entry.operation == "send"]
        assert 1 == len(sends)
        left = "1000.000" if fault in ("dropped before", "502") else "998.000"
        assert Decimal(left) == client.balance().amount


def test_a_cut_pull_keeps_what_arrived(kind: str) -> None:
    """Of a pull that was cut, the whole reports are read and the rest is told to be lost (R-03)."""
    fault = {"effect": {"kind": "truncate", "bytes": 300}, "match": {"operation": "pull"}}
    with service(faults=[fault]) as emulator:
        client = Either(kind, emulator.url)
        client.send("a", [Recipient(NUMBER, f"m{nth}") for nth in range(20)])
        emulator.clock.advance(2)
        with pytest.raises(LostReports) as lost:
            client.reports()
        assert ["m0", "m1"] == [each.message_id for each in lost.value.reports]


def test_a_refused_recipient_on_demand(kind: str) -> None:
    """A fault rule on one number reaches exactly that recipient's result."""
    fault = {"effect": {"kind": "status", "code": -1, "scope": "recipient"}, "match": {"to": "*7"}}
    with service(faults=[fault]) as emulator:
        receipt = Either(kind, emulator.url).send("a", [NUMBER, "905329975727", "905329975728"])
        assert [0, Code.SEND_FAILED, 0] == [each.code for each in receipt.results]


def test_nobody_listens(kind: str) -> None:
    """Without a server nothing went out, and the client says that, too."""
    with service() as emulator:
        url = emulator.url
    with pytest.raises(TransportError) as refused:
        Either(kind, url).send("a", NUMBER)
    assert not refused.value.may_have_gone_out


def test_a_push_is_read(emulator: Emulator) -> None:
    """What the emulator posts to a push URL is what the client's fifth verb reads (S-19)."""
    got: queue.Queue[bytes] = queue.Queue()

    class Customer(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.put(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Customer) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        client = Client(emulator.url, "test", "test")
        client.send(Message("a", push_url=f"http://127.0.0.1:{server.server_port}/"), Recipient(NUMBER, "mine"))
        emulator.clock.advance(2)
        (report,) = push.read(got.get(timeout=20))
        server.shutdown()
        thread.join(20)
    assert ("mine", "DELIVERED", 0) == (report.message_id, report.status, report.gsm_error)
    assert () == client.reports()


async def test_many_tasks_share_one_client() -> None:
    """Fifty sends and pulls at once through one asynchronous client: every report once."""
    async with Emulator() as emulator:
        client = AsyncClient(emulator.url, "test", "test")
        receipts = await asyncio.gather(*[client.send("a", [NUMBER, NUMBER]) for _ in range(50)])
        emulator.clock.advance(2)
        pulls = await asyncio.gather(*[client.reports() for _ in range(10)])
        sent: list[Result] = [*chain.from_iterable(receipt.accepted for receipt in receipts)]
        assert sorted(str(each.message_id) for each in sent) == sorted(
            report.message_id for report in chain.from_iterable(pulls)
        )


def test_the_command_lines_meet(emulator: Emulator) -> None:
    """`kobikom-client` sends to the emulator and pulls the report, in JSON."""
    root = Path(__file__).resolve().parents[2]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KOBIKOM_")} | {
        "PYTHONPATH": str(root / "client_reference"),
        "KOBIKOM_URL": emulator.url,
        "KOBIKOM_USER": "test",
        "KOBIKOM_PASSWORD": "test",
    }

    def command(*arguments: str) -> Any:
        done = subprocess.run(
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
        assert (0, "") == (done.returncode, done.stderr)
        return json.loads(done.stdout)

    assert "1000.000" in json.dumps(command("balance"))
    assert NUMBER in json.dumps(command("send", "--to", NUMBER, "Merhaba"))
    emulator.clock.advance(2)
    assert "DELIVERED" in json.dumps(command("reports"))
