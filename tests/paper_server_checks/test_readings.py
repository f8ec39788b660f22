"""The paper server follows each reading when it is given it, whatever it follows by itself."""

from __future__ import annotations

import gzip
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from paper_server import READINGS, Account, PaperServer
from paper_server.manner import PLAIN
from paper_server.messages import Request, Response
from paper_server.readings import PAPER, VALUES, Choices, Readings

from kobikom_contracts.clauses import READING_BY_NAME

LOGIN = "<dogrulama><kullanici>test</kullanici><parola>test</parola></dogrulama>"
ONE = "<gsm>905329975725</gsm>"
TWICE = '<gsm messageId="a">905329975725</gsm><gsm messageId="a">905329975726</gsm>'


def server_of(credit: str = "1000", **chosen: str) -> PaperServer:
    """A server of these readings whose clock stands still."""
    now = datetime(2012, 5, 2, 1, 2, 3, tzinfo=UTC)
    account = Account(credit=Decimal(credit))
    return PaperServer([account], clock=lambda: now, readings=Readings(**chosen))


def post(server: PaperServer, body: str | bytes) -> Response:
    """The answer to a POST."""
    octets = body.encode() if isinstance(body, str) else body
    return server.respond(Request("POST", "/api/sendsms/xml/", "HTTP/1.1", {}, octets))


def pulled(server: PaperServer, user: str = "test") -> str:
    """The answer to a pull an hour later."""
    now = server.world._clock() + timedelta(hours=1)
    server.world._clock = lambda: now
    target = f"/api/sendsms/xml/pull?kullanici={user}&parola=test"
    return server.respond(Request("GET", target, "HTTP/1.1", {})).body.decode()


def send(recipients: str, fields: str = "<metin>Merhaba</metin>", user: str = "test") -> str:
    """A send of one block."""
    login = LOGIN.replace("test", user, 1)
    return f"<SMS>{login}<mesajiniz>{fields}<alicilar>{recipients}</alicilar></mesajiniz></SMS>"


def statuses(answer: Response) -> list[str]:
    """The statuses of an answer, in order."""
    return [
        piece.split("<")[0] for piece in answer.body.decode().replace("<status><", "<status>").split("<status>")[1:]
    ]


def test_readings_are_those_of_the_contracts() -> None:
    """The names and values are those that the protocol page lists."""
    assert {one.name: one.values for one in READING_BY_NAME.values()} == dict(VALUES)


def test_own_readings_are_claimed() -> None:
    """What the paper server follows by itself is the default of each reading but for those that it claims."""
    defaults = {one.name: one.values[0] for one in READING_BY_NAME.values()}
    assert {**defaults, **READINGS} == PAPER.chosen()


def test_unknown_value_is_refused() -> None:
    """A value that a reading does not have is an error that names the others."""
    with pytest.raises(ValueError, match="dates cannot be 'german': one of unpadded"):
        Readings(dates="german")


@pytest.mark.parametrize(
    ("reading", "value", "body", "expected"),
    [
        ("undeclared_bytes", "refuse", send(ONE, "<metin>şu</metin>").encode("cp1254"), ["-22"]),
        ("undeclared_bytes", "windows-1254", send(ONE, "<metin>şu</metin>").encode("cp1254"), ["0"]),
        ("login_codes", "missing", send(ONE, user="nobody"), ["-5"]),
        ("login_codes", "wrong", send(ONE, user="nobody"), ["-10"]),
        ("refusal_shape", "single", send(ONE * 2, user="nobody"), ["-5"]),
        ("refusal_shape", "per-recipient", send(ONE * 2, user="nobody"), ["-5", "-5"]),
        ("duplicate_id", "later-ones", send(TWICE), ["0", "-33"]),
        ("duplicate_id", "whole-request", send(TWICE), ["-33"]),
        ("empty_gsm", "skip", send(ONE + "<gsm/>"), ["0"]),
        ("empty_gsm", "refuse", send(ONE + "<gsm/>"), ["0", "-6"]),
        ("empty_gsm", "refuse", send("<gsm/>"), ["-6"]),
        ("short_number", "unknown", send("<gsm>90532</gsm>"), ["-13"]),
        ("short_number", "incomplete", send("<gsm>90532</gsm>"), ["-6"]),
        ("number_form", "lenient", send("<gsm>05329975725</gsm>"), ["0"]),
        ("number_form", "strict", send("<gsm>05329975725</gsm>"), ["-13"]),
        ("title_code", "-34", send(ONE, "<baslik>NOBODY</baslik>"), ["-34"]),
        ("unknown_title", "accept", send(ONE, "<baslik>NOBODY</baslik>"), ["0"]),
        ("long_text", "refuse", send(ONE, f"<metin>{'a' * 161}</metin>"), ["-23"]),
        ("long_validity", "clamp", send(ONE, "<ValidityPeriod>49:00</ValidityPeriod>"), ["0"]),
        ("long_validity", "refuse", send(ONE, "<ValidityPeriod>49:00</ValidityPeriod>"), ["-23"]),
    ],
)
def test_reading_of_a_request(reading: str, value: str, body: str | bytes, expected: list[str]) -> None:
    """A request that a reading is about is answered as its value says."""
    assert expected == statuses(post(server_of(**{reading: value}), body))


@pytest.mark.parametrize(("value", "expected"), [("per-recipient", ["0", "-2"]), ("whole-request", ["-2", "-2"])])
def test_short_credit(value: str, expected: list[str]) -> None:
    """Credit for one of two recipients sends one, or none."""
    assert expected == statuses(post(server_of("1", short_credit=value), send(ONE * 2)))


def test_account_history() -> None:
    """An id of an earlier send is refused by the reading that looks back."""
    server = server_of(duplicate_id="account-history")
    once = send('<gsm messageId="a">905329975725</gsm>')
    assert [["0"], ["-33"]] == [statuses(post(server, once)) for _ in range(2)]


@pytest.mark.parametrize(
    ("chosen", "kind", "text", "parts"),
    [
        ({"turkish_table": "single"}, "longSMS", "ş" * 78, 2),
        ({"turkish_table": "locking"}, "longSMS", "ş" * 155, 1),
        ({"turkish_table": "fewest"}, "longSMS", "ş" * 155, 1),
        ({"turkish_table": "locking"}, "longSMS", "ş" * 156, 2),
        ({"long_text": "split"}, "", "a" * 161, 2),
        ({"long_text": "cut"}, "", "a" * 161, 1),
        ({"unencodable": "ucs2"}, "longSMS", "я" * 71, 2),
    ],
)
def test_parts_by_reading(chosen: dict[str, str], kind: str, text: str, parts: int) -> None:
    """The parts of a text are those of the reading."""
    server = server_of(**chosen)
    post(server, send(ONE, f"<metin>{text}</metin><type>{kind}</type><languageCode>TR</languageCode>"))
    assert parts == len(server.world.messages[0].order.parts)


def test_question_mark() -> None:
    """A character outside the alphabet becomes a question mark by the reading that says so."""
    server = server_of(unencodable="question-mark")
    post(server, send(ONE, "<metin>a я</metin>"))
    assert ("a ?",) == server.world.messages[0].order.parts


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (
            {"answer_layout": "lines", "dates": "unpadded", "message_id": "10-digits"},
            '<DeliveryReport>\n<message id="1000000001" sentdate="2012/5/2 4:2:3" donedate="2012/5/2 4:2:4"'
            ' status="DELIVERED" gsmerror="0"/>\n</DeliveryReport>',
        ),
        (
            {"report_close": "as-printed", "sent_attribute": "senddate", "dates": "padded", "message_id": "15-digits"},
            '<DeliveryReport>\n<message id="100000000000001" senddate="2012/05/02 04:02:03"'
            ' donedate="2012/05/02 04:02:04" status="DELIVERED" gsmerror="0"/>\n',
        ),
    ],
)
def test_reports_by_reading(chosen: dict[str, str], expected: str) -> None:
    """A report document has the layout, attributes, dates and ids of the readings."""
    server = server_of(**chosen)
    post(server, send(ONE))
    assert expected == pulled(server)


@pytest.mark.parametrize(("value", "expected"), [("positive", "5"), ("negative", "-5")])
def test_refused_pull(value: str, expected: str) -> None:
    """A refused pull is the bare number with or without a minus, also where sends have codes of their own."""
    assert expected == pulled(server_of(pull_refusal=value, login_codes="wrong"), user="nobody")


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"amount": "three-places"}, "<miktar>1234.500</miktar>"),
        ({"amount": "shortest"}, "<miktar>1234.5</miktar>"),
        ({"amount": "grouped"}, "<miktar>1.234</miktar>"),
        ({"answer_layout": "lines"}, "<bakiye>\n    <miktar>1234.500</miktar>\n    <kur>TRY</kur>\n</bakiye>"),
    ],
)
def test_balance_by_reading(chosen: dict[str, str], expected: str) -> None:
    """An amount is written in the form and layout of the readings."""
    assert expected in post(server_of("1234.5", **chosen), f"<bakiye>{LOGIN}</bakiye>").body.decode()


def test_titles_in_lines() -> None:
    """Titles stand on lines of their own, indented as the page prints them."""
    answer = post(server_of(answer_layout="lines"), f"<basliklar>{LOGIN}</basliklar>").body.decode()
    assert "    <normal>\n        <baslik>Kobikom</baslik>\n" in answer
    assert answer.endswith("    </normal>\n    <sayisal></sayisal>\n</basliklar>")


def test_second_answer_as_printed() -> None:
    """Two results are the page's second example, byte for byte, but for the ids."""
    answer = post(server_of(result_shape="as-printed"), send(TWICE.replace('"a">905329975726', '"b">905329975726')))
    assert b"<messageid>a</messageid>\n<destination>905329975725</destination>\n</result>\n<status><0</status>" in (
        answer.body
    )


def test_content_type_as_xml() -> None:
    """Every answer is labelled as XML by the reading that says so."""
    label = post(server_of(content_type="xml"), f"<bakiye>{LOGIN}</bakiye>").headers["Content-Type"]
    assert "application/xml; charset=UTF-8" == label


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        (Choices(), ["-5", "a", "905329975725"]),
        (Choices(echo_refused_ids=False), ["-5", "", "905329975725"]),
    ],
)
def test_refused_ids(choices: Choices, expected: list[str]) -> None:
    """A refused recipient has the client's id or none, as chosen."""
    readings = Readings(choices=choices, refusal_shape="per-recipient", answer_layout="lines")
    server = PaperServer(readings=readings)
    answer = post(server, send('<gsm messageId="a">905329975725</gsm>', user="nobody")).body.decode()
    assert expected == [line.partition(">")[2].partition("<")[0] for line in answer.split("\n")[3:6]]


@pytest.mark.parametrize("escaping", ["named", "least", "numeric"])
def test_escaping_keeps_ids(escaping: str) -> None:
    """An id with markup is the same to an XML parser, however it is escaped."""
    from xml.etree import ElementTree as ET

    server = PaperServer(readings=Readings(choices=Choices(escaping=escaping), unencodable="ucs2"))
    ident = "a<b>&\"c'\t]]>ğ"
    written = "".join(f"&#{ord(char)};" for char in ident)
    answer = post(server, send(f'<gsm messageId="{written}">905329975725</gsm>'))
    report = pulled(server)
    assert ident == ET.fromstring(answer.body).findtext("result/messageid")
    assert ident == ET.fromstring(report)[0].get("id")


def test_head_by_manner() -> None:
    """The manner decides case, order, phrase, date and blanks of the head."""
    manner = replace(PLAIN, case=str.lower, order=str.lower, phrase=False, date=False, colon=":", says_keep_alive=False)
    head = manner.head(Response(200, b"12", {"Content-Type": "text/csv"}), keep=True, date="now")
    assert b"HTTP/1.1 200 \r\ncontent-length:2\r\ncontent-type:text/csv\r\n\r\n" == head


@pytest.mark.parametrize(
    ("accepted", "coded"), [("", False), ("gzip", True), ("br, gzip;q=0.5", True), ("gzip;q=0", False)]
)
def test_compression_when_accepted(accepted: str, coded: bool) -> None:
    """An answer is compressed only for a request that accepts it."""
    response = replace(PLAIN, compress=True).encoded(Response(200, b"octets"), accepted)
    assert coded is ("Content-Encoding" in response.headers)
    assert b"octets" == (gzip.decompress(response.body) if coded else response.body)


@pytest.mark.parametrize("pieces", [1, 2, 5, 100])
def test_pieces_are_the_whole(pieces: int) -> None:
    """An answer written in pieces is the same answer."""
    octets = bytes(range(50))
    assert octets == b"".join(replace(PLAIN, pieces=pieces).cut(octets))
