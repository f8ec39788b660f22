"""The requests that the codec makes, read back with a strict XML parser."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from kobikom_client import Account, BodyForm, InvalidRequest, Message, Recipient
from kobikom_client.codec import (
    balance_request,
    reports_request,
    send_request,
    titles_request,
)

_ACCOUNT = Account("http://127.0.0.1:8080", "test", "s3cret-parola")
_ONE = [Recipient("905329975725")]
# Every character that XML 1.0 can contain.
_XML_CHARACTERS = st.characters(
    codec="utf-8",
    exclude_characters=[chr(n) for n in range(32) if chr(n) not in "\t\n\r"] + ["\ufffe", "\uffff"],
)
_TEXT = st.text(_XML_CHARACTERS, min_size=1, max_size=80)


def _percent_encoded(octet: int) -> str:
    """An octet as a form field has it: a plus sign for a blank, and only letters, digits and - . _ as they are."""
    character = chr(octet)
    plain = octet < 128 and (character.isalnum() or character in "-._")
    return "+" if character == " " else character if plain else f"%{octet:02X}"


def _fields(message: Message) -> dict[str, str | None]:
    block = etree.fromstring(send_request(_ACCOUNT, message, _ONE, body_form=BodyForm.BARE).body).find("mesajiniz")
    assert block is not None
    return {str(element.tag): element.text for element in block if element.tag != "alicilar"}


_SMS = (
    "<SMS><dogrulama><kullanici>test</kullanici><parola>s3cret-parola</parola></dogrulama><mesajiniz>"
    "<baslik>Kobikom</baslik><metin>Ağaç &amp; 5% + 1</metin><languageCode>ES</languageCode>"
    "<alicilar><gsm>905329975725</gsm></alicilar></mesajiniz></SMS>"
)


@pytest.mark.parametrize(
    ("options", "content_type", "body"),
    [
        ({}, "application/xml; charset=UTF-8", f"XML=\n{_SMS}"),
        ({"body_form": BodyForm.LITERAL}, "application/xml; charset=UTF-8", f"XML=\n{_SMS}"),
        ({"body_form": BodyForm.BARE}, "application/xml; charset=UTF-8", _SMS),
        (
            {"body_form": BodyForm.URL_ENCODED},
            "application/x-www-form-urlencoded; charset=UTF-8",
            "XML=" + "".join(_percent_encoded(octet) for octet in _SMS.encode()),
        ),
    ],
    ids=["default", "literal", "bare", "url-encoded"],
)
def test_a_send_is_exactly_these_bytes(options: dict[str, Any], content_type: str, body: str) -> None:
    """A send has one of three body forms, by default the page's, and only the fields that the caller set (T-02)."""
    request = send_request(_ACCOUNT, Message("Ağaç & 5% + 1", title="Kobikom"), _ONE, **options)
    assert body == request.body.decode()
    assert ("POST", "http://127.0.0.1:8080/api/sendsms/xml/") == (request.method, request.url)
    assert content_type == request.headers["Content-Type"]


@given(text=_TEXT, title=_TEXT, user=_TEXT, password=_TEXT, message_id=_TEXT)
def test_every_xml_character_arrives_unchanged(
    text: str, title: str, user: str, password: str, message_id: str
) -> None:
    """A strict parser reads back each field exactly, line ends and quotes included (S-21)."""
    account = Account(_ACCOUNT.url, user, password)
    message = Message(text, title=title)
    request = send_request(account, message, [Recipient("90", message_id)], body_form=BodyForm.BARE)
    root = etree.fromstring(request.body)
    gsm = root.find("mesajiniz/alicilar/gsm")
    assert gsm is not None
    assert (text, title, user, password, message_id) == (
        root.findtext("mesajiniz/metin"),
        root.findtext("mesajiniz/baslik"),
        root.findtext("dogrulama/kullanici"),
        root.findtext("dogrulama/parola"),
        gsm.get("messageId"),
    )


@pytest.mark.parametrize("character", ["\0", "\x1b", "\x0b", "\ufffe", "\ud800"])
@pytest.mark.parametrize("field", ["text", "title", "app_id", "push_url", "language"])
def test_a_character_that_xml_cannot_contain_is_refused(field: str, character: str) -> None:
    """InvalidRequest names the character and its position and does not quote the text."""
    with pytest.raises(InvalidRequest, match=r"U\+[0-9A-F]{4} at 8") as caught:
        send_request(_ACCOUNT, Message(**{field: "verbatim" + character}), _ONE)
    assert "verbatim" not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "field", "value"),
    [
        ({"flash": True}, "flash", "1"),
        ({"no_push": True}, "nopush", "1"),
        ({"long": True}, "type", "longSMS"),
        ({"app_id": "shop"}, "appid", "shop"),
        ({"push_url": "http://127.0.0.1/?a=1&b=2"}, "pushurl", "http://127.0.0.1/?a=1&b=2"),
        ({"language": "TR"}, "languageCode", "TR"),
        ({"data_coding": 0}, "datacoding", "0"),
        ({"data_coding": 240}, "datacoding", "240"),
        ({"delay": timedelta(days=4, hours=3, minutes=2, seconds=1)}, "ileriTarih", "4d3h2m1s"),
        ({"delay": timedelta(days=1)}, "ileriTarih", "1d"),
        ({"delay": timedelta(milliseconds=1500)}, "ileriTarih", "2s"),
        ({"validity": timedelta(hours=48)}, "ValidityPeriod", "48:00"),
        ({"validity": timedelta(minutes=5)}, "ValidityPeriod", "00:05"),
        ({"validity": timedelta(seconds=61)}, "ValidityPeriod", "00:02"),
    ],
)
def test_each_option_is_written_in_the_form_of_the_page(options: dict[str, Any], field: str, value: str) -> None:
    """Each option is one field, and no other field is written beside the text (S-12 to S-19)."""
    assert {"metin": "a", field: value} == _fields(Message("a", **options))


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (Message("a" * 161), {"type": "longSMS"}),
        (Message("a" * 161, long=False), {}),
        (Message("ağaç"), {"languageCode": "ES"}),
        (Message("ağaç", language=""), {"datacoding": "8"}),
        (Message("ağaç", data_coding=8), {"datacoding": "8"}),
        (Message("日本"), {"datacoding": "8"}),
        (Message("日" * 71), {"datacoding": "8", "type": "longSMS"}),
        (Message("é"), {}),
        (Message("ş" * 77), {"languageCode": "ES"}),
        (Message("ş" * 78), {"languageCode": "ES", "type": "longSMS"}),
        (Message("è" * 152 + "ş"), {"languageCode": "ES", "type": "longSMS"}),
        (Message("a", delay=timedelta(0)), {}),
    ],
)
def test_type_coding_and_language_are_chosen_from_the_text(message: Message, expected: dict[str, str]) -> None:
    """The text decides them unless the caller sets them (S-10, S-12); longSMS as soon as any table that the server
    may use needs several parts (turkish-table).
    """
    assert {"metin": message.text} | expected == _fields(message)


def test_binary_goes_as_hexadecimal() -> None:
    """`binary` replaces the text (S-14)."""
    assert {"binary": "00FF"} == _fields(Message(binary=b"\0\xff"))


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"binary": b"a"}, "either text or binary"),
        ({"data_coding": 256}, "data_coding"),
        ({"data_coding": -1}, "data_coding"),
        ({"delay": timedelta(seconds=-1)}, "delay"),
        ({"validity": timedelta(0)}, "validity"),
        ({"validity": timedelta(hours=1000)}, "validity"),
    ],
)
def test_an_invalid_message_cannot_be_made(options: dict[str, Any], error: str) -> None:
    """A value that the page has no form for raises InvalidRequest, which names the field."""
    with pytest.raises(InvalidRequest, match=error):
        Message("a", **options)


@pytest.mark.parametrize("number", ["", " ", "\n"])
def test_an_empty_number_cannot_be_made_a_recipient(number: str) -> None:
    """A recipient has a number (S-05)."""
    with pytest.raises(InvalidRequest, match="number is empty"):
        Recipient(number)


def test_a_send_without_recipients_is_refused() -> None:
    """A request without a recipient is not made (S-05)."""
    with pytest.raises(InvalidRequest, match="no recipient"):
        send_request(_ACCOUNT, Message("a"), [])


def test_the_two_queries_contain_the_credentials_only() -> None:
    """A query is the credentials in its root element, with a declaration where the page prints one (H-01, B-01)."""
    account = "<dogrulama><kullanici>test</kullanici><parola>s3cret-parola</parola></dogrulama>"
    declaration = '<?xml version="1.0" encoding="UTF-8"?>'
    assert f"<basliklar>{account}</basliklar>" == titles_request(_ACCOUNT).body.decode()
    assert f"{declaration}<bakiye>{account}</bakiye>" == balance_request(_ACCOUNT).body.decode()


@given(user=_TEXT, password=_TEXT, ids=st.lists(_TEXT.filter(str.strip), min_size=1, max_size=4))
def test_a_pull_escapes_its_arguments_in_the_url(user: str, password: str, ids: list[str]) -> None:
    """The query reads back exactly, whatever the characters (R-01)."""
    ids = [message_id.replace(",", ".") for message_id in ids]
    request = reports_request(Account(_ACCOUNT.url, user, password), message_ids=ids, app_id="a&b")
    query = parse_qs(urlsplit(request.url).query, keep_blank_values=True)
    assert {
        "kullanici": [user],
        "parola": [password],
        "messageid": [",".join(ids)],
        "appid": ["a&b"],
    } == query


@pytest.mark.parametrize("ids", [[], ["a,b"], [""], [" "], ["\0"]])
def test_a_pull_with_invalid_ids_is_refused(ids: list[str]) -> None:
    """A pull without ids would consume every report; an id with a comma would name two messages."""
    with pytest.raises(InvalidRequest):
        reports_request(_ACCOUNT, message_ids=ids)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://h", "http://h/api/sendsms/xml/"),
        ("https://h:1/", "https://h:1/api/sendsms/xml/"),
        ("http://h/s/blue", "http://h/s/blue/api/sendsms/xml/"),
        ("http://h/api/sendsms/xml", "http://h/api/sendsms/xml/"),
        ("http://h/api/sendsms/xml/", "http://h/api/sendsms/xml/"),
        ("http://[::1]:80", "http://[::1]:80/api/sendsms/xml/"),
    ],
)
def test_the_endpoint_is_made_from_each_form_of_url(url: str, expected: str) -> None:
    """The URL is a host, a host with a prefix or the complete address."""
    assert expected == Account(url, "test", "test").endpoint


@pytest.mark.parametrize(
    "url",
    ["", "h", "ftp://h", "http://", "http://u:s3cret@h", "http://h?a", "http://h#a", "http://h:0",
     "http://h:99999", "http://h:x", "http://h/ş", "http://h/a b", "http://h\r\n", "http://["],
)  # fmt: skip
def test_an_invalid_url_is_refused_without_quoting_it(url: str) -> None:
    """The error does not quote the URL, which may contain a password."""
    with pytest.raises(InvalidRequest) as caught:
        Account(url, "test", "test")
    assert "s3cret" not in str(caught.value)
