"""No password reaches a file, in whatever way a request writes it or an answer repeats it."""

from __future__ import annotations

import gzip
import io
import json
import string
from datetime import UTC, datetime
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kobikom_contracts.recording.conversation import Conversation, ObservedExchange
from kobikom_contracts.recording.har_files import HarStream
from kobikom_contracts.recording.passwords import sweep
from kobikom_contracts.recording.redaction import Redaction

LETTERS = string.ascii_letters + string.digits
ODD = st.text(st.sampled_from(LETTERS + "şğıİçöü&<>\"'%+= ;/\\#?@:!€漢😀"), min_size=3, max_size=11).map(
    lambda text: f"q{text.replace(']]>', '')}Zx7"
)
"""Passwords with everything that some writing escapes."""

DOCUMENT = (
    "<SMS><dogrulama><kullanici>musteri</kullanici>{login}</dogrulama><mesajiniz><metin>Merhaba</metin>"
    "<alicilar><gsm>905329975725</gsm></alicilar></mesajiniz></SMS>"
)
ELEMENT = "<parola>{}</parola>"
WRITINGS = {
    "escaped": lambda one: DOCUMENT.format(login=ELEMENT.format(escape(one))).encode(),
    "references": lambda one: DOCUMENT.format(login=ELEMENT.format("".join(f"&#x{ord(c):x};" for c in one))).encode(),
    "cdata": lambda one: DOCUMENT.format(login=ELEMENT.format(f"<![CDATA[{one}]]>")).encode(),
    "attribute": lambda one: DOCUMENT.format(login=f"<giris parola={quoteattr(one)}/>").encode(),
    "encoded": lambda one: b"XML=" + quote(DOCUMENT.format(login=ELEMENT.format(escape(one))), safe="").encode(),
    "form": lambda one: b"kullanici=musteri&parola=" + quote_plus(one).encode(),
    "json": lambda one: json.dumps({"kullanici": "musteri", "parola": one}).encode(),
    "multipart": lambda one: f'--b\r\nContent-Disposition: form-data; name="parola"\r\n\r\n{one}\r\n--b--\r\n'.encode(),
    "gzip": lambda one: gzip.compress(DOCUMENT.format(login=ELEMENT.format(escape(one))).encode()),
}
HEADERS = {"multipart": "Content-Type: multipart/form-data; boundary=b\r\n", "gzip": "Content-Encoding: gzip\r\n"}
REPEATS = {
    "plain": str,
    "escaped": escape,
    "quoted": lambda one: quoteattr(one)[1:-1],
    "decimal": lambda one: "".join(f"&#{ord(char)};" for char in one),
    "percent": lambda one: quote(one, safe=""),
    "plus": quote_plus,
    "lower": lambda one: quote(one, safe="").lower() if one.islower() else quote(one, safe=""),
    "json": lambda one: json.dumps(one)[1:-1],
    "json, not escaped": lambda one: json.dumps(one, ensure_ascii=False)[1:-1],
    "escaped and encoded": lambda one: quote(escape(one), safe=""),
}


def recorded(request: bytes, answer: bytes) -> bytes:
    """Everything that a recording of one exchange writes, and its bodies decoded."""
    emitted: list[ObservedExchange] = []
    conversation = Conversation(1, now=lambda: datetime(2026, 1, 2, tzinfo=UTC), emit=emitted.append)
    conversation.from_client(request)
    conversation.from_server(answer)
    conversation.server_closed()
    file = io.BytesIO()
    writer, redaction = HarStream(file), Redaction()
    kept = b""
    for number, exchange in enumerate(emitted, 1):
        redaction.apply(exchange.request, exchange.answer)
        one = exchange.recorded(number=number)
        writer.write(one)
        kept += one.request_bytes + one.answer_bytes + one.request_body + one.answer_body
    writer.close()
    return kept + file.getvalue()


def post(body: bytes, headers: str = "") -> bytes:
    head = f"POST /api/sendsms/xml/ HTTP/1.1\r\nHost: a\r\n{headers}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def answered(body: bytes, headers: bytes = b"") -> bytes:
    return b"HTTP/1.1 200 OK\r\n%bContent-Length: %d\r\n\r\n%b" % (headers, len(body), body)


def traces(password: str) -> set[bytes]:
    """What would show a password: it and its escaped forms, in UTF-8."""
    texts = {password, escape(password), quote(password, safe=""), quote_plus(password), json.dumps(password)[1:-1]}
    return {text.encode() for text in texts}


@given(writing=st.sampled_from(sorted(WRITINGS)), password=ODD)
def test_no_writing_of_a_password_is_in_the_file(writing: str, password: str) -> None:
    """However a request writes it, neither the bytes of the recording nor its file show it."""
    body = WRITINGS[writing](password)
    kept = recorded(post(body, HEADERS.get(writing, "")), answered(b"NO_DATA"))
    assert [] == [form for form in traces(password) if form in kept]
    assert body not in kept


@given(repeat=st.sampled_from(sorted(REPEATS)), password=ODD)
def test_an_answer_that_repeats_a_password_is_masked(repeat: str, password: str) -> None:
    """Outside of `parola`, in the body and in a header of an answer of the API, the password is masked."""
    written = REPEATS[repeat](password)
    body = f"<results><result><status>-5</status><destination>{written}</destination></result></results>".encode()
    header = b"X-Login: " + quote(password, safe="").encode() + b"\r\n"
    request = post(WRITINGS["escaped"](password))
    kept = recorded(request, answered(body, header))
    assert [] == [form for form in (*traces(password), written.encode()) if form in kept]
    assert b"<status>-5</status>" in kept


@pytest.mark.parametrize(
    ("text", "left"),
    [(b"abcd abcde xabcd", b"**** abcde xabcd"), (b"%3Cabcd%3E", b"%3C****%3E"), (b'"abcd"', b'"****"')],
)
def test_a_short_password_is_masked_as_a_word(text: bytes, left: bytes) -> None:
    """Four or five characters are masked where they are a word of their own; other words stay."""
    data = bytearray(text)
    sweep(data, ["abcd"])
    assert left == bytes(data)
