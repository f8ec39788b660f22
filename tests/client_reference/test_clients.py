"""Both clients against a scripted server: each request is written at most once, and errors state what is known."""

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
    BodyForm,
    Client,
    InvalidRequest,
    KobikomError,
    LostReports,
    MalformedAnswer,
    Message,
    Recipient,
    Refused,
    TransportError,
    UnknownOutcome,
)

RESET, HANG, DRIP = b"(reset)", b"(hang)", b"(drip)"
_PASSWORD = "s3cret-parola"
_REPORT = '<message id="{}" sentdate="2010/8/2 14:55:10" donedate="" status="SENT" gsmerror="0"/>\n'


def _results(*numbers: str, code: int = 0) -> str:
    elements = "".join(
        f"<result>\n<status>{code}</status><messageid>id{n}</messageid><destination>{n}</destination></result>\n"
        for n in numbers
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<results>\n{elements}</results>\n'


def test_a_send_is_answered(server: Any, caller: Callable[..., Any]) -> None:
    """A send is one request; its receipt has one result for each recipient and the parts."""
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


def test_the_other_methods_are_answered(server: Any, caller: Callable[..., Any]) -> None:
    """Reports are pulled by GET with all arguments in the query; titles and balance are queried by POST."""
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
    """An empty list of ids makes no request: a pull without ids would consume every report."""
    assert ((), []) == (caller(server.url).reports([]), server.requests)


def test_a_refused_connection_means_nothing_was_sent(server: Any, caller: Callable[..., Any]) -> None:
    """When no byte was written, every recipient is untried."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
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
    """The send is written once, and the error lists each recipient as unknown."""
    server.replies = [reply]
    slow = reply.endswith((HANG, DRIP))
    with pytest.raises(UnknownOutcome) as caught:
        caller(server.url, timeout=timedelta(seconds=0.3 if slow else 20)).send("a", ["905", "906"])
    unknown = [recipient.number for recipient in caught.value.progress.unknown]
    assert (["905", "906"], True, 1) == (
        unknown,
        caught.value.may_have_gone_out,
        len(server.requests),
    )


@pytest.mark.parametrize("ending", [RESET, HANG, b""])
def test_a_pull_cut_by_the_network_keeps_what_arrived(server: Any, caller: Callable[..., Any], ending: bytes) -> None:
    """The error has the reports that were read before the cut, and the pull is not repeated (R-03)."""
    arrived = "<DeliveryReport>\n" + _REPORT.format("1") + _REPORT.format("2")
    whole = server.http(arrived + _REPORT.format("3"))
    cut = whole.index(b'<message id="3"') + 20
    # A reset may overtake the bytes before it, so the connection hangs instead.
    tail = HANG if ending == RESET else ending
    server.replies = [whole[:cut] + tail]
    with pytest.raises(LostReports) as caught:
        caller(server.url, timeout=timedelta(seconds=0.5)).reports()
    assert ["1", "2"] == [report.message_id for report in caught.value.reports]
    assert 1 == len(server.requests)


def test_a_pull_cut_between_two_reports_is_not_complete(server: Any, caller: Callable[..., Any]) -> None:
    """A complete document may end in the same way (R-02); Content-Length shows that bytes are missing."""
    first = "<DeliveryReport>\n" + _REPORT.format("1")
    whole = server.http(first + _REPORT.format("2"))
    server.replies = [whole[: whole.index(b'<message id="2"')]]
    with pytest.raises(LostReports) as caught:
        caller(server.url).reports()
    assert ["1"] == [report.message_id for report in caught.value.reports]


def test_a_pull_dropped_without_an_answer_is_not_repeated(server: Any, caller: Callable[..., Any]) -> None:
    """The client stops its HTTP library from repeating the GET, which consumes reports."""
    server.replies = [server.http("NO_DATA"), b"", server.http("NO_DATA")]
    client = caller(server.url)
    assert () == client.reports()
    with pytest.raises(LostReports):
        client.reports()
    assert 2 == len(server.requests)


@pytest.mark.parametrize("method", ["titles", "balance"])
@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (b"", TransportError),
        (b"HTTP/1.1 503 x\r\nContent-Length: 0\r\n\r\n", TransportError),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>", MalformedAnswer),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\n<bakiye><miktar>1", MalformedAnswer),
    ],
)
def test_a_query_without_a_readable_answer_may_be_repeated(
    server: Any, caller: Callable[..., Any], method: str, reply: bytes, error: type[KobikomError]
) -> None:
    """A query has no effect, so the error is one that is safe to repeat."""
    server.replies = [reply]
    with pytest.raises(error) as caught:
        getattr(caller(server.url), method)()
    assert not caught.value.may_have_gone_out


def test_redirects_are_not_followed(server: Any, caller: Callable[..., Any]) -> None:
    """A redirect is an error: following it would give the message and the password to another server."""
    server.replies = [server.http("", "307 Elsewhere", Location=server.url + "/other")]
    with pytest.raises(TransportError) as caught:
        caller(server.url).send("a", "905")
    assert (307, 1) == (caught.value.http_status, len(server.requests))


def test_a_closed_document_is_complete_despite_wrong_framing(server: Any, caller: Callable[..., Any]) -> None:
    """With a Content-Length that is too large or missing, the closing tag shows that the answer is complete."""
    server.replies = [
        server.http(_results("905"), Content_Length="5000"),
        server.http(_results("905"), Content_Length=""),
    ]
    client = caller(server.url)
    for _ in range(2):
        assert ("905",) == tuple(result.number for result in client.send("a", "905").accepted)


def test_a_large_send_is_divided_into_batches_and_keeps_its_order(server: Any, caller: Callable[..., Any]) -> None:
    """Five recipients, two for each request, give three requests and results in the caller's order."""
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
        (RESET, UnknownOutcome, "900 901", "902 903", "904"),
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
            UnknownOutcome,
            "900 901 902",
            "903",
            "904",
        ),
    ],
    ids=["reset", "413", "refused", "one result missing"],
)
def test_a_failed_batch_reports_the_progress_of_the_send(
    server: Any,
    caller: Callable[..., Any],
    reply: bytes,
    error: type[KobikomError],
    answered: str,
    unknown: str,
    untried: str,
) -> None:
    """Every recipient is answered, unknown or untried; nothing is sent after the failure."""
    server.replies = [server.http(_results("900", "901")), reply, server.http(_results("904"))]
    with pytest.raises(error) as caught:
        caller(server.url, batch=2).send("a", [f"90{n}" for n in range(5)])
    progress = caught.value.progress
    assert (answered, unknown, untried) == (
        " ".join(result.number for result in progress.results),
        " ".join(recipient.number for recipient in progress.unknown),
        " ".join(recipient.number for recipient in progress.untried),
    )
    assert (2, True) == (len(server.requests), caught.value.may_have_gone_out)


def test_nothing_is_sent_if_any_recipient_cannot_be_written(server: Any, caller: Callable[..., Any]) -> None:
    """An invalid recipient in the last batch stops the first batch, too."""
    with pytest.raises(InvalidRequest):
        caller(server.url, batch=1).send("a", ["905", "906", "9\x0007"])
    assert [] == server.requests


@pytest.mark.parametrize("to", [[], ()])
def test_a_send_without_recipients_is_refused(server: Any, caller: Callable[..., Any], to: object) -> None:
    """InvalidRequest is raised and no request is made."""
    with pytest.raises(InvalidRequest):
        caller(server.url).send("a", to)
    assert [] == server.requests


@pytest.mark.parametrize(
    ("options", "error"),
    [({"batch": 0}, "batch"), ({"timeout": timedelta(0)}, "timeout"), ({"body_form": "json"}, "body_form")],
    ids=["batch", "timeout", "body_form"],
)
def test_a_client_with_an_invalid_option_cannot_be_made(
    caller: Callable[..., Any], options: dict[str, Any], error: str
) -> None:
    """A batch below 1, a timeout that is not positive and an unknown body form are refused when the client is made."""
    with pytest.raises(InvalidRequest, match=error):
        caller("http://127.0.0.1", **options)


def test_many_ids_are_pulled_in_several_requests_and_none_is_lost(server: Any, caller: Callable[..., Any]) -> None:
    """Ids that do not fit one URL make two pulls; the error of the second has the reports of the first."""
    ids = [f"{n:018}" for n in range(300)]
    server.replies = [server.http("<DeliveryReport>" + _REPORT.format("1")), RESET]
    with pytest.raises(LostReports) as caught:
        caller(server.url).reports(ids)
    assert ["1"] == [report.message_id for report in caught.value.reports]
    urls = [request.split(b" ")[1].decode() for request in server.requests]
    assert 2 == len(urls)
    assert all(len(url) < 8000 for url in urls)
    assert ids == [message_id for url in urls for message_id in url.split("messageid=")[1].split("%2C")]


@pytest.mark.parametrize(
    ("body_form", "beginning"),
    [(BodyForm.LITERAL, "XML=\n<SMS>"), (BodyForm.URL_ENCODED, "XML=%3CSMS%3E"), ("bare", "<SMS>")],
)
def test_the_body_form_concerns_sends_alone(
    server: Any, caller: Callable[..., Any], body_form: str, beginning: str
) -> None:
    """A client writes its sends in the chosen form of T-02, and its queries as bare XML, as the page prints them."""
    server.replies = [
        server.http(_results("905")),
        server.http("<basliklar><normal/><sayisal/></basliklar>"),
        server.http("<bakiye><miktar>18.532</miktar></bakiye>"),
    ]
    client = caller(server.url, body_form=body_form)
    client.send("a", "905")
    client.titles()
    assert Decimal(18532) == client.balance(grouped=True).amount
    beginnings = (beginning, "<basliklar>", "<?xml version=")
    bodies = zip(server.bodies(), beginnings, strict=True)
    assert list(beginnings) == [body[: len(expected)] for body, expected in bodies]


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
@pytest.mark.parametrize("method", ["send", "reports", "balance"])
def test_the_password_is_in_no_repr_error_or_log(
    server: Any,
    caller: Callable[..., Any],
    logged: pytest.LogCaptureFixture,
    method: str,
    reply: bytes,
) -> None:
    """It is absent even if the server repeats it, and from the exceptions of the HTTP library."""
    server.replies = [reply]
    client = caller(server.url)
    with pytest.raises(KobikomError) as caught:
        getattr(client, method)(*(["a", "905"] if method == "send" else []))
    error = caught.value
    shown = [repr(client.client), repr(error), str(error), logged.text]
    shown += traceback.format_exception(error)
    chain: BaseException | None = error
    while chain := (chain.__cause__ or chain.__context__):
        shown += [repr(chain), str(chain)]
    assert [] == [text for text in shown if _PASSWORD in text]


def test_one_blocking_client_serves_many_threads(server: Any) -> None:
    """Sixteen threads share one client and each gets its own answer."""
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
    """Sixteen tasks share one client, and no connection stays open."""
    server.replies = [server.http(f"<bakiye><miktar>{n}</miktar><kur>TRY</kur></bakiye>") for n in range(16)]
    client = AsyncClient(server.url, "test", "test")
    balances = await asyncio.gather(*(client.balance() for _ in range(16)))
    assert list(range(16)) == sorted(int(balance.amount) for balance in balances)
    gc.collect()


async def test_cancelling_a_send_raises_cancelled_error(server: Any) -> None:
    """The client does not convert or suppress a cancellation."""
    server.replies = [HANG]
    task = asyncio.create_task(AsyncClient(server.url, "test", "test").send("a", "905"))
    assert await asyncio.to_thread(server.arrived.wait, 20)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("make", [AsyncClient, Client])
def test_an_invalid_url_is_refused_when_the_client_is_made(make: Callable[..., object]) -> None:
    """The error is raised by the constructor and not by the first send."""
    with pytest.raises(InvalidRequest):
        make("localhost:8080", "test", "test")


def test_a_refusal_is_raised_with_its_code(server: Any, caller: Callable[..., Any]) -> None:
    """The error has the code of the refusal (A-05)."""
    server.replies = [server.http(_results("", code=-34))]
    with pytest.raises(Refused) as caught:
        caller(server.url).send(Message("a", title="Unknown"), "905")
    assert -34 == caught.value.code


def test_a_connection_that_is_never_accepted_means_nothing_was_sent(
    caller: Callable[..., Any],
) -> None:
    """A connection that times out in a full backlog has transmitted no byte, so nothing was sent."""
    with socket.socket() as listener, contextlib.ExitStack() as fillers:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            filler = fillers.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(TransportError):
            caller(url, timeout=timedelta(seconds=0.3)).send("a", "905")
