"""Law: contracts of T-05 and T-06: bytes to characters. Seen through the echoed messageId."""

from __future__ import annotations

from hypothesis import strategies as st

from kobikom_contracts.contract import contract
from kobikom_contracts.documents import Recipient
from kobikom_contracts.lab import Lab

TURKISH = "ığüşöçİĞÜŞÖÇ"


@contract("T-05", credit=16)
def declared_encodings(lab: Lab) -> None:
    """The declaration, a BOM or the charset parameter say how the bytes are read."""
    for codec, declaration, content_type in (
        ("utf-8", "", None),
        ("utf-8", '<?xml version="1.0" encoding="UTF-8"?>', None),
        ("utf-8-sig", "", None),
        ("iso-8859-9", '<?xml version="1.0" encoding="ISO-8859-9"?>', None),
        ("windows-1254", '<?xml version="1.0" encoding="windows-1254"?>', None),
        ("utf-16", '<?xml version="1.0" encoding="UTF-16"?>', None),
        ("iso-8859-9", "", "text/xml; charset=ISO-8859-9"),
        ("windows-1254", "", 'application/xml; charset="windows-1254"'),
        ("iso-8859-9", '<?xml version="1.0" encoding="ISO-8859-9"?>', "text/xml; charset=utf-8"),
    ):
        lab.example()
        ident = lab.new_id() + TURKISH
        xml = declaration + lab.to([Recipient(lab.gsm(), ident)]).xml()
        headers = () if content_type is None else (("Content-Type", content_type),)
        what = f"{codec} declared by {declaration or content_type or 'nothing'}"
        answer = lab.accepted(lab.submit_raw(xml.encode(codec), headers=headers), f"{what} accepted")
        lab.expect(ident, answer.results[0].message_id, f"messageid, {what}")


@contract("T-05", credit=2)
def undeclared_bytes(lab: Lab) -> None:
    """Undeclared bytes that aren't UTF-8 are refused, or read as windows-1254."""
    ident = lab.new_id() + TURKISH
    xml = lab.to([Recipient(lab.gsm(), ident)]).xml()
    answer = lab.submit_raw(xml.encode("windows-1254"))
    seen = tuple((one.status, one.message_id) for one in answer.results)
    lab.decide("undeclared-bytes", seen, {"refuse": (("-22", ""),), "windows-1254": (("0", ident),)})


@contract("T-06", credit=14)
def leading_white_space(lab: Lab) -> None:
    """White space and newlines before the XML, and after XML=, are tolerated."""
    declaration = '<?xml version="1.0" encoding="UTF-8"?>'
    for before in (
        "\n",
        " \r\n\t",
        "XML=\n",
        "\nXML= ",
        "XML=\r\n" + declaration,
        "\n" + declaration,
    ):
        lab.example()
        body = (before + lab.message().xml() + "\n").encode()
        lab.accepted(lab.submit_raw(body), f"a send after {before!r} accepted")


@contract("T-06", credit=30)
def references_are_decoded(lab: Lab) -> None:
    """Character references, decimal and hexadecimal, are decoded wherever they stand."""

    def check(char: str) -> None:
        ident = lab.new_id()
        for reference in (f"&#{ord(char)};", f"&#x{ord(char):x};", f"&#x{ord(char):X};"):
            xml = lab.to([Recipient(lab.gsm(), ident + "@@")]).xml().replace("@@", reference + ".")
            answer = lab.accepted(lab.submit_raw(xml.encode()), f"{reference} accepted")
            lab.expect(f"{ident}{char}.", answer.results[0].message_id, f"messageid with {reference}")
            ident = lab.new_id()

    lab.forall(st.sampled_from(TURKISH + "é€π中😀"), check, examples=8)


@contract("T-06", credit=4)
def cdata_is_decoded(lab: Lab) -> None:
    """A number and credentials in CDATA are read as text."""
    send = lab.message(1)
    gsm = send.blocks[0].recipients[0].gsm
    xml = (
        send.xml()
        .replace(f">{gsm}<", f"><![CDATA[{gsm}]]><")
        .replace("<metin>Merhaba</metin>", "<metin><![CDATA[a<b&c]]></metin>")
    )
    answer = lab.accepted(lab.submit_raw(xml.encode()), "CDATA accepted")
    lab.expect(gsm, answer.results[0].destination, "destination")
