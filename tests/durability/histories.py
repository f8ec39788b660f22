"""Whether what clients saw of one account can have happened one request after the other.

A history has the requests of all clients with the instants at which each began and ended, by one clock. It is
linearizable if the requests have an order that explains every answer, in which none comes before one that had ended
when it began.
"""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf


@dataclass(frozen=True, slots=True)
class Send:
    """A send of one message for one unit of credit. `message_id` is None where the answer did not come: it may have
    been carried out, also later than `ended`.
    """

    began: float
    ended: float
    message_id: str | None


@dataclass(frozen=True, slots=True)
class Balance:
    """A balance query and the units that were spent by its answer."""

    began: float
    ended: float
    spent: int


@dataclass(frozen=True, slots=True)
class Pull:
    """A pull of everything, with the ids of the reports that were given. Every report exists with its message."""

    began: float
    ended: float
    ids: tuple[str, ...]


@dataclass
class History:
    """The requests of one account; a pull whose answer did not come is in none of the lists, but counted."""

    sends: list[Send] = field(default_factory=list)
    balances: list[Balance] = field(default_factory=list)
    pulls: list[Pull] = field(default_factory=list)

    def problems(self) -> list[str]:
        """What cannot have happened; empty for a linearizable history."""
        return [*balance_problems(self.sends, self.balances), *report_problems(self.sends, self.pulls)]


def balance_problems(sends: Sequence[Send], balances: Sequence[Balance]) -> list[str]:
    """Each balance shows as many sends as came before it. The queries are in the order of what they show; the sends
    have to find a place between them, as many as the next query shows more than the last one.
    """
    groups: dict[int, list[Balance]] = defaultdict(list)
    for balance in balances:
        groups[balance.spent].append(balance)
    values = sorted(groups)
    latest_begin = -inf
    for spent in values:
        for balance in groups[spent]:
            if balance.ended < latest_begin:
                return [f"a query that ended at {balance.ended} shows {spent} spent, an earlier one less"]
        latest_begin = max(latest_begin, *[balance.began for balance in groups[spent]])
    # The first places that a send can have, by when it began, and the last ones, by when it ended.
    first_ends = [min([balance.ended for balance in groups[spent]]) for spent in values]
    last_begins = [max([balance.began for balance in groups[spent]]) for spent in values]
    earliest: dict[int, list[float]] = defaultdict(list)
    for send in sends:
        low = max([place + 1 for place, ended in enumerate(first_ends) if ended < send.began], default=0)
        high = min([place for place, began in enumerate(last_begins) if began > send.ended], default=len(values))
        if send.message_id is not None and low > high:
            return [f"{values[high]} were spent by the answer of a query, before which more had ended"]
        earliest[low].append(high if send.message_id is not None else inf)
    waiting: list[float] = []
    shown = 0
    for place, spent in enumerate(values):
        for high in earliest[place]:
            heapq.heappush(waiting, high)
        more = spent - shown
        if more > len(waiting):
            return [f"{spent} were spent by the answer of a query, before which at most {shown + len(waiting)} began"]
        for _ in range(more):
            heapq.heappop(waiting)
        if waiting and waiting[0] <= place:
            return [f"{spent} were spent by the answer of a query, before which more had ended"]
        shown = spent
    return []


def report_problems(sends: Sequence[Send], pulls: Sequence[Pull]) -> list[str]:
    """Each report was given once, after its message was sent, to the first pull that could have it."""
    problems: list[str] = []
    times = Counter([message_id for pull in pulls for message_id in pull.ids])
    problems += [
        f"the report of {message_id} was given {count} times" for message_id, count in times.items() if count > 1
    ]
    taken_by = {message_id: pull for pull in pulls for message_id in pull.ids}
    by_id = {send.message_id: send for send in sends if send.message_id is not None}
    if len(by_id) < len([send for send in sends if send.message_id is not None]):
        problems.append("two messages have the same id")
    unknown = [send for send in sends if send.message_id is None]
    for message_id, pull in taken_by.items():
        send = by_id.get(message_id)
        if send is None and not unknown:
            problems.append(f"there was a report of {message_id}, which nobody sent")
        elif send is not None and send.began > pull.ended:
            problems.append(f"the report of {message_id} was given before it was sent")
    pulls = sorted(pulls, key=lambda pull: pull.began)
    begins = [pull.began for pull in pulls]
    first_end_from: list[float] = [inf]
    for pull in reversed(pulls):
        first_end_from.append(min(pull.ended, first_end_from[-1]))
    first_end_from.reverse()
    for message_id, send in by_id.items():
        taken = taken_by[message_id].began if message_id in taken_by else inf
        if first_end_from[bisect_right(begins, send.ended)] < taken:
            problems.append(f"a pull did not give the report of {message_id}, which was there")
    return problems
