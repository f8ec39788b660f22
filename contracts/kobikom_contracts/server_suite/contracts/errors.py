"""Contracts of E: codes only on demand, results well-formed or as printed."""

from __future__ import annotations

from kobikom_contracts import reader, strict_reader
from kobikom_contracts.core.verdicts import Violation
from kobikom_contracts.server_suite.codes import CODES
from kobikom_contracts.server_suite.contract import contract
from kobikom_contracts.server_suite.session import ServerSession
from kobikom_contracts.server_suite.target import Need


@contract("E.3", credit=6)
def result_shape(session: ServerSession) -> None:
    """Later results are well-formed, or byte for byte as the page's second example prints them."""
    answer = session.submit(session.message(2))
    as_printed = "<status><" in answer.http.text
    session.decide("result-shape", as_printed, {"well-formed": False, "as-printed": True})
    if not as_printed:
        broken = strict_reader.shape_faults("send", answer.http.body)
        session.require(not any("well-formed" in one for one in broken), "well-formed XML", "; ".join(broken))
    elif not reader.is_as_printed(answer.http.body):
        wanted = reader.printed_layout(answer.results)
        raise Violation(f"the page's second example: {wanted!r}", repr(answer.http.text))


@contract("E.2", credit=60)
def no_code_by_itself(session: ServerSession) -> None:
    """Plain sends never get -1, -26, -99 or any failure that nothing asked for."""
    for index in session.some(range(max(10, session.most_examples))):
        session.example()
        session.accepted(session.message(1 + index % 2))
    # A title may be refused with one of them (reading title-code): then it did not come by itself.
    unprovoked = [code for code in session.unprovoked if code != session.reading("title-code")]
    session.expect([], unprovoked, "codes -1, -26, -99 seen anywhere in the run")


@contract("E.2", needs=(Need.FAULTS,), credit=30)
def codes_on_demand(session: ServerSession) -> None:
    """A fault rule provokes every code, for a request or for a recipient, once."""
    control = session.target.control
    assert control is not None, "Need.FAULTS means there is one"
    try:
        for code in session.some(sorted(map(int, CODES - {"0"}), reverse=True)):
            for scope in ("request", "recipient"):
                session.example()
                control.provoke(session.user, code, scope=scope)
                answer = session.submit(session.message())
                session.unprovoked.clear()
                session.expect((str(code),), answer.statuses, f"status under a {scope} fault")
                session.accepted(session.message())
    finally:
        control.disarm()


@contract("E.1")
def only_codes_of_the_page(session: ServerSession) -> None:
    """Every status that was seen in the run is a code of the page's list."""
    session.submit_raw(b"<SMS>", 0)
    session.expect(set(), session.statuses_seen - CODES, "statuses that the page does not list")
