"""The vendor's documents byte for byte (T-09, T-10, H-01, B-01, R-02, R-08, E)."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from kobikom_emulator.protocol import encode
from kobikom_emulator.protocol.codes import Code
from kobikom_emulator.protocol.readings import Readings

PLAIN = Readings()
PRINTED = Readings(result_shape="as-printed", report_close="as-printed")
COMPACT = Readings(answer_layout="compact")
LONG_ID, SHORT_ID = "100000000000000001", "100000000000001"
NUMBERS = ["905329975725", "905329975726", "905329975737"]
XML_TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn"]) | st.sampled_from("\t\n\r<&\"'>")
)


def results(rows: Iterable[encode.Row], readings: Readings) -> bytes:
    return b"".join(encode.results(rows, readings))


def accepted_results(first_id: int, numbers: Sequence[str], readings: Readings) -> bytes:
    return b"".join(encode.accepted_results(first_id, numbers, readings))


def test_the_length_of_the_pages_first_answer() -> None:
    """One element a line, no last line end, its 12-digit number and a 15-digit id: the printed 176 bytes (T-10)."""
    body = results([(0, SHORT_ID, NUMBERS[0])], PLAIN)
    assert (176, 7, 0) == (len(body), body.count(b"\n"), body.count(b"\r"))
    assert body == accepted_results(int(SHORT_ID), NUMBERS[:1], PLAIN)


@pytest.mark.parametrize(("numbers", "length"), [(NUMBERS[:1], 177), (NUMBERS, 411)])
def test_the_lengths_of_the_ancestors_answers(numbers: list[str], length: int) -> None:
    """177 and 411 bytes: three line ends and two more a result, 18-digit ids (T-10)."""
    body = results([(0, LONG_ID, number) for number in numbers], COMPACT)
    assert (length, 3 + 2 * len(numbers), 0) == (len(body), body.count(b"\n"), body.count(b"\r"))


def test_results_in_lines() -> None:
    """One element a line, line feeds only, none at the end, the declaration first (T-10)."""
    assert (
        b'<?xml version="1.0" encoding="UTF-8"?>\n<results>\n'
        b"<result>\n<status>-13</status>\n<messageid></messageid>\n<destination>1</destination>\n</result>\n"
        b"<result>\n<status>0</status>\n<messageid>m</messageid>\n<destination>2</destination>\n</result>\n"
        b"</results>"
    ) == results([(Code.UNKNOWN_NUMBER, "", "1"), (0, "m", "2")], PLAIN)


def test_compact_results() -> None:
    """No indentation, the three elements of a result on one line (T-10)."""
    assert (
        b'<?xml version="1.0" encoding="UTF-8"?>\n<results>\n'
        b"<result>\n<status>-13</status><messageid></messageid><destination>1</destination></result>\n"
        b"<result>\n<status>0</status><messageid>m</messageid><destination>2</destination></result>\n"
        b"</results>\n"
    ) == results([(Code.UNKNOWN_NUMBER, "", "1"), (0, "m", "2")], COMPACT)


def test_as_printed_is_the_pages_second_example() -> None:
    """277 bytes, no second `<result>`, a stray < before the status (E)."""
    body = results([(0, "sizinmsgID1", "905329975725"), (0, "sizinmsgID2", "905329975726")], PRINTED)
    assert (
        b'<?xml version="1.0" encoding="UTF-8"?>\n<results>\n<result>\n<status>0</status>\n'
        b"<messageid>sizinmsgID1</messageid>\n<destination>905329975725</destination>\n</result>\n"
        b"<status><0</status>\n<messageid>sizinmsgID2</messageid>\n<destination>905329975726</destination>\n"
        b"</result>\n</results>"
    ) == body
    assert 277 == len(body)


def test_one_result_as_printed_is_well_formed() -> None:
    """The flaw begins with the second result (E)."""
    assert "results" == etree.fromstring(results([(0, "a", "b")], PRINTED)).tag


@given(
    st.lists(st.from_regex("[0-9]{5,15}", fullmatch=True), min_size=1, max_size=5),
    st.sampled_from([1, 1001]),
    st.integers(10**14, 10**18 - 9) | st.integers(10**11, 10**15 - 9).map(lambda thousands: thousands * 1000 - 2),
    st.sampled_from([PLAIN, COMPACT]),
)
def test_the_fast_path_says_the_same(numbers: list[str], times: int, first: int, readings: Readings) -> None:
    """`accepted_results` and `results` give the same bytes, also beyond the next round thousand (T-10)."""
    numbers *= times
    rows = [(0, str(first + index), number) for index, number in enumerate(numbers)]
    assert results(rows, readings) == accepted_results(first, numbers, readings)


@pytest.mark.parametrize("readings", [PLAIN, COMPACT])
def test_a_large_answer_comes_in_chunks(readings: Readings) -> None:
    """The same bytes however they are divided, no chunk much longer than the others, a small answer in one (T-10)."""
    numbers = [str(905_320_000_000 + index) for index in range(50_001)]
    rows = [(0, str(10**14 + index), number) for index, number in enumerate(numbers)]
    row_by_row, accepted = encode.results(rows, readings), encode.accepted_results(10**14, numbers, readings)
    assert b"".join(row_by_row) == b"".join(accepted)
    for chunks in (row_by_row, accepted):
        assert 3 == len(chunks)
        assert max(map(len, chunks)) < 1.1 * len(b"".join(chunks)) * 20_000 / 50_001
    assert (
        1
        == len(encode.results(rows[:1000], readings))
        == len(encode.accepted_results(10**14, numbers[:1000], readings))
    )


@given(XML_TEXT, XML_TEXT)
def test_what_clients_submit_comes_back_escaped(message_id: str, number: str) -> None:
    """Any id and number survive the way back through an XML parser (S-01, S-03)."""
    root = etree.fromstring(results([(0, message_id, number)], PLAIN))
    assert (message_id, number) == (root[0][1].text or "", root[0][2].text or "")


@given(XML_TEXT)
def test_report_ids_survive_as_attributes(message_id: str) -> None:
    """Line ends and quotes in a client's id survive attribute normalisation (S-03, R-02)."""
    line = encode.report_lines([message_id], sent_at=0, done_at=0, status="SENT", gsm_error=0, readings=PLAIN)
    assert message_id == etree.fromstring(line).get("id")


def test_titles() -> None:
    """An empty group is kept as an element; indented by four blanks as printed, or on one line (H-01, T-10)."""
    assert (
        '<?xml version="1.0" encoding="UTF-8"?>\n<basliklar>\n    <normal>\n        <baslik>A&amp;B</baslik>\n'
        "        <baslik>Ş</baslik>\n    </normal>\n    <sayisal></sayisal>\n</basliklar>"
    ).encode() == encode.titles(["A&B", "Ş"], [], PLAIN)
    assert (
        '<?xml version="1.0" encoding="UTF-8"?><basliklar><normal><baslik>A&amp;B</baslik><baslik>Ş</baslik></normal>'
        "<sayisal></sayisal></basliklar>"
    ).encode() == encode.titles(["A&B", "Ş"], [], COMPACT)
    assert encode.titles([], ["1"], COMPACT).endswith(
        b"<normal></normal><sayisal><baslik>1</baslik></sayisal></basliklar>"
    )


def test_balance() -> None:
    """`miktar` then `kur`, indented by four blanks as printed, or on one line (B-01, T-10)."""
    amount = Decimal("18.532")
    assert (
        b'<?xml version="1.0" encoding="UTF-8"?>\n<bakiye>\n    <miktar>18.532</miktar>\n    <kur>TRY</kur>\n</bakiye>'
    ) == encode.balance(amount, "TRY", PLAIN)
    assert (
        b'<?xml version="1.0" encoding="UTF-8"?><bakiye><miktar>18.532</miktar><kur>TRY</kur></bakiye>'
    ) == encode.balance(amount, "TRY", COMPACT)


@pytest.mark.parametrize(
    ("credit", "three_places", "shortest", "grouped"),
    [
        ("18.532", "18.532", "18.532", "18"),
        ("18.5", "18.500", "18.5", "18"),
        ("914", "914.000", "914", "914"),
        ("18532", "18532.000", "18532", "18.532"),
        ("1234567.9", "1234567.900", "1234567.9", "1.234.567"),
        ("100", "100.000", "100", "100"),
        ("0", "0.000", "0", "0"),
        ("0.0396", "0.039", "0.039", "0"),
        ("999.999999", "999.999", "999.999", "999"),
        ("0.0009", "0.000", "0", "0"),
    ],
)
def test_amounts(credit: str, three_places: str, shortest: str, grouped: str) -> None:
    """The three forms; six places are kept, three are shown, and never more than there is (B-01)."""
    forms = ("three-places", "shortest", "grouped")
    assert (three_places, shortest, grouped) == tuple(
        encode.amount(Decimal(credit), Readings(amount=form)) for form in forms
    )


@given(st.decimals(0, 10**14, places=6, allow_nan=False, allow_infinity=False))
def test_no_amount_is_rounded_up(credit: Decimal) -> None:
    """What is shown is there, and less than a thousandth is missing (B-01, C-04)."""
    for form in ("three-places", "shortest"):
        assert 0 <= credit - Decimal(encode.amount(credit, Readings(amount=form))) < Decimal("0.001")


def test_reports_as_the_page_prints_them() -> None:
    """Attributes in the documented order, no declaration, with and without the end (R-02)."""
    at = int(datetime(2010, 8, 2, 11, 55, 10, tzinfo=UTC).timestamp() * 1000)
    line = encode.report_lines(
        ["1000", "1002"], sent_at=at, done_at=at + 6999, status="DELIVERED", gsm_error=0, readings=PLAIN
    )
    tail = 'sentdate="2010/8/2 14:55:10" donedate="2010/8/2 14:55:16" status="DELIVERED" gsmerror="0"/>\n'
    assert f'<message id="1000" {tail}<message id="1002" {tail}' == line
    named_as_in_the_table = encode.report_lines(
        ["1000"], sent_at=at, done_at=at, status="SENT", gsm_error=0, readings=Readings(sent_attribute="senddate")
    )
    assert named_as_in_the_table.startswith('<message id="1000" senddate="2010/8/2 14:55:10" donedate=')


@pytest.mark.parametrize(
    ("layout", "close", "end"),
    [
        ("lines", "closed", b"/>\n</DeliveryReport>"),
        ("lines", "as-printed", b"/>"),
        ("compact", "closed", b"/>\n</DeliveryReport>\n"),
        ("compact", "as-printed", b"/>\n"),
    ],
)
def test_the_ends_of_reports(layout: str, close: str, end: bytes) -> None:
    """With or without the closing tag, with or without a last line end (R-02, T-10)."""
    readings = Readings(answer_layout=layout, report_close=close)
    assert b"<message" + end == encode.close_reports(b"<message/>\n", readings)
    assert "<DeliveryReport>\n" == encode.REPORTS_OPEN


@pytest.mark.parametrize(
    ("instant", "unpadded", "as_written", "padded"),
    [
        (datetime(2005, 7, 19, 19, 0, 0, tzinfo=UTC), "2005/7/19 22:0:0", "2005/7/19 22:00:00", "2005/07/19 22:00:00"),
        (datetime(2026, 1, 31, 6, 5, 9, tzinfo=UTC), "2026/1/31 9:5:9", "2026/1/31 09:05:09", "2026/01/31 09:05:09"),
        (datetime(2012, 12, 31, 22, 30, tzinfo=UTC), "2013/1/1 0:30:0", "2013/1/1 00:30:00", "2013/01/01 00:30:00"),
        (
            datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC),
            "1970/1/1 1:59:59",
            "1970/1/1 01:59:59",
            "1970/01/01 01:59:59",
        ),
    ],
)
def test_dates_are_turkish_time(instant: datetime, unpadded: str, as_written: str, padded: str) -> None:
    """Turkey's local time of that day, summer time while there was one, in all three forms (R-08)."""
    at = int(instant.timestamp() * 1000)
    forms = ("unpadded", "as-written", "padded")
    assert (unpadded, as_written, padded) == tuple(encode.date(at, Readings(dates=form)) for form in forms)


def test_content_types() -> None:
    """With the blank the page prints, or XML's own (T-09)."""
    assert ("text/csv;charset= UTF-8", "application/xml; charset=UTF-8") == (
        encode.content_type(PLAIN), encode.content_type(Readings(content_type="xml"))
    )  # fmt: skip
