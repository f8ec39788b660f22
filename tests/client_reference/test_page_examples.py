"""The client and the examples of the vendor's page, verbatim: the answers it prints are read, its requests written."""

import re
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from urllib.parse import urlsplit

import pytest

from kobikom_client import Account, Balance, BodyForm, Code, Message, Recipient, Report, Result, Titles, push
from kobikom_client.codec import (
    Answer,
    balance_request,
    read_balance,
    read_reports,
    read_send,
    read_titles,
    reports_request,
    send_request,
    titles_request,
)

_TURKEY = timezone(timedelta(hours=3))
_ACCOUNT = Account("http://www.kobikom.com/api/sendsms/xml/", "test", "test")
_CONTENT_TYPE = "text/csv;charset= UTF-8"

FIRST_ANSWER = """<?xml version="1.0" encoding="UTF-8"?>
<results>
<result>
<status>0</status>
<messageid>Kobikom_MessageId
değeri</messageid>
<destination>905329975725</destination>
</result>
</results>"""

SECOND_ANSWER = """<?xml version="1.0" encoding="UTF-8"?>
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

UNCLOSED_REPORTS = """<DeliveryReport>
<message id="1000" sentdate="2010/8/2 14:55:10"
donedate="2010/8/2 14:55:16" status="DELIVERED" gsmerror="0"
/>
<message id="1002" sentdate="2010/8/2 14:55:10"
donedate="2010/8/2 14:55:16" status="DELIVERED" gsmerror="0"
/>"""

CLOSED_REPORT = """<DeliveryReport>
<message id="1023012301" sentdate="2005/7/19 22:0:0"
donedate="2005/7/19 22:0:0" status="NOT_SENT" gsmerror="0" />
</DeliveryReport>"""

INDENT = "\u00a0 " * 2  # as the page prints it: U+00A0 and a blank in turn

TITLES = f"""<?xml version="1.0" encoding="UTF-8"?>
<basliklar>
{INDENT}<normal>
{INDENT * 2}<baslik>TEST</baslik>
{INDENT * 2}<baslik>DEMO</baslik>
{INDENT}</normal>
{INDENT}<sayisal></sayisal>
</basliklar>"""

BALANCE = f"""<?xml version="1.0" encoding="UTF-8"?>
<bakiye>
{INDENT}<miktar>18.532</miktar>
{INDENT}<kur>TRY</kur>
</bakiye>"""

QUICK_SEND = """XML=
<SMS>
<dogrulama>
<kullanici>test</kullanici>
<parola>test</parola>
</dogrulama>
<mesajiniz>
<baslik>Kobikom</baslik>
<metin>Merhaba</metin>
<alicilar>
<gsm>905352220087</gsm>
<gsm>905352220054</gsm>
<gsm>905322542525</gsm>
</alicilar>
</mesajiniz>
</SMS>"""

LOGIN = f"""{INDENT}<dogrulama>
{INDENT * 2}<kullanici>KULLANICI ADI</kullanici>
{INDENT * 2}<parola>ŞİFRE</parola>
{INDENT}</dogrulama>"""

TITLES_QUERY = f"""<basliklar>
{LOGIN}
</basliklar>"""

BALANCE_QUERY = f"""<?xml version="1.0" encoding="UTF-8"?>
<bakiye>
{LOGIN}
</bakiye>"""

# The page cannot say which line ends and blanks of its examples are the server's (T-06, T-10).
WHITE_SPACE = {
    "as printed": lambda printed: printed,
    "CR LF": lambda printed: printed.replace("\n", "\r\n"),
    "plain blanks": lambda printed: printed.replace("\u00a0", " "),
    "a last line end": lambda printed: printed + "\n",
    "U+00A0 at each line": lambda printed: printed.replace("\n<", "\n\u00a0<"),
}
FORMS = pytest.mark.parametrize("form", WHITE_SPACE)


def _answer(printed: str, form: str) -> Answer:
    return Answer(200, WHITE_SPACE[form](printed).encode(), _CONTENT_TYPE)


def test_the_first_answer_is_read() -> None:
    """The printed placeholder, with its line end, is the id of the one recipient."""
    recipient = Recipient("905329975725")
    expected = (Result(recipient, Code.ACCEPTED, "Kobikom_MessageId\ndeğeri"),)
    assert expected == read_send(_answer(FIRST_ANSWER, "as printed"), [recipient])


@FORMS
def test_the_second_answer_is_read(form: str) -> None:
    """The printed 277 bytes, without an opening <result> and with `<status><0</status>`, are two acceptances."""
    assert 277 == len(SECOND_ANSWER)
    recipients = [Recipient("905329975725", "sizinmsgID1"), Recipient("905329975726", "sizinmsgID2")]
    expected = tuple(Result(recipient, Code.ACCEPTED, recipient.message_id) for recipient in recipients)
    assert expected == read_send(_answer(SECOND_ANSWER, form), recipients)


@FORMS
def test_the_unclosed_reports_are_read(form: str) -> None:
    """The document without `</DeliveryReport>` is complete, pulled and pushed (R-02)."""
    sent, done = (datetime(2010, 8, 2, 14, 55, second, tzinfo=_TURKEY) for second in (10, 16))
    expected = tuple(Report(message_id, "DELIVERED", 0, sent, done) for message_id in ("1000", "1002"))
    answer = _answer(UNCLOSED_REPORTS, form)
    assert (expected, expected) == (read_reports(answer), push.read(answer.body, answer.content_type))


@FORMS
def test_the_closed_report_is_read(form: str) -> None:
    """The report with `22:0:0` as its time is read, pulled and pushed (R-08)."""
    at = datetime(2005, 7, 19, 22, tzinfo=_TURKEY)
    expected = (Report("1023012301", "NOT_SENT", 0, at, at),)
    answer = _answer(CLOSED_REPORT, form)
    assert (expected, expected) == (read_reports(answer), push.read(answer.body, answer.content_type))


@FORMS
def test_titles_and_balance_are_read(form: str) -> None:
    """The indented documents are read; the amount keeps both values that its one printed example can have (B-01)."""
    assert Titles(("TEST", "DEMO"), ()) == read_titles(_answer(TITLES, form))
    expected = Balance(Decimal("18.532"), "TRY", printed="18.532", other_amount=Decimal(18532))
    assert expected == read_balance(_answer(BALANCE, form))


@pytest.mark.parametrize(("number", "code"), [("5", -5), ("10", -10), ("11", -11)])
def test_the_words_of_a_pull_are_read(number: str, code: int) -> None:
    """NO_DATA is read as an empty list of reports; 5, 10 and 11 are the codes of the sends (R-03, R-07)."""
    assert () == read_reports(_answer("NO_DATA", "as printed"))
    with pytest.raises(Exception, match=f"refused with {code}"):
        read_reports(_answer(number, "as printed"))


def test_the_quick_send_is_written_as_printed() -> None:
    """By default a send is the page's quick send but for the line ends between its elements (T-02)."""
    numbers = ("905352220087", "905352220054", "905322542525")
    message = Message("Merhaba", title="Kobikom")
    request = send_request(_ACCOUNT, message, [Recipient(number) for number in numbers])
    document = QUICK_SEND.removeprefix("XML=\n").replace("\n", "")
    assert ("POST", f"XML=\n{document}") == (request.method, request.body.decode())
    assert "http://www.kobikom.com/api/sendsms/xml/" == request.url
    bare = send_request(_ACCOUNT, message, [Recipient(number) for number in numbers], body_form=BodyForm.BARE)
    assert document == bare.body.decode()


def test_the_queries_are_written_as_printed() -> None:
    """The queries are bare XML as the page prints them, but for white space: one with a declaration, one without."""
    account = Account(_ACCOUNT.url, "KULLANICI ADI", "ŞİFRE")
    expected = [re.sub(r"\n\s*", "", printed) for printed in (TITLES_QUERY, BALANCE_QUERY)]
    assert expected == [titles_request(account).body.decode(), balance_request(account).body.decode()]


def test_the_pull_is_written_as_printed() -> None:
    """The URL of a pull is the page's example (R-01)."""
    request = reports_request(Account(_ACCOUNT.url, "test", "test1"))
    assert ("GET", "http://www.kobikom.com/api/sendsms/xml/pull?kullanici=test&parola=test1") == (
        request.method,
        request.url,
    )
    assert b"" == request.body
    assert "www.kobikom.com" == urlsplit(request.url).hostname
