"""The reader: drawn documents are valid by the schemas, damaged ones are not, and all are read leniently."""

from __future__ import annotations

import pytest
from hypothesis import given

from kobikom_contracts import reader, strategies, strict_reader
from kobikom_contracts.documents import Send, query
from kobikom_contracts.reader import Report, Result

PRINTED = b"""<?xml version="1.0" encoding="UTF-8"?>
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


@given(strategies.answers())
def test_answers_keep_to_the_layout(drawn: tuple[bytes, tuple[Result, ...]]) -> None:
    """Drawn send answers are valid, of one of the known layouts, and read back as drawn."""
    body, results = drawn
    assert (results, results, (), (), "compact") == (
        reader.results(body.decode()),
        strict_reader.parsed_results(body),
        reader.schema_faults("send-answer", body),
        strict_reader.shape_faults("send", body),
        reader.layout_of_send(body),
    )


@given(strategies.report_documents())
def test_report_documents_keep_to_the_layout(drawn: tuple[bytes, tuple[Report, ...]]) -> None:
    """Drawn pull answers are valid and read back as drawn."""
    body, reports = drawn
    assert reports == reader.reports(body.decode())
    assert () == (strict_reader.report_faults(body) if reports else ())


@given(strategies.sends("u", "p"))
def test_sends_are_valid(send: Send) -> None:
    """Drawn sends are valid by the request schema."""
    assert () == reader.schema_faults("send-request", send.body())


@pytest.mark.parametrize(("root", "name"), [("basliklar", "titles"), ("bakiye", "balance")])
def test_queries_are_valid(root: str, name: str) -> None:
    """Title and balance queries are valid by their schemas, and not without credentials."""
    assert () == reader.schema_faults(f"{name}-request", query(root, "u", "p"))
    assert () != reader.schema_faults(f"{name}-request", query(root, None, None))


def test_the_printed_example_is_read() -> None:
    """The page's malformed second example is read leniently and known as such."""
    assert ["0", "0"] == [one.status for one in reader.results(PRINTED.decode())]
    assert 277 == len(PRINTED)
    assert reader.is_as_printed(PRINTED)
    assert not reader.is_as_printed(PRINTED + b"\n")
    assert () != strict_reader.shape_faults("send", PRINTED)
    for escaped in (b"a&quot;&#10;&#xD;b>", b"a&amp;&#38;", b""):
        assert reader.is_as_printed(PRINTED.replace(b"sizinmsgID2", escaped)), escaped


def in_lines(*rows: tuple[str, str, str]) -> bytes:
    """A send answer as the page prints its first one."""
    results = "".join(
        f"<result>\n<status>{status}</status>\n<messageid>{ident}</messageid>\n"
        f"<destination>{number}</destination>\n</result>\n"
        for status, ident, number in rows
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<results>\n{results}</results>'.encode()


def test_lengths_of_the_page() -> None:
    """The page's 176 octets are its first answer in lines with an id of 15 characters."""
    body = in_lines(("0", "1" * 15, "905329975725"))
    assert (176, "lines") == (len(body), reader.layout_of_send(body))


COMPACT = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<results>\n<result>\n<status>0</status>'
    b"<messageid></messageid><destination></destination></result>\n</results>\n"
)


@pytest.mark.parametrize("good", [COMPACT, in_lines(("0", "", ""))], ids=["compact", "lines"])
@pytest.mark.parametrize(
    ("old", "new", "content"),
    [
        (b"\n", b"\r\n", False), (b"<result>", b" <result>", False), (b"</results>", b"\n\n</results>", False),
        (b"<status>0", b"<status> 0", True), (b'"1.0"', b"'1.0'", True), (b"<messageid></messageid>", b"", True),
        (b"</results>", b"</results><!-- -->", True), (b"<results>", b"<!-- --><results>", True),
        (b"<result>", b"<result><?x?>", True), (b"<result>", b'<result n="1">', True), (b"</results>", b"", True),
        (b"<result>", b"x<result>", True), (b"</results>", b"</results></results>", True),
        (b"<destination></d", b"<destination>a&b</d", True), (b"<destination></d", b"<destination>\xfe</d", True),
        (b"</result>", b"<x/></result>", True), (b"<messageid>", b"<messageid><b/>", True),
    ],
)  # fmt: skip
def test_layout_faults_are_found(good: bytes, old: bytes, new: bytes, content: bool) -> None:
    """White space that no layout has leaves the answer without one; anything else is a fault of its content."""
    damaged = good.replace(old, new)
    assert ((), True) == (strict_reader.shape_faults("send", good), reader.layout_of_send(good) is not None)
    assert content == (strict_reader.shape_faults("send", damaged) != ())
    assert content or reader.layout_of_send(damaged) is None


@pytest.mark.parametrize(
    ("content", "ident"),
    [
        (b"a&amp;b", "a&b"),
        (b"&#105;&#x130;", "i\u0130"),
        (b"a&gt;>b", "a>>b"),
        (b'&quot;"&apos;', '""\''),
        (b"&#128;", "\x80"),
    ],
)
def test_any_sound_way_to_write_an_id_is_read(content: bytes, ident: str) -> None:
    """How a value is escaped is the server's own choice: layout, shape and value are the same."""
    body = in_lines(("0", "", "905329975725")).replace(b"<messageid>", b"<messageid>" + content)
    expected = ((), (Result("0", ident, "905329975725"),), "lines")
    assert expected == (
        strict_reader.shape_faults("send", body),
        reader.results(body.decode()),
        reader.layout_of_send(body),
    )
    assert expected[1] == strict_reader.parsed_results(body)


TITLES = """<?xml version="1.0" encoding="UTF-8"?>
<basliklar>
    <normal>
        <baslik>TEST</baslik>
        <baslik>DEMO</baslik>
    </normal>
    <sayisal></sayisal>
</basliklar>"""


@pytest.mark.parametrize(
    ("text", "layout"),
    [
        (TITLES, "lines"), (TITLES.replace("\n", "").replace("    ", ""), "compact"), (TITLES + "\n", None),
        (TITLES.replace("    ", "  "), None), (TITLES.replace("    ", ""), None),
    ],
)  # fmt: skip
def test_layouts_of_queries(text: str, layout: str | None) -> None:
    """A title answer is indented as printed, on one line, or of no known layout."""
    assert layout == reader.layout_of_query(text.encode())
