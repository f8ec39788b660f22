"""Law: whatever the bytes, a reader returns its type or raises its error, and never says more than
it knows.
"""

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
    UnknownFate,
    push,
)
from kobikom_client.codec import Answer, read_balance, read_reports, read_send, read_titles

_RECIPIENTS = tuple(Recipient(f"9053299757{n}") for n in (25, 26, 37))
_STATUSES = {"905329975725": 0, "905329975726": -13, "905329975737": 0}
_SETTLED = (
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
_ANSWERS = [_SETTLED, _PRINTED, _REPORTS, _TITLES, _BALANCE, b"NO_DATA", b"10", b"-5"]

_WORDS = [
    *(b"<", b">", b"</", b"/>", b'"', b"&", b"&#0;", b"&#x110000;", b"<!--", b"-->", b"<?"),
    *(b"<![CDATA[", b"]]>", b"<result>", b"</result>", b"</results>", b"<status>", b"<0"),
    *(b"<DeliveryReport>", b"<message ", b"status=", b"<html>", b"-", b"9" * 5000),
    *(b"\x00", b"\xff", b"\xfe"),
]


@st.composite
def _mutated(draw: st.DrawFn) -> bytes:
    """A valid answer with a few pieces cut out, doubled or put in."""
    body = draw(st.sampled_from(_ANSWERS))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(body)))
        end = draw(st.integers(start, min(len(body), start + 40)))
        put = draw(st.sampled_from([b"", body[start:end] * 2, *_WORDS]) | st.binary(max_size=4))
        body = body[:start] + put + body[end:]
    return body


_BODIES = st.binary(max_size=200) | st.lists(st.sampled_from(_WORDS)).map(b"".join) | _mutated()
_STATUS = st.sampled_from([200, 200, 200, 204, 302, 404, 500, None])
_CONTENT_TYPES = st.sampled_from(["", "text/html", "x;charset=utf-16", "a;charset=\0", "a;charset=hex"])


@given(body=_BODIES, status=_STATUS, content_type=_CONTENT_TYPES, problem=st.none() | st.just("cut"))
def test_every_reader_returns_its_type_or_raises_its_error(
    body: bytes, status: int | None, content_type: str | None, problem: str | None
) -> None:
    """Arbitrary bytes, mutated answers, any status: nothing but the documented outcomes."""
    answer = Answer(status, body, content_type, problem)
    try:
        results = read_send(answer, _RECIPIENTS)
        assert _RECIPIENTS == tuple(result.recipient for result in results)
    except (UnknownFate, Refused, TransportError) as error:
        progress = error.progress
        told = [*(result.recipient for result in progress.results), *progress.unknown]
        assert sorted(_RECIPIENTS, key=str) == sorted([*told, *progress.untried], key=str)
    with contextlib.suppress(LostReports, Refused, TransportError):
        assert isinstance(read_reports(answer), tuple)
    with contextlib.suppress(MalformedAnswer, Refused, TransportError):
        assert isinstance(read_titles(answer), Titles)
    with contextlib.suppress(MalformedAnswer, Refused, TransportError):
        assert isinstance(read_balance(answer), Balance)
    with contextlib.suppress(MalformedAnswer):
        assert isinstance(push.read(body, content_type), tuple)


@pytest.mark.parametrize("body", [_SETTLED, _PRINTED])
def test_a_send_answer_cut_anywhere_is_of_unknown_fate(body: bytes) -> None:
    """At every offset before the end tag: never a wrong status, never a lost recipient."""
    end = body.index(b"</results>") + len(b"</results>")
    for offset in range(end):
        with pytest.raises(UnknownFate) as caught:
            read_send(Answer(200, body[:offset]), _RECIPIENTS)
        progress = caught.value.progress
        assert all(_STATUSES[result.number] == result.code for result in progress.results)
        whole = body[:offset].count(b"</result>")
        assert (whole, 3 - whole) == (len(progress.results), len(progress.unknown))
    assert list(_STATUSES.values()) == [result.code for result in read_send(Answer(200, body[:end]), _RECIPIENTS)]


def test_a_pull_cut_anywhere_loses_no_report_that_arrived() -> None:
    """At every offset; where an unclosed document may be whole (R-02) only HTTP can tell."""
    for offset in range(_REPORTS.index(b"</Del") + len(b"</DeliveryReport>")):
        arrived = _REPORTS[:offset].count(b"/>")
        for problem in (None, "reset"):
            try:
                reports = read_reports(Answer(200, _REPORTS[:offset], problem=problem))
                assert problem is None
                assert _REPORTS[:offset].rstrip().endswith(b"/>")
            except LostReports as error:
                reports = error.reports
            assert [str(100 + n) for n in range(arrived)] == [each.message_id for each in reports]


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
    """A fraction of a second of computing for what would take a quadratic reader minutes."""
    body = ("<results>" + piece * 100_000).encode()
    start = time.process_time()
    with pytest.raises(UnknownFate):
        read_send(Answer(200, body), _RECIPIENTS)
    assert time.process_time() - start < 5


@given(digits=st.from_regex(r"[+-]?[0-9]{1,9}", fullmatch=True))
def test_every_number_is_a_code(digits: str) -> None:
    """Documented or not, a code is told as it was given."""
    body = _SETTLED.replace(b"-13", digits.encode())
    code = read_send(Answer(200, body), _RECIPIENTS)[1].code
    assert int(digits) == code
    assert isinstance(code, Code) == (code in set(Code))
