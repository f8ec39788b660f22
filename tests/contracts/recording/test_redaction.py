"""Passwords never reach a recording; with pseudonyms, neither do users, numbers, titles and texts."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape

import pytest

from kobikom_contracts.recording.conversation import ObservedExchange
from kobikom_contracts.recording.har_files import _line
from kobikom_contracts.recording.pseudonyms import Pseudonyms
from kobikom_contracts.recording.redaction import Redaction

PASSWORDS = ("s3cr3t-Pass", "şifre&<çok>", "a b+c%d=e;f", "'\"quoted\"'", "gizli]]x")
DOCUMENT = (
    "<SMS><dogrulama><kullanici>musteri</kullanici><PAROLA>{}</PAROLA></dogrulama><mesajiniz><baslik>FIRMAM</baslik>"
    "<metin>Sayın Ayşe &amp; Çağrı</metin><alicilar><gsm messageId='905329975725'>905329975725</gsm></alicilar>"
    "</mesajiniz></SMS>"
)


def applied(head: bytes, body: bytes, *, pseudonyms: Pseudonyms | None = None) -> tuple[bytes, bytes]:
    """The bytes of a request after redaction, and the line of the file."""
    exchange = ObservedExchange(1, datetime(2026, 1, 2, tzinfo=UTC), ended="answered")
    request = head + b"Content-Length: %d\r\n\r\n" % len(body) + body
    exchange.request.feed(request)
    exchange.answer.feed(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nNO_DATA")
    Redaction(pseudonyms).apply(exchange.request, exchange.answer)
    assert len(request) == len(exchange.request.raw)
    return bytes(exchange.request.raw), _line(exchange.recorded(number=1))


@pytest.mark.parametrize("password", PASSWORDS)
@pytest.mark.parametrize(
    "form", ["xml", "references", "cdata", "form", "plus", "utf-16-le", "utf-16-be", "windows-1254", "query", "raw"]
)
def test_a_password_is_masked_in_every_writing(form: str, password: str) -> None:
    """The password is in no form in the bytes or in the line of the file, and no byte has moved."""
    head, xml = b"POST /api/sendsms/xml/ HTTP/1.1\r\n", DOCUMENT.format(escape(password))
    match form:
        case "references":
            body = DOCUMENT.format("".join(f"&#{ord(char)};" for char in password)).encode()
        case "cdata":
            body = DOCUMENT.format(f"<![CDATA[{password}]]>").encode()
        case "form":
            body = b"XML=" + quote(xml).encode()
        case "plus":
            body = b"XML=" + quote_plus(xml).encode()
        case "query":
            head = b"GET /api/sendsms/xml/pull?kullanici=musteri&Parola=%b HTTP/1.1\r\n" % quote(password).encode()
            body = b""
        case "raw":
            body = DOCUMENT.format(password).encode()
        case "xml":
            body = xml.encode()
        case encoding:
            body = xml.encode(encoding)
    redacted, line = applied(head, body)
    for written in (password, escape(password), quote(password), quote_plus(password)):
        for encoding in ("utf-8", "windows-1254", "utf-16-le", "utf-16-be"):
            assert written.encode(encoding) not in redacted
        assert written.encode() not in line
    assert b"".join(f"&#{ord(char)};".encode() for char in password) not in redacted


def test_pseudonyms_replace_what_names_people_and_keep_the_rest() -> None:
    """User, title, text and number are gone, an id equal to the number still is, and network and white space stay."""
    body = DOCUMENT.format("parolam").encode()
    redacted, line = applied(b"POST /api/sendsms/xml/ HTTP/1.1\r\n", body, pseudonyms=Pseudonyms(b"k" * 32))
    for secret in ("parolam", "musteri", "FIRMAM", "Ayşe", "Çağrı", "905329975725"):
        assert secret.encode() not in redacted
        assert secret.encode() not in line
    text = redacted.decode()
    number = text[text.index("<gsm messageId='") + 16 :][:12]
    assert f"<gsm messageId='{number}'>{number}</gsm>" in text
    assert number.startswith("90532")
    assert number.isdecimal()
    assert " &amp; " in text
