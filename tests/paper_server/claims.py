"""Which clauses the paper server claims to keep.

`CLAIMS` are the clauses that a judge may hold against this server, `READINGS` the readings it follows where they
are not the project's defaults.
`LIMITS` says where a claimed clause is kept only in part. `DOES_NOT_CLAIM` names what is left out,
with the reason.
"""

from collections.abc import Mapping
from types import MappingProxyType


def _ids(area: str, last: int) -> frozenset[str]:
    return frozenset(f"{area}-{n:02d}" for n in range(1, last + 1))


DOES_NOT_CLAIM: Mapping[str, str] = MappingProxyType(
    {
        "S-19": "no pushes: pushurl and nopush are read, every report is left for pull",
        "E": "no fault rules: -1, -23 on demand, -26, -99 and result-shape cannot be provoked",
    }
)

CLAIMS: frozenset[str] = (
    _ids("T", 11) | _ids("A", 6) | _ids("S", 22) | _ids("C", 5) | _ids("R", 12) | _ids("H", 1) | _ids("B", 1)
) - DOES_NOT_CLAIM.keys()

READINGS: Mapping[str, str] = MappingProxyType(
    {
        "answer-layout": "compact",
        "message-id": "18-digits",
        "dates": "as-written",
        "title-code": "-23",
        "turkish-table": "single",
        "short-number": "incomplete",
    }
)

LIMITS: Mapping[str, str] = MappingProxyType(
    {
        "T-05": "UTF-8, UTF-16, US-ASCII, ISO-8859-x, windows-125x; any other declared name is -22",
        "T-07": "unknown tags are ignored but there is no explanation to report them in",
        "T-11": "refuses and caps, but explains nothing",
        "S-06": "Turkish mobile prefixes are a hand-written table; rare ones (561, 582) are -13",
        "S-07": "foreign numbers come from a short table, numbers.FOREIGN; others are -13",
        "S-11": "what was cut is visible in World.messages only",
        "S-13": "recorded, visible in World.messages only",
        "S-14": "recorded, visible in World.messages only",
        "S-21": "no inbox on the wire; World.messages keeps the text as it was read",
        "C-01": "one price an account, not one a network",
        "R-03": "nothing survives a restart: everything lives in memory",
        "R-09": "statuses are produced by the magic numbers only",
    }
)
