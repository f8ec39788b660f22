"""Contracts of H-01 and B-01: title and balance answers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from kobikom_contracts import documents, reader, strict_reader
from kobikom_contracts.clauses import READING_BY_NAME
from kobikom_contracts.server_suite import amounts
from kobikom_contracts.server_suite.contract import contract
from kobikom_contracts.server_suite.session import ServerSession
from kobikom_contracts.server_suite.target import Need


def _query(session: ServerSession, root: str, body: bytes, *, document: str) -> str:
    """The text of a query's answer, which holds the documented elements after the documented declaration.

    ``document``: the statement that says what is in it.
    """
    http = session.post(body)
    broken = strict_reader.shape_faults(root, http.body)
    session.require(not broken, "the documented elements in well-formed XML", "; ".join(broken), statement=document)
    return http.text


def _titles(session: ServerSession, user: str, password: str) -> str:
    """The text of a title answer in which both groups are elements."""
    body = documents.query("basliklar", user, password)
    text = session.post(body).text
    for group in ("normal", "sayisal"):
        there = reader.element(text, group) is not None or "<baslik>" not in text
        session.require(there, f"an element {group}", text, statement="H-01.3")
    return _query(session, "titles", body, document="H-01.1")


@contract("H-01.1", "H-01.2", "H-01.3")
def titles_by_kind(session: ServerSession) -> None:
    """Alphanumeric titles stand in normal, all-digit ones in sayisal, empty groups are elements."""
    text = _titles(session, session.user, session.password)
    alphanumeric, numeric = reader.titles(text)
    for title in alphanumeric:
        alone = re.fullmatch(r"[0-9]+", title) is None
        session.require(alone, "an alphanumeric title in normal", title, statement="H-01.2")
    for title in numeric:
        alone = re.fullmatch(r"[0-9]+", title) is not None
        session.require(alone, "digits in sayisal", title, statement="H-01.2")
    again = reader.titles(_titles(session, session.user, session.password))
    session.expect(_sorted(alphanumeric, numeric), _sorted(*again), "the same titles for the same query")


def _sorted(normal: Iterable[str], numeric: Iterable[str]) -> tuple[list[str], list[str]]:
    """Titles in an order of their own: which one they come in is open."""
    return sorted(normal), sorted(numeric)


@contract("H-01.2", "H-01.1", "H-01.3", needs=(Need.SECOND, Need.CREDIT))
def titles_of_a_made_account(session: ServerSession) -> None:
    """An account made with two kinds of titles lists each in its group, in any order."""
    control = session.target.control
    if control is None or "accounts" not in control.capabilities:
        return
    user, password = session.prefix + "-titles", "t"
    for owned, normal, numeric in (
        (["Marka", "05551112233", "A1"], ("Marka", "A1"), ("05551112233",)),
        (["905551112233"], (), ("905551112233",)),
        (["A&B <c>", "Ürün", 'Q"t'], ("A&B <c>", "Ürün", 'Q"t'), ()),
    ):
        session.example()
        control.put_account(user, password, Decimal(1), owned)
        text = _titles(session, user, password)
        found = _sorted(*reader.titles(text))
        session.expect(_sorted(normal, numeric), found, f"titles of an account with {owned}")


@contract("B-01.1", "B-01.2", "B-01.3")
def balance_form(session: ServerSession) -> None:
    """Miktar is an amount in one of the three forms, kur is a currency code."""
    text = session.ask_balance().text
    amount, currency = reader.element(text, "miktar"), reader.element(text, "kur")
    session.require(amount is not None and currency is not None, "miktar and kur", text)
    code = re.fullmatch("[A-Z]{3}", currency or "") is not None
    session.require(code, "three capital letters in kur", repr(currency), statement="B-01.3")
    forms = amounts.forms_of(amount or "")
    session.require(bool(forms), "an amount such as 18.532, 914 or 1.234", repr(amount), statement="B-01.2")
    # What one balance leaves open, such as 914, the charges of the run may have shown.
    known = [form for form in forms if session.amount_form in (None, form)]
    session.decide("amount", True, {form: form in known for form in READING_BY_NAME["amount"].values})
    _query(session, "balance", documents.query("bakiye", session.user, session.password), document="B-01.1")


@contract("B-01.2", needs=(Need.CREDIT, Need.EXCLUSIVE), credit=4)
def balance_is_exact(session: ServerSession) -> None:
    """A credit of 18.532 is shown as 18.532, or as 18 in whole units; small and large amounts too."""
    control = session.target.control
    assert control is not None, "Need.CREDIT means there is one"
    if "accounts" not in control.capabilities:
        control.reset()
        return
    for credit in map(Decimal, ("18.532", "0.000", "0.001", "914.000", "1234567.890")):
        session.example()
        session.set_credit(credit)
        text = _query(session, "balance", documents.query("bakiye", session.user, session.password), document="B-01.1")
        found = reader.element(text, "miktar")
        fits = {form: found in amounts.printed(credit, form) for form in READING_BY_NAME["amount"].values}
        wanted = " or ".join(amounts.printed(credit, form)[0] for form in fits)
        session.require(any(fits.values()), f"miktar {wanted}", repr(found))
        session.decide("amount", True, fits)
