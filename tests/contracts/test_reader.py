"""The reader: drawn documents are valid by the schemas, damaged ones are not, and all are read leniently."""

from __future__ import annotations

import pytest
from hypothesis import given

from kobikom_contracts import reader, strategies
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
    """Drawn send answers are valid, of the documented layout, and read back as drawn."""
    body, results = drawn
    assert (results, (), ()) == (
        reader.results(body.decode()),
        reader.schema_faults("send-answer", body),
        reader.send_faults(body),
    )


@given(strategies.report_documents())
def test_report_documents_keep_to_the_layout(drawn: tuple[bytes, tuple[Report, ...]]) -> None:
    """Drawn pull answers are valid and read back as drawn."""
    body, reports = drawn
    assert reports == reader.reports(body.decode())
    assert () == (reader.report_faults(body) if reports else ())


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
    assert () != reader.send_faults(PRINTED)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"\n", b"\r\n"), (b"<result>", b" <result>"), (b"</results>\n", b"</results>"),
        (b"<status>0", b"<status> 0"), (b'"1.0"', b"'1.0'"), (b"<messageid></messageid>", b""),
    ],
)  # fmt: skip
def test_layout_faults_are_named(old: bytes, new: bytes) -> None:
    """Each departure from the byte layout is a fault."""
    good = (
        b'<?xml version="1.0" encoding="UTF-8"?>\n<results>\n<result>\n<status>0</status>'
        b"<messageid></messageid><destination></destination></result>\n</results>\n"
    )
    assert () == reader.send_faults(good)
    assert () != reader.send_faults(good.replace(old, new))
