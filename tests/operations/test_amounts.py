"""Amounts have the same limits wherever they are given."""

from typing import Any

import pytest

from kobikom_emulator import Emulator
from kobikom_emulator.settings import BadSettings

REFUSED = (
    "-1", "-0", "-0.000", "NaN", "sNaN", "Infinity", "-Infinity", "1e15", "1e20", "1e40", "1000000000000000",
    "0.0000001", "1e-7", "x", "", "1,5",
)  # fmt: skip
ACCEPTED = ("0", "0.000001", "999999999999999.999999", "1e3", "1.50")


def account(name: str, amount: str) -> dict[str, Any]:
    return {"prices": {"turkcell": amount}} if name == "prices" else {name: amount}


@pytest.mark.parametrize("name", ["credit", "price", "prices"])
@pytest.mark.parametrize("amount", REFUSED)
def test_an_amount_out_of_range_is_refused_everywhere(name: str, amount: str, server: Any) -> None:
    """PATCH and PUT of an account, a scenario, a new space and settings name the field; nothing changes."""
    space = server.open(name="amounts", accounts=[{"user": "pays", "password": "p"}])
    before = server.state(space)
    terms = account(name, amount)
    requests = [
        ("PATCH", "/spaces/amounts/accounts/pays", terms, name),
        ("PUT", "/spaces/amounts/accounts/pays", terms, name),
        ("PUT", "/spaces/amounts/accounts/new", terms, name),
        ("POST", "/spaces", {"accounts": [terms]}, f"accounts[0].{name}"),
    ]
    if name == "credit":
        requests.append(("POST", "/spaces/amounts/scenario", {"readings": {"dates": "padded"}} | terms, name))
    for method, path, body, field in requests:
        status, answer = server.ask(method, path, body)
        assert (422, field) == (status, answer["field"].removesuffix(".turkcell").removesuffix("[...]")), (path, answer)
    assert before == server.state(space)
    assert 2 == len(server.registry)
    if amount == "-0":
        return  # settings are read leniently: this is the number 0 there
    with pytest.raises(BadSettings, match=name):
        Emulator({"accounts": [{"user": "u", "password": "p"} | terms]})


@pytest.mark.parametrize("amount", ACCEPTED)
def test_an_amount_in_range_is_accepted_everywhere(amount: str, server: Any) -> None:
    """The smallest and the largest amount pass all of them, and the exported state can be imported."""
    space = server.open(name="amounts", accounts=[{"user": "pays", "password": "p"} | account("credit", amount)])
    for method, path, body, expected in (
        ("PATCH", "/spaces/amounts/accounts/pays", account("prices", amount) | account("price", amount), 200),
        ("PUT", "/spaces/amounts/accounts/pays", account("credit", amount), 200),
        ("PUT", "/spaces/amounts/accounts/new", account("credit", amount), 201),
        ("POST", "/spaces/amounts/scenario", account("credit", amount), 200),
    ):
        assert expected == server.ask(method, path, body)[0]
    state = server.state(space)
    server.run(space.import_state(state))
    assert state == server.state(space)
    Emulator({"accounts": [{"user": "u", "password": "p", "credit": amount}]})


def test_the_control_api_rounds_no_amount(server: Any) -> None:
    """With a price of four places, credit, ledger lines and totals are exact; the balance answer has three (B-01)."""
    server.open(name="amounts", accounts=[{"user": "pays", "password": "p", "credit": "10", "price": "0.0455"}])
    server.send("pays", "p", "905329975725")
    assert "9.9545" == server.ask("GET", "/spaces/amounts/accounts/pays")[1]["credit"]
    ledger = server.ask("GET", "/spaces/amounts/ledger")[1]
    assert ["0.0455", "10.000"] == [line["amount"] for line in ledger["lines"]]
    [account] = ledger["accounts"]
    assert ("9.9545", "0.0455", "0.000") == (account["credit"], account["spent"], account["returned"])
