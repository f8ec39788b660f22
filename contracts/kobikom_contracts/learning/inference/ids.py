"""Readings about message ids: message-id, duplicate-id (S-02, S-04)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

from kobikom_contracts.learning.decoded import DecodedSend
from kobikom_contracts.learning.evidence import Evidence, shows
from kobikom_contracts.learning.traffic import Traffic
from kobikom_contracts.server_suite.audit import echo

_REMEMBERED = timedelta(hours=24)
"""How long a server that refuses ids used before remembers them at least."""


def evidence(traffic: Traffic) -> Iterator[Evidence]:
    """What the ids of each send exclude."""
    used: dict[tuple[str, str], DecodedSend] = {}
    for send in traffic.sends:
        yield from _generated(send)
        yield from _refused_as_one(send)
        if (first := _first_uses(send)) is not None:
            yield from _repeated(send, first)
            yield from _used_before(send, first, used)
        for _, recipient, result in send.pairs or ():
            if result.status == "0" and recipient.message_id:
                used[send.user, recipient.message_id] = send


def _generated(send: DecodedSend) -> Iterator[Evidence]:
    for _, recipient, result in send.pairs or ():
        if result.status == "0" and not recipient.message_id and re.fullmatch("[0-9]+", result.message_id):
            digits = len(result.message_id)
            yield from shows("message-id", {f"{digits}-digits"}, send.position, f"a generated id has {digits} digits")
            return


def _refused_as_one(send: DecodedSend) -> Iterator[Evidence]:
    """One result for all recipients: a refusal of single ones would have a result for each."""
    ids = [recipient.message_id for block in send.send.blocks for recipient in block.recipients if recipient.message_id]
    one = send.refusal == "-33" and len(send.results) == 1 and not send.results[0].destination
    if one and len(set(ids)) < len(ids) and len(send.numbers) > 1:
        why = f"a request to {len(send.numbers)} that repeats an id gets -33 once"
        yield from shows("duplicate-id", {"whole-request"}, send.position, why)


def _first_uses(send: DecodedSend) -> list[tuple[str, str, bool]] | None:
    """Id, status and whether it is the first use in the request, for each recipient, "" for no id; None when a server
    may see other repetitions: ids that differ in case or white space, or stand at an empty gsm.
    """
    spellings: dict[str, set[str]] = defaultdict(set)
    uses = []
    for _, recipient, result in send.pairs or ():
        ident = recipient.message_id or ""
        key = ident.strip().casefold()
        if ident and (not key or not recipient.gsm.strip(echo.BLANK)):
            return None
        uses.append((ident, result.status, ident not in spellings[key]))
        spellings[key].add(ident)
    return None if any(len(same) > 1 for same in spellings.values()) else uses


def _repeated(send: DecodedSend, uses: list[tuple[str, str, bool]]) -> Iterator[Evidence]:
    repeats = any(ident and not first for ident, _, first in uses)
    for ident, status, first in uses:
        if status == "-33" and (not ident or first):
            which = f"the first use of {ident!r}" if ident else "a recipient without a messageId"
            fitting = {"account-history"} if ident else set()
            fitting |= {"whole-request"} if repeats else set()
            yield from shows("duplicate-id", fitting, send.position, f"{which} in a request gets -33")
    if repeats and any(ident and not first and status == "-33" for ident, status, first in uses):
        accepted = next((ident for ident, status, first in uses if status == "0"), None)
        if accepted is not None:
            why = "a request that repeats an id is accepted in part"
            yield from shows("duplicate-id", {"later-ones", "account-history"}, send.position, why)


def _used_before(
    send: DecodedSend, uses: list[tuple[str, str, bool]], used: dict[tuple[str, str], DecodedSend]
) -> Iterator[Evidence]:
    for ident, status, first in uses:
        before = used.get((send.user, ident)) if ident and first and status == "0" else None
        if before is not None and before.position < send.position:
            elapsed = send.exchange.recorded.begun_at - before.exchange.recorded.begun_at
            if elapsed < _REMEMBERED:
                why = f"the id {ident!r} is accepted again after an earlier request used it"
                yield from shows("duplicate-id", {"later-ones", "whole-request"}, send.position, why)
