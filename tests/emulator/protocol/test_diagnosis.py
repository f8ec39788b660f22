"""The slips behind a body that cannot be read: statement, what was expected and found, a hint, and the place (A-04)."""

import codecs
import gzip
from urllib.parse import quote_plus

import pytest
from msgspec.structs import replace

from kobikom_emulator.protocol import diagnosis
from kobikom_emulator.protocol.decode import decode
from kobikom_emulator.protocol.diagnosis import Diagnosis, diagnose
from kobikom_emulator.protocol.envelope import Malformed, open_envelope

NO_DOCUMENT = "an XML document, bare or in the field XML"
NAME_THE_FIELD = "name the field XML, or post the XML as the body itself"
AMPERSAND = "write & as &amp; in a text; an XML library does it by itself"
LESS_THAN = "write < as &lt; in a text; an XML library does it by itself"
CLOSE = "the document ends early: close every element"
BEGIN = "begin the body with <SMS>, <basliklar> or <bakiye>"
CONTROL = "remove the control characters before writing the XML"


def diagnosed(body: bytes, *, content_encoding: str = "") -> tuple[Diagnosis, ...]:
    """What is said about a body that is refused."""
    with pytest.raises(Malformed) as caught:
        decode(open_envelope(body).root)
    return diagnose(body, caught.value, content_encoding=content_encoding)


def compressed(name: str) -> Diagnosis:
    return Diagnosis(
        "T-02.7",
        "an XML document",
        f"a body compressed with {name}",
        "send the body uncompressed, without Content-Encoding",
    )


def form(names: str) -> Diagnosis:
    return Diagnosis("T-02.7", NO_DOCUMENT, f"a form with the fields {names}", NAME_THE_FIELD)


def ill_formed(found: str, hint: str, line: int, column: int) -> Diagnosis:
    return Diagnosis("A-04.1", "well-formed XML", found, hint, line, column)


def parser_says(found: str, hint: str, line: int, column: int) -> Diagnosis:
    return ill_formed(f"the parser says: {found}", hint, line, column)


def declared(encoding: str) -> bytes:
    return f'<?xml version="1.0" encoding="{encoding}"?>'.encode()


WIDE = Diagnosis(
    "T-05.5",
    "text in utf-16",
    "single bytes: they are not utf-16",
    'declare what the bytes are, encoding="UTF-8"; in .NET a StringWriter always declares utf-16: write to a stream '
    "instead",
    1,
    1,
)
CONTRADICTION = Diagnosis(
    "T-05.4",
    "a byte order mark and a declaration that agree",
    "a UTF-8 byte order mark before the declaration iso-8859-9",
    "write the file without byte order mark, or declare UTF-8",
    1,
    1,
)


@pytest.mark.parametrize(
    ("body", "content_encoding", "expected"),
    [
        (gzip.compress(b"<SMS/>", mtime=0), "", compressed("gzip")),
        (b"\x28\xb5\x2f\xfd", "zstd", compressed("zstd")),
        (b"\x78\x9c\x03\x00", " Deflate ", compressed("deflate")),
        (b"\x0b\x02\x80", "br", compressed("br")),
        (b"<SMS>", "gzip", parser_says("Premature end of data in tag SMS line 1", CLOSE, 1, 6)),
        (b"XML=<SMS>", "gzip", parser_says("Premature end of data in tag SMS line 1", CLOSE, 1, 6)),
        (b"xml", "br", parser_says("Start tag expected, '<' not found", BEGIN, 1, 1)),
        (b"{}", "identity", Diagnosis("T-02.7", NO_DOCUMENT, "JSON", "the API speaks XML only: <SMS>…</SMS>")),
    ],
)
def test_compressed_bodies(body: bytes, content_encoding: str, expected: Diagnosis) -> None:
    """Known by the first two bytes of gzip or by the header, unless the body is literal XML all the same (T-02)."""
    assert (expected,) == diagnosed(body, content_encoding=content_encoding)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (declared("utf-16") + b"<SMS/>", WIDE),
        (b" " * (400 - len('<?xml version="1.0" encoding="utf-16')) + declared("utf-16") + b"<SMS/>", WIDE),
        (
            b" " * (401 - len('<?xml version="1.0" encoding="utf-16')) + declared("utf-16") + b"<SMS/>",
            Diagnosis(
                "T-05.5",
                "bytes of the declared encoding",
                "text in single bytes",
                "declare the encoding in which the bytes are written",
            ),
        ),
        (codecs.BOM_UTF8 + declared("iso-8859-9") + b"<SMS/>", CONTRADICTION),
        (codecs.BOM_UTF8 + b"<SMS>", parser_says("Premature end of data in tag SMS line 1", CLOSE, 1, 6)),
        (
            codecs.BOM_UTF8 + declared("UTF-8") + b"<SMS>",
            parser_says("Premature end of data in tag SMS line 1", CLOSE, 1, 44),
        ),
        (
            codecs.BOM_UTF8 + declared("utf8") + b"<SMS>",
            parser_says("Premature end of data in tag SMS line 1", CLOSE, 1, 43),
        ),
        (
            declared("iso-8859-9") + b"<SMS>",
            parser_says("Premature end of data in tag SMS line 1", CLOSE, 1, 49),
        ),
        (
            declared("klingon") + b"<SMS/>",
            Diagnosis(
                "T-05.5",
                "a known encoding",
                "encoding 'klingon'",
                "declare UTF-8, ISO-8859-9 or windows-1254, and send those bytes",
            ),
        ),
        (
            declared("ascii") + "<SMS>ş</SMS>".encode(),
            Diagnosis(
                "T-05.5",
                "bytes of the declared encoding",
                "'ascii' codec can't decode byte 0xc5 in position 43: ordinal not in range(128)",
                "declare the encoding in which the bytes are written",
            ),
        ),
    ],
)
def test_declarations(body: bytes, expected: Diagnosis) -> None:
    """A declaration in the first 400 bytes that the bytes contradict, or that names no encoding (T-05)."""
    assert (expected,) == diagnosed(body)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"\t\n", Diagnosis("T-02.7", NO_DOCUMENT, "an empty body", "post the XML as the body of the request")),
        (b"", Diagnosis("T-02.7", NO_DOCUMENT, "an empty body", "post the XML as the body of the request")),
        (b' {"a": 1}', Diagnosis("T-02.7", NO_DOCUMENT, "JSON", "the API speaks XML only: <SMS>…</SMS>")),
        (b"metin=a&zip=1", form("metin, zip")),
        (b"&".join(b"%c=1" % letter for letter in b"abcdefghi"), form("a, b, c, d, e, f, g, h")),
        (b"a" * 60 + b"=1", form("a" * 40)),
        (b"a" * 61 + b"=1", form("–")),
        (b"a=" + b"x" * 3995 + b"&b=1", form("a, b")),
        (b"a=" + b"x" * 3996 + b"&b=1", form("a")),
        (b"metin=" + b"a" * 14 + b"<", form("metin")),
        (b"metin=" + b"a" * 13 + b"<", ill_formed("a bare < before ''", LESS_THAN, 1, 20)),
        (b"a=1&XML=%3CSMS", parser_says("Couldn't find end of Start Tag SMS line 1", CLOSE, 1, 5)),
        (b"&", ill_formed("a bare & before ''", AMPERSAND, 1, 1)),
        (b"hello", parser_says("Start tag expected, '<' not found", BEGIN, 1, 1)),
        (b'--x\r\nname="metin"\r\n\r\na\r\n--x\r\nname=b;\r\n\r\nc\r\n--x--', form("metin, b")),
        (b"--x\r\n\r\n--x--", form("–")),
        (b"--x" + b"\n" * (3999 - len('--xname="')) + b'name="bc"', form("b")),
        (b"--x" + b"\n" * (4000 - len('--xname="')) + b'name="bc"', form("–")),
        (
            b'--x\r\nname="XML"\r\n\r\n<SMS>\r\n--x--',
            parser_says("Premature end of data in tag SMS line 1", CLOSE, 1, 6),
        ),
    ],
    ids=lambda value: repr(value[:20]) if isinstance(value, bytes) else "",
)
def test_what_is_no_document(body: bytes, expected: Diagnosis) -> None:
    """Nothing, JSON, or a form without the field XML, with the first eight names in its first 4000 bytes (T-02)."""
    assert (expected,) == diagnosed(body)


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("\x0b", ill_formed("U+000B, a character that XML cannot carry, not even as a reference", CONTROL, 1, 6)),
        *(
            (
                f"a{reference};",
                ill_formed(f"U+{code}, a character that XML cannot carry, not even as a reference", CONTROL, 1, 7),
            )
            for reference, code in [
                ("&#x1F", "001F"),
                ("&#31", "001F"),
                ("&#xD800", "D800"),
                ("&#xDFFF", "DFFF"),
                ("&#57343", "DFFF"),
                ("&#x110000", "110000"),
                ("&#xFFFE", "FFFE"),
            ]
        ),
        *(
            (f"{reference};&", ill_formed("a bare & before '</SMS>'", AMPERSAND, 1, 7 + len(reference)))
            for reference in ["&#xD7FF", "&#xE000", "&#57344", "&#x10FFFF", "&#1114111", "&#x20", "&#32"]
        ),
        (
            "&nbsp;",
            ill_formed(
                "&nbsp;, an entity that XML does not know",
                "write the character itself or its number: &#160; for &nbsp;",
                1,
                6,
            ),
        ),
        (
            f"&{'n' * 45};",
            ill_formed(
                f"&{'n' * 39}, an entity that XML does not know",
                "write the character itself or its number: &#160; for &nbsp;",
                1,
                6,
            ),
        ),
        ("a & bcdefghijklmnop", ill_formed("a bare & before ' bcdefghijkl'", AMPERSAND, 1, 8)),
        ("a < bcdefghijklmnop", ill_formed("a bare < before ' bcdefghijkl'", LESS_THAN, 1, 8)),
        ("ş&", ill_formed("a bare & before '</SMS>'", AMPERSAND, 1, 7)),
        (
            "<![CDATA[ & ]]><!-- & --><?p & ?>\n<![CDATA[&]]> &",
            ill_formed("a bare & before '</SMS>'", AMPERSAND, 2, 15),
        ),
        (
            "<GT>",  # the name of the element is one of the words that hints are found by
            parser_says(
                "Opening and ending tag mismatch: GT line 1 and SMS", "close each element with its own name", 1, 16
            ),
        ),
        (
            "<x a=b/>",
            parser_says("AttValue: \" or ' expected", "write the values of attributes in straight quotes", 1, 11),
        ),
        ("<x a='1' a='2'/>", parser_says("Attribute a redefined", "let an XML library write the document", 1, 20)),
    ],
    ids=lambda value: repr(value) if isinstance(value, str) else "",
)
def test_what_is_not_well_formed(inner: str, expected: Diagnosis) -> None:
    """The first slip of the usual kinds with its line and column, or the parser's own words (A-04)."""
    assert (expected,) == diagnosed(f"<SMS>{inner}</SMS>".encode())


@pytest.mark.parametrize(
    ("body", "found", "hint", "column"),
    [
        ("<SMS>", "Premature end of data in tag SMS line 1", CLOSE, 6),
        (
            "<SMS>ş",
            "Premature end of data in tag SMS line 1",
            "the document ends early: Content-Length counts bytes, not characters",
            7,
        ),
        ("<SMS", "Couldn't find end of Start Tag SMS line 1", CLOSE, 5),
        ("<SMS></SMS", "expected '>'", CLOSE, 11),
        (
            "<SMS/><x/>",
            "Extra content at the end of the document",
            "one document a request: remove what follows the root element",
            7,
        ),
    ],
)
def test_documents_that_end_early_or_late(body: str, found: str, hint: str, column: int) -> None:
    """With letters outside ASCII the length of the body was counted in characters (A-04)."""
    assert (parser_says(found, hint, 1, column),) == diagnosed(body.encode())


@pytest.mark.parametrize(
    ("inner", "further"),
    [
        ("", None),
        ("&", ill_formed("a bare & before '</SMS>'", AMPERSAND, 1, 7)),
        ("&b", ill_formed("a bare & before 'b</SMS>'", AMPERSAND, 1, 7)),
        (
            "<GT>",
            parser_says(
                "Opening and ending tag mismatch: GT line 1 and SMS", "close each element with its own name", 1, 17
            ),
        ),
        (
            "<a>" * 64 + "</a>" * 64,
            Diagnosis(
                "T-11.2",
                "elements at most 64 deep",
                "deeper nesting",
                "close each element before the next begins, or raise the limit: limits.max-depth",
                1,
                1,
            ),
        ),
    ],
)
def test_undeclared_bytes(inner: str, further: Diagnosis | None) -> None:
    """The first byte that is no ASCII and its place, then the slip that hides behind it, if there is one (T-05)."""
    undeclared = Diagnosis(
        "T-05.3",
        "UTF-8, or a declared encoding",
        "byte 0xFE, which is no UTF-8 here; windows-1254 reads it as 'ş'",
        'send UTF-8, or begin with <?xml version="1.0" encoding="windows-1254"?>',
        1,
        6,
    )
    expected = (undeclared,) if further is None else (undeclared, further)
    assert expected == diagnosed(f"<SMS>ş{inner}</SMS>".encode("windows-1254"))


UNDEFINED = [byte for byte in range(0x80, 0x100) if not bytes([byte]).decode("windows-1254", "ignore")]


@pytest.mark.parametrize("byte", UNDEFINED, ids=hex)
@pytest.mark.parametrize("form", ["bare", "url-encoded"])
@pytest.mark.parametrize("before", ["", "ş", "ş\nÂ"], ids=ascii)
def test_bytes_that_windows_1254_lacks(byte: int, form: str, before: str) -> None:
    """The byte itself is named at its place, whatever other bytes of windows-1254 stand before it (T-05)."""
    document = f"<SMS>{before}".encode("windows-1254") + bytes([byte]) + b"</SMS>"
    expected = Diagnosis(
        "T-05.3",
        "UTF-8, or a declared encoding",
        f"byte 0x{byte:X} in a document that is no UTF-8; windows-1254 has no character there",
        "send UTF-8, or declare the encoding in which the bytes are written",
        before.count("\n") + 1,
        2 if "\n" in before else 6 + len(before),
    )
    assert (expected,) == diagnosed(document if form == "bare" else b"XML=" + quote_plus(document).encode())


def test_seven_bytes_are_undefined_in_windows_1254() -> None:
    """The table of the module is Python's."""
    assert UNDEFINED == [ord(octet) for octet in diagnosis._UNDEFINED]


ROOT = Diagnosis(
    "T-01.3",
    "a root element SMS, basliklar or bakiye",
    "<soap>",
    "a send begins with <SMS>, a title query with <basliklar>, a balance query with <bakiye>",
    2,
    1,
)
DEEP = "close each element before the next begins, or raise the limit: limits.max-depth"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"<!--x-->\n<soap/>", ROOT),
        (b" <!DOCTYPE SMS><SMS/>", Diagnosis("T-11.1", "no DOCTYPE", "a DOCTYPE", "leave the DOCTYPE out", 1, 1)),
        (b"<a>" * 65 + b"</a>" * 65, Diagnosis("T-11.2", "elements at most 64 deep", "deeper nesting", DEEP, 1, 1)),
    ],
    ids=["root", "doctype", "depth"],
)
def test_roots_and_limits(body: bytes, expected: Diagnosis) -> None:
    """What can be read but is no request, and what is never read (T-01, T-11)."""
    assert (expected,) == diagnosed(body)


def test_the_depth_of_the_parser() -> None:
    """A document too deep for the parser itself is refused at its 257th element, give or take a column."""
    (found,) = diagnosed(b"<a>" * 300 + b"</a>" * 300)
    assert Diagnosis("T-11.2", "elements at most 64 deep", "deeper nesting", DEEP, 1, 0) == replace(found, column=0)
    assert found.column in (771, 772)


@pytest.mark.parametrize(
    "said",
    ["xmlSAX2Characters: huge text node", "Resource limit exceeded", "AttValue length too long"],
)
def test_the_limits_of_the_parser(said: str) -> None:
    """Each of the parser's words for a text that is too long is a cap, no syntax error (T-11)."""
    malformed = Malformed("A-04", expected="well-formed XML", found=said, line=3, column=4)
    expected = Diagnosis(
        "T-11.2",
        "a text of at most 10,000,000 bytes",
        "a longer one",
        "shorten the text: a message has at most some thousand characters",
        3,
        4,
    )
    assert expected == diagnosis._syntax("<SMS>", malformed)
