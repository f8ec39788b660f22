"""The probes whose charge decides, and the message that shows the price once more."""

from __future__ import annotations

from collections.abc import Callable

from kobikom_contracts.documents import Recipient, Send
from kobikom_contracts.learning.probing import texts
from kobikom_contracts.learning.probing.probe import Probe, balance_query, message, post
from kobikom_contracts.learning.probing.situation import CLOSING, CLOSING_PARTS, Situation

SHORT_CREDIT = "two messages, of which the credit pays one"
_LONGEST_PARTS = 200
_LONG_TEXT = "a text of more than one part without longSMS"


def charged(name: str, reading: str, value: str, fields: texts.Fields) -> Callable[[Situation], Probe | None]:
    """A message whose charge says whether ``value`` is the one; of use while that and another value fit."""

    def probe(now: Situation) -> Probe | None:
        if not now.priced or value not in now.left[reading] or not now.open(reading):
            return None
        return _between_balances(now, name, reading, value, fields)

    return probe


def _between_balances(now: Situation, name: str, reading: str, value: str, fields: texts.Fields) -> Probe:
    send = post(message(now.account, now.account.recipients[0], fields=fields), parts=2)
    balance = balance_query(now.account)
    alone = len(now.left[reading]) == 2 or reading == "long-text"
    return Probe(
        name=name,
        decides=(reading,) if alone else (),
        narrows={} if alone else {reading: value},
        requests=(balance, send, balance),
        parts=2,
        by_charge=True,
    )


def long_text(now: Situation) -> Probe | None:
    """It may be refused; whether it was cut or split shows in its charge."""
    left = now.left["long-text"]
    if not now.opened or not now.open("long-text"):
        return None
    if now.priced and "split" in left:
        return _between_balances(now, _LONG_TEXT, "long-text", "split", texts.LONG_TEXT)
    if "refuse" not in left:
        return None
    send = post(message(now.account, now.account.recipients[0], fields=texts.LONG_TEXT), parts=2)
    alone = len(left) == 2
    return Probe(
        name=_LONG_TEXT,
        decides=("long-text",) if alone else (),
        narrows={} if alone else {"long-text": "refuse"},
        requests=(send,),
        parts=2,
        refusable=True,
    )


def short_credit(now: Situation) -> Probe | None:
    """A message of one part before one that costs more than the credit left; the budget covers all of the credit."""
    payable = now.payable
    if not now.open("short-credit") or not now.priced or payable is None:
        return None
    if payable.least < 1 + CLOSING_PARTS + 1 or payable.most >= _LONGEST_PARTS:
        return None
    number = Recipient(now.account.recipients[0])
    long = message(now.account, number, fields=texts.ucs2_parts(payable.most + 1))
    short = message(now.account, number)
    send = Send(now.account.user, now.account.password, (*short.blocks, *long.blocks))
    balance = balance_query(now.account)
    requests = (balance, post(send, parts=payable.most), balance)
    decides = ("short-credit",)
    return Probe(name=SHORT_CREDIT, decides=decides, requests=requests, parts=payable.most, by_charge=True)


def closing(now: Situation) -> Probe | None:
    """Two parts under every reading: shows that the price is the same, and that a charge follows the parts."""
    if not now.closing_due:
        return None
    send = post(message(now.account, now.account.recipients[0], fields=texts.TWO_PARTS), parts=CLOSING_PARTS)
    balance = balance_query(now.account)
    return Probe(name=CLOSING, decides=(), requests=(balance, send, balance), parts=CLOSING_PARTS)
