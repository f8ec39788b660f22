"""Law: contracts of E: codes on demand, none by itself, results well-formed or as printed."""

from __future__ import annotations

from kobikom_contracts import reader
from kobikom_contracts.contract import contract
from kobikom_contracts.lab import Lab
from kobikom_contracts.target import Need
from kobikom_contracts.verdicts import Violation


@contract("E", credit=6)
def result_shape(lab: Lab) -> None:
    """Later results are well-formed, or byte for byte as the page's second example prints them."""
    answer = lab.submit(lab.message(2))
    as_printed = "<status><" in answer.http.text
    lab.decide("result-shape", as_printed, {"well-formed": False, "as-printed": True})
    if not as_printed:
        broken = reader.schema_faults("send-answer", answer.http.body)
        lab.require(not any("well-formed" in one for one in broken), "well-formed XML", "; ".join(broken))
    elif not reader.is_as_printed(answer.http.body):
        wanted = reader.printed_layout(answer.results)
        raise Violation(f"the page's second example: {wanted!r}", repr(answer.http.text))


@contract("E", credit=60)
def no_code_by_itself(lab: Lab) -> None:
    """Plain sends never get -1, -26, -99 or any failure that nothing asked for."""
    for index in range(max(10, lab.plenty)):
        lab.example()
        lab.accepted(lab.message(1 + index % 2))
    lab.expect([], lab.strays, "codes -1, -26, -99 seen anywhere in the run")


@contract("E", needs=(Need.FAULTS,), credit=30)
def codes_on_demand(lab: Lab) -> None:
    """A fault rule provokes every code, for a request or for a recipient, once."""
    control = lab.target.control
    assert control is not None, "Need.FAULTS means there is one"
    try:
        for code in (-1, -2, -3, -5, -6, -10, -11, -13, -22, -23, -26, -27, -33, -34, -99):
            for scope in ("request", "recipient"):
                lab.example()
                control.arm(
                    {
                        "match": {"operation": "send", "user": lab.user},
                        "when": {"times": 1},
                        "effect": {"kind": "status", "code": code, "scope": scope},
                    }
                )
                answer = lab.submit(lab.message())
                lab.strays.clear()
                lab.expect((str(code),), answer.statuses, f"status under a {scope} fault")
                lab.accepted(lab.message())
    finally:
        control.disarm()
