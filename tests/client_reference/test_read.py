"""The read functions with every answer that the page, the clauses and their readings describe."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest

from kobikom_client import (
    BadCredentials,
    Balance,
    Code,
    LostReports,
    MalformedAnswer,
    Recipient,
    Refused,
    Report,
    Result,
    Status,
    Titles,
    TransportError,
    UnknownOutcome,
    push,
)
from kobikom_client.codec import (
    Answer,
    read_balance,
    read_reports,
    read_send,
    read_titles,
)

_A, _B, _C = Recipient("905329975725"), Recipient("905329975726"), Recipient("905329975737")
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_TURKEY = timezone(timedelta(hours=3))


def _ok(body: str | bytes, content_type: str = "text/csv;charset= UTF-8") -> Answer:
    return Answer(200, body if isinstance(body, bytes) else body.encode(), content_type)


def _result(status: object, message_id: str, destination: str) -> str:
    return (
        f"<result>\n<status>{status}</status><messageid>{message_id}</messageid>"
        f"<destination>{destination}</destination></result>\n"
    )


def _results(*results: str) -> str:
    return f"{_DECLARATION}<results>\n{''.join(results)}</results>\n"


_AS_PRINTED = """<?xml version="1.0" encoding="UTF-8"?>
<results>
<result>
<status>0</status>
<messageid>sizinmsgID1</messageid>
<destination>905329975725</destination>
</result>
<status><0</status>
<messageid>sizinmsgID2</messageid>
<destination>905329975726</destination>
</result>
</results>"""


def test_the_second_example_of_the_page_is_read_as_printed() -> None:
    """The printed 277 bytes, without an opening <result> and with `<status><0</status>` (reading result-shape)."""
    assert 277 == len(_AS_PRINTED)
    expected = (
        Result(_A, Code.ACCEPTED, "sizinmsgID1"),
        Result(_B, Code.ACCEPTED, "sizinmsgID2"),
    )
    assert expected == read_send(_ok(_AS_PRINTED), [_A, _B])


def test_a_refused_recipient_is_read_in_the_printed_form() -> None:
    """A `<` before any code is ignored."""
    body = _AS_PRINTED.replace("<0</status>", "<-13</status>")
    assert [0, -13] == [result.code for result in read_send(_ok(body), [_A, _B])]


@pytest.mark.parametrize("code", sorted(set(Code) - {Code.ACCEPTED}))
def test_every_documented_code_of_one_recipient_is_a_code(code: Code) -> None:
    """The code of one recipient is in its result and does not change the other result."""
    body = _results(_result(0, "1", _A.number), _result(int(code), "", _B.number))
    results = read_send(_ok(body), [_A, _B])
    assert (Result(_A, Code.ACCEPTED, "1"), Result(_B, code)) == results
    assert isinstance(results[1].code, Code)


@pytest.mark.parametrize("code", sorted(set(Code) - {Code.ACCEPTED}))
def test_every_documented_code_refuses_a_whole_request(code: Code) -> None:
    """One result without a destination refuses the whole request (A-05, refusal-shape=single)."""
    with pytest.raises(Refused) as caught:
        read_send(_ok(_results(_result(int(code), "", ""))), [_A, _B])
    error = caught.value
    assert (code, (Result(_A, code), Result(_B, code))) == (error.code, error.progress.results)
    assert (False, code in (-5, -10, -11)) == (
        error.may_have_gone_out,
        isinstance(error, BadCredentials),
    )


@pytest.mark.parametrize("code", [-5, -10, -11, -22, -23, -27, -34])
def test_a_refusal_repeated_for_each_recipient_is_the_same_refusal(code: int) -> None:
    """The same code in the result of each recipient refuses the request (A-05, refusal-shape=per-recipient)."""
    body = _results(_result(code, "", _A.number), _result(code, "", _B.number))
    with pytest.raises(Refused) as caught:
        read_send(_ok(body), [_A, _B])
    assert code == caught.value.code


@pytest.mark.parametrize("code", [-1, -2, -3, -6, -13, -33, -99, -77, 5])
def test_codes_of_recipients_do_not_refuse_the_request(code: int) -> None:
    """A code that may concern recipients stays in their results, even if all have it (C-02, S-04, short-number)."""
    body = _results(_result(code, "", _A.number), _result(code, "", _B.number))
    assert [code, code] == [result.code for result in read_send(_ok(body), [_A, _B])]


def test_results_are_matched_to_recipients_in_any_order() -> None:
    """Results are matched by destination and returned in the caller's order with the caller's number (S-01)."""
    plus = Recipient(" +905329975737 ")
    body = _results(_result(0, "3", "905329975737"), _result(0, "2", _B.number), _result(0, "1", _A.number))
    results = read_send(_ok(body), [_A, _B, plus])
    assert [(_A, "1"), (_B, "2"), (plus, "3")] == [(result.recipient, result.message_id) for result in results]


def test_a_number_sent_to_twice_has_two_results_in_order() -> None:
    """A number that was sent to twice has two results, in the document's order (S-22, S-01)."""
    body = _results(_result(0, "1", _A.number), _result(0, "2", _A.number))
    assert ["1", "2"] == [result.message_id for result in read_send(_ok(body), [_A, _A])]


@pytest.mark.parametrize(
    "body",
    [
        _results(_result(0, "1", _A.number)),
        _results(_result(0, "1", _A.number), _result("x", "2", _B.number)),
        _results(_result(0, "1", _A.number), _result(0, "2", "")),
        _results(_result(0, "1", _A.number), _result(0, "2", _C.number)),
        _results(_result(0, "1", _A.number)).replace("</results>", ""),
    ],
)
def test_a_recipient_without_a_readable_result_is_unknown(body: str) -> None:
    """The error has the results that were read and lists the other recipient as unknown."""
    with pytest.raises(UnknownOutcome) as caught:
        read_send(_ok(body), [_A, _B])
    progress = caught.value.progress
    assert ((Result(_A, Code.ACCEPTED, "1"),), (_B,), ()) == (
        progress.results,
        progress.unknown,
        progress.untried,
    )


def test_two_results_without_a_tag_between_them_are_not_read() -> None:
    """If `</result><result>` is missing, both recipients are unknown."""
    body = _results(_result(0, "1", _A.number), _result(-13, "", _B.number))
    with pytest.raises(UnknownOutcome) as caught:
        read_send(_ok(body.replace("</result>\n<result>", "")), [_A, _B])
    assert (_A, _B) == caught.value.progress.unknown


@pytest.mark.parametrize(
    "answer",
    [
        Answer(None, problem="timed out"),
        Answer(200, b""),
        _ok("<html><body>Bad gateway</body></html>"),
        _ok("<!DOCTYPE html><results></results>"),
        Answer(502, _results(_result(0, "1", _A.number)).encode()),
        Answer(500, b"<html>"),
        _ok("NO_DATA"),
        _ok("<bakiye><miktar>1</miktar></bakiye>"),
    ],
)
def test_a_send_with_any_other_answer_has_an_unknown_outcome(answer: Answer) -> None:
    """The request was written, so any answer that is not a result makes its outcome unknown."""
    with pytest.raises(UnknownOutcome, match="do not repeat") as caught:
        read_send(answer, [_A])
    assert (True, (_A,)) == (caught.value.may_have_gone_out, caught.value.progress.unknown)


@pytest.mark.parametrize("status", [301, 302, 307, 308, 404, 405, 413])
def test_a_send_refused_by_http_was_not_processed(status: int) -> None:
    """These are not answers of the application (T-08), and redirects are not followed."""
    with pytest.raises(TransportError) as caught:
        read_send(Answer(status, _results(_result(0, "1", _A.number)).encode()), [_A])
    error = caught.value
    assert (status, (_A,), False) == (
        error.http_status,
        error.progress.untried,
        error.may_have_gone_out,
    )


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbf" + _AS_PRINTED.encode(),
        b"\r\n\t " + _AS_PRINTED.encode(),
        _AS_PRINTED.encode("utf-16"),
        _AS_PRINTED.encode("utf-16-le"),
        _AS_PRINTED.encode("utf-16-be"),
        _AS_PRINTED.replace("\n", "\r\n").encode(),
        _AS_PRINTED.replace("<status>", "<STATUS >").replace("</status>", "</Status\n>").encode(),
        _AS_PRINTED.replace("UTF-8", "rot13").encode(),
        _AS_PRINTED.replace("<results>", "<results><!-- <result> --><note/>ş").encode("cp1254"),
        _AS_PRINTED.replace("sizinmsgID1", "<![CDATA[sizinmsgID1]]>").encode(),
        _AS_PRINTED.replace("sizinmsgID1", "&#x73;izinmsgID&#49;").encode(),
        _AS_PRINTED.encode() + b"<html>trailing junk",
    ],
)
@pytest.mark.parametrize("content_type", ["", "text/html; charset=x-none", "a;charset=utf-16"])
def test_encoding_case_and_comments_do_not_change_the_results(body: bytes, content_type: str) -> None:
    """A BOM, white space, line ends, wrong encoding declarations, case and comments give the same results."""
    results = read_send(_ok(body, content_type), [_A, _B])
    assert ["sizinmsgID1", "sizinmsgID2"] == [result.message_id for result in results]


_REPORTS = (
    "<DeliveryReport>\n"
    '<message id="1000" sentdate="2010/8/2 14:55:10"\n'
    'donedate="2010/08/02 14:55:16" status="DELIVERED" gsmerror="0"\n/>\n'
    '<message id="a&amp;b" sentdate="2020/1/2 3:4:5" donedate="" status="NEW" gsmerror="27" />\n'
)
_READ = (
    Report(
        "1000",
        Status.DELIVERED,
        0,
        datetime(2010, 8, 2, 14, 55, 10, tzinfo=_TURKEY),
        datetime(2010, 8, 2, 14, 55, 16, tzinfo=_TURKEY),
    ),
    Report("a&b", "NEW", 27, datetime(2020, 1, 2, 3, 4, 5, tzinfo=_TURKEY), None),
)


@pytest.mark.parametrize("closing", ["", "</DeliveryReport>", "</DeliveryReport>\n"])
def test_reports_are_read_with_and_without_the_closing_tag(closing: str) -> None:
    """Both readings of report-close, padded and unpadded dates and an undocumented status are read."""
    assert _READ == read_reports(_ok(_REPORTS + closing))
    assert _READ == push.read((_REPORTS + closing).encode())


@pytest.mark.parametrize("attribute", ["sentdate", "senddate", 'sentdate="" senddate'])
@pytest.mark.parametrize("date", ["2005/7/9 8:0:0", "2005/7/9 08:00:00", "2005/07/09 08:00:00"])
def test_each_form_of_the_date_of_sending_is_read(attribute: str, date: str) -> None:
    """Both names of the attribute and the three forms of a date give the same instant (sent-attribute, dates)."""
    body = f'<DeliveryReport><message id="1" {attribute}="{date}" status="SENT"/></DeliveryReport>'
    (report,) = read_reports(_ok(body))
    assert datetime(2005, 7, 9, 8, tzinfo=_TURKEY) == report.sent_at


@pytest.mark.parametrize("status", list(Status))
def test_every_documented_status_is_a_status(status: Status) -> None:
    """Each status of the page becomes a member of Status (R-09)."""
    body = f'<DeliveryReport><message id="1" status="{status}"/></DeliveryReport>'
    assert [status] == [report.status for report in read_reports(_ok(body))]
    assert isinstance(read_reports(_ok(body))[0].status, Status)


@pytest.mark.parametrize(
    "body",
    [
        "NO_DATA",
        "NO_DATA\n",
        "\ufeffNO_DATA",
        "<DeliveryReport/>",
        "<deliveryreport></deliveryreport>",
    ],
)
def test_an_answer_without_reports_is_not_an_error(body: str) -> None:
    """NO_DATA and an empty document are no reports (R-03)."""
    assert () == read_reports(_ok(body))


@pytest.mark.parametrize("number", [5, 10, 11])
@pytest.mark.parametrize("sign", ["", "-"])
def test_a_refused_pull_is_read_with_either_sign(number: int, sign: str) -> None:
    """5 and -5 are the same code (R-07, pull-refusal=positive and =negative)."""
    with pytest.raises(BadCredentials) as caught:
        read_reports(_ok(f"{sign}{number}"))
    assert Code(-number) == caught.value.code


@pytest.mark.parametrize(
    ("body", "readable"),
    [
        ("", 0),
        ("1", 0),
        ("NO_DAT", 0),
        ("<html></html>", 0),
        ("<DeliveryReport>", 0),
        (_REPORTS[:-4], 1),
        (_REPORTS + "<messa", 2),
        (_REPORTS + '<message id="3" status=SENT/></DeliveryReport>', 2),
        (_REPORTS + '<message id="3" status="SENT" donedate="2010/13/1 0:0:0"/>', 2),
        (_REPORTS + '<message id="3" status="SENT" gsmerror="x"/></DeliveryReport>', 2),
        (_REPORTS + "<message/></DeliveryReport>", 2),
    ],
)
def test_an_unreadable_pull_keeps_the_readable_reports(body: str, readable: int) -> None:
    """The error has the readable reports, because the server gives each report once (R-03)."""
    with pytest.raises(LostReports) as caught:
        read_reports(_ok(body))
    assert (_READ[:readable], body.encode()) == (caught.value.reports, caught.value.body)


def test_a_pull_cut_by_the_connection_is_not_complete() -> None:
    """Without the closing tag, a problem of the connection means that reports may be missing."""
    with pytest.raises(LostReports) as caught:
        read_reports(Answer(200, _REPORTS.encode(), problem="reset"))
    assert _READ == caught.value.reports
    closed = (_REPORTS + "</DeliveryReport>").encode()
    assert _READ == read_reports(Answer(200, closed, problem="reset"))


@pytest.mark.parametrize("missing", [1, 2, 3])
def test_a_cut_inside_a_character_damages_no_earlier_one(missing: int) -> None:
    """Only the cut character is lost; the text before it is still decoded as UTF-8."""
    row = '<message id="şık-ğ" sentdate="2026/1/2 3:4:5" donedate="2026/1/2 3:4:6" status="SENT" gsmerror="0"/>'
    complete = f'<DeliveryReport>\n{row}\n<message id="😀'.encode()
    with pytest.raises(LostReports) as caught:
        read_reports(Answer(200, complete[:-missing], "application/xml", problem="cut"))
    assert ["şık-ğ"] == [report.message_id for report in caught.value.reports]


def test_a_cut_push_is_malformed_and_keeps_its_reports() -> None:
    """A push that was cut raises MalformedAnswer with the readable reports."""
    with pytest.raises(MalformedAnswer) as caught:
        push.read((_REPORTS + "<m").encode())
    assert _READ == caught.value.reports


def test_titles_are_read_by_group() -> None:
    """Titles are read by kind, also from the page's indented example (H-01)."""
    body = (
        _DECLARATION + "<basliklar>\n    <normal>\n        <baslik>TEST</baslik>\n"
        "        <baslik>Ağaç &amp; Co</baslik>\n    </normal>\n  <sayisal></sayisal>\n</basliklar>"
    )
    assert Titles(("TEST", "Ağaç & Co"), ()) == read_titles(_ok(body))
    numeric = "<basliklar><normal/><sayisal><baslik>850</baslik></sayisal></basliklar>"
    assert Titles((), ("850",)) == read_titles(_ok(numeric))


def test_a_balance_is_exact() -> None:
    """The amount is the decimal as printed, with its currency (B-01)."""
    body = _DECLARATION + "<bakiye>\n <miktar>18.532</miktar>\n <kur>TRY</kur>\n</bakiye>"
    expected = Balance(Decimal("18.532"), "TRY", printed="18.532", other_amount=Decimal(18532))
    assert expected == read_balance(_ok(body))
    swapped = Balance(Decimal(18532), "TRY", printed="18.532", other_amount=Decimal("18.532"))
    assert swapped == read_balance(_ok(body), grouped=True)


@pytest.mark.parametrize(
    ("printed", "amounts"),
    [
        ("0", ["0"]),
        ("914", ["914"]),
        ("914.000", ["914", "914000"]),
        ("18.5", ["18.5"]),
        ("18.5320", ["18.532"]),
        ("0.532", ["0.532"]),
        ("1000.532", ["1000.532"]),
        ("1.000", ["1", "1000"]),
        ("-1.000", ["-1", "-1000"]),
        ("1.234.567", ["1234567"]),
    ],
)
def test_an_amount_has_the_values_that_its_text_allows(printed: str, amounts: list[str]) -> None:
    """The text is kept; an amount that can be read in two ways has both values, in the order the caller asked for
    (reading amount).
    """
    answer = _ok(f"<bakiye><miktar>{printed}</miktar><kur>TRY</kur></bakiye>")
    for grouped in (False, True):
        balance = read_balance(answer, grouped=grouped)
        values = [balance.amount] if balance.other_amount is None else [balance.amount, balance.other_amount]
        assert (printed, [Decimal(amount) for amount in (amounts[::-1] if grouped else amounts)]) == (
            balance.printed,
            values,
        )


@pytest.mark.parametrize(
    "body",
    ["", "5", "<html></html>", "<bakiye><miktar>18.5", "<bakiye></bakiye>",
     "<bakiye><miktar>1,5</miktar></bakiye>", "<bakiye><miktar>NaN</miktar></bakiye>",
     "<bakiye><miktar>1e9</miktar></bakiye>", "<bakiye><miktar>1.23.456</miktar></bakiye>",
     "<bakiye><miktar>0.123.456</miktar></bakiye>", "<bakiye><miktar>1.234.</miktar></bakiye>", "<results></results>"],
)  # fmt: skip
def test_an_invalid_balance_is_malformed(body: str) -> None:
    """An amount in another form than the page's raises MalformedAnswer."""
    with pytest.raises(MalformedAnswer):
        read_balance(_ok(body))


@pytest.mark.parametrize("reader", [read_balance, read_titles, read_reports])
def test_a_results_document_with_a_code_refuses_any_request(reader: object) -> None:
    """Titles, balance and pulls may be refused by a results document (A-06)."""
    assert callable(reader)
    with pytest.raises(BadCredentials) as caught:
        reader(_ok(_results(_result(-5, "", ""))))
    assert Code.BAD_CREDENTIALS == caught.value.code


@pytest.mark.parametrize("reader", [read_balance, read_titles])
@pytest.mark.parametrize("answer", [Answer(None), Answer(404), Answer(503, b"<html>"), Answer(302)])
def test_a_query_without_an_answer_is_a_transport_error(reader: object, answer: Answer) -> None:
    """A query has no effect, so it is safe to repeat."""
    assert callable(reader)
    with pytest.raises(TransportError) as caught:
        reader(answer)
    assert (answer.status, False) == (caught.value.http_status, caught.value.may_have_gone_out)
