"""The exact requests of public clients, with their answers read as these clients read them (T-02 to T-06)."""

import re
import socket
import xml.etree.ElementTree as ET
from urllib.parse import quote_plus

import pytest
from raw_http import LOGIN, NUMBER, PATIENCE, Line, ask, asking, order

from kobikom_emulator import Emulator

RUN_ON_HEADER = "Content-Type: application/xml Accept: */*"


def unescaped_send(text: str) -> bytes:
    """The body of the C# client: one line in ASCII without a declaration, with the text unescaped."""
    return (
        f"<SMS>{LOGIN}<mesajiniz><baslik>Kobikom</baslik><metin>{text}</metin>"
        f"<alicilar><gsm>{NUMBER}</gsm></alicilar></mesajiniz></SMS>"
    ).encode("ascii", "replace")


@pytest.mark.parametrize(
    ("text", "status"), [("Merhaba", 0), ("Tom & Jerry", -22), ("1 < 2", -22), ("a > b", 0), ("ğ becomes ?", 0)]
)
def test_the_c_sharp_client(port: int, text: str, status: int) -> None:
    """A run-on header, Expect and an unescaped text: the status is 200, and -22 if the text breaks the XML."""
    body = unescaped_send(text)
    head = (
        "POST /api/sendsms/xml/ HTTP/1.1\r\n"
        f"{RUN_ON_HEADER}\r\nHost: kobikom.com\r\nContent-Length: {len(body)}\r\n"
        "Expect: 100-continue\r\nConnection: Keep-Alive\r\n\r\n"
    )
    with Line(port) as line:
        line.say(head.encode())
        assert b"HTTP/1.1 100 Continue\r\n\r\n" == line.until(b"\r\n\r\n")
        line.say(body)
        answer = line.hear()
    assert (200, status) == (answer.status, answer.results[0][0])


def test_the_php_client(emulator: Emulator, port: int) -> None:
    """A request without Content-Type, with character references, datacoding 8, longSMS and TR is accepted."""
    references = "".join(f"&#{ord(letter)};" if ord(letter) > 127 else letter for letter in "Şifreniz: çğıöşü 1234")
    body = f"""
<SMS>
{LOGIN}
<mesajiniz>
<baslik>Kobikom</baslik>
<metin>{references}</metin>
<type>longSMS</type>
<datacoding>8</datacoding>
<languageCode>TR</languageCode>
<alicilar>
<gsm>{NUMBER}</gsm>
</alicilar>
</mesajiniz>
</SMS>
""".encode("ascii")
    answer = ask(port, asking(body, "Accept: */*", host="www.kobikom.com"))
    assert (200, 0, NUMBER) == (answer.status, answer.results[0][0], answer.results[0][2])
    (entry,) = emulator.journal
    assert [] == [note for note in entry.explanation if note["kind"] in ("refused", "unread")]


OLDER_API_BODIES = [
    (b"XML=" + quote_plus(order(f"+{NUMBER}", text="50% + %41 & co".replace("&", "&amp;"))).encode(), content_type)
    for content_type in ("application/x-www-form-urlencoded",)
] + [
    (b"XML=" + order(f"+{NUMBER}", text="50% + %41 &amp; co"), content_type)
    for content_type in ("application/x-www-form-urlencoded", "text/xml", "text/plain", "application/xml")
]


@pytest.mark.parametrize(("body", "content_type"), OLDER_API_BODIES, ids=range(len(OLDER_API_BODIES)))
def test_the_clients_of_the_older_api(port: int, body: bytes, content_type: str) -> None:
    """`XML=` url-encoded or literal is read with any content type; results have the number as submitted."""
    answer = ask(port, asking(body, f"Content-Type: {content_type}"))
    results = {result.findtext("destination"): result for result in ET.fromstring(answer.body).iter("result")}
    assert "0" == results[f"+{NUMBER}"].findtext("status")


def test_the_clients_of_the_older_api_read_the_answers(port: int) -> None:
    """A substring, a regular expression, an element path and an exact comparison read the answers."""
    wrong = ask(port, asking(order().replace(b"<parola>test", b"<parola>wrong")))
    assert b"<status>-5</status>" in wrong.body
    sent = ask(port, asking(order(NUMBER, "905329975726")))
    first = re.search(rb"<status>(.*?)</status>", sent.body)
    assert first is not None
    assert b"0" == first[1]
    result = ET.fromstring(sent.body).find("result")
    assert result is not None
    assert "0" == result.findtext("status")
    pulled = ask(port, asking(None, target="/api/sendsms/xml/pull?kullanici=test&parola=test"))
    assert b"NO_DATA" == pulled.body


def test_the_raw_socket_client(port: int) -> None:
    """An HTTP/1.0 answer, read to its end and split at the empty line, has a body that is not chunked."""
    body = b"XML=" + order()
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(
            b"POST /api/sendsms/xml/ HTTP/1.0\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n%s\r\n"
            % (len(body), body)
        )
        received = b""
        while piece := connection.recv(100):
            received += piece
    head, _, rest = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.0 200 OK")
    assert rest.startswith(b"<?xml")
    assert rest.endswith(b"</results>")


def test_the_request_of_the_page(port: int) -> None:
    """The page's request with its absolute target and run-on header, and its first example as the body."""
    body = b"""XML=
<SMS>
<dogrulama>
<kullanici>test</kullanici>
<parola>test</parola>
</dogrulama>
<mesajiniz>
<baslik>Kobikom</baslik>
<metin>Merhaba</metin>
<alicilar>
<gsm>905352220087</gsm>
<gsm>905352220054</gsm>
<gsm>905322542525</gsm>
</alicilar>
</mesajiniz>
</SMS>"""
    answer = ask(port, asking(body, RUN_ON_HEADER, target="http://www.kobikom.com/api/sendsms/xml/"))
    assert [0, 0, 0] == [status for status, *_ in answer.results]
    assert str(176 + 2 * 117) == answer.header("Content-Length")  # 176 with one recipient; 117 each more (T-10)
