"""The vendor's documents byte for byte (T-09, T-10, H-01, B-01, R-02, R-08, E)."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from kobikom_emulator.protocol import encode
from kobikom_emulator.protocol.codes import NO_DATA, PULL_CODES, Code
from kobikom_emulator.protocol.readings import Readings

PLAIN = Readings()
PRINTED = Readings(result_shape="as-printed", report_close="as-printed")
ID = "100000000000000001"
XML_TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn"]) | st.sampled_from("\t\n\r<&\"'>")
)


@pytest.mark.parametrize(
    ("numbers", "length"),
    [(["05329975725"], 176), (["905329975725"], 177), (["905329975725", "905329975726", "905329975737"], 411)],
)
def test_documented_lengths(numbers: list[str], length: int) -> None:
    """176, 177 and 411 bytes, three newlines and two more a result (T-10)."""
    body = encode.results([(0, ID, number) for number in numbers], PLAIN)
    assert (length, 3 + 2 * len(numbers), 0) == (len(body), body.count(b"\n"), body.count(b"\r"))


def test_result_layout() -> None:
    """No indentation, LF only, the declaration first (T-10)."""
    assert (
        b'<?xml version="1.0" encoding="UTF-8"?>\n<results>\n'
        b"<result>\n<status>-13</status><messageid></messageid><destination>1</destination></result>\n"
        b"<result>\n<status>0</status><messageid>m</messageid><destination>2</destination></result>\n"
        b"</results>\n"
    ) == encode.results([(Code.UNKNOWN_NUMBER, "", "1"), (0, "m", "2")], PLAIN)


def test_as_printed_is_the_pages_second_example() -> None:
    """277 bytes, no second `<result>`, a stray < before the status (E)."""
    body = encode.results([(0, "sizinmsgID1", "905329975725"), (0, "sizinmsgID2", "905329975726")], PRINTED)
    assert (
        b'<?xml version="1.0" encoding="UTF-8"?>\n<results>\n<result>\n<status>0</status>\n'
        b"<messageid>sizinmsgID1</messageid>\n<destination>905329975725</destination>\n</result>\n"
        b"<status><0</status>\n<messageid>sizinmsgID2</messageid>\n<destination>905329975726</destination>\n"
        b"</result>\n</results>"
    ) == body
    assert 277 == len(body)


def test_one_result_as_printed_is_well_formed() -> None:
    """The flaw begins with the second result (E)."""
    assert "results" == etree.fromstring(encode.results([(0, "a", "b")], PRINTED)).tag


@given(st.lists(st.from_regex("[0-9]{5,15}", fullmatch=True), max_size=5), st.integers(10**17, 10**18 - 9))
def test_the_fast_path_says_the_same(numbers: list[str], first: int) -> None:
    """`accepted_results` and `results` give the same bytes (T-10)."""
    ids = range(first, first + len(numbers))
    rows = [(0, str(each), number) for each, number in zip(ids, numbers, strict=True)]
    assert encode.results(rows, PLAIN) == encode.accepted_results(ids, numbers)


@pytest.mark.parametrize("ids", [["1"], ["1", "2", "3"]])
def test_the_fast_path_wants_an_id_for_each_number(ids: list[str]) -> None:
    """Another count is an error, not a shorter answer (S-01)."""
    with pytest.raises(ValueError, match="zip"):
        encode.accepted_results(ids, ["905321234567", "905321234568"])


@given(XML_TEXT, XML_TEXT)
def test_what_clients_submit_comes_back_escaped(message_id: str, number: str) -> None:
    """Any id and number survive the way back through an XML parser (S-01, S-03)."""
    root = etree.fromstring(encode.results([(0, message_id, number)], PLAIN))
    assert (message_id, number) == (root[0][1].text or "", root[0][2].text or "")


@given(XML_TEXT)
def test_report_ids_survive_as_attributes(message_id: str) -> None:
    """Line ends and quotes in a client's id survive attribute normalisation (S-03, R-02)."""
    line = encode.report_lines([message_id], sent_at=0, done_at=0, status="SENT", gsm_error=0, readings=PLAIN)
    assert message_id == etree.fromstring(line).get("id")


def test_titles() -> None:
    """An empty group is kept as an element; no white space, no newline at the end (H-01)."""
    assert (
        b'<?xml version="1.0" encoding="UTF-8"?><basliklar><normal><baslik>A&amp;B</baslik><baslik>\xc5\x9e</baslik>'
        b"</normal><sayisal></sayisal></basliklar>"
    ) == encode.titles(["A&B", "Ş"], [])
    assert encode.titles([], ["1"]).endswith(b"<normal></normal><sayisal><baslik>1</baslik></sayisal></basliklar>")


def test_balance() -> None:
    """`miktar` then `kur` (B-01)."""
    assert (
        b'<?xml version="1.0" encoding="UTF-8"?><bakiye><miktar>18.532</miktar><kur>TRY</kur></bakiye>'
    ) == encode.balance("18.532", "TRY")


def test_reports_as_the_page_prints_them() -> None:
    """Attributes in the documented order, no declaration, with and without the end (R-02)."""
    at = int(datetime(2010, 8, 2, 11, 55, 10, tzinfo=UTC).timestamp() * 1000)
    line = encode.report_lines(
        ["1000", "1002"], sent_at=at, done_at=at + 6999, status="DELIVERED", gsm_error=0, readings=PLAIN
    )
    tail = 'sentdate="2010/8/2 14:55:10" donedate="2010/8/2 14:55:16" status="DELIVERED" gsmerror="0"/>\n'
    assert f'<message id="1000" {tail}<message id="1002" {tail}' == line
    assert ("<DeliveryReport>\n", "</DeliveryReport>\n", "") == (
        encode.REPORTS_OPEN, encode.reports_close(PLAIN), encode.reports_close(PRINTED)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("instant", "unpadded", "padded"),
    [
        (datetime(2005, 7, 19, 19, 0, 0, tzinfo=UTC), "2005/7/19 22:0:0", "2005/07/19 22:00:00"),
        (datetime(2026, 1, 31, 6, 5, 9, tzinfo=UTC), "2026/1/31 9:5:9", "2026/01/31 09:05:09"),
        (datetime(2012, 12, 31, 22, 30, tzinfo=UTC), "2013/1/1 0:30:0", "2013/01/01 00:30:00"),
        (datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC), "1970/1/1 1:59:59", "1970/01/01 01:59:59"),
    ],
)
def test_dates_are_turkish_time(instant: datetime, unpadded: str, padded: str) -> None:
    """Turkey's local time of that day, summer time while there was one, both readings (R-08)."""
    at = int(instant.timestamp() * 1000)
    assert (unpadded, padded) == (encode.date(at, PLAIN), encode.date(at, Readings(dates="padded")))


def test_content_types() -> None:
    """With the blank the page prints, or XML's own (T-09)."""
    assert ("text/csv;charset= UTF-8", "application/xml; charset=UTF-8") == (
        encode.content_type(PLAIN), encode.content_type(Readings(content_type="xml"))
    )  # fmt: skip


def test_the_documented_codes() -> None:
    """Sixteen codes, three of them for pulls, seven bytes for nothing (R-03, R-07, E)."""
    assert [0, -1, -2, -3, -5, -6, -10, -11, -13, -22, -23, -26, -27, -33, -34, -99] == [int(code) for code in Code]
    assert {-5: 5, -10: 10, -11: 11} == {int(code): number for code, number in PULL_CODES.items()}
    assert (b"NO_DATA", 7) == (NO_DATA, len(NO_DATA))
