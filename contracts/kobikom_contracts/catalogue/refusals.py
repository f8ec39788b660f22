"""Days on which the service refuses a request or some of its recipients with a status code."""

from collections.abc import Iterator
from typing import Any

from kobikom_contracts.catalogue.day import Day, day_of_fault
from kobikom_contracts.catalogue.faults import WHEN
from kobikom_contracts.scenario_words import REQUEST_CODES, UNKNOWN_CODE

WHOLE = {
    "pull": ((UNKNOWN_CODE, ""), (-1, ""), (-2, ""), (-5, ""), (-6, ""), (-99, ""), (-99, "-twice")),
    "titles": ((-1, ""), (-5, ""), (-99, "")),
    "balance": ((-1, ""), (-5, ""), (-99, ""), (-99, "-twice")),
}
SINGLE: dict[str, dict[str, Any]] = {
    "-first": {"places": [1]},
    "-last": {"places": [-1]},
    "-second": {"places": [2]},
    "-every-other": {"every": 2},
}
SOME = (
    (-3, ("-first", "-second", "-last", "-every-other")),
    (-13, ("-first", "-last")),
    (-2, ("-second", "-last")),
    (-34, ("-last",)),
    (-33, ("-last",)),
    (-1, ("-last",)),
    (UNKNOWN_CODE, ("-first", "-last")),
)


def refused() -> Iterator[Day]:
    """Each code for a whole send, several for queries, and codes for single recipients."""
    for code in REQUEST_CODES:
        yield day_of_fault(f"status{code}", {"kind": "status", "code": code, "scope": "request"}, "send")
    for code, end in ((-99, "-twice"), (-99, "-second"), (-2, "-all-day")):
        effect = {"kind": "status", "code": code, "scope": "request"}
        yield day_of_fault(f"status{code}{end}", effect, "send", **WHEN[end])
    for operation, codes in WHOLE.items():
        for code, end in codes:
            effect = {"kind": "status", "code": code, "scope": "request"}
            yield day_of_fault(f"status{code}{end}", effect, operation, **WHEN[end])
    for code, ends in SOME:
        for end in ends:
            effect = {"kind": "status", "code": code, "scope": "recipient", **SINGLE[end]}
            yield day_of_fault(f"recipient{code}{end}", effect, "send")
