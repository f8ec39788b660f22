"""Law: contracts of C-01, C-02, C-03, C-05: what messages cost and what happens without credit."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

from hypothesis import strategies as st

from kobikom_contracts.contract import contract
from kobikom_contracts.documents import Recipient
from kobikom_contracts.lab import Lab
from kobikom_contracts.target import Need


@contract("C-01", "C-05", needs=(Need.EXCLUSIVE,), credit=160)
def cost_is_parts_times_price(lab: Lab) -> None:
    """Recipients times parts times the price, taken at once."""

    def check(drawn: tuple[int, int]) -> None:
        count, parts = drawn
        text = "a" * (1 if parts == 1 else 153 * parts)
        unit = lab.unit
        charge = lab.charge(lab.message(count, metin=text, type="longSMS"))
        lab.expect(unit * count * parts, charge, f"charge for {count} recipients × {parts} parts")

    lab.forall(st.tuples(st.integers(1, 4), st.integers(1, 3)), check, examples=12)


@contract("C-01", needs=(Need.EXCLUSIVE,), credit=6)
def scheduled_is_paid_at_once(lab: Lab) -> None:
    """A message for later is paid when it is accepted."""
    unit = lab.unit
    lab.expect(unit, lab.charge(lab.message(ileriTarih="1h")), "charge for a scheduled message")


@contract("C-02", needs=(Need.CREDIT, Need.EXCLUSIVE), credit=12)
def short_credit(lab: Lab) -> None:
    """Recipients that can't be paid get -2: in document order, or all of them."""
    for parts in (1, 2):
        lab.example()
        unit = lab.unit
        lab.set_credit(3 * parts * unit)
        text = "a" * (1 if parts == 1 else 200)
        answer = lab.submit(lab.message(5, metin=text, type="longSMS"))
        left = lab.balance()
        lab.decide(
            "short-credit",
            (answer.statuses, left),
            {
                "per-recipient": (("0", "0", "0", "-2", "-2"), Decimal(0)),
                "whole-request": (("-2",) * 5, 3 * parts * unit),
            },
        )


@contract("C-02", needs=(Need.CREDIT, Need.EXCLUSIVE), credit=4)
def no_credit_at_all(lab: Lab) -> None:
    """Without any credit every recipient gets -2 and the balance stays."""
    lab.set_credit(Decimal(0))
    answer = lab.submit(lab.message(2))
    lab.expect(("-2", "-2"), answer.statuses, "statuses without credit")
    lab.expect(Decimal(0), lab.balance(), "balance")


@contract("C-03", needs=(Need.EXCLUSIVE,), credit=10)
def refusals_are_free(lab: Lab) -> None:
    """Refused recipients and refused requests leave the balance as it was."""
    unit = lab.unit
    before = lab.balance()
    lab.submit(lab.to([Recipient("90212"), Recipient("abc")]))
    lab.submit(lab.message(2, flash="7"))
    lab.submit(lab.message(2, ileriTarih="soon"))
    lab.submit(lab.message(2, baslik="much too long a title"))
    lab.submit_raw(lab.message(2).body()[:-3])
    lab.expect(before, lab.balance(), "balance after five refusals")
    twice = lab.new_id()
    answer = lab.submit(lab.to([Recipient(lab.gsm(0), twice), Recipient(lab.gsm(1), twice)]))
    accepted = answer.statuses.count("0")
    lab.expect(before - accepted * unit, lab.balance(), f"balance after {answer.statuses}")


@contract("C-03", needs=(Need.OUTCOMES, Need.EXCLUSIVE), credit=8)
def not_allowed_is_refunded(lab: Lab) -> None:
    """A report of NOT_ALLOWED gives the charge back, other failures don't."""
    for gsm, back in (("905990000005", True), ("905990000003", False)):
        lab.example()
        unit = lab.unit
        before = lab.balance()
        ident = lab.new_id()
        lab.accepted(lab.to([Recipient(gsm, ident)]))
        lab.expect(before - unit, lab.balance(), "balance right after the send")
        lab.collect((ident,))
        lab.expect(before if back else before - unit, lab.balance(), f"balance after the report of {gsm}")


@contract("C-05", needs=(Need.EXCLUSIVE,), credit=8)
def balance_shows_the_charge(lab: Lab) -> None:
    """The balance falls by the same each time the same is sent."""
    balances = [lab.balance()]
    for _ in range(4):
        lab.accepted(lab.message(2))
        balances.append(lab.balance())
    falls = {a - b for a, b in pairwise(balances)}
    lab.require(len(falls) == 1 and min(falls) > 0, "an equal fall after each send", str(balances))
