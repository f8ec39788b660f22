"""Law: what goes on the wire, read back with a strict XML parser that is not ours."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from kobikom_client import Account, InvalidRequest, Message, Recipient
from kobikom_client.codec import (
    balance_request,
    endpoint,
    reports_request,
    send_request,
    titles_request,
)

_ACCOUNT = Account("http://127.0.0.1:8080", "test", "s3cret-parola")
_ONE = [Recipient("905329975725")]
# Every character XML 1.0 can carry.
_CARRIED = st.characters(
    codec="utf-8",
    exclude_characters=[chr(n) for n in range(32) if chr(n) not in "\t\n\r"] + ["\ufffe", "\uffff"],
)
_TEXT = st.text(_CARRIED, min_size=1, max_size=80)


def _fields(message: Message) -> dict[str, str | None]:
    block = etree.fromstring(send_request(_ACCOUNT, message, _ONE).body).find("mesajiniz")
    assert block is not None
    return {str(each.tag): each.text for each in block if each.tag != "alicilar"}


def test_a_plain_send_is_exactly_these_bytes() -> None:
    """Bare XML in UTF-8 with nothing that was not asked for."""
    request = send_request(_ACCOUNT, Message("Merhaba", sender="Kobikom"), _ONE)
    expected = (
        '<?xml version="1.0" encoding="UTF-8"?><SMS><dogrulama><kullanici>test</kullanici>'
        "<parola>s3cret-parola</parola></dogrulama><mesajiniz><baslik>Kobikom</baslik>"
        "<metin>Merhaba</metin><alicilar><gsm>905329975725</gsm></alicilar></mesajiniz></SMS>"
    )
    assert expected == request.body.decode()
    assert ("POST", "http://127.0.0.1:8080/api/sendsms/xml/") == (request.method, request.url)
    assert "application/xml; charset=UTF-8" == request.headers["Content-Type"]


@given(text=_TEXT, sender=_TEXT, user=_TEXT, password=_TEXT, message_id=_TEXT)
def test_every_character_xml_can_carry_arrives(
    text: str, sender: str, user: str, password: str, message_id: str
) -> None:
    """S-21: a strict parser reads back each field exactly, line ends and quotes included."""
    account = Account(_ACCOUNT.url, user, password)
    message = Message(text, sender=sender)
    root = etree.fromstring(send_request(account, message, [Recipient("90", message_id)]).body)
    gsm = root.find("mesajiniz/alicilar/gsm")
    assert gsm is not None
    assert (text, sender, user, password, message_id) == (
        root.findtext("mesajiniz/metin"),
        root.findtext("mesajiniz/baslik"),
        root.findtext("dogrulama/kullanici"),
        root.findtext("dogrulama/parola"),
        gsm.get("messageId"),
    )


@pytest.mark.parametrize("character", ["\0", "\x1b", "\x0b", "\ufffe", "\ud800"])
@pytest.mark.parametrize("place", ["text", "sender", "app_id", "push_url", "language"])
def test_a_character_xml_cannot_carry_is_refused_before_sending(place: str, character: str) -> None:
    """The refusal is typed, names the character and quotes nothing."""
    with pytest.raises(InvalidRequest, match=r"U\+[0-9A-F]{4} at 8") as caught:
        send_request(_ACCOUNT, Message(**{place: "verbatim" + character}), _ONE)
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
def test_each_option_is_written_as_the_page_asks(options: dict[str, Any], field: str, value: str) -> None:
    """S-12 … S-19, and beside the text no other field is written."""
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
        (Message("a", delay=timedelta(0)), {}),
    ],
)
def test_type_coding_and_language_follow_the_text_unless_told(message: Message, expected: dict[str, str]) -> None:
    """S-10, S-12: decided by arithmetic, overridden by the caller."""
    assert {"metin": message.text} | expected == _fields(message)


def test_binary_goes_as_hexadecimal() -> None:
    """S-14: octets instead of a text."""
    assert {"metin": None, "binary": "00FF"} != _fields(Message(binary=b"\0\xff"))
    assert {"binary": "00FF"} == _fields(Message(binary=b"\0\xff"))


@pytest.mark.parametrize(
    "message",
    [
        Message("a", binary=b"a"),
        Message("a", data_coding=256),
        Message("a", data_coding=-1),
        Message("a", delay=timedelta(seconds=-1)),
        Message("a", validity=timedelta(0)),
        Message("a", validity=timedelta(hours=1000)),
    ],
)
def test_a_value_that_cannot_be_written_is_refused_here(message: Message) -> None:
    """Rather than sending what the page has no form for."""
    with pytest.raises(InvalidRequest):
        send_request(_ACCOUNT, message, _ONE)


@pytest.mark.parametrize("recipients", [[], [Recipient("")], [Recipient("90"), Recipient(" ")]])
def test_a_send_without_a_number_is_refused_here(recipients: list[Recipient]) -> None:
    """No recipient, or an empty one, never reaches the wire (S-05)."""
    with pytest.raises(InvalidRequest):
        send_request(_ACCOUNT, Message("a"), recipients)


def test_the_two_questions_name_the_account_only() -> None:
    """H-01, B-01."""
    account = "<dogrulama><kullanici>test</kullanici><parola>s3cret-parola</parola></dogrulama>"
    declaration = '<?xml version="1.0" encoding="UTF-8"?>'
    assert f"{declaration}<basliklar>{account}</basliklar>" == titles_request(_ACCOUNT).body.decode()
    assert f"{declaration}<bakiye>{account}</bakiye>" == balance_request(_ACCOUNT).body.decode()


@given(user=_TEXT, password=_TEXT, ids=st.lists(_TEXT.filter(str.strip), min_size=1, max_size=4))
def test_a_pull_escapes_everything_in_its_url(user: str, password: str, ids: list[str]) -> None:
    """R-01: the query reads back exactly, whatever the characters."""
    ids = [each.replace(",", ".") for each in ids]
    request = reports_request(Account(_ACCOUNT.url, user, password), message_ids=ids, app_id="a&b")
    query = parse_qs(urlsplit(request.url).query, keep_blank_values=True)
    assert {
        "kullanici": [user],
        "parola": [password],
        "messageid": [",".join(ids)],
        "appid": ["a&b"],
    } == query


@pytest.mark.parametrize("ids", [[], ["a,b"], [""], [" "], ["\0"]])
def test_a_pull_of_ids_that_cannot_be_named_is_refused(ids: list[str]) -> None:
    """An empty filter would consume every report; a comma would name two messages."""
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
def test_the_endpoint_is_found_under_any_form_of_url(url: str, expected: str) -> None:
    """A host, a prefix or the page's whole address."""
    assert expected == endpoint(url)


@pytest.mark.parametrize(
    "url",
    ["", "h", "ftp://h", "http://", "http://u:s3cret@h", "http://h?a", "http://h#a", "http://h:0",
     "http://h:99999", "http://h:x", "http://h/ş", "http://h/a b", "http://h\r\n", "http://["],
)  # fmt: skip
def test_a_url_that_is_none_is_refused_without_quoting_it(url: str) -> None:
    """It may hold somebody's password."""
    with pytest.raises(InvalidRequest) as caught:
        endpoint(url)
    assert "s3cret" not in str(caught.value)
