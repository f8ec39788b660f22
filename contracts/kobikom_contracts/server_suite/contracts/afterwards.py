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
    given = [one.id for one in session.audit.messages.given(session.user) if not one.appid]
    for start in range(0, min(len(given), 400), 40):
        session.example()
        some = [ident for ident in given[start : start + 40] if "," not in ident and ident == ident.strip()]
        session.expect((), session.pull(some).ids, "reports given before and again")
