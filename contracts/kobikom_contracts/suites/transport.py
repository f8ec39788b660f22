"""Law: contracts of T-01, T-02, T-03, T-07: what carries a request, and how loosely it is read."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote, quote_plus

from kobikom_contracts import documents
from kobikom_contracts.contract import contract
from kobikom_contracts.documents import SEND_PATH, Recipient
from kobikom_contracts.lab import Lab
from kobikom_contracts.strategies import Spelling, spellings

BOUNDARY = "----kobikomContracts7MA4YWxk"


def _damageable(lab: Lab) -> tuple[Recipient, str]:
    """A recipient whose id shows every damage form-decoding would do, and the document."""
    one = Recipient(lab.gsm(), f"{lab.new_id()}+a%41&b c;d=e")
    return one, lab.to([one], metin="a+b %41 & c").xml()


@contract("T-01", credit=4)
def one_resource_three_documents(lab: Lab) -> None:
    """Sends, title and balance queries are told apart by the root, with and without the slash."""
    for path in (SEND_PATH, SEND_PATH.rstrip("/")):
        lab.example()
        answer = lab.submit_raw(lab.message().body(), path=path)
        lab.accepted(answer, f"a send at {path} accepted, no redirect")
        for root in ("basliklar", "bakiye"):
            body = documents.query(root, lab.user, lab.password)
            http = lab.post(body, path)
            lab.require(f"<{root}>" in http.text, f"a <{root}> document at {path}", http.text[:200])


@contract("T-01")
def unknown_root_is_unreadable(lab: Lab) -> None:
    """Well-formed XML with a root that is none of the three is answered -22."""
    body = documents.query("siparis", lab.user, lab.password)
    lab.refused(lab.submit_raw(body, 0), -22)


@contract("T-02", credit=20)
def every_body_form(lab: Lab) -> None:
    """Bare, XML= literal, XML= encoded, form field and multipart field carry the same request."""
    forms: dict[str, Callable[[str], str]] = {
        "bare": lambda x: x,
        "XML= literal": lambda x: "XML=" + x,
        "xml= literal, lower case": lambda x: "xml=" + x,
        "XML= url-encoded": lambda x: "XML=" + quote_plus(x),
        "XML= url-encoded, %20": lambda x: "XML=" + quote(x, safe=""),
        "form field among others": lambda x: "a=b&XML=" + quote_plus(x) + "&c=d",
        "multipart field": lambda x: (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="XML"\r\n\r\n{x}\r\n--{BOUNDARY}--\r\n'
        ),
        "BOM": lambda x: "\ufeff" + x,
    }
    types = {
        "multipart field": f"multipart/form-data; boundary={BOUNDARY}",
        "form field among others": "application/x-www-form-urlencoded",
        "XML= url-encoded": "application/x-www-form-urlencoded",
    }
    for name, form in forms.items():
        lab.example()
        one, xml = _damageable(lab)
        headers = (("Content-Type", types[name]),) if name in types else ()
        answer = lab.submit_raw(form(xml).encode(), headers=headers)
        lab.accepted(answer, f"a body as {name} accepted")
        lab.expect(one.message_id, answer.results[0].message_id, f"messageid of a body as {name}")


@contract("T-03", "T-02", credit=10)
def literal_survives_form_type(lab: Lab) -> None:
    """Literal XML labelled as a form is still never form-decoded."""
    for prefix in ("", "XML="):
        lab.example()
        one, xml = _damageable(lab)
        headers = (("Content-Type", "application/x-www-form-urlencoded"),)
        answer = lab.submit_raw((prefix + xml).encode(), headers=headers)
        lab.accepted(answer, "literal XML labelled as a form accepted")
        lab.expect(one.message_id, answer.results[0].message_id, "messageid")


@contract("T-03", credit=12)
def any_content_type(lab: Lab) -> None:
    """A missing, wrong or malformed Content-Type changes nothing."""
    for value in (
        None,
        "text/xml",
        "application/xml",
        "application/xml Accept: */*",
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json",
        "",
        "multipart/form-data; boundary=x",
    ):
        lab.example()
        headers = () if value is None else (("Content-Type", value),)
        answer = lab.submit_raw(lab.message().body(), headers=headers)
        lab.accepted(answer, f"a send with Content-Type {value!r} accepted")


@contract("T-07", credit=60)
def loose_spelling(lab: Lab) -> None:
    """Tags in any case and order, unknown tags between them, give the same results."""

    def check(spell: Spelling) -> None:
        ident = lab.new_id()
        xml = spell.xml(lab.user, lab.password, lab.gsm(), ident)
        answer = lab.accepted(lab.submit_raw(xml.encode()), "a loosely spelled send accepted")
        lab.expect(ident, answer.results[0].message_id, "messageid")

    lab.forall(spellings(), check)


@contract("T-07", credit=4)
def absent_equals_empty(lab: Lab) -> None:
    """Every optional tag may be absent, or there and empty."""
    names = [name for name in documents.FIELD_ORDER if name != "metin"]
    lab.accepted(lab.message())
    lab.accepted(lab.with_fields(dict.fromkeys(names, "")), "all optional tags empty: accepted")


@contract("T-07")
def loose_queries(lab: Lab) -> None:
    """Title and balance queries are read in any case too."""
    for root in ("BASLIKLAR", "Bakiye"):
        body = (
            f"<{root}><x>1</x><DOGRULAMA><Parola>{lab.password}</Parola>"
            f"<KULLANICI>{lab.user}</KULLANICI></DOGRULAMA></{root}>"
        )
        http = lab.post(body.encode())
        wanted = f"<{root.lower()}>"
        lab.require(wanted in http.text, f"{wanted} for a query spelled {root}", http.text[:200])
