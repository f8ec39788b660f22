"""Passwords in requests are replaced, wherever and however a client writes them, and nothing else is."""

import gzip
from urllib.parse import quote

import pytest

from kobikom_emulator.exchange import WireRequest
from kobikom_emulator.journal.masking import MASK, MOST, masked_bytes, masked_headers, masked_request, masked_text

SECRET = "Gizli&9.ş"
XML = f"<SMS><dogrulama><kullanici>test</kullanici><parola>{SECRET}</parola></dogrulama><metin>Kod 1234</metin></SMS>"

WRITTEN = [
    f"<parola>{SECRET}</parola>",
    f"<Parola >{SECRET}</Parola>",
    f"<ns:parola type='x'>{SECRET}</ns:parola>",
    f"<parola><![CDATA[{SECRET}<x>]]></parola>",
    f"<parola><deger>{SECRET}</deger></parola>",
    f"<parola>{SECRET}",
    f"<password>{SECRET}</password>",
    f"<şifre>{SECRET}</şifre>",
    f"&lt;parola&gt;{SECRET}&lt;/parola&gt;",
    f'<dogrulama parola="{SECRET}"/>',
    f"<dogrulama parola = '{SECRET}'/>",
    f"XML=%3Cparola%3E{quote(SECRET)}%3C%2Fparola%3E",
    f"XML=%3Cparola%3E{quote(SECRET)}%3C/parola%3E&x=1",
    f"kullanici=test&parola={quote(SECRET)}&x=1",
    f'{{"kullanici": "test", "parola": "{SECRET}"}}',
    f'{{"parola":"a\\"{SECRET}"}}',
    f'--b\r\nContent-Disposition: form-data; name="parola"\r\n\r\n{SECRET}\r\n--b--',
    f"http://user:{quote(SECRET)}@127.0.0.1/dlr",
]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1254", "utf-16-le", "utf-16-be", "utf-16", "utf-32"])
@pytest.mark.parametrize("text", WRITTEN)
def test_a_password_is_replaced(text: str, encoding: str) -> None:
    """In an element, attribute, form, query, JSON or URL, in every encoding that clients use."""
    masked = masked_bytes(text.encode(encoding)).decode(encoding)
    assert (False, False, True) == (SECRET in masked, quote(SECRET) in masked, MASK in masked)


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1254", "utf-16-le", "utf-16"])
def test_every_other_byte_stays(encoding: str) -> None:
    """Login, text and tags around the password are the bytes that were received."""
    assert XML.replace(SECRET, MASK).encode(encoding) == masked_bytes(XML.encode(encoding))


@pytest.mark.parametrize(
    "text",
    [
        "<metin>Parolanız: 1234</metin>",
        "<metin>Şifreniz 1234, parola vermeyin</metin>",
        "<kullanici>parola</kullanici>",
        "<parola/>\n<x>1</x>",
        "http://127.0.0.1:8080/a@b",
        "kullanici=test&parolam=1",
        "",
    ],
)
def test_what_is_no_password_stays(text: str) -> None:
    """A text that speaks of passwords, a user with such a name, and similar names keep their bytes."""
    assert text == masked_text(text)


@pytest.mark.parametrize("body", [b"\xff\xfeK\x00\xd8", b"\x00\x01\x02", b"\xff", bytes(range(256))])
def test_any_bytes_pass(body: bytes) -> None:
    """Bytes that are no text of their encoding stay as they are."""
    assert body == masked_bytes(body)


def test_headers_with_secrets_are_replaced() -> None:
    """The credentials and cookies of a request."""
    headers = ((b"Authorization", b"Basic dGVzdDp0ZXN0"), (b"cookie", b"a=1"), (b"Accept", b"*/*\xff"))
    expected = ((b"Authorization", MASK.encode()), (b"cookie", MASK.encode()), (b"Accept", b"*/*\xff"))
    assert expected == masked_headers(headers)


@pytest.mark.parametrize("headers", [(), ((b"Content-Encoding", b"br"),)])
def test_a_compressed_body_is_replaced_as_a_whole(headers: tuple[tuple[bytes, bytes], ...]) -> None:
    """Nothing can be found in it, so nothing of it leaves."""
    body = b"anything" if headers else gzip.compress(XML.encode())
    assert MASK.encode() == masked_request(WireRequest("POST", "/", body, headers=headers)).body


def test_the_query_of_a_pull_is_masked() -> None:
    """The password of a pull is in its URL."""
    request = masked_request(WireRequest("GET", "/api/sendsms/xml/pull?kullanici=test&parola=gizli&messageid=1"))
    assert f"/api/sendsms/xml/pull?kullanici=test&parola={MASK}&messageid=1" == request.target


def test_a_password_is_found_far_into_a_long_body() -> None:
    """Between megabytes of numbers, whose bytes stay."""
    numbers = "<gsm>905322220087</gsm>" * 50_000
    body = f"{numbers}<parola>{SECRET}</parola>{numbers}<parola>{SECRET}</parola>".encode()
    assert f"{numbers}<parola>{MASK}</parola>{numbers}<parola>{MASK}</parola>".encode() == masked_bytes(body)


@pytest.mark.parametrize(("count", "whole"), [(MOST, False), (MOST + 1, True)])
def test_a_body_of_too_many_elements_is_replaced_as_a_whole(count: int, whole: bool) -> None:
    """The time that masking takes is bounded; up to the bound each password is replaced."""
    masked = masked_bytes(f"<parola>{SECRET}</parola>\n".encode() * count)
    assert (MASK.encode() if whole else f"<parola>{MASK}</parola>\n".encode() * count) == masked
