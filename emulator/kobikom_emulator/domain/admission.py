"""Decides about a send: checks it as a whole, then each recipient, computes the price, and returns the changes.

`admit` is a pure function of its arguments, time, seed, ids and credit included.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

import msgspec

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.changes import Accepted, Change, Charged, RefundPlanned
from kobikom_emulator.domain.delivery import Outcome, Plan, Status, plan
from kobikom_emulator.domain.draft_checks import RefusedSend, observations, segments, sender_title
from kobikom_emulator.domain.magic import MAGIC
from kobikom_emulator.domain.messages import Batch, Draft, RecipientGroup
from kobikom_emulator.domain.reasons import Observation, Reason, Refusal
from kobikom_emulator.domain.recipients import (
    MAGIC_NETWORK,
    CheckedRecipients,
    Network,
    check_recipients,
    listed_recipients,
)
from kobikom_emulator.domain.rules import DuplicateId, Rules, ShortCredit
from kobikom_emulator.domain.segments import Segmentation
from kobikom_emulator.phrases import Phrase

_NO_REFUSALS: Mapping[int, Refusal] = {}


class DraftResult(msgspec.Struct, frozen=True, gc=False):
    """One draft after admission: the recipients that get a result, the refusals by index, and the batch of the accepted
    ones, None if there are none.
    """

    numbers: tuple[str, ...]
    client_ids: tuple[str, ...] | None
    refusals: Mapping[int, Refusal]
    batch: Batch | None
    observations: tuple[Observation, ...] = ()


class Admission(msgspec.Struct, frozen=True, gc=False):
    """The request was accepted, though single recipients may be refused; `results` has one for each draft, in order.
    `pushes` says whether a report will be pushed.
    """

    results: tuple[DraftResult, ...]
    changes: tuple[Change, ...]
    ids_taken: int
    pushes: bool = False


class _CheckedDraft(msgspec.Struct, frozen=True, gc=False):
    """A draft that passed all checks that refuse a whole request."""

    draft: Draft
    title: str
    known_title: bool
    segmentation: Segmentation
    recipients: CheckedRecipients
    observations: tuple[Observation, ...]


def admit(
    drafts: Sequence[Draft],
    *,
    account: Account,
    credit: Decimal,
    rules: Rules,
    now: int,
    seed: int,
    first_id: int,
    used_ids: Collection[str] = (),
    forced: Sequence[Mapping[int, Refusal]] = (),
) -> Admission | RefusedSend:
    """Decide about the drafts of one request.

    `credit` is what can be spent at `now` (ms); `first_id` the first generated id that is free; `used_ids` the client
    ids the account used before, needed with the rule `ACCOUNT_HISTORY` only; `forced` the refusals of fault rules, by
    draft and recipient. Clauses S-01 … S-22, C-01 … C-04.
    """
    recipients = sum([len(draft.numbers) for draft in drafts])
    if recipients > rules.max_recipients:
        return RefusedSend(
            Refusal(
                Reason.TOO_MANY_RECIPIENTS,
                Phrase("at most {count} recipients", count=rules.max_recipients),
                Phrase("{count}", count=recipients),
            ),
            field="recipients",
        )
    checked_drafts: list[_CheckedDraft] = []
    seen: set[str] = set()
    for index, draft in enumerate(drafts):
        forced_refusals = forced[index] if index < len(forced) else _NO_REFUSALS
        checked = _check(draft, account, rules, seen, used_ids, forced_refusals)
        if isinstance(checked, RefusedSend):
            return msgspec.structs.replace(checked, draft=index)
        checked_drafts.append(checked)
    if not any([any(checked.recipients.numbers) for checked in checked_drafts]):
        return RefusedSend(
            Refusal(Reason.NO_RECIPIENT, Phrase("at least one recipient"), Phrase("none")), field="recipients"
        )
    if rules.duplicate_id is DuplicateId.WHOLE_REQUEST:
        for index, checked in enumerate(checked_drafts):
            for refusal in checked.recipients.refusals.values():
                if refusal.reason is Reason.DUPLICATE_ID:
                    return RefusedSend(refusal, index, "recipients", every_recipient=True)
    return _charge(checked_drafts, account=account, credit=credit, rules=rules, now=now, seed=seed, first_id=first_id)


def _check(
    draft: Draft,
    account: Account,
    rules: Rules,
    seen: set[str],
    used_ids: Collection[str],
    forced: Mapping[int, Refusal],
) -> _CheckedDraft | RefusedSend:
    title = sender_title(draft, account, rules)
    if isinstance(title, RefusedSend):
        return title
    name, known = title
    segmentation = segments(draft, rules)
    if isinstance(segmentation, RefusedSend):
        return segmentation
    numbers, ids = listed_recipients(draft, rules)
    recipients = check_recipients(numbers, ids, account=account, rules=rules, seen=seen, used=used_ids, forced=forced)
    return _CheckedDraft(
        draft, name, known, segmentation, recipients, observations(draft, segmentation, name, known, numbers)
    )


def _charge(
    drafts: Sequence[_CheckedDraft],
    *,
    account: Account,
    credit: Decimal,
    rules: Rules,
    now: int,
    seed: int,
    first_id: int,
) -> Admission | RefusedSend:
    """Charge the accepted recipients in document order and plan their delivery (C-01 … C-04)."""
    left = credit
    results: list[DraftResult] = []
    changes: list[Change] = []
    pushes = False
    next_id = first_id
    for index, draft in enumerate(drafts):
        recipients = draft.recipients
        costs = _Costs(account, recipients, len(draft.segmentation.parts))
        refusals = recipients.refusals
        accepted, spent, unpaid = _payable(recipients, costs, left)
        if unpaid:
            if rules.short_credit is ShortCredit.WHOLE_REQUEST:
                return RefusedSend(next(iter(unpaid.values())), index, "recipients", every_recipient=True)
            refusals = {**refusals, **unpaid}
        batch = None
        if accepted:
            left -= spent
            batch = _batch(draft, accepted, costs, account, rules, now=now, seed=seed, first_id=next_id)
            changes.append(Charged(account.user, now, spent, next_id, draft.title, len(accepted), costs.parts))
            changes.append(Accepted(batch))
            changes += _refunds(batch)
            next_id += len(accepted)
            pushes = pushes or bool(batch.push_url)
        results.append(DraftResult(recipients.numbers, recipients.client_ids, refusals, batch, draft.observations))
    return Admission(tuple(results), tuple(changes), next_id - first_id, pushes)


class _Costs:
    """What each recipient of a message costs: one amount for all, or one for each network (C-01)."""

    __slots__ = ("_of_network", "of_all", "parts")

    def __init__(self, account: Account, recipients: CheckedRecipients, parts: int) -> None:
        self.parts = parts
        amounts = [account.price_of(*network) * parts for network in recipients.distinct]
        # Compared rather than hashed: hashing a Decimal is slow.
        self.of_all = amounts[0] if amounts and amounts.count(amounts[0]) == len(amounts) else None
        self._of_network = {} if self.of_all is not None else dict(zip(recipients.distinct, amounts, strict=True))

    def of(self, network: Network) -> Decimal:
        return self._of_network[network] if self.of_all is None else self.of_all


def _payable(
    recipients: CheckedRecipients, costs: _Costs, credit: Decimal
) -> tuple[Sequence[int], Decimal, Mapping[int, Refusal]]:
    """Indices that can be paid, what they cost together, and a refusal for each that cannot (C-02)."""
    wanted: Sequence[int] = range(len(recipients.numbers))
    if recipients.refusals:
        wanted = [index for index in wanted if index not in recipients.refusals]
    if costs.of_all is not None and (together := costs.of_all * len(wanted)) <= credit:
        return wanted, together, _NO_REFUSALS
    paid: list[int] = []
    unpaid: dict[int, Refusal] = {}
    refusals: dict[tuple[Network, int], Refusal] = {}
    """By network, and by the number of recipients that were paid before."""
    spent = Decimal(0)
    for index in wanted:
        network = recipients.networks[index]
        cost = costs.of(network)
        if spent + cost <= credit:
            paid.append(index)
            spent += cost
            continue
        key = (network, len(paid))
        if key not in refusals:
            refusals[key] = Refusal(
                Reason.NO_CREDIT,
                Phrase("a credit of {cost}", cost=cost),
                Phrase("{credit} left", credit=credit - spent),
            )
        unpaid[index] = refusals[key]
    return paid, spent, unpaid


def _batch(
    checked: _CheckedDraft,
    accepted: Sequence[int],
    costs: _Costs,
    account: Account,
    rules: Rules,
    *,
    now: int,
    seed: int,
    first_id: int,
) -> Batch:
    draft, recipients = checked.draft, checked.recipients
    numbers, msisdns, ids = recipients.numbers, recipients.msisdns, recipients.client_ids
    networks = recipients.networks
    if len(accepted) != len(numbers):
        numbers = tuple([numbers[index] for index in accepted])
        msisdns = tuple([msisdns[index] for index in accepted])
        networks = [networks[index] for index in accepted]
        ids = None if ids is None else tuple([ids[index] for index in accepted])
    return Batch(
        user=account.user,
        first_id=first_id,
        title=checked.title,
        text=draft.text,
        segmentation=checked.segmentation,
        flash=draft.flash,
        destinations=numbers,
        msisdns=msisdns,
        client_ids=ids,
        costs=tuple(map(costs.of, networks)) if costs.of_all is None else costs.of_all,
        groups=_groups(checked, msisdns, account, rules, now=now, seed=seed, first_id=first_id),
        app_id=draft.app_id,
        push_url="" if draft.no_push else draft.push_url or account.push_url,
        recorded=draft.recorded,
    )


_UNKNOWN_TITLE = Outcome(Status.INVALID_SOURCE_ADDRESS)


def _groups(
    checked: _CheckedDraft,
    msisdns: tuple[str, ...],
    account: Account,
    rules: Rules,
    *,
    now: int,
    seed: int,
    first_id: int,
) -> tuple[RecipientGroup, ...]:
    """The accepted recipients by plan: one group in the common case, more with magic numbers or drawn outcomes."""
    draft, profile = checked.draft, account.profile
    certain = profile.certain if checked.known_title else _UNKNOWN_TITLE
    magic = checked.known_title and rules.magic_numbers and MAGIC_NETWORK in checked.recipients.distinct
    if certain is not None and not magic:
        common = plan(certain, submitted_at=now, delay=draft.delay, validity=draft.validity)
        return (RecipientGroup(common, range(len(msisdns))),)
    groups: dict[Plan, list[int]] = {}
    for index, msisdn in enumerate(msisdns):
        outcome = MAGIC.get(msisdn) if magic else None
        if outcome is None:
            outcome = certain or profile.draw(seed, first_id + index)
        recipient_plan = plan(outcome, submitted_at=now, delay=draft.delay, validity=draft.validity)
        groups.setdefault(recipient_plan, []).append(index)
    return tuple([RecipientGroup(shared_plan, tuple(indices)) for shared_plan, indices in groups.items()])


def _refunds(batch: Batch) -> list[Change]:
    """One refund for each instant at which messages will be NOT_ALLOWED (C-03)."""
    groups = batch.groups
    if len(groups) == 1 and groups[0].plan.status is not Status.NOT_ALLOWED:
        return []
    refunded: dict[int, list[int]] = {}
    for group in groups:
        if group.plan.status is Status.NOT_ALLOWED:
            refunded.setdefault(group.plan.done_at, []).extend(group.indices)
    return [
        RefundPlanned(
            batch.user,
            due,
            batch.cost_of_all(indices),
            batch.first_id,
            batch.title,
            len(indices),
            len(batch.segmentation.parts),
        )
        for due, indices in refunded.items()
    ]
