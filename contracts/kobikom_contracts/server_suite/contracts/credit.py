"""Contracts of C-01, C-02, C-03, C-05: what messages cost, and sends without enough credit."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

from hypothesis import strategies as st

from kobikom_contracts.documents import Recipient
from kobikom_contracts.server_suite.contract import contract
from kobikom_contracts.server_suite.session import ServerSession
from kobikom_contracts.server_suite.target import Need


@contract("C-01.1", "C-05.1", needs=(Need.EXCLUSIVE,), credit=160)
def cost_is_parts_times_price(session: ServerSession) -> None:
    """Recipients times parts times the price, taken at once."""

    def check(drawn: tuple[int, int]) -> None:
        count, parts = drawn
        text = "a" * (1 if parts == 1 else 153 * parts)
        unit = session.unit
        charge = session.charge(session.message(count, metin=text, type="longSMS"))
        session.expect(unit * count * parts, charge, f"charge for {count} recipients × {parts} parts")

    session.for_all(st.tuples(st.integers(1, 4), st.integers(1, 3)), check, examples=12)


@contract("C-01.1", needs=(Need.EXCLUSIVE,), credit=6)
def scheduled_is_paid_at_once(session: ServerSession) -> None:
    """A message for later is paid when it is accepted."""
    unit = session.unit
    session.expect(unit, session.charge(session.message(ileriTarih="1h")), "charge for a scheduled message")


@contract("C-02.1", needs=(Need.CREDIT, Need.EXCLUSIVE), credit=12)
def short_credit(session: ServerSession) -> None:
    """Recipients that can't be paid get -2: in document order, or all of them."""
    for parts in (1, 2):
        session.example()
        unit = session.unit
        session.set_credit(3 * parts * unit)
        text = "a" * (1 if parts == 1 else 200)
        answer = session.submit(session.message(5, metin=text, type="longSMS"))
        left = session.balance()
        session.require("-2" in answer.statuses, "-2 for what can't be paid", answer)
        session.decide(
            "short-credit",
            (answer.for_each(5), left),
            {
                "per-recipient": (("0", "0", "0", "-2", "-2"), Decimal(0)),
                "whole-request": (("-2",) * 5, 3 * parts * unit),
            },
            statement="C-04.1",
        )


@contract("C-02.1", needs=(Need.CREDIT, Need.EXCLUSIVE), credit=4)
def no_credit_at_all(session: ServerSession) -> None:
    """Without any credit every recipient gets -2 and the balance stays."""
    session.set_credit(Decimal(0))
    answer = session.submit(session.message(2))
    session.expect(("-2", "-2"), answer.for_each(2), "statuses without credit")
    session.expect(Decimal(0), session.balance(), "balance", statement="C-04.1")


@contract("C-03.1", needs=(Need.EXCLUSIVE,), credit=10)
def refusals_are_free(session: ServerSession) -> None:
    """Refused recipients and refused requests leave the balance as it was."""
    unit = session.unit
    before = session.balance()
    session.submit(session.to([Recipient("90212"), Recipient("abc")]))
    session.submit(session.message(2, flash="7"))
    session.submit(session.message(2, ileriTarih="soon"))
    session.submit(session.message(2, baslik="much too long a title"))
    session.submit_raw(session.message(2).body()[:-3])
    session.expect(before, session.balance(), "balance after five refusals")
    twice = session.new_id()
    answer = session.submit(session.to([Recipient(session.gsm(0), twice), Recipient(session.gsm(1), twice)]))
    accepted = answer.statuses.count("0")
    session.expect(before - accepted * unit, session.balance(), f"balance after {answer.statuses}")


@contract("C-03.2", needs=(Need.OUTCOMES, Need.EXCLUSIVE), credit=8)
def not_allowed_is_refunded(session: ServerSession) -> None:
    """A report of NOT_ALLOWED gives the charge back, other failures don't."""
    for gsm, back in (("905990000005", True), ("905990000003", False)):
        session.example()
        unit = session.unit
        before = session.balance()
        ident = session.new_id()
        session.accepted(session.to([Recipient(gsm, ident)]))
        session.expect(before - unit, session.balance(), "balance right after the send", statement="C-01.1")
        session.collect((ident,))
        session.expect(before if back else before - unit, session.balance(), f"balance after the report of {gsm}")


@contract("C-05.1", needs=(Need.EXCLUSIVE,), credit=8)
def balance_shows_the_charge(session: ServerSession) -> None:
    """The balance falls by the same each time the same is sent."""
    balances = [session.balance()]
    for _ in range(4):
        session.accepted(session.message(2))
        balances.append(session.balance())
    falls = {a - b for a, b in pairwise(balances)}
    session.require(len(falls) == 1 and min(falls) > 0, "an equal fall after each send", str(balances))


@contract("C-02.1", "C-04.1", needs=(Need.CREDIT, Need.EXCLUSIVE), credit=12)
def last_unit_of_credit(session: ServerSession) -> None:
    """Credit for exactly what is sent pays all of it; a thousandth less does not pay the last."""
    unit = session.unit
    session.example()
    session.set_credit(3 * unit)
    session.expect(("0",) * 3, session.submit(session.message(3)).statuses, "statuses with credit for just 3")
    session.expect(Decimal(0), session.balance(), "balance after the last unit was spent", statement="C-04.1")
    session.expect(("-2",), session.submit(session.message()).statuses, "status with nothing left")
    control = session.target.control
    if control is None or "accounts" not in control.capabilities:
        return
    session.example()
    control.set_credit(session.user, 3 * unit - Decimal("0.001"))
    answer = session.submit(session.message(3))
    session.decide(
        "short-credit",
        answer.for_each(3),
        {"per-recipient": ("0", "0", "-2"), "whole-request": ("-2", "-2", "-2")},
        statement="C-04.1",
    )


@contract("C-01.1", needs=(Need.EXCLUSIVE, Need.NUMBERS), credit=400)
def any_request_costs_its_parts(session: ServerSession) -> None:
    """Whatever fields a message has and however large its request is, it costs its parts."""
    unit = session.unit
    for parts, count, fields in (
        (1, 2, {"pushurl": "http://127.0.0.1:9/rapor", "nopush": "1"}),
        (1, 2, {"appid": "uygulama"}),
        (1, 1, {"ValidityPeriod": "01:00"}),
        (1, 1, {"ileriTarih": "10m"}),
        (1, 2, {"languageCode": "TR", "metin": "Merhaba"}),
        (20, 1, {"metin": "a" * 3060, "type": "longSMS"}),
        (2, 60, {"metin": "a" * 200, "type": "longSMS"}),
        (1, 100, {}),
    ):
        session.example()
        charge = session.charge(session.with_fields({"metin": "Merhaba", **fields}, count))
        session.expect(unit * parts * count, charge, f"charge for {count} recipients × {parts} parts with {[*fields]}")
