"""Contracts of H-01 and B-01: title and balance answers."""

from __future__ import annotations

import re
from decimal import Decimal

from kobikom_contracts import documents, reader
from kobikom_contracts.server_suite.contract import contract
from kobikom_contracts.server_suite.session import ServerSession
from kobikom_contracts.server_suite.target import Need


def _query(session: ServerSession, root: str, body: bytes) -> str:
    """The text of a query's answer, valid by its schema and with the documented declaration."""
    http = session.post(body)
    broken = reader.schema_faults(f"{root}-answer", http.body)
    session.require(not broken, f"a document valid by {root}-answer.rng", "; ".join(broken))
    session.require(http.text.startswith(reader.DECLARATION), f"{reader.DECLARATION} first", http.text[:60])
    return http.text


@contract("H-01")
def titles_by_kind(session: ServerSession) -> None:
    """Alphanumeric titles stand in normal, all-digit ones in sayisal, empty groups are elements."""
    text = _query(session, "titles", documents.query("basliklar", session.user, session.password))
    alphanumeric, numeric = reader.titles(text)
    for title in alphanumeric:
        session.require(not re.fullmatch(r"[0-9]+", title), "an alphanumeric title in normal", title)
    for title in numeric:
        session.require(re.fullmatch(r"[0-9]+", title) is not None, "digits in sayisal", title)
    session.expect(
        text,
        _query(session, "titles", documents.query("basliklar", session.user, session.password)),
        "the same answer to the same query",
    )


@contract("H-01", needs=(Need.SECOND, Need.CREDIT))
def titles_of_a_made_account(session: ServerSession) -> None:
    """An account made with two kinds of titles lists each in its group, in order."""
    control = session.target.control
    if control is None or "accounts" not in control.capabilities:
        return
    user, password = session.prefix + "-titles", "t"
    for owned, normal, numeric in (
        (["Marka", "05551112233", "A1"], ("Marka", "A1"), ("05551112233",)),
        (["905551112233"], (), ("905551112233",)),
    ):
        session.example()
        control.put_account(user, password, Decimal(1), owned)
        text = _query(session, "titles", documents.query("basliklar", user, password))
        session.expect((normal, numeric), reader.titles(text), f"titles of an account with {owned}")
        session.require("<normal>" in text and "<sayisal>" in text, "both groups written out", text)


@contract("B-01")
def balance_form(session: ServerSession) -> None:
    """Miktar has a point and three places, kur is a currency code."""
    _query(session, "balance", documents.query("bakiye", session.user, session.password))


@contract("B-01", needs=(Need.CREDIT, Need.EXCLUSIVE), credit=4)
def balance_is_exact(session: ServerSession) -> None:
    """A credit of 18.532 is shown as 18.532, small and large amounts too."""
    control = session.target.control
    assert control is not None, "Need.CREDIT means there is one"
    amounts = ("18.532", "0.000", "0.001", "1234567.890")
    if "accounts" not in control.capabilities:
        control.reset()
        return
    for amount in amounts:
        session.example()
        control.set_credit(session.user, Decimal(amount))
        text = _query(session, "balance", documents.query("bakiye", session.user, session.password))
        session.expect(amount, reader.element(text, "miktar"), "miktar")
