"""Law: what the readers make of every answer the page, the clauses and their readings describe."""

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
    UnknownFate,
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


def test_the_pages_second_example_is_read_as_printed() -> None:
    """E, result-shape: no opening <result>, and `<status><0</status>`, 277 bytes of them."""
    assert 277 == len(_AS_PRINTED)
    expected = (
        Result(_A, Code.ACCEPTED, "sizinmsgID1"),
        Result(_B, Code.ACCEPTED, "sizinmsgID2"),
    )
    assert expected == read_send(_ok(_AS_PRINTED), [_A, _B])


def test_a_refused_recipient_is_read_in_the_printed_shape_too() -> None:
    """The stray `<` may stand before any code."""
    body = _AS_PRINTED.replace("<0</status>", "<-13</status>")
    assert [0, -13] == [result.code for result in read_send(_ok(body), [_A, _B])]


@pytest.mark.parametrize("code", sorted(set(Code) - {Code.ACCEPTED}))
def test_every_documented_code_is_typed_for_one_recipient(code: Code) -> None:
    """A recipient's code is a value; it does not spoil the others."""
    body = _results(_result(0, "1", _A.number), _result(int(code), "", _B.number))
    results = read_send(_ok(body), [_A, _B])
    assert (Result(_A, Code.ACCEPTED, "1"), Result(_B, code)) == results
    assert isinstance(results[1].code, Code)


@pytest.mark.parametrize("code", sorted(set(Code) - {Code.ACCEPTED}))
def test_every_documented_code_refuses_a_whole_request(code: Code) -> None:
    """A-05, refusal-shape=single: one result without a destination speaks for all."""
    with pytest.raises(Refused) as caught:
        read_send(_ok(_results(_result(int(code), "", ""))), [_A, _B])
    error = caught.value
    assert (code, (Result(_A, code), Result(_B, code))) == (error.code, error.progress.results)
    assert (False, code in (-5, -10, -11)) == (
        error.may_have_gone_out,
        isinstance(error, BadCredentials),
    )


@pytest.mark.parametrize("code", [-5, -6, -10, -11, -22, -23, -27, -34])
def test_a_refusal_repeated_for_each_recipient_is_the_same_refusal(code: int) -> None:
    """A-05, refusal-shape=per-recipient."""
    body = _results(_result(code, "", _A.number), _result(code, "", _B.number))
    with pytest.raises(Refused) as caught:
        read_send(_ok(body), [_A, _B])
    assert code == caught.value.code


@pytest.mark.parametrize("code", [-2, -3, -13, -33, -77, 5])
def test_recipients_refused_alike_are_still_results(code: int) -> None:
    """C-02 whole-request and S-04 give every recipient its own result."""
    body = _results(_result(code, "", _A.number), _result(code, "", _B.number))
    assert [code, code] == [result.code for result in read_send(_ok(body), [_A, _B])]


def test_results_find_their_recipients_whatever_the_order() -> None:
    """S-01: by destination, given back in the caller's order with the caller's number."""
    plus = Recipient(" +905329975737 ")
    body = _results(_result(0, "3", "905329975737"), _result(0, "2", _B.number), _result(0, "1", _A.number))
    results = read_send(_ok(body), [_A, _B, plus])
    assert [(_A, "1"), (_B, "2"), (plus, "3")] == [(r.recipient, r.message_id) for r in results]


def test_a_number_sent_to_twice_has_two_results_in_order() -> None:
    """S-22, S-01."""
    body = _results(*(_result(0, each, _A.number) for each in "12"))
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
def test_a_recipient_without_a_readable_result_has_an_unknown_fate(body: str) -> None:
    """What was read is kept, the rest is named, nothing is assumed."""
    with pytest.raises(UnknownFate) as caught:
        read_send(_ok(body), [_A, _B])
    progress = caught.value.progress
    assert ((Result(_A, Code.ACCEPTED, "1"),), (_B,), ()) == (
        progress.results,
        progress.unknown,
        progress.untried,
    )


def test_two_results_run_together_are_not_guessed_apart() -> None:
    """A lost `</result><result>` must not give one number the other's status."""
    body = _results(_result(0, "1", _A.number), _result(-13, "", _B.number))
    with pytest.raises(UnknownFate) as caught:
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
def test_a_send_answered_by_anything_else_has_an_unknown_fate(answer: Answer) -> None:
    """Whether the server or something before it spoke: the request was written."""
    with pytest.raises(UnknownFate, match="do not repeat") as caught:
        read_send(answer, [_A])
    assert (True, (_A,)) == (caught.value.may_have_gone_out, caught.value.progress.unknown)


@pytest.mark.parametrize("status", [301, 302, 307, 308, 404, 405, 413])
def test_a_send_http_itself_turned_away_did_not_go_out(status: int) -> None:
    """T-08: these are no application answers; redirects are not followed."""
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
def test_dress_does_not_matter(body: bytes, content_type: str) -> None:
    """BOM, white space, line ends, encodings declared wrongly, case, comments: the same results."""
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
def test_reports_are_read_closed_or_not(closing: str) -> None:
    """R-02 both readings, R-08 both ways of writing a date, a status the page has not."""
    assert _READ == read_reports(_ok(_REPORTS + closing))
    assert _READ == push.read((_REPORTS + closing).encode())


@pytest.mark.parametrize("status", list(Status))
def test_every_documented_status_is_typed(status: Status) -> None:
    """R-09."""
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
def test_no_reports_are_no_error(body: str) -> None:
    """R-03."""
    assert () == read_reports(_ok(body))


@pytest.mark.parametrize("number", [5, 10, 11])
@pytest.mark.parametrize("sign", ["", "-"])
def test_a_refused_pull_is_typed_with_either_sign(number: int, sign: str) -> None:
    """R-07, pull-refusal=positive and =negative are one code."""
    with pytest.raises(BadCredentials) as caught:
        read_reports(_ok(f"{sign}{number}"))
    assert Code(-number) == caught.value.code


@pytest.mark.parametrize(
    ("body", "kept"),
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
def test_an_unreadable_pull_keeps_what_could_be_read(body: str, kept: int) -> None:
    """R-03 gives each report once: those that arrived must not be lost with the rest."""
    with pytest.raises(LostReports) as caught:
        read_reports(_ok(body))
    assert (_READ[:kept], body.encode()) == (caught.value.reports, caught.value.body)


def test_a_pull_cut_by_the_connection_is_not_taken_for_whole() -> None:
    """Without its end tag, only HTTP's word says that nothing is missing."""
    with pytest.raises(LostReports) as caught:
        read_reports(Answer(200, _REPORTS.encode(), problem="reset"))
    assert _READ == caught.value.reports
    closed = (_REPORTS + "</DeliveryReport>").encode()
    assert _READ == read_reports(Answer(200, closed, problem="reset"))


@pytest.mark.parametrize("missing", [1, 2, 3])
def test_a_cut_inside_a_letter_spoils_no_earlier_one(missing: int) -> None:
    """The broken letter is lost; ids before it are not taken for windows-1254 on its account."""
    row = '<message id="şık-ğ" sentdate="2026/1/2 3:4:5" donedate="2026/1/2 3:4:6" status="SENT" gsmerror="0"/>'
    whole = f'<DeliveryReport>\n{row}\n<message id="😀'.encode()
    with pytest.raises(LostReports) as caught:
        read_reports(Answer(200, whole[:-missing], "application/xml", problem="cut"))
    assert ["şık-ğ"] == [report.message_id for report in caught.value.reports]


def test_a_cut_push_is_malformed_and_keeps_its_reports() -> None:
    """A push can be refused, so that the server repeats it."""
    with pytest.raises(MalformedAnswer) as caught:
        push.read((_REPORTS + "<m").encode())
    assert _READ == caught.value.reports


def test_titles_are_read_by_group() -> None:
    """H-01, with the page's own indented example."""
    body = (
        _DECLARATION + "<basliklar>\n    <normal>\n        <baslik>TEST</baslik>\n"
        "        <baslik>Ağaç &amp; Co</baslik>\n    </normal>\n  <sayisal></sayisal>\n</basliklar>"
    )
    assert Titles(("TEST", "Ağaç & Co"), ()) == read_titles(_ok(body))
    numeric = "<basliklar><normal/><sayisal><baslik>850</baslik></sayisal></basliklar>"
    assert Titles((), ("850",)) == read_titles(_ok(numeric))


def test_a_balance_is_exact() -> None:
    """B-01: decimal as printed, with its currency."""
    body = _DECLARATION + "<bakiye>\n <miktar>18.532</miktar>\n <kur>TRY</kur>\n</bakiye>"
    assert Balance(Decimal("18.532"), "TRY") == read_balance(_ok(body))


@pytest.mark.parametrize(
    "body",
    ["", "5", "<html></html>", "<bakiye><miktar>18.5", "<bakiye></bakiye>",
     "<bakiye><miktar>1,5</miktar></bakiye>", "<bakiye><miktar>NaN</miktar></bakiye>",
     "<bakiye><miktar>1e9</miktar></bakiye>", "<results></results>"],
)  # fmt: skip
def test_a_balance_that_is_none_is_malformed(body: str) -> None:
    """Better no balance than a wrong one."""
    with pytest.raises(MalformedAnswer):
        read_balance(_ok(body))


@pytest.mark.parametrize("reader", [read_balance, read_titles, read_reports])
def test_a_refusal_document_refuses_anything(reader: object) -> None:
    """A-06."""
    assert callable(reader)
    with pytest.raises(BadCredentials) as caught:
        reader(_ok(_results(_result(-5, "", ""))))
    assert Code.BAD_CREDENTIALS == caught.value.code


@pytest.mark.parametrize("reader", [read_balance, read_titles])
@pytest.mark.parametrize("answer", [Answer(None), Answer(404), Answer(503, b"<html>"), Answer(302)])
def test_a_question_without_an_answer_may_be_asked_again(reader: object, answer: Answer) -> None:
    """No effect, so no fate to be unknown."""
    assert callable(reader)
    with pytest.raises(TransportError) as caught:
        reader(answer)
    assert (answer.status, False) == (caught.value.http_status, caught.value.may_have_gone_out)
