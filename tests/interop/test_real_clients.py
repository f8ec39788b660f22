"""Law: what real public clients put on the wire, byte for byte, read the way they read (T-02 … T-06)."""

import re
import socket
import xml.etree.ElementTree as ET
from urllib.parse import quote_plus

import pytest
from raw_http import LOGIN, NUMBER, PATIENCE, Line, ask, asking, order

from kobikom_emulator import Emulator

GLUED = "Content-Type: application/xml Accept: */*"


def splice(text: str) -> bytes:
    """The C# client's body: one line, ASCII, no declaration, the text put in as it is."""
    return (
        f"<SMS>{LOGIN}<mesajiniz><baslik>Kobikom</baslik><metin>{text}</metin>"
        f"<alicilar><gsm>{NUMBER}</gsm></alicilar></mesajiniz></SMS>"
    ).encode("ascii", "replace")


@pytest.mark.parametrize(
    ("text", "status"), [("Merhaba", 0), ("Tom & Jerry", -22), ("1 < 2", -22), ("a > b", 0), ("ğ becomes ?", 0)]
)
def test_the_c_sharp_client(port: int, text: str, status: int) -> None:
    """Head with the glued header and Expect, a wait, the spliced body: 200 always, -22 where the text broke the XML."""
    body = splice(text)
    head = (
        "POST /api/sendsms/xml/ HTTP/1.1\r\n"
        f"{GLUED}\r\nHost: kobikom.com\r\nContent-Length: {len(body)}\r\n"
        "Expect: 100-continue\r\nConnection: Keep-Alive\r\n\r\n"
    )
    with Line(port) as line:
        line.say(head.encode())
        assert b"HTTP/1.1 100 Continue\r\n\r\n" == line.until(b"\r\n\r\n")
        line.say(body)
        heard = line.hear()
    assert (200, status) == (heard.status, heard.results[0][0])


def test_the_php_client(emulator: Emulator, port: int) -> None:
    """No Content-Type, newlines around, Turkish letters as references, datacoding 8, longSMS and TR: sent."""
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
    heard = ask(port, asking(body, "Accept: */*", host="www.kobikom.com"))
    assert (200, 0, NUMBER) == (heard.status, heard.results[0][0], heard.results[0][2])
    (entry,) = emulator.journal
    assert [] == [note for note in entry.explanation if note["kind"] in ("refused", "unread")]


ANCESTORS = [
    (b"XML=" + quote_plus(order(f"+{NUMBER}", text="50% + %41 & co".replace("&", "&amp;"))).encode(), content_type)
    for content_type in ("application/x-www-form-urlencoded",)
] + [
    (b"XML=" + order(f"+{NUMBER}", text="50% + %41 &amp; co"), content_type)
    for content_type in ("application/x-www-form-urlencoded", "text/xml", "text/plain", "application/xml")
]


@pytest.mark.parametrize(("body", "content_type"), ANCESTORS, ids=range(len(ANCESTORS)))
def test_the_ancestors_clients(port: int, body: bytes, content_type: str) -> None:
    """`XML=` url-encoded or literal under any type; the results are indexed by the number as it was submitted."""
    heard = ask(port, asking(body, f"Content-Type: {content_type}"))
    results = {each.findtext("destination"): each for each in ET.fromstring(heard.body).iter("result")}
    assert "0" == results[f"+{NUMBER}"].findtext("status")


def test_the_ancestors_ways_to_read(port: int) -> None:
    """Substring, regular expression, element path and exact comparison all find what their clients look for."""
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
    """HTTP/1.0 on a bare socket, read to the end, split at the blank line: the body is the body, never chunked."""
    body = b"XML=" + order()
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as wire:
        wire.sendall(
            b"POST /api/sendsms/xml/ HTTP/1.0\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n%s\r\n"
            % (len(body), body)
        )
        told = b""
        while piece := wire.recv(100):
            told += piece
    head, _, rest = told.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.0 200 OK")
    assert rest.startswith(b"<?xml")
    assert rest.endswith(b"</results>\n")


def test_the_pages_own_request_line(port: int) -> None:
    """The page's request, absolute target, run-on header and all, then its quick send as it is printed."""
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
    heard = ask(port, asking(body, GLUED, target="http://www.kobikom.com/api/sendsms/xml/"))
    assert [0, 0, 0] == [status for status, *_ in heard.results]
    assert "411" == heard.header("Content-Length")
