"""Contracts of T-01, T-02, T-03, T-06, T-07: how a request is carried and how leniently it is read."""

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


@contract("T-01.1", "T-01.2", "T-01.3", credit=2)
def one_address(session: ServerSession) -> None:
    """Sends, title and balance queries are served at one address; the root element decides which it is."""
    session.accepted(session.message(), "a send accepted")
    for root, statement in (("basliklar", "T-01.1"), ("bakiye", "T-01.2")):
        session.example()
        body = b"XML=" + documents.query(root, session.user, session.password)
        text = session.post(body).text
        session.require(f"<{root}>" in text, f"a <{root}> document", text[:200], statement=statement)


@contract("T-01.4", credit=2)
def without_the_last_slash(session: ServerSession) -> None:
    """The address without its slash serves all three, too, without a redirect."""
    path = SEND_PATH.rstrip("/")
    answer = session.submit_raw(session.message().body(), path=path)
    session.accepted(answer, f"a send at {path} accepted, no redirect")
    for root in ("basliklar", "bakiye"):
        session.example()
        text = session.post(documents.query(root, session.user, session.password), path).text
        session.require(f"<{root}>" in text, f"a <{root}> document at {path}", text[:200])


@contract("T-02.2")
def bare_queries(session: ServerSession) -> None:
    """Title and balance queries may be bare XML."""
    for root in ("basliklar", "bakiye"):
        session.example()
        text = session.post(documents.query(root, session.user, session.password)).text
        session.require(f"<{root}>" in text, f"a <{root}> document for a bare query", text[:200])


@contract("T-01.3")
def unknown_root_is_unreadable(session: ServerSession) -> None:
    """Well-formed XML with a root that is none of the three is answered -22."""
    body = documents.query("siparis", session.user, session.password)
    session.refused(session.submit_raw(body, 0), -22)


@contract("T-02.1", credit=2)
def literal_after_xml(session: ServerSession) -> None:
    """XML= with a literal document after it, the only form that the page prints for sends, is accepted."""
    for separator in ("", "\n"):
        session.example()
        body = f"XML={separator}{session.message().xml()}".encode()
        session.accepted(session.submit_raw(body), "XML= and a literal document accepted")


@contract("T-02.3", "T-02.4", "T-02.5", "T-02.6", credit=20)
def every_body_form(session: ServerSession) -> None:
    """Bare, XML= literal, XML= encoded, form field and multipart field carry the same request."""
    forms: dict[str, tuple[str, Callable[[str], str]]] = {
        "bare": ("T-02.3", lambda x: x),
        "XML= url-encoded": ("T-02.4", lambda x: "XML=" + quote_plus(x)),
        "XML= url-encoded, %20": ("T-02.4", lambda x: "XML=" + quote(x, safe="")),
        "XML= literal": ("T-02.6", lambda x: "XML=" + x),
        "xml= literal, lower case": ("T-02.6", lambda x: "xml=" + x),
        "form field among others": ("T-02.5", lambda x: "a=b&XML=" + quote_plus(x) + "&c=d"),
        "multipart field": (
            "T-02.5",
            lambda x: f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="XML"\r\n\r\n{x}\r\n--{BOUNDARY}--\r\n',
        ),
        "BOM": ("T-02.6", lambda x: "\ufeff" + x),
    }
    types = {
        "multipart field": f"multipart/form-data; boundary={BOUNDARY}",
        "form field among others": "application/x-www-form-urlencoded",
        "XML= url-encoded": "application/x-www-form-urlencoded",
    }
    for name, (statement, form) in forms.items():
        session.example()
        one, xml = _damageable(session)
        headers = (("Content-Type", types[name]),) if name in types else ()
        answer = session.submit_raw(form(xml).encode(), headers=headers)
        session.accepted(answer, f"a body as {name} accepted", statement=statement)
        decoded = statement if "encoded" in name or "field" in name else "T-02.6"
        echoed = answer.results[0].message_id
        session.expect(one.message_id, echoed, f"messageid of a body as {name}", statement=decoded)


@contract("T-02.7")
def no_xml_at_all(session: ServerSession) -> None:
    """A body that is neither XML nor has a field XML is answered -22."""
    for body in (b'{"SMS": {}}', b"kullanici=test&parola=test", b"merhaba"):
        session.example()
        session.refused(session.submit_raw(body, 0), -22, f"for {body!r}")


@contract("T-03.2", "T-02.6", credit=10)
def literal_survives_form_type(session: ServerSession) -> None:
    """Literal XML labelled as a form is still never form-decoded."""
    for prefix in ("", "XML="):
        session.example()
        one, xml = _damageable(session)
        headers = (("Content-Type", "application/x-www-form-urlencoded"),)
        answer = session.submit_raw((prefix + xml).encode(), headers=headers)
        session.accepted(answer, "literal XML labelled as a form accepted")
        session.expect(one.message_id, answer.results[0].message_id, "messageid")


@contract("T-03.1", "T-03.2", "T-03.3", credit=12)
def any_content_type(session: ServerSession) -> None:
    """A missing, wrong or malformed Content-Type changes nothing."""
    values = (
        None,
        "application/xml Accept: */*",
        "text/xml",
        "application/xml",
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json",
        "",
        "multipart/form-data; boundary=x",
    )
    for value in session.some(values, by=lambda value: value if value in values[:2] else "other"):
        session.example()
        headers = () if value is None else (("Content-Type", value),)
        answer = session.submit_raw(session.message().body(), headers=headers)
        statement = {None: "T-03.1", "application/xml Accept: */*": "T-03.3"}.get(value, "T-03.2")
        session.accepted(answer, f"a send with Content-Type {value!r} accepted", statement=statement)


@contract("T-03.4", credit=4)
def unknown_charset(session: ServerSession) -> None:
    """A charset that does not exist is ignored where the bytes are UTF-8."""
    for ident in (session.new_id(), session.new_id() + "ığş"):
        session.example()
        body = session.to([Recipient(session.gsm(), ident)]).body()
        answer = session.submit_raw(body, headers=(("Content-Type", "text/xml; charset=x-unknown"),))
        session.accepted(answer, "a send with charset=x-unknown accepted")
        session.expect(ident, answer.results[0].message_id, "messageid")


@contract("T-07.1", "T-07.3", "T-07.4", credit=60)
def loose_spelling(session: ServerSession) -> None:
    """Tags in any case and order, unknown tags between them, give the same results."""

    def check(spell: Spelling) -> None:
        ident = session.new_id()
        xml = spell.xml(session.user, session.password, session.gsm(), ident)
        answer = session.accepted(session.submit_raw(xml.encode()), "a loosely spelled send accepted")
        session.expect(ident, answer.results[0].message_id, "messageid")

    session.for_all(spellings(), check)


@contract("T-07.2", credit=4)
def absent_equals_empty(session: ServerSession) -> None:
    """Every optional tag may be absent, or there and empty."""
    names = [name for name in documents.FIELD_ORDER if name != "metin"]
    session.accepted(session.message())
    session.accepted(session.with_fields(dict.fromkeys(names, "")), "all optional tags empty: accepted")


@contract("T-07.1")
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
