"""Contracts of T-05 and T-06: from bytes to characters, observed through the echoed messageId."""

from __future__ import annotations

from hypothesis import strategies as st

from kobikom_contracts.documents import Recipient
from kobikom_contracts.server_suite.contract import contract
from kobikom_contracts.server_suite.session import ServerSession

TURKISH = "ığüşöçİĞÜŞÖÇ"


@contract("T-05.1", "T-05.2", credit=16)
def declared_encodings(session: ServerSession) -> None:
    """The declaration, a BOM or the charset parameter say how the bytes are read."""
    cases = (
        ("utf-8", "", None),
        ("utf-8", '<?xml version="1.0" encoding="UTF-8"?>', None),
        ("utf-8-sig", "", None),
        ("iso-8859-9", '<?xml version="1.0" encoding="ISO-8859-9"?>', None),
        ("windows-1254", '<?xml version="1.0" encoding="windows-1254"?>', None),
        ("utf-16", '<?xml version="1.0" encoding="UTF-16"?>', None),
        ("iso-8859-9", "", "text/xml; charset=ISO-8859-9"),
        ("windows-1254", "", 'application/xml; charset="windows-1254"'),
        ("iso-8859-9", '<?xml version="1.0" encoding="ISO-8859-9"?>', "text/xml; charset=utf-8"),
    )
    for codec, declaration, content_type in session.some(cases, by=lambda case: case[0]):
        session.example()
        ident = session.new_id() + TURKISH
        xml = declaration + session.to([Recipient(session.gsm(), ident)]).xml()
        headers = () if content_type is None else (("Content-Type", content_type),)
        statement = "T-05.2" if codec in ("iso-8859-9", "windows-1254") else "T-05.1"
        what = f"{codec} declared by {declaration or content_type or 'nothing'}"
        answer = session.submit_raw(xml.encode(codec), headers=headers)
        session.accepted(answer, f"{what} accepted", statement=statement)
        session.expect(ident, answer.results[0].message_id, f"messageid, {what}", statement=statement)


@contract("T-05.3", credit=2)
def undeclared_bytes(session: ServerSession) -> None:
    """Undeclared bytes that aren't UTF-8 are refused, or read as windows-1254."""
    ident = session.new_id() + TURKISH
    xml = session.to([Recipient(session.gsm(), ident)]).xml()
    answer = session.submit_raw(xml.encode("windows-1254"))
    seen = tuple((one.status, one.message_id) for one in answer.results)
    session.decide("undeclared-bytes", seen, {"refuse": (("-22", ""),), "windows-1254": (("0", ident),)})


@contract("T-05.4", credit=1)
def contradicting_bom(session: ServerSession) -> None:
    """A BOM of UTF-8 before a declaration of another encoding is -22."""
    xml = '<?xml version="1.0" encoding="ISO-8859-9"?>' + session.message().xml()
    session.refused(session.submit_raw(xml.encode("utf-8-sig")), -22)


@contract("T-05.5", credit=1)
def declared_utf16_over_utf8(session: ServerSession) -> None:
    """UTF-8 bytes that declare UTF-16, a common slip of .NET programs, are -22."""
    declaration = '<?xml version="1.0" encoding="UTF-16"?>'
    session.refused(session.submit_raw((declaration + session.message().xml()).encode()), -22)


@contract("T-06.1", credit=14)
def leading_white_space(session: ServerSession) -> None:
    """White space and newlines before the XML, and after XML=, are tolerated."""
    declaration = '<?xml version="1.0" encoding="UTF-8"?>'
    places = (
        "\n",
        " \r\n\t",
        "XML=\n",
        "\nXML= ",
        "XML=\r\n" + declaration,
        "\n" + declaration,
    )
    for before in session.some(places):
        session.example()
        body = (before + session.message().xml() + "\n").encode()
        session.accepted(session.submit_raw(body), f"a send after {before!r} accepted")


@contract("T-06.3", credit=30)
def references_are_decoded(session: ServerSession) -> None:
    """Character references, decimal and hexadecimal, are decoded wherever they stand."""

    def check(char: str) -> None:
        ident = session.new_id()
        for reference in session.some((f"&#{ord(char)};", f"&#x{ord(char):x};", f"&#x{ord(char):X};")):
            xml = session.to([Recipient(session.gsm(), ident + "@@")]).xml().replace("@@", reference + ".")
            answer = session.accepted(session.submit_raw(xml.encode()), f"{reference} accepted")
            session.expect(f"{ident}{char}.", answer.results[0].message_id, f"messageid with {reference}")
            ident = session.new_id()

    session.for_all(st.sampled_from(TURKISH + "é€π中😀"), check, examples=8)


@contract("T-06.2", credit=2)
def no_break_spaces_between_elements(session: ServerSession) -> None:
    """U+00A0 between elements, of which the page is full, is white space."""
    xml = session.message().xml().replace("><", ">\u00a0\n\u00a0<")
    session.accepted(session.submit_raw(xml.encode()), "a send with U+00A0 between its elements accepted")


@contract("T-06.4", credit=4)
def cdata_is_decoded(session: ServerSession) -> None:
    """A number and credentials in CDATA are read as text."""
    send = session.message(1)
    gsm = send.blocks[0].recipients[0].gsm
    xml = (
        send.xml()
        .replace(f">{gsm}<", f"><![CDATA[{gsm}]]><")
        .replace("<metin>Merhaba</metin>", "<metin><![CDATA[a<b&c]]></metin>")
    )
    answer = session.accepted(session.submit_raw(xml.encode()), "CDATA accepted")
    session.expect(gsm, answer.results[0].destination, "destination")
