"""The read functions with arbitrary and damaged bytes: they return their type or raise a documented error."""

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kobikom_client import (
    Balance,
    Code,
    LostReports,
    MalformedAnswer,
    Recipient,
    Refused,
    Titles,
    TransportError,
    UnknownOutcome,
    push,
)
from kobikom_client.codec import Answer, read_balance, read_reports, read_send, read_titles

_RECIPIENTS = tuple(Recipient(f"9053299757{n}") for n in (25, 26, 37))
_STATUSES = {"905329975725": 0, "905329975726": -13, "905329975737": 0}
_COMPLETE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<results>\n'
    + "".join(
        f"<result>\n<status>{code}</status><messageid>id{number}</messageid>"
        f"<destination>{number}</destination></result>\n"
        for number, code in _STATUSES.items()
    )
    + "</results>\n"
).encode()
_PRINTED = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<results>\n<result>\n'
    b"<status>0</status>\n<messageid>id905329975725</messageid>\n"
    b"<destination>905329975725</destination>\n</result>\n"
    b"<status><-13</status>\n<messageid>id905329975726</messageid>\n"
    b"<destination>905329975726</destination>\n</result>\n"
    b"<status><0</status>\n<messageid>id905329975737</messageid>\n"
    b"<destination>905329975737</destination>\n</result>\n</results>"
)
_REPORTS = (
    "<DeliveryReport>\n"
    + "".join(
        f'<message id="{n}" sentdate="2010/8/2 14:55:10" donedate="2010/8/2 14:55:16" '
        f'status="DELIVERED" gsmerror="0"/>\n'
        for n in range(100, 104)
    )
    + "</DeliveryReport>\n"
).encode()
_TITLES = b"<basliklar><normal><baslik>TEST</baslik></normal><sayisal></sayisal></basliklar>"
_BALANCE = b"<bakiye><miktar>18.532</miktar><kur>TRY</kur></bakiye>"
_ANSWERS = [_COMPLETE, _PRINTED, _REPORTS, _TITLES, _BALANCE, b"NO_DATA", b"10", b"-5"]

_WORDS = [
    *(b"<", b">", b"</", b"/>", b'"', b"&", b"&#0;", b"&#x110000;", b"<!--", b"-->", b"<?"),
    *(b"<![CDATA[", b"]]>", b"<result>", b"</result>", b"</results>", b"<status>", b"<0"),
    *(b"<DeliveryReport>", b"<message ", b"status=", b"<html>", b"-", b"9" * 5000),
    *(b"\x00", b"\xff", b"\xfe"),
]


@st.composite
def _mutated(draw: st.DrawFn) -> bytes:
    """A valid answer with a few pieces removed, doubled or inserted."""
    body = draw(st.sampled_from(_ANSWERS))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(body)))
        end = draw(st.integers(start, min(len(body), start + 40)))
        inserted = draw(st.sampled_from([b"", body[start:end] * 2, *_WORDS]) | st.binary(max_size=4))
        body = body[:start] + inserted + body[end:]
    return body


_BODIES = st.binary(max_size=200) | st.lists(st.sampled_from(_WORDS)).map(b"".join) | _mutated()
_STATUS = st.sampled_from([200, 200, 200, 204, 302, 404, 500, None])
_CONTENT_TYPES = st.sampled_from(["", "text/html", "x;charset=utf-16", "a;charset=\0", "a;charset=hex"])


@given(body=_BODIES, status=_STATUS, content_type=_CONTENT_TYPES, problem=st.none() | st.just("cut"))
def test_every_read_function_returns_its_type_or_raises_its_error(
    body: bytes, status: int | None, content_type: str | None, problem: str | None
) -> None:
    """For arbitrary bytes, mutated answers and any status, only the documented outcomes occur."""
    answer = Answer(status, body, content_type, problem)
    try:
        results = read_send(answer, _RECIPIENTS)
        assert _RECIPIENTS == tuple(result.recipient for result in results)
    except (UnknownOutcome, Refused, TransportError) as error:
        progress = error.progress
        answered = [result.recipient for result in progress.results]
        assert sorted(_RECIPIENTS, key=str) == sorted([*answered, *progress.unknown, *progress.untried], key=str)
    with contextlib.suppress(LostReports, Refused, TransportError):
        assert isinstance(read_reports(answer), tuple)
    with contextlib.suppress(MalformedAnswer, Refused, TransportError):
        assert isinstance(read_titles(answer), Titles)
    with contextlib.suppress(MalformedAnswer, Refused, TransportError):
        assert isinstance(read_balance(answer), Balance)
    with contextlib.suppress(MalformedAnswer):
        assert isinstance(push.read(body, content_type), tuple)


@pytest.mark.parametrize("body", [_COMPLETE, _PRINTED])
def test_a_send_answer_cut_anywhere_has_an_unknown_outcome(body: bytes) -> None:
    """A cut at any offset before the closing tag gives no wrong status and loses no recipient."""
    end = body.index(b"</results>") + len(b"</results>")
    for offset in range(end):
        with pytest.raises(UnknownOutcome) as caught:
            read_send(Answer(200, body[:offset]), _RECIPIENTS)
        progress = caught.value.progress
        assert all(_STATUSES[result.number] == result.code for result in progress.results)
        complete = body[:offset].count(b"</result>")
        assert (complete, 3 - complete) == (len(progress.results), len(progress.unknown))
    assert list(_STATUSES.values()) == [result.code for result in read_send(Answer(200, body[:end]), _RECIPIENTS)]


def test_a_pull_cut_anywhere_loses_no_report_that_arrived() -> None:
    """A cut at any offset keeps the reports before it; directly after a report the document may be complete (R-02)."""
    for offset in range(_REPORTS.index(b"</Del") + len(b"</DeliveryReport>")):
        arrived = _REPORTS[:offset].count(b"/>")
        for problem in (None, "reset"):
            try:
                reports = read_reports(Answer(200, _REPORTS[:offset], problem=problem))
                assert problem is None
                assert _REPORTS[:offset].rstrip().endswith(b"/>")
            except LostReports as error:
                reports = error.reports
            assert [str(100 + n) for n in range(arrived)] == [report.message_id for report in reports]


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<a ",
        "<!--",
        "<![CDATA[",
        "<?",
        "<a b='",
        "&#",
        "</",
        "<a>",
        '<a b="c" ',
        " ",
        "<?xml ",
    ],
)
def test_reading_takes_linear_time(piece: str) -> None:
    """Repeated fragments that would take a quadratic parser minutes are read in seconds of CPU time."""
    body = ("<results>" + piece * 100_000).encode()
    start = time.process_time()
    with pytest.raises(UnknownOutcome):
        read_send(Answer(200, body), _RECIPIENTS)
    assert time.process_time() - start < 5


@given(digits=st.from_regex(r"[+-]?[0-9]{1,9}", fullmatch=True))
def test_every_number_is_kept_as_the_code(digits: str) -> None:
    """A code keeps its value; it is a `Code` exactly if it is documented."""
    body = _COMPLETE.replace(b"-13", digits.encode())
    code = read_send(Answer(200, body), _RECIPIENTS)[1].code
    assert int(digits) == code
    assert isinstance(code, Code) == (code in set(Code))
