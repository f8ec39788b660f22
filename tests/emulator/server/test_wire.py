"""What clients send and what they get back, byte for byte over raw sockets (T-01 … T-10)."""

import re
from urllib.parse import quote_plus, urlencode

import pytest
from raw_http import BALANCE, CSV, LOGIN, NUMBER, PULL, Line, ask, asking, chunked, order

from kobikom_emulator import Emulator

HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/csv;charset= UTF-8\r\nContent-Length: {}\r\n"
DATE = "Date: Sat, 31 Jan 2026 06:00:00 GMT\r\n"
GLUED = "Content-Type: application/xml Accept: */*"
LITERAL = order(f'<gsm messageId="a%41+b&amp;c">+{NUMBER}</gsm>')
MULTIPART = (
    b'--xyz\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n'
    b'--xyz\r\nContent-Disposition: form-data; name="XML"\r\n\r\n' + LITERAL + b"\r\n--xyz--\r\n"
)
FORMS = {
    "bare": LITERAL,
    "bom": b"\xef\xbb\xbf" + LITERAL,
    "declared": b'<?xml version="1.0" encoding="UTF-8"?>' + LITERAL,
    "newlines around": b"\n" + LITERAL + b"\n",
    "newline before the declaration": b'\r\n<?xml version="1.0"?>' + LITERAL,
    "literal": b"XML=" + LITERAL,
    "literal after a newline": b"XML=\n" + LITERAL,
    "literal, small letters": b"xml=" + LITERAL,
    "encoded": b"XML=" + quote_plus(LITERAL).encode(),
    "encoded, not the first field": urlencode({"a": "b", "XML": LITERAL.decode()}).encode(),
    "encoded, not the last field": urlencode({"XML": LITERAL.decode(), "a": "b"}).encode(),
    "multipart": MULTIPART,
}
TYPES = [
    None,
    "text/xml",
    "text/plain",
    "application/xml",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=xyz",
    "application/xml Accept: */*",
    "nonsense",
]


@pytest.mark.parametrize("content_type", TYPES)
@pytest.mark.parametrize("form", FORMS)
def test_every_body_form_under_every_content_type(port: int, form: str, content_type: str | None) -> None:
    """Each form of body is read the same with any Content-Type or none; literal XML is not decoded (T-02, T-03)."""
    headers = [] if content_type is None else [f"Content-Type: {content_type}"]
    heard = ask(port, asking(FORMS[form], *headers))
    assert [(0, "a%41+b&amp;c", f"+{NUMBER}")] == heard.results


def test_a_send_answer_byte_for_byte(port: int) -> None:
    """The answer has status line, Content-Type with its blank, Content-Length and Date only, then the page's bytes
    (T-10).
    """
    with Line(port) as line:
        line.say(asking(order()))
        line.finish()
        told = line.rest().decode()
    found = re.search(r"<messageid>(\d{15})</messageid>", told)
    assert found is not None
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<results>\n<result>\n'
        f"<status>0</status>\n<messageid>{found[1]}</messageid>\n<destination>{NUMBER}</destination>\n</result>\n"
        "</results>"
    )
    assert HEAD.format(176) + DATE + "\r\n" + body == told


OWN_IDS = [f'<gsm messageId="sizinmsgID{nth}">90532997572{4 + nth}</gsm>' for nth in (1, 2)]


@pytest.mark.parametrize(
    ("readings", "numbers", "length", "line_ends"),
    [
        ({}, [NUMBER], 176, 7),
        ({}, [NUMBER] * 3, 410, 17),
        ({"message-id": "18-digits"}, [NUMBER], 179, 7),
        ({"message-id": "10-digits"}, [NUMBER], 171, 7),
        ({"result-shape": "as-printed"}, OWN_IDS, 277, 11),
        ({"answer-layout": "compact", "message-id": "18-digits"}, [NUMBER], 177, 5),
        ({"answer-layout": "compact", "message-id": "18-digits"}, [NUMBER] * 3, 411, 9),
    ],
    ids=str,
)
def test_lengths(readings: dict[str, str], numbers: list[str], length: int, line_ends: int) -> None:
    """An answer has the page's 176 bytes by default, its 277 as printed, and the ancestor's 177 and 411 in its layout
    (T-10, S-02).
    """
    with Emulator(readings=readings) as emulator:
        heard = ask(emulator.running.port, asking(order(*numbers)))
    assert (str(length), length, line_ends) == (
        heard.header("Content-Length"), len(heard.body), heard.body.count(b"\n")
    )  # fmt: skip


@pytest.mark.parametrize(
    ("request_", "body"),
    [
        (
            asking(BALANCE, "Connection: close"),
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            "<bakiye>\n    <miktar>1000.000</miktar>\n    <kur>TRY</kur>\n</bakiye>",
        ),
        (
            asking(f"<basliklar>{LOGIN}</basliklar>".encode(), "Connection: close"),
            '<?xml version="1.0" encoding="UTF-8"?>\n<basliklar>\n    <normal>\n        <baslik>Kobikom</baslik>\n'
            "        <baslik>TEST</baslik>\n        <baslik>DEMO</baslik>\n    </normal>\n    <sayisal></sayisal>\n"
            "</basliklar>",
        ),
        (asking(None, "Connection: close", target=PULL), "NO_DATA"),
        (asking(None, "Connection: close", target=PULL.replace("parola=test", "parola=x")), "5"),
        (
            asking(b"<SMS>&", "Connection: close"),
            '<?xml version="1.0" encoding="UTF-8"?>\n<results>\n<result>\n<status>-22</status>\n<messageid></messageid>'
            "\n<destination></destination>\n</result>\n</results>",
        ),
    ],
    ids=["balance", "titles", "no reports", "refused pull", "unreadable"],
)
def test_the_other_answers_byte_for_byte(port: int, request_: bytes, body: str) -> None:
    """Every answer of the API has the same headers and HTTP 200, refusals included (T-08, A-05, B-01, H-01, R-03)."""
    with Line(port) as line:
        line.say(request_)
        assert (HEAD.format(len(body)) + DATE + "Connection: close\r\n\r\n" + body).encode() == line.rest()


def test_an_answer_of_many_slices_is_never_chunked() -> None:
    """A pull of 2,500 reports, which is rendered in slices, has one Content-Length (T-09, R-02)."""
    rich = {"user": "test", "password": "test", "credit": "5000"}
    with Emulator(accounts=[rich], clock={"start": "2026-01-31T09:00:00+03:00"}) as emulator:
        ids = [result[1] for result in ask(emulator.running.port, asking(order(*[NUMBER] * 2500))).results]
        emulator.clock.advance(2)
        heard = ask(emulator.running.port, asking(None, target=PULL))
    assert None is heard.header("Transfer-Encoding")
    assert ids == re.findall(r'<message id="(\d+)"', heard.body.decode())


@pytest.mark.parametrize("path", ["/api/sendsms/xml/", "/api/sendsms/xml", "http://www.kobikom.com/api/sendsms/xml/"])
@pytest.mark.parametrize("host", ["kobikom.com", "www.kobikom.com", "127.0.0.1:1", "", "x" * 200])
def test_path_and_host(port: int, path: str, host: str) -> None:
    """With or without slash, in absolute form and with any Host it is the same resource, without a redirect (T-01,
    T-04).
    """
    assert 0 == ask(port, asking(order(), target=path, host=host)).results[0][0]


@pytest.mark.parametrize("path", ["/pull", "/pull/"])
@pytest.mark.parametrize("base", ["/api/sendsms/xml", "http://www.kobikom.com/api/sendsms/xml"])
def test_pull_paths(port: int, path: str, base: str) -> None:
    """A pull works with and without a slash, and in absolute form (R-01)."""
    target = f"{base}{path}?kullanici=test&parola=test"
    assert b"NO_DATA" == ask(port, asking(None, target=target)).body


def test_a_pull_may_name_a_thousand_messages(emulator: Emulator, port: int) -> None:
    """A request line of 20 kB is read: a client may ask for all reports of a large send at once (R-04)."""
    ids = [result[1] for result in ask(port, asking(order(*[NUMBER] * 900))).results]
    emulator.clock.advance(2)
    heard = ask(port, asking(None, target=f"{PULL}&messageid={','.join(ids)}"))
    assert 900 == heard.body.count(b"<message ")


def test_expect_100_continue(port: int) -> None:
    """With `Expect: 100-continue` the head gets the interim line, then the body is read and answered (T-04)."""
    body = order()
    head, _, _ = asking(body, GLUED, "Expect: 100-continue").partition(b"\r\n\r\n")
    with Line(port) as line:
        line.say(head + b"\r\n\r\n")
        assert b"HTTP/1.1 100 Continue\r\n\r\n" == line.until(b"\r\n\r\n")
        line.say(body)
        assert [0] == [status for status, *_ in line.hear().results]


def test_expect_and_body_in_one_write(port: int) -> None:
    """A client that does not wait for the interim line gets it nevertheless, then its answer (T-04)."""
    with Line(port) as line:
        line.say(asking(order(), "Expect: 100-Continue"))
        assert b"HTTP/1.1 100 Continue\r\n\r\n" == line.until(b"\r\n\r\n")
        assert 0 == line.hear().results[0][0]


def test_expect_in_http_1_0_is_ignored(port: int) -> None:
    """HTTP/1.0 requests get no interim line (T-04)."""
    heard = ask(port, asking(order(), "Expect: 100-continue", version="1.0"))
    assert ("HTTP/1.0 200 OK", 1) == (heard.line, len(heard.results))


@pytest.mark.parametrize("host", ["kobikom.com", None])
def test_http_1_0(port: int, host: str | None) -> None:
    """HTTP/1.0, with or without Host, is answered in HTTP/1.0 and closed (T-04)."""
    with Line(port) as line:
        line.say(asking(order(), version="1.0", host=host))
        heard = line.hear()
        assert ("HTTP/1.0 200 OK", "close", b"") == (heard.line, heard.header("Connection"), line.rest())


def test_http_1_0_with_keep_alive(port: int) -> None:
    """An HTTP/1.0 connection with `keep-alive` stays open, and the answer says so (T-04)."""
    with Line(port) as line:
        for _ in range(3):
            line.say(asking(order(), "Connection: Keep-Alive", version="1.0"))
            heard = line.hear()
            assert ("HTTP/1.0 200 OK", "keep-alive") == (heard.line, heard.header("Connection"))


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_chunked_request_bodies(port: int, size: int) -> None:
    """A chunked body is read like any other (T-04)."""
    head = asking(None, "Transfer-Encoding: chunked", method="POST")
    with Line(port) as line:
        line.say(head + chunked(b"XML=" + order(text="ğüş"), size))
        assert 0 == line.hear().results[0][0]


def test_a_request_in_single_bytes(port: int) -> None:
    """A request is the same in whatever pieces it arrives (T-04)."""
    request = asking(b"XML=" + order(), GLUED)
    with Line(port) as line:
        line.say(*[request[at : at + 1] for at in range(len(request))])
        assert 0 == line.hear().results[0][0]


def test_an_offer_of_http_2_is_declined(port: int) -> None:
    """The h2c offer of Java's client is ignored and the body is read (T-04)."""
    offer = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAEAAEAAAAIAAAAB")
    with Line(port) as line:
        line.say(asking(order(), *offer))
        assert 0 == line.hear().results[0][0]
        line.say(asking(order()))
        assert 0 == line.hear().results[0][0]


def test_a_compressed_body_is_not_unpacked(port: int) -> None:
    """Content-Encoding is ignored: the bytes are read as they are (T-03, T-11)."""
    assert 0 == ask(port, asking(order(), "Content-Encoding: gzip")).results[0][0]


def test_line_breaks_between_requests_are_passed_over(port: int) -> None:
    """An extra CRLF after a body, as old clients send it, is ignored (T-04)."""
    with Line(port) as line:
        for _ in range(3):
            line.say(asking(order()) + b"\r\n")
            assert 0 == line.hear().results[0][0]


def test_charset_parameter(port: int) -> None:
    """Undeclared bytes are read by the charset parameter, the only part of Content-Type that is used (T-05)."""
    body = order(text="ğış").decode().encode("iso-8859-9")
    named = ask(port, asking(body, "Content-Type: text/xml; charset=ISO-8859-9"))
    unnamed = ask(port, asking(body, "Content-Type: text/xml"))
    assert (0, -22, CSV) == (named.results[0][0], unnamed.results[0][0], unnamed.header("Content-Type"))
