"""What messages cost: the difference of two balances with the sends between them (C-01, C-05).

All of this rests on the caller's word that only the recorded requests changed the balances.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from kobikom_contracts import reader
from kobikom_contracts.documents import Send
from kobikom_contracts.learning.decoded import Decoded, DecodedSend
from kobikom_contracts.learning.evidence import Evidence
from kobikom_contracts.learning.inference import amounts as amount_evidence
from kobikom_contracts.learning.inference.part_counts import EVERY_CHOICE, Choice, parts_of
from kobikom_contracts.learning.readings import READINGS
from kobikom_contracts.learning.traffic import Traffic, is_plain
from kobikom_contracts.server_suite import amounts
from kobikom_contracts.server_suite.audit import echo
from kobikom_contracts.server_suite.audit.meaning import Query

_REFUNDED = timedelta(hours=72)
"""How long after a message its charge may come back (C-03): the longest validity and a day."""
_ALWAYS = datetime.max.replace(tzinfo=UTC)

Interval = tuple[Decimal, Decimal]
"""The least and the greatest value that an amount may have."""


@dataclass(frozen=True, slots=True)
class Window:
    """Two balance queries of an account, and what was accepted between them, all to one number.

    ``charged``: what that cost. ``parts``: the parts of all recipients together, for each choice of the readings that
    is possible.
    """

    closing: Decoded
    user: str
    number: str
    charged: Interval
    parts: dict[Choice, int]

    @property
    def price(self) -> Interval | None:
        """The price of a part, where the parts are certain and something was charged."""
        counts = set(self.parts.values())
        if len(counts) != 1 or len(self.parts) != len(EVERY_CHOICE) or self.charged[0] <= 0:
            return None
        low, high = self.charged
        return low / min(counts), high / min(counts)


@dataclass(frozen=True, slots=True)
class Prices:
    """The windows of a recording whose parts are certain."""

    windows: tuple[Window, ...]

    def around(self, user: str, number: str, position: int) -> Interval | None:
        """The price of a part to a number at a position: None unless windows before and after show the same one."""
        own = [one for one in self.windows if one.user == user and one.number == number]
        before = [one.price for one in own if one.closing.position < position]
        after = [one.price for one in own if one.closing.position > position]
        if not before or not after or (first := before[-1]) is None or (last := after[0]) is None:
            return None
        if first[0] > last[1] or last[0] > first[1]:
            return None
        return min(first[0], last[0]), max(first[1], last[1])


def windows(traffic: Traffic, form: str) -> tuple[Window, ...]:
    """Every window of the traffic whose charge is certain where balances are written in this form."""
    if not traffic.exclusive:
        return ()
    users = {one.user for one in traffic.exchanges if one.user}
    every = (window for user in sorted(users) for window in _windows_of(traffic, user, form))
    return tuple(sorted(every, key=lambda window: window.closing.position))


def certain_prices(every: Sequence[Window]) -> Prices:
    """The windows that show the price of a part."""
    return Prices(tuple(window for window in every if window.price is not None))


def amount_forms(traffic: Traffic) -> tuple[str, ...]:
    """The forms in which the recording may write amounts."""
    excluded = {evidence.value for evidence in amount_evidence.evidence(traffic)}
    return tuple(value for value in READINGS["amount"].values if value not in excluded)


def in_every_form(traffic: Traffic, evidence: Callable[[Traffic, str], Iterator[Evidence]]) -> Iterator[Evidence]:
    """What evidence from balances excludes in whichever of the possible forms they are written.

    Charges are compared with each other: 18.532 excludes the same as eighteen and as eighteen thousand.
    """
    if not traffic.exclusive:
        return
    by_form = []
    for form in amount_forms(traffic):
        first: dict[tuple[str, str], Evidence] = {}
        for one in evidence(traffic, form):
            first.setdefault((one.reading, one.value), one)
        by_form.append(first)
    for key in set.intersection(*map(set, by_form)) if by_form else ():
        yield max((first[key] for first in by_form), key=lambda one: one.position)


def shown_amount(exchange: Decoded, form: str) -> Interval | None:
    """The balance that an answer shows; None for another answer. What is shown may be rounded or cut."""
    shown = (reader.element(exchange.text, "miktar") or "").strip() if exchange.complete else ""
    if form not in amounts.forms_of(shown):
        return None
    value, step = amounts.value(shown, form), Decimal(1 if form == amounts.GROUPED else "0.001")
    return value - step / 2, value + step


def changes_of(traffic: Traffic, user: str) -> Iterator[tuple[Decoded, bool]]:
    """The requests that may change or show a user's balance, and whether each began after all others had ended."""
    busy_until = datetime.min.replace(tzinfo=UTC)
    for exchange in traffic.exchanges:
        request = exchange.request
        is_query = isinstance(request, Query) and request.root == "bakiye"
        if exchange.recorded.method != "POST" or not (request is None or isinstance(request, Send) or is_query):
            continue
        if request is not None and exchange.user != user:
            continue
        yield exchange, exchange.recorded.begun_at >= busy_until
        busy_until = max(busy_until, exchange.recorded.ended_at or _ALWAYS)


def _windows_of(traffic: Traffic, user: str, form: str) -> Iterator[Window]:
    sends = {send.position: send for send in traffic.sends}
    unsettled = _unsettled(traffic, user)
    opening: Interval | None = None
    between: list[DecodedSend] = []
    certain = True
    for exchange, in_sequence in changes_of(traffic, user):
        certain = certain and in_sequence
        if isinstance(exchange.request, Query):
            closing = shown_amount(exchange, form)
            if opening is not None and closing is not None and certain and between:
                charged = (opening[0] - closing[1], opening[1] - closing[0])
                window = _window(exchange, user, between, charged)
                if window is not None and not _may_be_refunded(unsettled, exchange):
                    yield window
            opening, between, certain = closing, [], in_sequence
        elif (send := sends.get(exchange.position)) is None or not exchange.complete:
            certain = False
        elif send.accepted:
            between.append(send)


def _window(closing: Decoded, user: str, sends: Sequence[DecodedSend], charged: Interval) -> Window | None:
    parts: dict[Choice, int] = dict.fromkeys(EVERY_CHOICE, 0)
    numbers = set()
    for send in sends:
        if send.pairs is None:
            return None
        for block, recipient, result in send.pairs:
            if result.status != "0":
                continue
            counts = parts_of(block.fields)
            if counts is None:
                return None
            numbers.add(recipient.gsm.strip(echo.BLANK))
            parts = {choice: parts[choice] + counts[choice] for choice in parts if choice in counts}
    if len(numbers) != 1 or not is_plain(number := numbers.pop()):
        return None
    return Window(closing, user, number, charged, parts)


def _unsettled(traffic: Traffic, user: str) -> tuple[DecodedSend, ...]:
    """The sends whose charge may come back: a message ended NOT_ALLOWED, or no report says how it ended."""
    return tuple(
        send
        for send in traffic.sends
        if send.user == user
        and any(one.status == "0" and (user, one.message_id) not in traffic.settled_ids for one in send.results)
    )


def _may_be_refunded(unsettled: Sequence[DecodedSend], closing: Decoded) -> bool:
    """Whether a charge may have come back before a balance was shown."""
    since = closing.recorded.begun_at - _REFUNDED
    return any(send.position < closing.position and send.exchange.recorded.begun_at >= since for send in unsettled)
