"""Law: both clients against a scripted server. Whatever the network does, each request is written
once at most, and the error says what is known of every recipient.
"""

import asyncio
import contextlib
import gc
import logging
import socket
import threading
import traceback
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from kobikom_client import (
    AsyncClient,
    BadCredentials,
    Client,
    InvalidRequest,
    KobikomError,
    LostReports,
    MalformedAnswer,
    Message,
    Recipient,
    Refused,
    TransportError,
    UnknownFate,
)

RESET, HANG, DRIP = b"(reset)", b"(hang)", b"(drip)"
_PASSWORD = "s3cret-parola"
_REPORT = '<message id="{}" sentdate="2010/8/2 14:55:10" donedate="" status="SENT" gsmerror="0"/>\n'


def _results(*numbers: str, code: int = 0) -> str:
    each = "".join(
        f"<result>\n<status>{code}</status><messageid>id{n}</messageid><destination>{n}</destination></result>\n"
        for n in numbers
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<results>\n{each}</results>\n'


def test_a_send_is_answered(server: Any, caller: Callable[..., Any]) -> None:
    """One request on the wire, one result a recipient, with parts known."""
    server.replies = [server.http(_results("905", "906"))]
    receipt = caller(server.url).send("Merhaba", ["905", Recipient("906", "mine")])
    assert (["905", "906"], ["id905", "id906"], 1, ()) == (
        [result.number for result in receipt.accepted],
        [result.message_id for result in receipt.results],
        receipt.parts,
        receipt.refused,
    )
    head = server.requests[0].partition(b"\r\n\r\n")[0].decode()
    assert head.startswith("POST /api/sendsms/xml/ HTTP/1.1\r\n")
    assert "content-type: application/xml; charset=utf-8\r\n" in head.lower() + "\r\n"
    assert "transfer-encoding" not in head.lower()
    assert '<gsm>905</gsm><gsm messageId="mine">906</gsm>' in server.bodies()[0]


def test_the_other_verbs_are_answered(server: Any, caller: Callable[..., Any]) -> None:
    """Reports by GET with everything in the query, titles and balance by POST."""
    server.replies = [
        server.http("<DeliveryReport>\n" + _REPORT.format("1"), Content_Type="text/html"),
        server.http("NO_DATA"),
        server.http("<basliklar><normal><baslik>A</baslik></normal><sayisal></sayisal></basliklar>"),
        server.http("<bakiye><miktar>18.532</miktar><kur>TRY</kur></bakiye>"),
    ]
    client = caller(server.url + "/s/blue/")
    assert ["1"] == [report.message_id for report in client.reports(["1", "ş&"], app_id="x")]
    assert () == client.reports()
    assert ("A",) == client.titles().alphanumeric
    assert Decimal("18.532") == client.balance().amount
    path = "/s/blue/api/sendsms/xml/"
    account = f"kullanici=test&parola={_PASSWORD}"
    assert [
        f"GET {path}pull?{account}&messageid=1%2C%C5%9F%26&appid=x HTTP/1.1",
        f"GET {path}pull?{account} HTTP/1.1",
        f"POST {path} HTTP/1.1",
        f"POST {path} HTTP/1.1",
    ] == [request.split(b"\r\n")[0].decode() for request in server.requests]


def test_no_ids_pull_nothing(server: Any, caller: Callable[..., Any]) -> None:
    """An empty list of ids must not become a pull of everything."""
    assert ((), []) == (caller(server.url).reports([]), server.requests)


def test_a_refused_connection_means_nothing_went_out(server: Any, caller: Callable[..., Any]) -> None:
    """Before a byte was written there is no doubt."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(TransportError) as caught:
        caller(f"http://127.0.0.1:{port}").send("a", ["905", "906"])
    untried = [recipient.number for recipient in caught.value.progress.untried]
    assert (["905", "906"], False) == (untried, caught.value.may_have_gone_out)


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        RESET,
        HANG,
        b"HTTP/1.1 200 OK\r\nContent-Le" + RESET,
        b"HTTP/1.1 200 OK\r\nX: " + DRIP,
        b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + DRIP,
        b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<results>" + HANG,
        b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<results>",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n<results>",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"\x16\x03\x01\x00\x00",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 500 Oops\r\nContent-Length: 6\r\n\r\n<html>",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: " + b"a" * 100_000 + b"\r\n\r\n",
    ],
    ids=lambda reply: repr(reply[:60]),
)
def test_a_send_without_a_readable_answer_is_never_repeated(
    server: Any, caller: Callable[..., Any], reply: bytes
) -> None:
    """Written once; its fate is unknown, and the error says so of each recipient."""
    server.replies = [reply]
    slow = reply.endswith((HANG, DRIP))
    with pytest.raises(UnknownFate) as caught:
        caller(server.url, timeout=timedelta(seconds=0.3 if slow else 20)).send("a", ["905", "906"])
    unknown = [recipient.number for recipient in caught.value.progress.unknown]
    assert (["905", "906"], True, 1) == (
        unknown,
        caught.value.may_have_gone_out,
        len(server.requests),
    )


@pytest.mark.parametrize("trick", [RESET, HANG, b""])
def test_a_pull_cut_by_the_network_keeps_what_arrived(server: Any, caller: Callable[..., Any], trick: bytes) -> None:
    """Reports are given once: those read before the cut are on the error; no pull is repeated."""
    arrived = "<DeliveryReport>\n" + _REPORT.format("1") + _REPORT.format("2")
    whole = server.http(arrived + _REPORT.format("3"))
    cut = whole.index(b'<message id="3"') + 20
    # A reset may overtake the bytes before it, so it comes after the client has read them.
    tail = HANG if trick == RESET else trick
    server.replies = [whole[:cut] + tail]
    with pytest.raises(LostReports) as caught:
        caller(server.url, timeout=timedelta(seconds=0.5)).reports()
    assert ["1", "2"] == [report.message_id for report in caught.value.reports]
    assert 1 == len(server.requests)


def test_a_pull_cut_between_two_reports_is_not_taken_for_whole(server: Any, caller: Callable[..., Any]) -> None:
    """An unclosed document ends like that, too (R-02); Content-Length tells them apart."""
    first = "<DeliveryReport>\n" + _REPORT.format("1")
    whole = server.http(first + _REPORT.format("2"))
    server.replies = [whole[: whole.index(b'<message id="2"')]]
    with pytest.raises(LostReports) as caught:
        caller(server.url).reports()
    assert ["1"] == [report.message_id for report in caught.value.reports]


def test_a_pull_dropped_without_an_answer_is_not_repeated(server: Any, caller: Callable[..., Any]) -> None:
    """Some HTTP libraries repeat a GET by themselves; this one consumes."""
    server.replies = [server.http("NO_DATA"), b"", server.http("NO_DATA")]
    client = caller(server.url)
    assert () == client.reports()
    with pytest.raises(LostReports):
        client.reports()
    assert 2 == len(server.requests)


@pytest.mark.parametrize("verb", ["titles", "balance"])
@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (b"", TransportError),
        (b"HTTP/1.1 503 x\r\nContent-Length: 0\r\n\r\n", TransportError),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>", MalformedAnswer),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\n<bakiye><miktar>1", MalformedAnswer),
    ],
)
def test_a_question_that_got_no_answer_is_typed(
    server: Any, caller: Callable[..., Any], verb: str, reply: bytes, error: type[KobikomError]
) -> None:
    """Nothing was at stake, so the error says it may be repeated."""
    server.replies = [reply]
    with pytest.raises(error) as caught:
        getattr(caller(server.url), verb)()
    assert not caught.value.may_have_gone_out


def test_redirects_are_not_followed(server: Any, caller: Callable[..., Any]) -> None:
    """A send must not travel on to somebody else, password and all."""
    server.replies = [server.http("", "307 Elsewhere", Location=server.url + "/other")]
    with pytest.raises(TransportError) as caught:
        caller(server.url).send("a", "905")
    assert (307, 1) == (caught.value.http_status, len(server.requests))


def test_a_whole_document_is_believed_over_wrong_framing(server: Any, caller: Callable[..., Any]) -> None:
    """A Content-Length too long, or none and a reset: the end tag says the answer is whole."""
    server.replies = [
        server.http(_results("905"), Content_Length="5000"),
        server.http(_results("905"), Content_Length=""),
    ]
    client = caller(server.url)
    for _ in range(2):
        assert ("905",) == tuple(result.number for result in client.send("a", "905").accepted)


def test_a_long_list_goes_in_batches_and_keeps_its_order(server: Any, caller: Callable[..., Any]) -> None:
    """Five recipients, two a request: three requests, results in the caller's order."""
    numbers = [f"90{n}" for n in range(5)]
    server.replies = [
        server.http(_results("901", "900")),
        server.http(_results("902", "903")),
        server.http(_results("904", code=-13)),
    ]
    receipt = caller(server.url, batch=2).send("a", iter(numbers))
    assert (numbers, ["904"]) == (
        [result.number for result in receipt.results],
        [result.number for result in receipt.refused],
    )


@pytest.mark.parametrize(
    ("reply", "error", "answered", "unknown", "untried"),
    [
        (RESET, UnknownFate, "900 901", "902 903", "904"),
        (b"HTTP/1.1 413 x\r\n\r\n", TransportError, "900 901", "", "902 903 904"),
        (
            b"HTTP/1.1 200 x\r\n\r\n" + _results("", code=-5).encode(),
            BadCredentials,
            "900 901 902 903",
            "",
            "904",
        ),
        (
            b"HTTP/1.1 200 x\r\n\r\n" + _results("902").encode(),
            UnknownFate,
            "900 901 902",
            "903",
            "904",
        ),
    ],
    ids=["reset", "413", "refused", "one result missing"],
)
def test_a_batch_that_fails_tells_how_far_the_send_got(
    server: Any,
    caller: Callable[..., Any],
    reply: bytes,
    error: type[KobikomError],
    answered: str,
    unknown: str,
    untried: str,
) -> None:
    """Every recipient is answered, unknown or untried; nothing after the failure goes out."""
    server.replies = [server.http(_results("900", "901")), reply, server.http(_results("904"))]
    with pytest.raises(error) as caught:
        caller(server.url, batch=2).send("a", [f"90{n}" for n in range(5)])
    progress = caught.value.progress
    assert (answered, unknown, untried) == (
        " ".join(result.number for result in progress.results),
        " ".join(each.number for each in progress.unknown),
        " ".join(each.number for each in progress.untried),
    )
    assert (2, True) == (len(server.requests), caught.value.may_have_gone_out)


def test_nothing_goes_out_if_any_recipient_cannot_be_written(server: Any, caller: Callable[..., Any]) -> None:
    """The fault is in the last batch, and the first is not sent either."""
    with pytest.raises(InvalidRequest):
        caller(server.url, batch=1).send("a", ["905", "906", "9\x0007"])
    assert [] == server.requests


@pytest.mark.parametrize("to", [[], ()])
def test_a_send_to_nobody_is_refused_here(server: Any, caller: Callable[..., Any], to: object) -> None:
    """It would only cost a round trip to learn -6."""
    with pytest.raises(InvalidRequest):
        caller(server.url).send("a", to)
    with pytest.raises(InvalidRequest):
        caller(server.url, batch=0).send("a", "905")


def test_many_ids_are_pulled_in_several_requests_and_none_is_lost(server: Any, caller: Callable[..., Any]) -> None:
    """A URL has a length; the reports of the first pull survive the failure of the second."""
    ids = [f"{n:018}" for n in range(300)]
    server.replies = [server.http("<DeliveryReport>" + _REPORT.format("1")), RESET]
    with pytest.raises(LostReports) as caught:
        caller(server.url).reports(ids)
    assert ["1"] == [report.message_id for report in caught.value.reports]
    asked = [request.split(b" ")[1] for request in server.requests]
    assert 2 == len(asked)
    assert all(len(line) < 8000 for line in asked)
    assert ids == [each for line in asked for each in line.decode().split("messageid=")[1].split("%2C")]


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG):
        yield caplog


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 404 /pull?parola=s3cret-parola\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n<p>/pull?parola=s3cret-parola</p>",
        b"HTTP/1.1 500 x\r\ns3cret-parola\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: s3cret-parola\r\n\r\n",
        b"HTTP/1.1 302 x\r\nLocation: /?parola=s3cret-parola\r\n\r\n",
    ],
)
@pytest.mark.parametrize("verb", ["send", "reports", "balance"])
def test_the_password_is_in_no_repr_error_or_log(
    server: Any,
    caller: Callable[..., Any],
    logged: pytest.LogCaptureFixture,
    verb: str,
    reply: bytes,
) -> None:
    """Not even when the server echoes it, not in what the HTTP library raised underneath."""
    server.replies = [reply]
    client = caller(server.url)
    with pytest.raises(KobikomError) as caught:
        getattr(client, verb)(*(["a", "905"] if verb == "send" else []))
    error = caught.value
    shown = [repr(client.client), repr(error), str(error), logged.text]
    shown += traceback.format_exception(error)
    chain: BaseException | None = error
    while chain := (chain.__cause__ or chain.__context__):
        shown += [repr(chain), str(chain)]
    assert [] == [text for text in shown if _PASSWORD in text]


def test_one_blocking_client_serves_many_threads(server: Any) -> None:
    """Nothing is shared between calls."""
    server.replies = [server.http(f"<bakiye><miktar>{n}</miktar><kur>TRY</kur></bakiye>") for n in range(16)]
    client = Client(server.url, "test", "test")
    amounts: list[Decimal] = []
    threads = [threading.Thread(target=lambda: amounts.append(client.balance().amount)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert list(range(16)) == sorted(map(int, amounts))


async def test_one_async_client_serves_many_tasks(server: Any) -> None:
    """And leaves nothing open behind it."""
    server.replies = [server.http(f"<bakiye><miktar>{n}</miktar><kur>TRY</kur></bakiye>") for n in range(16)]
    client = AsyncClient(server.url, "test", "test")
    balances = await asyncio.gather(*(client.balance() for _ in range(16)))
    assert list(range(16)) == sorted(int(balance.amount) for balance in balances)
    gc.collect()


async def test_cancelling_a_send_stays_a_cancellation(server: Any) -> None:
    """The caller who cancels is told nothing, so nothing is swallowed either."""
    server.replies = [HANG]
    task = asyncio.create_task(AsyncClient(server.url, "test", "test").send("a", "905"))
    assert await asyncio.to_thread(server.arrived.wait, 20)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("make", [AsyncClient, Client])
def test_a_bad_url_is_told_at_once(make: Callable[..., object]) -> None:
    """Not at the first send in the middle of the night."""
    with pytest.raises(InvalidRequest):
        make("localhost:8080", "test", "test")


def test_a_refusal_is_raised_with_its_code(server: Any, caller: Callable[..., Any]) -> None:
    """A-05."""
    server.replies = [server.http(_results("", code=-34))]
    with pytest.raises(Refused) as caught:
        caller(server.url).send(Message("a", sender="Unknown"), "905")
    assert -34 == caught.value.code


def test_a_connection_that_hangs_before_it_stands_went_nowhere(
    caller: Callable[..., Any],
) -> None:
    """A full backlog never accepts: no byte was written, so nothing went out."""
    with socket.socket() as listener, contextlib.ExitStack() as waiting:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            filler = waiting.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(TransportError):
            caller(url, timeout=timedelta(seconds=0.3)).send("a", "905")
