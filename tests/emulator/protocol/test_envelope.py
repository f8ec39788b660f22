"""From the bytes of a body to one parsed tree (T-02, T-03, T-05, T-06, T-11)."""

import codecs
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kobikom_emulator.protocol.bounds import Bounds
from kobikom_emulator.protocol.envelope import Malformed, open_envelope, place_of, xml_of

TEXT = "a+b%41 &amp; ğüşıİ €"
READ = "a+b%41 & ğüşıİ €"
XML = f"<SMS><metin>{TEXT}</metin></SMS>"
LATIN = "<SMS><metin>a+b%41 &amp; ğüşıİ</metin></SMS>"


def metin(body: bytes, content_type: str = "", **more: str) -> str:
    """The text of the only field of a body."""
    return open_envelope(body, content_type=content_type, **more).root[0].text or ""


def refusal(body: bytes, **more: object) -> Malformed:
    """The error a body is refused with."""
    with pytest.raises(Malformed) as caught:
        open_envelope(body, **more)  # type: ignore[arg-type]
    return caught.value


@pytest.mark.parametrize(
    "prefix",
    ["", "\n", " \r\n\t", "\ufeff", "\ufeff\n", "XML=", "xml=", "Xml =\n", "XML= ", "\nXML=", "XML=\ufeff", "XML=\n\n"],
    ids=repr,
)
def test_bare_and_prefixed_literal_xml_is_not_decoded(prefix: str) -> None:
    """Literal XML is never form-decoded, whatever white space, BOM or prefix stands before it (T-02, T-06)."""
    assert READ == metin((prefix + XML).encode())


@pytest.mark.parametrize("encode", [quote, quote_plus, lambda xml: quote(xml, safe="")])
@pytest.mark.parametrize("form", ["XML={}", "xml={}", "\r\nXML = {}", "a=1&XML={}", "XML={}&b=2", "a=1&b&xml={}&c=3"])
def test_url_encoded_xml_is_decoded_once(form: str, encode: object) -> None:
    """A value that does not begin with < is form-decoded: + is a blank, %2B a plus (T-02)."""
    assert READ == metin(form.format(encode(XML)).encode())  # type: ignore[operator]


def test_plus_is_a_blank_only_where_the_value_is_form_encoded() -> None:
    """One and the same plus is a blank in a form and itself in literal XML (T-02)."""
    assert "a b" == metin(b"XML=%3CSMS%3E%3Cmetin%3Ea+b%3C/metin%3E%3C/SMS%3E")
    assert "a+b" == metin(b"XML=<SMS><metin>a+b</metin></SMS>")


def test_literal_xml_in_a_later_field_is_literal_too() -> None:
    """The rule about < holds wherever the field stands (T-02)."""
    assert READ == metin(b"user=x&XML=" + XML.encode())


@pytest.mark.parametrize(("eol", "name"), [("\r\n", '"XML"'), ("\n", '"XML"'), ("\r\n", "xml"), ("\r\n", '"xml"')])
def test_a_multipart_field_is_found_by_the_body_itself(eol: str, name: str) -> None:
    """The field XML of a multipart body is read whatever Content-Type says (T-02, T-03)."""
    lines = [
        "--b0und", 'Content-Disposition: form-data; name="other"', "", "<a/>",
        "--b0und", f"Content-Disposition: form-data; name={name}", "Content-Type: text/xml", "", XML,
        "--b0und--", "",
    ]  # fmt: skip
    assert READ == metin(eol.join(lines).encode(), "text/plain")


def test_a_multipart_body_without_the_field_is_refused() -> None:
    """No field XML, no document: said so under T-02."""
    fault = refusal(b'--b\r\nContent-Disposition: form-data; name="other"\r\n\r\n<SMS/>\r\n--b--\r\n')
    assert ("T-02", "a multipart body without it") == (fault.clause, fault.found)


@pytest.mark.parametrize("encoding", ["iso-8859-9", "windows-1254", "ISO8859-9", "latin5", "cp1254"])
@pytest.mark.parametrize("quote_mark", ["'", '"'])
def test_legacy_turkish_works_when_the_declaration_says_so(encoding: str, quote_mark: str) -> None:
    """The XML declaration names the encoding (T-05)."""
    declaration = f"<?xml version='1.0' encoding={quote_mark}{encoding}{quote_mark}?>"
    assert "a+b%41 & ğüşıİ" == metin((declaration + LATIN).encode("iso-8859-9"))


@pytest.mark.parametrize(("length", "encoding"), [(256, "iso8859-9"), (257, "utf-8")])
def test_a_declaration_has_at_most_256_bytes(length: int, encoding: str) -> None:
    """What comes later is not looked at (T-05)."""
    declaration = b"<?xml version='1.0' encoding='iso-8859-9'".ljust(length - 2) + b"?>"
    assert encoding == open_envelope(declaration + b"<SMS/>").encoding


@pytest.mark.parametrize(
    "content_type", ["text/xml; charset=iso-8859-9", 'a/b;CharSet="windows-1254"', "charset = latin5"]
)
def test_legacy_turkish_works_when_the_charset_parameter_says_so(content_type: str) -> None:
    """Without a declaration, the charset parameter counts (T-05)."""
    assert "a+b%41 & ğüşıİ" == metin(LATIN.encode("iso-8859-9"), content_type)
    assert "a+b%41 & ğüşıİ" == metin(b"XML=" + quote_plus(LATIN.encode("iso-8859-9")).encode(), content_type)


FORMS = {
    "bare": lambda octets: octets,
    "after XML=": lambda octets: b"XML=" + octets,
    "after XML= and a line end": lambda octets: b"XML=\r\n" + octets,
    "url-encoded": lambda octets: b"XML=" + quote_plus(octets).encode(),
    "a later field": lambda octets: b"a=b&XML=" + quote_plus(octets).encode(),
    "multipart": lambda octets: (
        b'--x\r\nContent-Disposition: form-data; name="XML"\r\nContent-Type: text/xml\r\n\r\n'
        + octets
        + b"\r\n--x--\r\n"
    ),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("charset", ["", "; charset=ISO-8859-9", "; charset=utf-16", "; charset=x-unknown"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("declared", [False, True])
def test_a_bom_wins_over_the_charset_parameter(form: str, charset: str, encoding: str, declared: bool) -> None:
    """In every form of a body, with and without a declaration that agrees with it (T-02, T-05)."""
    name = encoding.removesuffix("-sig")
    xml = (f'<?xml version="1.0" encoding="{name}"?>' if declared else "") + XML
    envelope = open_envelope(FORMS[form](xml.encode(encoding)), content_type="text/xml" + charset)
    assert (READ, "") == (envelope.root[0].text, envelope.ignored_charset)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-8-sig", "iso-8859-9"), ("utf-8-sig", "utf-16"), ("utf-8-sig", "x-unknown"), ("utf-16", "utf-8"),
     ("utf-16", "windows-1254"), ("utf-32", "utf-16"), ("utf-32", "utf-8")],
)  # fmt: skip
def test_a_bom_that_contradicts_the_declaration_is_refused(form: str, encoding: str, declared: str) -> None:
    """One of the two is a mistake, and no text is guessed (T-05)."""
    xml = f'<?xml version="1.0" encoding="{declared}"?>{XML}'
    fault = refusal(FORMS[form](xml.encode(encoding)))
    assert ("T-05", f"encoding {declared!r}") == (fault.clause, fault.found)


@pytest.mark.parametrize("declared", ["utf-16", "UTF-16LE", "utf-32"])
def test_a_wide_encoding_declared_over_single_bytes_is_refused(declared: str) -> None:
    """What .NET writes when a string becomes UTF-8: said so under T-05."""
    fault = refusal(f'<?xml version="1.0" encoding="{declared}"?>{XML}'.encode())
    assert ("T-05", "text in single bytes") == (fault.clause, fault.found)


@pytest.mark.parametrize(
    "charset", ["x-unknown", "rot13", "utf-16", "utf-8-sig", "us-ascii", "iso-8859-9", "windows-1254"]
)
@pytest.mark.parametrize("form", ["bare", "after XML=", "url-encoded"])
def test_a_wrong_charset_parameter_is_ignored_over_utf8(charset: str, form: str) -> None:
    """Valid UTF-8 beyond ASCII is UTF-8, and the parameter is kept for the explanation (T-03)."""
    envelope = open_envelope(FORMS[form](XML.encode()), content_type=f"text/xml; charset={charset}")
    assert (READ, charset) == (envelope.root[0].text, envelope.ignored_charset)


@pytest.mark.parametrize(
    ("charset", "ignored"),
    [("x-unknown", "x-unknown"), ("utf-16", "utf-16"), ("unicode_escape", "unicode_escape"), ("iso-8859-9", ""),
     ("us-ascii", ""), ("utf-8", ""), ("UTF8", "")],
)  # fmt: skip
def test_a_charset_parameter_over_ascii(charset: str, ignored: str) -> None:
    """Over ASCII only a parameter that it contradicts is wrong (T-03)."""
    envelope = open_envelope(b"<SMS><metin>a</metin></SMS>", content_type=f"text/xml; charset={charset}")
    assert ("a", ignored) == (envelope.root[0].text, envelope.ignored_charset)


@pytest.mark.parametrize("charset", ["x-unknown", "us-ascii", "utf-8"])
def test_a_wrong_charset_parameter_over_other_bytes_is_refused(charset: str) -> None:
    """Bytes that are no UTF-8 cannot be read without it (T-03, T-05)."""
    assert refusal(LATIN.encode("iso-8859-9"), content_type=f"a/b; charset={charset}").clause in {"T-05", "A-04"}


@pytest.mark.parametrize("outer", ["multipart/form-data; boundary=x", "multipart/form-data; charset=utf-8"])
def test_a_multipart_part_has_its_own_charset(outer: str) -> None:
    """The part's charset parameter comes before that of the request (T-05)."""
    head = b'--x\r\nContent-Disposition: form-data; name="XML"\r\nContent-Type: text/xml; charset=iso-8859-9\r\n\r\n'
    assert "a+b%41 & ğüşıİ" == metin(head + LATIN.encode("iso-8859-9") + b"\r\n--x--\r\n", outer)
    plain = head.replace(b"; charset=iso-8859-9", b"")
    whole = plain + LATIN.encode("iso-8859-9") + b"\r\n--x--\r\n"
    assert "a+b%41 & ğüşıİ" == metin(whole, "multipart/form-data; charset=iso-8859-9")


@pytest.mark.parametrize("form", FORMS)
def test_no_break_spaces_around_the_document_do_not_count(form: str) -> None:
    """Copied from the web page, a body begins and ends with U+00A0 (T-06)."""
    assert READ == metin(FORMS[form](f"\u00a0 \n\u00a0{XML}\u00a0\n\u00a0\u00a0".encode()))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("white", [" ", "\t", "\r\n", "\u00a0", " \u00a0\n"], ids=ascii)
def test_white_space_between_the_bom_and_the_declaration_does_not_count(encoding: str, white: str) -> None:
    """The declaration begins the document in every encoding with a BOM (T-05, T-06)."""
    name = encoding.removesuffix("-sig")
    assert READ == metin(f'{white}<?xml version="1.0" encoding="{name}"?>{XML}{white}'.encode(encoding))


def test_a_flood_of_no_break_spaces_is_trimmed_in_linear_time() -> None:
    """Half a million of them at both ends (T-11)."""
    flood = "\u00a0" * 500_000
    assert READ == metin(f"XML={flood}{XML}{flood}".encode())


def test_declaration_beats_charset_and_bom_beats_both() -> None:
    """The order of T-05: BOM, then declaration, then the parameter."""
    declared = '<?xml version="1.0" encoding="utf-8"?>' + XML
    assert READ == metin(declared.encode(), "text/xml; charset=iso-8859-9")
    assert READ == metin(codecs.BOM_UTF16_LE + XML.encode("utf-16-le"), "text/xml; charset=iso-8859-9")
    assert "a+b%41 & ğüşıİ" == metin(
        ('<?xml version="1.0" encoding="iso-8859-9"?>' + LATIN).encode("iso-8859-9"), "text/xml; charset=utf-8"
    )


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("declared", ["", "{}", "{}-le"])
def test_wide_encodings_work_with_a_bom(encoding: str, declared: str) -> None:
    """UTF-16 and UTF-32 are known by their BOM (T-05)."""
    name = declared.format(encoding[:6])
    declaration = f'<?xml version="1.0" encoding="{name}"?>' if name else ""
    assert READ == metin(("\ufeff" + declaration + XML).encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_is_known_without_a_bom_too(encoding: str) -> None:
    """A < beside a zero octet is UTF-16 of that order (T-05)."""
    assert READ == metin(XML.encode(encoding))


def test_undeclared_bytes_are_refused_or_windows_1254() -> None:
    """Both readings of `undeclared-bytes`; UTF-8 stays UTF-8 under either (T-05)."""
    body = LATIN.encode("windows-1254")
    assert "A-04" == refusal(body).clause
    assert "a+b%41 & ğüşıİ" == metin(body, undeclared_bytes="windows-1254")
    assert READ == metin(XML.encode(), undeclared_bytes="windows-1254")


@pytest.mark.parametrize(
    ("head", "content_type"), [(b'<?xml version="1.0" encoding="UTF-8"?>', ""), (b"", "text/xml; charset=utf-8")]
)
def test_declared_utf8_is_no_undeclared_bytes(head: bytes, content_type: str) -> None:
    """Bytes that claim to be UTF-8 and are not stay refused under windows-1254 (T-05)."""
    body = head + LATIN.encode("windows-1254")
    assert "A-04" == refusal(body, content_type=content_type, undeclared_bytes="windows-1254").clause


@pytest.mark.parametrize(
    "name",
    ["klingon", "rot13", "zlib", "uu", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs"],
)
def test_encodings_nobody_writes_xml_in_are_refused(name: str) -> None:
    """An unknown encoding, or a notation of Python's own, is a fault of T-05, never an exception of another kind."""
    assert "T-05" == refusal(f'<?xml version="1.0" encoding="{name}"?><SMS>\\d</SMS>'.encode()).clause
    assert "T-05" == refusal(b"<SMS>\xf0</SMS>", content_type=f"text/xml; charset={name}").clause


@pytest.mark.parametrize("encoding", ["ascii", "utf-7", "utf-8-sig", "cp1254"])
def test_bytes_that_are_not_in_their_declared_encoding_are_refused(encoding: str) -> None:
    """A byte that the encoding has no character for (T-05)."""
    fault = refusal(f'<?xml version="1.0" encoding="{encoding}"?><SMS>'.encode() + b"\x81</SMS>")
    assert ("T-05", f"text in {encoding}") == (fault.clause, fault.expected)


def test_a_long_message_of_the_parser_is_shortened() -> None:
    """The first two hundred characters of what the parser says (A-04)."""
    name = "a" * 200
    message = f"Opening and ending tag mismatch: {name} line 1 and SMS"
    assert message[:200] == refusal(f"<{name}></SMS>".encode()).found


def test_references_and_cdata_are_decoded() -> None:
    """Numeric references, the five entities and CDATA arrive as characters (T-06)."""
    assert "şŞ<>&\"'<b>&" == metin(b"<S><m>&#x15F;&#350;&lt;&gt;&amp;&quot;&apos;<![CDATA[<b>&]]></m></S>")


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b'<!DOCTYPE SMS [<!ENTITY a "b">]><SMS>&a;</SMS>', (1, 1)),
        (b"<?xml version='1.0'?>\n<!-- x -->  <!DOCTYPE SMS><SMS/>", (2, 13)),
        (b"XML=<!doctype SMS><SMS/>", (1, 1)),
        (b"XML=%3C%21DOCTYPE+SMS%3E%3CSMS/%3E", (1, 1)),
        (codecs.BOM_UTF8 + b"<!DOCTYPE SMS><SMS/>", (1, 1)),
        ("\ufeff<!DOCTYPE SMS><SMS/>".encode("utf-16"), None),
        (codecs.BOM_UTF8 * 2 + b"<!DOCTYPE SMS><SMS/>", None),
        (b"XML=" + codecs.BOM_UTF8 * 2 + b"<!DOCTYPE SMS><SMS/>", None),
        (
            b'<?xml version="1.0" encoding="utf-16"?>'.decode().encode("utf-16-le")
            + "<!DOCTYPE a><a/>".encode("utf-16-le"),
            None,
        ),
    ],
)
def test_a_doctype_is_refused_wherever_it_hides(body: bytes, place: tuple[int, int] | None) -> None:
    """No DOCTYPE reaches the parser, so no entity is ever defined (T-11)."""
    fault = refusal(body)
    assert ("T-11", "a DOCTYPE") == (fault.clause, fault.found)
    if place is not None:
        assert place == (fault.line, fault.column)


def test_doctype_as_text_is_text() -> None:
    """Only the real thing is refused."""
    assert "<!DOCTYPE x>" == metin(b"<S><m><![CDATA[<!DOCTYPE x>]]></m></S>")


def test_an_undefined_entity_is_bad_xml() -> None:
    """Nothing but the five entities of XML exists (T-11, A-04)."""
    assert "A-04" == refusal(b"<S><m>&nbsp;</m></S>").clause


@pytest.mark.parametrize("depth", [8, 64, 250])
def test_depth_is_capped_exactly(depth: int) -> None:
    """`max_depth` elements may lie in one another, one more may not (T-11)."""
    assert open_envelope(b"<a>" * depth + b"</a>" * depth, bounds=Bounds(max_depth=depth)).root.tag == "a"
    assert "T-11" == refusal(b"<a>" * (depth + 1) + b"</a>" * (depth + 1), bounds=Bounds(max_depth=depth)).clause


def test_the_depth_is_64_unless_told_otherwise() -> None:
    """64 elements in one another are the default (T-11)."""
    assert "a" == open_envelope(b"<a>" * 64 + b"</a>" * 64).root.tag
    assert "T-11" == refusal(b"<a>" * 65 + b"</a>" * 65).clause


@pytest.mark.parametrize("body", [b"<a>" * 200_000, b"<a>" * 200_000 + b"</a>" * 200_000])
def test_absurd_depth_is_refused_by_the_parser(body: bytes) -> None:
    """200,000 elements in one another are an answer, not a crash (T-11)."""
    assert "T-11" == refusal(body).clause


@pytest.mark.parametrize(
    ("body", "line", "column"),
    [(b"<SMS>\n<a>\n<b></a></SMS>", 3, 8), (b"XML=\n<SMS>&</SMS>", 1, 7), (b"<SMS>a < b</SMS>", 1, 9)],
)
def test_unreadable_xml_is_placed(body: bytes, line: int, column: int) -> None:
    """Line and column, from 1, in the XML as the server sees it (A-04)."""
    fault = refusal(body)
    assert ("A-04", line) == (fault.clause, fault.line)
    assert abs(column - fault.column) <= 1


@pytest.mark.parametrize("body", [b"", b"   ", b"\xef\xbb\xbf", b"XML=", b"XML= \n", b"XML=&a=b"])
def test_an_empty_body_has_its_own_explanation(body: bytes) -> None:
    """Nothing at all is a fault of T-02."""
    assert ("T-02", "an empty body") == (refusal(body).clause, refusal(body).found)


@pytest.mark.parametrize(
    ("offset", "place"), [(0, (1, 1)), (2, (1, 2)), (3, (2, 1)), (5, (2, 3)), (6, (3, 1)), (99, (3, 1))]
)
def test_places_count_characters(offset: int, place: tuple[int, int]) -> None:
    """A letter of two octets is one column."""
    assert place == place_of("ş\nab\n".encode(), offset)


@pytest.mark.parametrize(
    ("body", "content_type", "xml"),
    [
        (b"XML=%3CSMS%3E%26", "", b"<SMS>&"),
        ("<a>ş".encode("cp1254"), "", "<a>ş".encode()),
        ("<a>ş".encode("iso-8859-9"), "text/xml; charset=latin5", "<a>ş".encode()),
        ("\ufeff<a>".encode("utf-16"), "", b"<a>"),
        (b"<?xml version='1.0' encoding='klingon'?><a>", "", b"<?xml version='1.0' encoding='klingon'?><a>"),
    ],
)
def test_the_document_places_are_counted_in(body: bytes, content_type: str, xml: bytes) -> None:
    """As far as it can be had, well-formed or not, the body itself where it can't be read."""
    assert xml == xml_of(body, content_type=content_type)


@given(st.binary(max_size=200))
@example(b"\x00")
@example(b"<\x00")
@example(b"--")
@example(b"--\n\n\n--")
@example(b"&XML=")
@example(b"XML=%")
@example(b"\xff\xfe<")
@example(b"\xfe\xff")
@example(b"\xff\xfe\x00\x00\x00\x00\x11\x00")
@example(b"<?xml encoding=''?>")
def test_arbitrary_bytes_raise_malformed_or_nothing(body: bytes) -> None:
    """The only error there is is `Malformed` (T-11)."""
    for reading in ("refuse", "windows-1254"):
        fault = None
        try:
            open_envelope(body, undeclared_bytes=reading)
        except Malformed as malformed:
            fault = malformed
        if fault is not None:
            assert fault.clause in {"A-04", "T-02", "T-05", "T-11"}
            assert "\n" not in fault.found


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")))
def test_every_body_form_carries_every_text(text: str) -> None:
    """Whatever XML can carry arrives the same in all body forms (T-02, T-05, S-21)."""
    xml = "<S><m>" + text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") + "</m></S>"
    forms = [
        xml.encode(),
        b"XML=" + xml.encode(),
        b"XML=" + quote_plus(xml).encode(),
        b"a=b&XML=" + quote(xml, safe="").encode(),
        f'--x\r\nContent-Disposition: form-data; name="XML"\r\n\r\n{xml}\r\n--x--\r\n'.encode(),
        xml.encode("utf-16"),
    ]
    assert [text] * len(forms) == [metin(form) for form in forms]
