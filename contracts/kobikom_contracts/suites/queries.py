"""Law: contracts of H-01 and B-01: title and balance answers."""

from __future__ import annotations

import re
from decimal import Decimal

from kobikom_contracts import documents, reader
from kobikom_contracts.contract import contract
from kobikom_contracts.lab import Lab
from kobikom_contracts.target import Need


def _query(lab: Lab, root: str, body: bytes) -> str:
    """The text of a query's answer, valid by its schema and with the documented declaration."""
    http = lab.post(body)
    broken = reader.schema_faults(f"{root}-answer", http.body)
    lab.require(not broken, f"a document valid by {root}-answer.rng", "; ".join(broken))
    lab.require(http.text.startswith(reader.DECLARATION), f"{reader.DECLARATION} first", http.text[:60])
    return http.text


@contract("H-01")
def titles_by_kind(lab: Lab) -> None:
    """Alphanumeric titles stand in normal, all-digit ones in sayisal, empty groups are elements."""
    text = _query(lab, "titles", documents.query("basliklar", lab.user, lab.password))
    alphanumeric, numeric = reader.titles(text)
    for title in alphanumeric:
        lab.require(not re.fullmatch(r"[0-9]+", title), "an alphanumeric title in normal", title)
    for title in numeric:
        lab.require(re.fullmatch(r"[0-9]+", title) is not None, "digits in sayisal", title)
    lab.expect(
        text,
        _query(lab, "titles", documents.query("basliklar", lab.user, lab.password)),
        "the same answer to the same query",
    )


@contract("H-01", needs=(Need.SECOND, Need.CREDIT))
def titles_of_a_made_account(lab: Lab) -> None:
    """An account made with two kinds of titles lists each in its group, in order."""
    control = lab.target.control
    if control is None or "accounts" not in control.capabilities:
        return
    user, password = lab.prefix + "-titles", "t"
    for owned, normal, numeric in (
        (["Marka", "05551112233", "A1"], ("Marka", "A1"), ("05551112233",)),
        (["905551112233"], (), ("905551112233",)),
    ):
        lab.example()
        control.put_account(user, password, Decimal(1), owned)
        text = _query(lab, "titles", documents.query("basliklar", user, password))
        lab.expect((normal, numeric), reader.titles(text), f"titles of an account with {owned}")
        lab.require("<normal>" in text and "<sayisal>" in text, "both groups written out", text)


@contract("B-01")
def balance_form(lab: Lab) -> None:
    """Miktar has a point and three places, kur is a currency code."""
    _query(lab, "balance", documents.query("bakiye", lab.user, lab.password))


@contract("B-01", needs=(Need.CREDIT, Need.EXCLUSIVE), credit=4)
def balance_is_exact(lab: Lab) -> None:
    """A credit of 18.532 is shown as 18.532, small and large amounts too."""
    control = lab.target.control
    assert control is not None, "Need.CREDIT means there is one"
    amounts = ("18.532", "0.000", "0.001", "1234567.890")
    if "accounts" not in control.capabilities:
        control.reset()
        return
    for amount in amounts:
        lab.example()
        control.set_credit(lab.user, Decimal(amount))
        text = _query(lab, "balance", documents.query("bakiye", lab.user, lab.password))
        lab.expect(amount, reader.element(text, "miktar"), "miktar")
