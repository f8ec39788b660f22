"""The vendor's page against its stored examples, the emulator, the client's codec and the contracts' reader."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import page
import pytest
from page import EXAMPLES, LINES, head_and_body, request_bytes, spaced, text
from raw_http import ask, asking

from kobikom_client import codec
from kobikom_client.message import Recipient
from kobikom_client.results import Code
from kobikom_contracts import reader
from kobikom_emulator import Emulator

Start = Callable[..., Emulator]
TURKEY = timezone(timedelta(hours=3))


# --- the stored examples are those of the page ------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_what_the_page_prints(name: str) -> None:
    """Every byte of it, on the lines that its name says."""
    example = EXAMPLES[name]
    assert "\n".join(LINES[example.first - 1 : example.last]) == example.text


def test_no_example_is_missing() -> None:
    """Every code block of the page is stored, and so is the one example in a table."""
    in_table = [(at, at) for at, line in enumerate(LINES, 1) if line.startswith("messageId=“")]
    stored = [(example.first, example.last) for example in EXAMPLES.values()]
    assert sorted(page.numbered_blocks() + in_table) == stored
    assert 19 == len(stored)


def test_nothing_outside_of_the_examples_looks_like_one() -> None:
    """No markup, address, header or assignment stands on another line of the page."""
    stored = {at for example in EXAMPLES.values() for at in range(example.first, example.last + 1)}
    looks = re.compile(r"[<>=]|://|^(?:Host|Content-|Date|Status Code)\b|\?kullanici")
    assert [] == [(at, line) for at, line in enumerate(LINES, 1) if at not in stored and looks.search(line)]


# --- requests ---------------------------------------------------------------------------------------------------------


def send(emulator: Emulator, name: str, head: str = "request-head") -> tuple[str, list[tuple[str, str, str]], int]:
    """Send a printed request under a printed head; status line, results and length of the answer."""
    answer = ask(emulator.running.port, request_bytes(head, text(name).encode()))
    rows = [(row.status, row.message_id, row.destination) for row in reader.results(answer.body.decode())]
    return answer.line, rows, len(answer.body)


def test_the_send_with_all_fields(start: Start) -> None:
    """One result for one number beside three empty ones, 176 bytes; sent in 4 days, 3 hours, 2 minutes, 1 second."""
    emulator = start()
    line, [(status, message_id, destination)], length = send(emulator, "send-all-fields")
    assert ("HTTP/1.1 200 OK", "0", "905329975725", 15, 176) == (line, status, destination, len(message_id), length)
    [message] = emulator.kobikom.messages
    assert ("Kobikom", "Merhaba", True) == (message.title, message.text, message.flash)
    assert [] == [finding for finding in emulator.journal[-1].explanation if finding["kind"] != "noted"]


def test_the_send_with_own_ids(start: Start) -> None:
    """The attribute stands on a line of its own; four results with the ids of the request."""
    _, rows, _ = send(start(), "send-own-ids")
    numbers = ["905329975725", "905329975726", "905329975737", "905329975744"]
    assert [("0", f"clientmsgID{nth}", number) for nth, number in enumerate(numbers, 1)] == rows


@pytest.mark.parametrize(
    ("name", "numbers"),
    [("quick-send", ["905352220087"]), ("quick-send-three", ["905352220087", "905352220054", "905322542525"])],
)
def test_the_quick_sends(start: Start, name: str, numbers: list[str]) -> None:
    """Absent fields equal empty ones; the first answer has the printed 176 bytes."""
    _, rows, length = send(start(), name, "quick-send-head")
    assert [("0", number) for number in numbers] == [(status, number) for status, _, number in rows]
    assert 176 + (len(numbers) - 1) * len(_result("1" * 15, numbers[0])) == length


def _result(message_id: str, number: str) -> str:
    fields = f"<status>0</status>\n<messageid>{message_id}</messageid>\n<destination>{number}</destination>"
    return f"<result>\n{fields}\n</result>\n"


@pytest.mark.parametrize("name", ["send-all-fields", "send-own-ids", "quick-send", "titles", "balance"])
def test_printed_requests_of_unknown_users(start: Start, name: str) -> None:
    """-5 where the account does not exist (A-03)."""
    emulator = start(accounts=[{"user": "other", "password": "other"}])
    _, rows, _ = send(emulator, name)
    assert [("-5", "", "")] == rows


def test_the_typographic_quotes_of_the_table_are_no_xml(start: Start) -> None:
    """An attribute copied from the table is -22."""
    attribute = text("own-id-in-the-table")
    body = text("quick-send").replace("<gsm>", f"<gsm {attribute}>").encode()
    answer = ask(start().running.port, request_bytes("request-head", body))
    assert [("-22", "", "")] == [(row.status, row.message_id, row.destination)
                                 for row in reader.results(answer.body.decode())]  # fmt: skip


@pytest.mark.parametrize("head", ["request-head", "quick-send-head", "titles-head"])
def test_every_printed_head_works(start: Start, head: str) -> None:
    """The absolute target, the other host and the two headers on one line (T-03, T-04)."""
    line, rows, _ = send(start(), "quick-send", head)
    assert ("HTTP/1.1 200 OK", "0") == (line, rows[0][0])


@pytest.mark.parametrize("form", ["{}", "{}?", "{path}"])
def test_the_printed_address(start: Start, form: str) -> None:
    """In absolute form and as a path (T-01)."""
    address = text("address")
    target = form.format(address, path="/" + address.split("/", 3)[3])
    answer = ask(start().running.port, asking(text("quick-send").encode(), target=target))
    assert ["0"] == [row.status for row in reader.results(answer.body.decode())]


# --- answers ----------------------------------------------------------------------------------------------------------


def test_the_answer_with_a_generated_id(start: Start) -> None:
    """Head and body as printed: the words that stand for the id can be an id."""
    head, printed = head_and_body("answer-generated-id")
    emulator = start()
    answer = ask(emulator.running.port, request_bytes("request-head", text("quick-send").encode()))
    assert head == {
        "Status Code": str(answer.status),
        **{name: answer.header(name) for name in ("Content-Type", "Content-Length", "Date")},
    }
    own = "Kobikom_MessageId&#10;değeri"
    body = text("quick-send").replace("<gsm>905352220087", f'<gsm messageId="{own}">905329975725')
    assert printed == ask(emulator.running.port, asking(body.encode())).body.decode()


def test_the_answer_with_own_ids(start: Start) -> None:
    """Every byte of the head and of the torn body, 277 of them, with the reading that prints it (E, T-10)."""
    head, printed = head_and_body("answer-own-ids")
    emulator = start("2012-05-22T12:28:50Z", readings={"result-shape": "as-printed"})
    gsm = "".join(f'<gsm messageId="sizinmsgID{nth}">90532997572{4 + nth}</gsm>' for nth in (1, 2))
    body = text("quick-send").replace("<gsm>905352220087</gsm>", gsm)
    answer = ask(emulator.running.port, request_bytes("request-head", body.encode()))
    assert printed == answer.body.decode()
    assert head == {
        "Status Code": str(answer.status),
        **{name: answer.header(name) for name in ("Content-Type", "Content-Length", "Date")},
    }


@pytest.mark.parametrize(("query", "answer"), [("titles", "titles-answer"), ("balance", "balance-answer")])
def test_the_answers_to_queries(start: Start, query: str, answer: str) -> None:
    """Every byte, with blanks where the web page has U+00A0 (H-01, B-01)."""
    given = ask(start().running.port, request_bytes("titles-head", text(query).encode()))
    assert text(answer).replace(page.NO_BREAK_SPACE, " ") == given.body.decode()


# --- reports ----------------------------------------------------------------------------------------------------------


def test_the_reports_of_own_ids(start: Start) -> None:
    """The same attributes and values in the same order, unclosed as printed (R-02)."""
    emulator = start(
        "2010-08-02T11:55:10Z",
        readings={"report-close": "as-printed"},
        delivery={"outcomes": [{"status": "DELIVERED", "after": 6}]},
    )
    gsm = '<gsm messageId="1000">905352220087</gsm><gsm messageId="1002">905352220087</gsm>'
    body = text("quick-send").replace("<gsm>905352220087</gsm>", gsm)
    ask(emulator.running.port, asking(body.encode()))
    emulator.clock.advance(6)
    assert spaced(text("reports-own-ids")) == pulled(emulator, "test")


def test_the_report_of_a_generated_id(start: Start) -> None:
    """Closed, NOT_SENT with gsmerror 0, dates without zeros (R-02, R-08, R-10)."""
    emulator = start("2005-07-19T19:00:00Z", delivery={"outcomes": [{"status": "NOT_SENT", "after": 0}]})
    body = text("quick-send").replace("<gsm>", '<gsm messageId="1023012301">')
    ask(emulator.running.port, asking(body.encode()))
    assert spaced(text("report-generated-id")) == pulled(emulator, "test")


def pulled(emulator: Emulator, password: str) -> str:
    """The answer to the printed address of a pull, with another password."""
    target = re.sub("parola=.*", f"parola={password}", text("pull-address"))
    return ask(emulator.running.port, asking(target=target)).body.decode()


def test_the_printed_pulls(start: Start) -> None:
    """The printed address has another password than the sends, the printed head no parameter at all (R-03, R-07)."""
    emulator = start()
    address = text("pull-address")
    assert b"5" == ask(emulator.running.port, asking(target=address)).body
    assert b"10" == ask(emulator.running.port, request_bytes("pull-head")).body
    named = start(accounts=[{"user": "test", "password": "test1"}])
    assert b"NO_DATA" == ask(named.running.port, asking(target=address)).body


# --- the two other readers of the wire --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("answer-generated-id", [("Kobikom_MessageId\ndeğeri", "905329975725")]),
        ("answer-own-ids", [("sizinmsgID1", "905329975725"), ("sizinmsgID2", "905329975726")]),
    ],
)
def test_the_printed_answers_are_read(name: str, rows: list[tuple[str, str]]) -> None:
    """By the client's codec and by the contracts' reader, the torn one included."""
    head, body = head_and_body(name)
    answer = codec.Answer(int(head["Status Code"]), body.encode(), head["Content-Type"])
    recipients = [Recipient(number) for _, number in rows]
    results = codec.read_send(answer, recipients)
    assert [(Code.ACCEPTED, message_id) for message_id, _ in rows] == [(each.code, each.message_id) for each in results]
    assert [("0", *row) for row in rows] == [
        (each.status, each.message_id, each.destination) for each in reader.results(body)
    ]


@pytest.mark.parametrize(
    ("name", "ids", "status", "seconds"),
    [
        ("reports-own-ids", ["1000", "1002"], "DELIVERED", ("2010/8/2 14:55:10", "2010/8/2 14:55:16")),
        ("report-generated-id", ["1023012301"], "NOT_SENT", ("2005/7/19 22:0:0", "2005/7/19 22:0:0")),
    ],
)
def test_the_printed_reports_are_read(name: str, ids: list[str], status: str, seconds: tuple[str, str]) -> None:
    """By both, the one that is not closed included."""
    reports = codec.read_reports(codec.Answer(200, text(name).encode()))
    moments = [datetime.strptime(each, "%Y/%m/%d %H:%M:%S").replace(tzinfo=TURKEY) for each in seconds]
    assert [(own, status, 0, *moments) for own in ids] == [
        (each.message_id, each.status, each.gsm_error, each.sent_at, each.done_at) for each in reports
    ]
    assert [(own, *seconds, status, "0") for own in ids] == [
        (each.id, each.sentdate, each.donedate, each.status, each.gsmerror) for each in reader.reports(text(name))
    ]


def test_the_printed_titles_and_balance_are_read() -> None:
    """By both, with U+00A0 between the elements."""
    titles = codec.read_titles(codec.Answer(200, text("titles-answer").encode()))
    assert (("TEST", "DEMO"), ()) == (titles.alphanumeric, titles.numeric)
    assert (("TEST", "DEMO"), ()) == reader.titles(text("titles-answer"))
    balance = codec.read_balance(codec.Answer(200, text("balance-answer").encode()))
    assert (Decimal("18.532"), "TRY") == (balance.amount, balance.currency)
    assert ("18.532", "TRY") == tuple(reader.element(text("balance-answer"), name) for name in ("miktar", "kur"))


@pytest.mark.parametrize("name", ["send-all-fields", "send-own-ids", "quick-send", "quick-send-three"])
def test_the_codes_of_the_page_are_the_programs(name: str) -> None:
    """No printed request has an element that the emulator does not know."""
    from kobikom_emulator.protocol.decode import decode
    from kobikom_emulator.protocol.envelope import open_envelope

    assert () == decode(open_envelope(text(name).encode()).root).unread
