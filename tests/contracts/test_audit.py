"""The audit of every exchange: what each answer may change, statement by statement, without a server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kobikom_contracts import documents, strategies
from kobikom_contracts.core.verdicts import Violation
from kobikom_contracts.dates import ISTANBUL
from kobikom_contracts.documents import Block, Recipient, Send
from kobikom_contracts.http_connection import HttpAnswer
from kobikom_contracts.reader import DECLARATION, Report, Result, send_layout
from kobikom_contracts.server_suite.audit import Audit, echo
from kobikom_contracts.server_suite.audit.charges import Charges, possible_parts
from kobikom_contracts.server_suite.audit.meaning import PullRequest, Query, meaning, meaning_of_pull
from kobikom_contracts.server_suite.audit.messages import Clock
from kobikom_contracts.strategies import Spelling, spellings

BEGAN = datetime(2026, 1, 31, 9, 0, 0, tzinfo=ISTANBUL)
NUMBERS = ("905329975725", "905329975726", "905329975727")


def answered(
    body: str | bytes, *, status: int = 200, framing: str = "length", faults: tuple[str, ...] = ()
) -> HttpAnswer:
    """An HTTP answer with this body."""
    data = body if isinstance(body, bytes) else body.encode()
    return HttpAnswer(status, "OK", "HTTP/1.1", (), data, framing, faults=faults)


def send(*ids: str | None, **fields: str) -> Send:
    """A send of one block to one number for each id."""
    recipients = tuple(Recipient(number, ident) for number, ident in zip(NUMBERS, ids, strict=False))
    return Send("u", "p", (Block(recipients, {"metin": "Merhaba", **fields}),))


def results(*rows: tuple[str, str, str]) -> HttpAnswer:
    """The answer to a send with these results."""
    return answered(send_layout(tuple(Result(*row) for row in rows)))


def statements(violations: object) -> list[str | None]:
    """The statements of some violations, sorted."""
    assert not isinstance(violations, str)
    return sorted({one.statement for one in violations if isinstance(one, Violation)}, key=str)  # type: ignore[attr-defined]


# -- what a request means ----------------------------------------------------------------------------------


@given(strategies.sends("u", "p"), st.sampled_from((b"", b"XML=", b"xml=\n", b"\n \t")))
def test_a_request_is_read_back(drawn: Send, prefix: bytes) -> None:
    """A send that the judge wrote means what it was written from."""
    read = meaning(prefix + drawn.body())
    assert isinstance(read, Send)
    assert drawn.xml() == read.xml()


@given(spellings())
def test_a_loosely_spelled_request_is_read(spelling: Spelling) -> None:
    """Case and order of elements do not change what is read."""
    read = meaning(spelling.xml("u", "p", NUMBERS[0], "id1").encode())
    assert isinstance(read, Send)
    assert ("u", "p", (Recipient(NUMBERS[0], "id1"),)) == (read.user, read.password, read.blocks[0].recipients)


@pytest.mark.parametrize("body", [b"", b"<SMS>", b"XML=%3CSMS%3E", b"{}", b"<!DOCTYPE SMS><SMS/>", b"<x/>"])
def test_what_cannot_be_read_means_nothing(body: bytes) -> None:
    """A body that is not a literal document of the API is given no meaning."""
    assert meaning(body) is None


def test_queries_and_pulls_are_read() -> None:
    """The root tells a query, the address a pull."""
    assert Query("bakiye", "u", "p") == meaning(documents.query("bakiye", "u", "p"))
    assert PullRequest("u", "p", ("a", "b"), "x") == meaning_of_pull(documents.pull_path("u", "p", ("a", "b"), "x"))
    assert PullRequest("u", None, None, "") == meaning_of_pull(documents.pull_path("u", None))
    assert PullRequest("u", "p", (), "") == meaning_of_pull(documents.pull_path("u", "p", ("", "")))


# -- answers to sends --------------------------------------------------------------------------------------

ACCEPTED = (("0", "a", NUMBERS[0]), ("0", "1" * 15, NUMBERS[1]))


@pytest.mark.parametrize(
    ("rows", "broken"),
    [
        (ACCEPTED, []),
        ((("-13", "a", NUMBERS[0]), ("-13", "", NUMBERS[1])), []),
        ((("-5", "", ""),), []),
        (ACCEPTED[:1], ["S-01.1"]),
        ((*ACCEPTED, ACCEPTED[1]), ["S-01.1"]),
        ((("0", "a", NUMBERS[1]), ACCEPTED[1]), ["S-01.2"]),
        ((("0", "A", NUMBERS[0]), ACCEPTED[1]), ["S-03.1"]),
        ((ACCEPTED[0], ("0", "", NUMBERS[1])), ["S-02.1"]),
        ((ACCEPTED[0], ("-13", "1" * 15, NUMBERS[1])), ["S-06.3"]),
        ((ACCEPTED[0], ("-77", "", NUMBERS[1])), ["E.1"]),
        ((("0", "a", NUMBERS[0] + " "), ACCEPTED[1]), ["S-01.4"]),
    ],
)
def test_results_are_compared_with_recipients(rows: tuple[tuple[str, str, str], ...], broken: list[str]) -> None:
    """Each result answers its own recipient: number, id and code."""
    assert broken == statements(echo.faults(send("a", None), tuple(Result(*row) for row in rows)))


def test_a_duplicate_id_is_seen_across_blocks() -> None:
    """An id that was accepted twice in one request breaks S-04, whichever blocks it stands in."""
    blocks = tuple(Block((Recipient(number, "a"),)) for number in NUMBERS[:2])
    rows = tuple(Result("0", "a", number) for number in NUMBERS[:2])
    assert ["S-04.1"] == statements(echo.faults(Send("u", "p", blocks), rows))


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        (lambda body: body, []),
        (lambda body: body.replace(b"1" * 15, b"&#49;" + b"1" * 14), []),
        (lambda body: body.replace(b"1" * 15, b"a&b<c"), ["T-10.1"]),
        (lambda body: body.replace(b"1" * 15, b"a&b"), ["T-10.1"]),
        (lambda body: body + b"<!-- ok -->", ["T-10.1"]),
        (lambda body: body + body, ["T-10.1"]),
        (lambda body: body[:-5], ["T-10.1"]),
        (lambda body: body.replace(DECLARATION.encode(), b""), ["T-10.1"]),
        (lambda body: body.replace(b"1" * 15, b"\xff"), ["T-10.1"]),
        (lambda body: body.replace(b"<messageid>", b"<messageid><![CDATA[x]]>"), ["T-10.1"]),
    ],
)  # fmt: skip
def test_every_answer_is_parsed_and_read_by_bytes(change: Callable[[bytes], bytes], broken: list[str]) -> None:
    """What a parser refuses or reads otherwise than the bytes say is named; how a value is escaped is not."""
    body = change(results(("0", "1" * 15, NUMBERS[0])).body)
    found = statements(Audit().sent(send(None), answered(body)))
    assert broken == [one for one in found if one not in ("S-01.1", "S-02.1")]


@pytest.mark.parametrize(
    ("answer", "broken"),
    [
        (answered(results(ACCEPTED[0]).body, status=201), ["T-08.2"]),
        (answered(results(("-5", "", "")).body, status=401), ["T-08.1"]),
        (answered(results(ACCEPTED[0]).body, framing="chunked"), ["T-09.1"]),
        (answered(results(ACCEPTED[0]).body, faults=("3 octets beyond the Content-Length",)), ["T-09.1"]),
        (answered("Too Large", status=413), []),
    ],
)
def test_http_of_an_answer(answer: HttpAnswer, broken: list[str]) -> None:
    """Status and framing are judged for every answer in the dialect, and for no other."""
    assert broken == statements(Audit().sent(send("a"), answer))


def test_a_generated_id_is_given_once_in_a_run() -> None:
    """The same generated id in another request breaks S-02.5."""
    audit = Audit()
    assert [] == statements(audit.sent(send(None), results(("0", "1" * 15, NUMBERS[0]))))
    assert ["S-02.5"] == statements(audit.sent(send(None), results(("0", "1" * 15, NUMBERS[0]))))


# -- balances ----------------------------------------------------------------------------------------------


def balances(*texts: str, between: Send | None = None, answer: HttpAnswer | None = None) -> list[str | None]:
    """The statements broken by these balances, a send being answered before the last."""
    audit, broken = Audit(), list[Violation]()
    for index, text in enumerate(texts):
        if index == len(texts) - 1 and between is not None and answer is not None:
            broken += audit.sent(between, answer)
        body = f"{DECLARATION}<bakiye><miktar>{text}</miktar><kur>TRY</kur></bakiye>"
        broken += audit.balance("u", answered(body), Decimal(text), Decimal(2), whole_units=False)
    return statements(broken)


@pytest.mark.parametrize(
    ("after", "broken"), [("96", []), ("98", ["C-01.1"]), ("94", ["C-01.1"]), ("100", ["C-01.1"]), ("97", ["C-01.1"])]
)
def test_accepted_messages_cost_their_parts(after: str, broken: list[str]) -> None:
    """Two messages at 2 each cost 4, neither more nor less."""
    rows = results(("0", "a", NUMBERS[0]), ("0", "b", NUMBERS[1]))
    assert broken == balances("100", after, between=send("a", "b"), answer=rows)


@pytest.mark.parametrize(("after", "broken"), [("100", []), ("98", ["C-03.1"]), ("102", ["C-03.1"])])
def test_refused_messages_cost_nothing(after: str, broken: list[str]) -> None:
    """A refused request leaves the balance as it was."""
    assert broken == balances("100", after, between=send("a", "b"), answer=results(("-23", "", "")))


def test_a_balance_is_never_negative() -> None:
    """A negative amount breaks C-04."""
    assert ["C-04.1"] == balances("-1")


@pytest.mark.parametrize(
    ("fields", "parts"),
    [
        ({"metin": "a"}, {1}),
        ({"metin": "a" * 161, "type": "longSMS"}, {2}),
        ({"metin": "a" * 161}, {1, 2}),
        ({"metin": "ş" * 155, "type": "longSMS", "languageCode": "TR"}, {1, 3}),
        ({"metin": "€" * 153, "type": "longSMS"}, {2, 3}),
        ({"binary": "0A" * 268, "type": "longSMS"}, {2, 3}),
        ({"metin": "a" * 71, "datacoding": "8", "type": "longSMS"}, {2}),
    ],
)
def test_every_reading_of_the_parts_is_allowed(fields: dict[str, str], parts: set[int]) -> None:
    """The audit takes any number of parts that a reading gives: which of them is judged by S-10 to S-14."""
    assert parts == possible_parts(fields)


def test_too_many_possibilities_are_not_judged() -> None:
    """With more possible sums than are kept, the next balance is taken as it is."""
    charges = Charges(Decimal(100_000))
    for step in range(40):
        charges.add(frozenset({1, 2**step}), 300)
        if not charges.certain:
            break
    assert charges.seen(Decimal(1), Decimal(1), whole_units=False) is None


# -- reports -----------------------------------------------------------------------------------------------


def date(seconds: int) -> str:
    """The printed date so many seconds after the beginning."""
    t = BEGAN + timedelta(seconds=seconds)
    return f"{t.year}/{t.month}/{t.day} {t.hour}:{t.minute}:{t.second}"


def report(
    ident: str = "a", *, sent: str = date(0), done: str = date(1), status: str = "DELIVERED", error: str = "0"
) -> Report:
    """A report, by default that of a message sent at the beginning and delivered a second later."""
    return Report(ident, sent, done, status, error)


def pulled(
    *reports: Report,
    ids: tuple[str, ...] | None = None,
    user: str = "u",
    appid: str = "",
    times: int = 1,
    after: int = 10,
    **fields: str,
) -> list[str | None]:
    """The statements broken by reports of a message ``a``, pulled so many seconds later and so many times."""
    audit, broken = Audit(), list[Violation]()
    broken += audit.sent(send("a", **fields), results(("0", "a", NUMBERS[0])))
    audit.time_was_moved(after)
    clock = Clock(BEGAN, BEGAN + timedelta(seconds=after), after, exact=True)
    for _ in range(times):
        broken += audit.messages.pulled(PullRequest(user, "p", ids, appid), reports, clock)
    return statements(broken)


@pytest.mark.parametrize(
    ("reports", "asked", "broken"),
    [
        ([report()], {}, []),
        ([report()], {"times": 2}, ["R-03.1"]),
        ([report(), report()], {}, ["R-03.1"]),
        ([report()], {"ids": ("b",)}, ["R-04.1"]),
        ([report()], {"user": "other"}, ["R-05.1"]),
        ([report("A", sent=date(5), done=date(6))], {}, ["S-03.1"]),
        ([report("x", sent=date(5), done=date(6))], {}, ["S-03.1"]),
        ([report("x", sent=date(-900), done=date(-800))], {}, []),
        ([report()], {"type": "", "appid": "app"}, ["S-18.1"]),
        ([report(status="ARRIVED")], {}, ["R-09.1"]),
        ([report(error="x")], {}, ["R-10.1"]),
        ([report(error="5")], {}, ["R-10.1"]),
        ([report(status="REJECTED")], {}, ["R-10.2"]),
        ([report(sent=date(2))], {}, ["R-12.1"]),
        ([report(done=date(60))], {}, ["R-06.1"]),
        ([report(sent=date(-10_800), done=date(1))], {}, ["R-06.1", "R-08.1"]),
        ([report(sent=date(-40), done=date(1))], {}, ["R-12.1"]),
        ([report(done=date(3600))], {"after": 3600}, ["R-06.1"]),
        ([report(done=date(1))], {"after": 3700, "ileriTarih": "1h"}, ["R-11.1"]),
        ([report(done=date(3601))], {"after": 3700, "ileriTarih": "1h"}, []),
        ([report(done="31.01.2026")], {}, ["R-08.2"]),
    ],
)  # fmt: skip
def test_reports_are_compared_with_messages(reports: list[Report], asked: dict[str, object], broken: list[str]) -> None:
    """Each report is one message's, given once, to its account, with the dates that its sending allows."""
    assert broken == pulled(*reports, **asked)  # type: ignore[arg-type]


def test_a_refused_recipient_has_no_report() -> None:
    """A report of an id that was refused breaks S-06, though its dates look right."""
    audit = Audit()
    assert [] == statements(audit.sent(send("a", "b"), results(("-13", "a", NUMBERS[0]), ("0", "b", NUMBERS[1]))))
    clock = Clock(BEGAN, BEGAN + timedelta(seconds=10), 0, exact=True)
    assert ["S-06.1"] == statements(audit.messages.pulled(PullRequest("u", "p", None, ""), [report("a")], clock))


def test_reports_come_oldest_first() -> None:
    """A later donedate before an earlier one breaks R-02.2."""
    audit = Audit()
    assert [] == statements(audit.sent(send("a", "b"), results(("0", "a", NUMBERS[0]), ("0", "b", NUMBERS[1]))))
    clock = Clock(BEGAN, BEGAN + timedelta(seconds=10), 0, exact=True)
    rows = [report("a", done=date(5)), report("b", done=date(1))]
    assert ["R-02.2"] == statements(audit.messages.pulled(PullRequest("u", "p", None, ""), rows, clock))


def test_what_must_have_a_report_is_known() -> None:
    """A message is due once its delay is over; a pushed one and one to a magic number never are."""
    audit = Audit()
    for ident, gsm, fields in (
        ("plain", NUMBERS[0], {}),
        ("later", NUMBERS[0], {"ileriTarih": "1h"}),
        ("pushed", NUMBERS[0], {"pushurl": "http://127.0.0.1:9/"}),
        ("magic", "905990000030", {}),
    ):
        one = Send("u", "p", (Block((Recipient(gsm, ident),), fields),))
        assert [] == statements(audit.sent(one, results(("0", ident, gsm))))
    assert ["plain"] == [one.id for one in audit.messages.outstanding(2)]
    assert ["plain", "later"] == [one.id for one in audit.messages.outstanding(3602)]


def test_an_armed_fault_makes_everything_uncertain() -> None:
    """Under a fault rule an answer need not say what happened: nothing is concluded from it."""
    audit = Audit()
    audit.charges["u"].seen(Decimal(10), Decimal(1), whole_units=False)
    audit.faults_were_armed(True)
    assert [] == statements(audit.sent(send("a"), results(("-99", "", NUMBERS[0]))))
    audit.faults_were_armed(False)
    assert audit.charges["u"].seen(Decimal(3), Decimal(1), whole_units=False) is None
    assert audit.messages.strangers


def test_a_lost_answer_makes_everything_uncertain() -> None:
    """After a request without an answer no charge and no report is missed."""
    audit = Audit()
    assert [] == statements(audit.sent(send("a"), results(("0", "a", NUMBERS[0]))))
    audit.charges["u"].seen(Decimal(10), Decimal(1), whole_units=False)
    audit.answer_was_lost()
    assert audit.charges["u"].seen(Decimal(3), Decimal(1), whole_units=False) is None
    assert [] == audit.messages.outstanding(10)
    clock = Clock(BEGAN, BEGAN + timedelta(seconds=10), 0, exact=True)
    for broken in ([], ["R-03.1"]):
        assert broken == statements(audit.messages.pulled(PullRequest("u", "p", None, ""), [report()], clock))
