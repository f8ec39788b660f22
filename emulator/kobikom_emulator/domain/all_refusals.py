"""Finds everything that would refuse a send, not only the first of it: for explanations of a send that is refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.draft_checks import RefusedSend, segments, sender_title
from kobikom_emulator.domain.messages import Draft
from kobikom_emulator.domain.reasons import Refusal
from kobikom_emulator.domain.recipients import check_recipients, listed_recipients
from kobikom_emulator.domain.rules import Rules

MOST_RECIPIENTS = 1000
"""Recipients of a refused send that are checked for its explanation."""


class RefusedRecipient(msgspec.Struct, frozen=True, gc=False):
    """A recipient that would be refused: the indices of its draft and of itself among those that get a result."""

    draft: int
    recipient: int
    refusal: Refusal


def all_refusals(drafts: Sequence[Draft], account: Account, rules: Rules) -> Iterator[RefusedSend | RefusedRecipient]:
    """The titles, texts and recipients of the drafts that would be refused. Credit and used ids are not considered."""
    seen: set[str] = set()
    left = MOST_RECIPIENTS
    for index, draft in enumerate(drafts):
        for check in (sender_title(draft, account, rules), segments(draft, rules)):
            if isinstance(check, RefusedSend):
                yield msgspec.structs.replace(check, draft=index)
        numbers, ids = listed_recipients(draft, rules)
        numbers, ids = numbers[:left], None if ids is None else ids[:left]
        left -= len(numbers)
        if not numbers:
            continue
        checked = check_recipients(numbers, ids, account=account, rules=rules, seen=seen, used=(), forced={})
        for recipient, refusal in sorted(checked.refusals.items()):
            yield RefusedRecipient(index, recipient, refusal)
