"""Every deviation, in the order of the clauses; read by the tests and the proof page."""

from __future__ import annotations

from deviant_servers import anywhere, auth, credit, fields, reports, sending, transport

DEVIATIONS = tuple(
    one
    for module in (
        transport,
        auth,
        sending,
        fields,
        credit,
        reports,
        anywhere,
    )
    for one in module.DEVIATIONS
)
