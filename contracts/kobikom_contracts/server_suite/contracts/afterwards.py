"""The last contract of a run: what all the others left behind, days later."""

from __future__ import annotations

from kobikom_contracts.server_suite.contract import contract
from kobikom_contracts.server_suite.session import ServerSession
from kobikom_contracts.server_suite.target import Need

DAYS = 12


@contract("R-03.1", "R-11.1", needs=(Need.DELIVERY, Need.CLOCK, Need.CREDIT, Need.EXCLUSIVE), credit=2)
def every_report_in_the_end(session: ServerSession) -> None:
    """Days later each message that the run sent has had its report once, the scheduled ones included."""
    session.deliver_later(DAYS * 86_400)
    given = session.audit.messages.given_last(session.user, 400)
    for start in range(0, len(given), 40):
        session.example()
        session.expect((), session.pull(given[start : start + 40]).ids, "reports given before and again")
