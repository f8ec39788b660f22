"""Nothing a client can send raises, hangs, loses credit or gets an undocumented answer (T-11, C-04)."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from kobikom_emulator.exchange import WireRequest
from kobikom_emulator.protocol.codes import Code

VALID = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<SMS><dogrulama><kullanici>test</kullanici><parola>test</parola>'
    "</dogrulama><tip>bulk</tip><mesajiniz><baslik>Kobikom</baslik><metin>Merhaba dünya &amp; herkes</metin>"
    "<flash>1</flash><type>longSMS</type>"
    "<datacoding>0</datacoding><ileriTarih>2m1s</ileriTarih><ValidityPeriod>01:30</ValidityPeriod><appid>a</appid>"
    "<pushurl>http://127.0.0.1/</pushurl><nopush>0</nopush><languageCode>ES</languageCode><alicilar>"
    '<gsm messageId="m1">905321234567</gsm><gsm>+905421234567</gsm><gsm></gsm><gsm messageId="m2">05551234567</gsm>'
    "</alicilar></mesajiniz></SMS>"
).encode()
QUERIES = [VALID] + [
    f"<{root}><dogrulama><kullanici>test</kullanici><parola>test</parola></dogrulama></{root}>".encode()
    for root in ("basliklar", "bakiye")
]
SNIPPETS = st.sampled_from(
    [b"<", b">", b"&", b"&amp;", b"&#0;", b"&#xD800;", b"]]>", b"<![CDATA[", b"<!DOCTYPE a>", b"<!--", b"<?x?>",
     b"\x00", b"\xff", b"\xef\xbb\xbf", b"XML=", b"%", b"%3C", b"+", b"<gsm>", b"</gsm>", b"<SMS>", b"</mesajiniz>",
     b'"', b"=", b"-1", b"9" * 30, "ş".encode(), "ş".encode("cp1254"), b"<metin/>", b"<mesajiniz/>", b"longSMS",
     b"<binary>00</binary>"]
)  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A valid request with a few pieces cut out, put in, doubled or replaced."""
    body = bytearray(draw(st.sampled_from(QUERIES)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(body)))
        end = min(len(body), at + draw(st.integers(0, 12)))
        body[at:end] = draw(st.one_of(SNIPPETS, st.binary(max_size=6), st.just(bytes(body[at:end]) * 2)))
    return bytes(body)


def documented(answer: bytes) -> list[int]:
    """The codes of an answer that is one of the documented documents."""
    root = etree.fromstring(answer)
    if root.tag == "results":
        assert ["result"] * len(root) == [each.tag for each in root]
        assert all(["status", "messageid", "destination"] == [field.tag for field in each] for each in root)
        assert answer.count(b"\n") == 2 + 5 * len(root)
        codes = [int(each[0].text) for each in root]
        assert set(codes) <= {int(code) for code in Code}
        return codes
    if root.tag == "bakiye":
        assert re.fullmatch(r"\d+\.\d{3}", root.findtext("miktar"))
        return []
    assert ["basliklar", "normal", "sayisal"] == [root.tag, *[each.tag for each in root]]
    return []


def prove(kobikom: Any, body: bytes, content_type: str = "") -> None:
    credit, before = kobikom.balance(), len(kobikom.messages())
    codes = documented(kobikom.post(body, content_type))
    accepted = kobikom.messages()[before:]
    assert codes.count(0) == len(accepted)
    cost = sum((Decimal(len(message.batch.segmentation.parts)) for message in accepted), Decimal(0))
    assert cost == credit - kobikom.balance()
    assert kobikom.journal()


@given(st.binary(max_size=300), st.text(max_size=40))
def test_arbitrary_bytes(world: Callable[..., Any], body: bytes, content_type: str) -> None:
    """A documented document, and nothing is sent by accident."""
    prove(world(), body, content_type)


@given(
    mutated(),
    st.sampled_from(["refuse", "windows-1254"]),
    st.sampled_from(["", "text/xml; charset=iso-8859-9", "a; charset=x"]),
)
def test_mutated_requests(world: Callable[..., Any], body: bytes, reading: str, content_type: str) -> None:
    """Credit before − after is the cost of what was accepted, whatever was broken."""
    prove(world(readings={"undeclared-bytes": reading}), body, content_type)


FIELDS = (
    "baslik metin flash type wapurl binary datacoding esmclass ileriTarih ValidityPeriod appid pushurl nopush"
    " languageCode"
)
TEXTS = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff<&>")
VALUES = st.one_of(
    st.sampled_from(["", "0", "1", "8", "24", "240", "longSMS", "ES", "tr", "Kobikom", "1s", "4d3h2m1s", "00:01",
                     "48:01", "x" * 161, "ş" * 200, "00" * 150, "abc", "-1", "€" * 100, "😀" * 80]),
    st.text(TEXTS | st.sampled_from("<&>"), max_size=30),
)  # fmt: skip
READINGS = st.fixed_dictionaries(
    {},
    optional={
        "login-codes": st.just("wrong"),
        "message-id": st.sampled_from(["18-digits", "10-digits"]),
        "short-number": st.just("incomplete"),
        "title-code": st.sampled_from(["-1", "-23", "-99"]),
        "turkish-table": st.sampled_from(["single", "locking"]),
        "long-validity": st.just("refuse"),
        "refusal-shape": st.just("per-recipient"),
        "duplicate-id": st.sampled_from(["whole-request", "account-history"]),
        "empty-gsm": st.just("refuse"),
        "number-form": st.just("strict"),
        "unknown-title": st.just("accept"),
        "long-text": st.sampled_from(["split", "refuse"]),
        "unencodable": st.just("question-mark"),
        "short-credit": st.just("whole-request"),
    },
)
NUMBER = st.one_of(
    st.sampled_from(
        ["905321234567", "+905421234567", "05551234567", "5321234567", "", "905990000010", "4915112345678", "1"]
    ),
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff<&>"), max_size=15
    ),
)


@given(
    st.dictionaries(st.sampled_from(FIELDS.split()), VALUES, max_size=6),
    st.lists(NUMBER, max_size=5),
    st.lists(st.sampled_from(["", "a", "b", 'c"<']), max_size=5),
    READINGS,
)
def test_any_fields_under_any_readings(
    world: Callable[..., Any], fields: dict[str, str], numbers: list[str], ids: list[str], readings: dict[str, str]
) -> None:
    """Well-formed requests with wild values: documented answers, credit exact."""
    kobikom = world(readings=readings)
    prove(kobikom, kobikom.body(kobikom.block(*numbers, ids=ids[: len(numbers)], **fields)))


@given(st.binary(max_size=120))
def test_any_query_of_a_pull(world: Callable[..., Any], query: bytes) -> None:
    """A bare number, nothing else, as none of these knows the password (R-07)."""
    target = "/api/sendsms/xml/pull?" + query.decode("utf-8", "surrogateescape")
    work = world().gateway.pull(WireRequest("GET", target))
    answer = None
    try:
        while True:
            work.send(None)
    except StopIteration as done:
        answer = done.value
    assert answer.body in (b"5", b"10", b"11")
