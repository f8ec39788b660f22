"""Contracts of T-01, T-02, T-03, T-07: how a request is carried and how leniently it is read."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote, quote_plus

from kobikom_contracts import documents
from kobikom_contracts.documents import SEND_PATH, Recipient
from kobikom_contracts.server_suite.contract import contract
from kobikom_contracts.server_suite.session import ServerSession
from kobikom_contracts.strategies import Spelling, spellings

BOUNDARY = "----kobikomContracts7MA4YWxk"


def _damageable(session: ServerSession) -> tuple[Recipient, str]:
    """A recipient whose id shows every damage form-decoding would do, and the document."""
    one = Recipient(session.gsm(), f"{session.new_id()}+a%41&b c;d=e")
    return one, session.to([one], metin="a+b %41 & c").xml()


@contract("T-01", credit=4)
def one_resource_three_documents(session: ServerSession) -> None:
    """The root element decides whether a body is a send, a title or a balance query, with and without the slash."""
    for path in (SEND_PATH, SEND_PATH.rstrip("/")):
        session.example()
        answer = session.submit_raw(session.message().body(), path=path)
        session.accepted(answer, f"a send at {path} accepted, no redirect")
        for root in ("basliklar", "bakiye"):
            body = documents.query(root, session.user, session.password)
            http = session.post(body, path)
            session.require(f"<{root}>" in http.text, f"a <{root}> document at {path}", http.text[:200])


@contract("T-01")
def unknown_root_is_unreadable(session: ServerSession) -> None:
    """Well-formed XML with a root that is none of the three is answered -22."""
    body = documents.query("siparis", session.user, session.password)
    session.refused(session.submit_raw(body, 0), -22)


@contract("T-02", credit=20)
def every_body_form(session: ServerSession) -> None:
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
        session.example()
        one, xml = _damageable(session)
        headers = (("Content-Type", types[name]),) if name in types else ()
        answer = session.submit_raw(form(xml).encode(), headers=headers)
        session.accepted(answer, f"a body as {name} accepted")
        session.expect(one.message_id, answer.results[0].message_id, f"messageid of a body as {name}")


@contract("T-03", "T-02", credit=10)
def literal_survives_form_type(session: ServerSession) -> None:
    """Literal XML labelled as a form is still never form-decoded."""
    for prefix in ("", "XML="):
        session.example()
        one, xml = _damageable(session)
        headers = (("Content-Type", "application/x-www-form-urlencoded"),)
        answer = session.submit_raw((prefix + xml).encode(), headers=headers)
        session.accepted(answer, "literal XML labelled as a form accepted")
        session.expect(one.message_id, answer.results[0].message_id, "messageid")


@contract("T-03", credit=12)
def any_content_type(session: ServerSession) -> None:
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
        session.example()
        headers = () if value is None else (("Content-Type", value),)
        answer = session.submit_raw(session.message().body(), headers=headers)
        session.accepted(answer, f"a send with Content-Type {value!r} accepted")


@contract("T-07", credit=60)
def loose_spelling(session: ServerSession) -> None:
    """Tags in any case and order, unknown tags between them, give the same results."""

    def check(spell: Spelling) -> None:
        ident = session.new_id()
        xml = spell.xml(session.user, session.password, session.gsm(), ident)
        answer = session.accepted(session.submit_raw(xml.encode()), "a loosely spelled send accepted")
        session.expect(ident, answer.results[0].message_id, "messageid")

    session.for_all(spellings(), check)


@contract("T-07", credit=4)
def absent_equals_empty(session: ServerSession) -> None:
    """Every optional tag may be absent, or there and empty."""
    names = [name for name in documents.FIELD_ORDER if name != "metin"]
    session.accepted(session.message())
    session.accepted(session.with_fields(dict.fromkeys(names, "")), "all optional tags empty: accepted")


@contract("T-07")
def loose_queries(session: ServerSession) -> None:
    """Title and balance queries are read in any case too."""
    for root in ("BASLIKLAR", "Bakiye"):
        body = (
            f"<{root}><x>1</x><DOGRULAMA><Parola>{session.password}</Parola>"
            f"<KULLANICI>{session.user}</KULLANICI></DOGRULAMA></{root}>"
        )
        http = session.post(body.encode())
        wanted = f"<{root.lower()}>"
        session.require(wanted in http.text, f"{wanted} for a query spelled {root}", http.text[:200])
