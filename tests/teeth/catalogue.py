"""Law: every deviation there is, in the order of the clauses; read by the tests and the proof."""

from __future__ import annotations

from teeth import lies_auth, lies_credit, lies_fields, lies_reports, lies_sending, lies_transport

DEVIATIONS = tuple(
    one
    for module in (
        lies_transport,
        lies_auth,
        lies_sending,
        lies_fields,
        lies_credit,
        lies_reports,
    )
    for one in module.DEVIATIONS
)
