"""Magic numbers: recipients whose outcome depends on their number, in the unassigned Turkish range 90 599."""

from __future__ import annotations

from collections.abc import Mapping

from kobikom_emulator.domain.delivery import Outcome, Status

PREFIX = "90599"
NETWORK = "magic"

_SECOND = 1000
_FIRST = 905_990_000_000

_LATE = {21: 10, 22: 60, 23: 3600, 24: 24 * 3600}
_ERRORS = {41: 1, 42: 27, 43: 31, 44: 32, 45: 34, 46: 256, 47: 500, 48: 2048}


def _table() -> dict[str, Outcome]:
    table = {_FIRST + nth: Outcome(status) for nth, status in enumerate(Status, start=1)}
    table |= {_FIRST + tail: Outcome(Status.DELIVERED, seconds * _SECOND) for tail, seconds in _LATE.items()}
    table[_FIRST + 30] = Outcome(Status.NOT_DELIVERED, None)
    table |= {_FIRST + tail: Outcome(Status.NOT_DELIVERED, gsm_error=error) for tail, error in _ERRORS.items()}
    return {str(number): outcome for number, outcome in table.items()}


MAGIC: Mapping[str, Outcome] = _table()
"""MSISDN to outcome: 905990000001…011 the eleven statuses, 021…024 late, 030 never, 041…048 failures by `gsmerror`."""
