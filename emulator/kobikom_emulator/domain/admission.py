"""What becomes of a send: judged as a whole, then recipient by recipient, priced, and turned into changes.

One pure function, `admit`. Nothing here reads a clock, rolls dice or touches a store.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

import msgspec

from kobikom_emulator.domain.account import Account, is_numeric
from kobikom_emulator.domain.changes import Accepted, Change, Charged, Refunded
from kobikom_emulator.domain.delivery import Outcome, Plan, Status, plan
from kobikom_emulator.domain.magic import MAGIC
from kobikom_emulator.domain.messages import Batch, Draft, RecipientGroup
from kobikom_emulator.domain.reasons import Observation, Reason, Refusal, Remark
from kobikom_emulator.domain.recipients import MAGIC_NETWORK, Judged, Network, judge, present
from kobikom_emulator.domain.rules import (
    LONGEST_ALPHANUMERIC_TITLE,
    LONGEST_NUMERIC_TITLE,
    TURKISH_LANGUAGES,
    UNICODE_CODINGS,
    DuplicateId,
    Rules,
    ShortCredit,
    UnknownTitle,
)
from kobikom_emulator.domain.segments import Segmentation, TooLong, segment_binary, segment_text

_NOTHING: Mapping[int, Refusal] = {}


class RefusedSend(msgspec.Struct, frozen=True, gc=False):
    """The whole request is refused; `draft` is the index of the message at fault, `field` what in it.

    `every_recipient`: the rules give each recipient the refusal, whatever the shape of refusals (S-04, C-02).
    """

    refusal: Refusal
    draft: int = 0
    field: str = ""
    every_recipient: bool = False


class Verdict(msgspec.Struct, frozen=True, gc=False):
    """One draft after admission: who gets a result, who was refused, and the batch of the rest (None if nobody is
    left).
    """

    numbers: tuple[str, ...]
    client_ids: tuple[str, ...] | None
    refusals: Mapping[int, Refusal]
    batch: Batch | None
    observations: tuple[Observation, ...] = ()


class Admission(msgspec.Struct, frozen=True, gc=False):
    """The request was accepted, if not by every recipient."""

    verdicts: tuple[Verdict, ...]
    changes: tuple[Change, ...]
    ids_taken: int


class _Prepared(msgspec.Struct, frozen=True, gc=False):
    """A draft that passed everything that is judged for the request as a whole."""

    draft: Draft
    title: str
    known_title: bool
    segmentation: Segmentation
    judged: Judged
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
    """Judge the drafts of one request.

    `credit` is what can be spent at `now` (ms); `first_id` the first generated id that is free; `used_ids` the client
    ids of the account's history, asked for only where the rules need them; `forced` the refusals of fault rules, by
    draft and recipient. Clauses S-01 … S-22, C-01 … C-04.
    """
    counts = [len(draft.numbers) for draft in drafts]
    if sum(counts) > rules.max_recipients:
        return RefusedSend(
            Refusal(Reason.TOO_MANY_RECIPIENTS, f"at most {rules.max_recipients} recipients", str(sum(counts))),
            field="recipients",
        )
    prepared: list[_Prepared] = []
    seen: set[str] = set()
    for index, draft in enumerate(drafts):
        made = _prepare(draft, account, rules, seen, used_ids, forced[index] if index < len(forced) else _NOTHING)
        if isinstance(made, RefusedSend):
            return RefusedSend(made.refusal, index, made.field)
        prepared.append(made)
    if not any(any(made.judged.numbers) for made in prepared):
        return RefusedSend(Refusal(Reason.NO_RECIPIENT, "at least one recipient", "none"), field="recipients")
    if rules.duplicate_id is DuplicateId.WHOLE_REQUEST:
        for index, made in enumerate(prepared):
            for refusal in made.judged.refusals.values():
                if refusal.reason is Reason.DUPLICATE_ID:
                    return RefusedSend(refusal, index, "recipients", every_recipient=True)
    return _charge(prepared, account=account, credit=credit, rules=rules, now=now, seed=seed, first_id=first_id)


def _prepare(
    draft: Draft,
    account: Account,
    rules: Rules,
    seen: set[str],
    used_ids: Collection[str],
    forced: Mapping[int, Refusal],
) -> _Prepared | RefusedSend:
    title = _title(draft, account, rules)
    if isinstance(title, RefusedSend):
        return title
    name, known = title
    segmentation = _segments(draft, rules)
    if isinstance(segmentation, TooLong):
        expected = f"at most {segmentation.capacity} ({segmentation.alphabet}) without longSMS"
        field = "binary" if draft.octets is not None else "text"
        return RefusedSend(Refusal(Reason.TEXT_TOO_LONG, expected, str(segmentation.units)), field=field)
    numbers, ids = present(draft, rules)
    judged = judge(numbers, ids, account=account, rules=rules, seen=seen, used=used_ids, forced=forced)
    return _Prepared(draft, name, known, segmentation, judged, _observations(draft, segmentation, name, known))


def _title(draft: Draft, account: Account, rules: Rules) -> tuple[str, bool] | RefusedSend:
    """The title a draft goes out under, and whether it is the account's (S-09)."""
    if not draft.title:
        if account.titles:
            return account.titles[0], True
        return RefusedSend(Refusal(Reason.TITLE_UNKNOWN, "a title", "none, and the account has none"), field="title")
    if draft.title in account.titles:
        return draft.title, True
    numeric = is_numeric(draft.title)
    limit = LONGEST_NUMERIC_TITLE if numeric else LONGEST_ALPHANUMERIC_TITLE
    if len(draft.title) > limit:
        kind = "numeric" if numeric else "alphanumeric"
        found = f"{len(draft.title)}: {draft.title[:20]!r}"
        return RefusedSend(Refusal(Reason.TITLE_TOO_LONG, f"an {kind} title of at most {limit}", found), field="title")
    if rules.unknown_title is UnknownTitle.ACCEPT:
        return draft.title, False
    expected = f"one of the account's titles ({', '.join(account.titles) or 'none'})"
    return RefusedSend(Refusal(Reason.TITLE_UNKNOWN, expected, repr(draft.title)), field="title")


def _segments(draft: Draft, rules: Rules) -> Segmentation | TooLong:
    if draft.octets is not None:
        return segment_binary(draft.octets, concatenate=draft.concatenate, long_text=rules.long_text)
    return segment_text(
        draft.text,
        ucs2=draft.coding in UNICODE_CODINGS,
        turkish=draft.language in TURKISH_LANGUAGES,
        concatenate=draft.concatenate,
        long_text=rules.long_text,
        unencodable=rules.unencodable,
    )


def _observations(draft: Draft, segmentation: Segmentation, title: str, known: bool) -> tuple[Observation, ...]:
    found: list[Observation] = []
    if segmentation.lost:
        found.append(Observation(Remark.TEXT_CUT, f"{len(segmentation.lost)} lost: {segmentation.lost[:40]!r}"))
    if segmentation.replaced:
        found.append(Observation(Remark.CHARACTERS_REPLACED, repr(segmentation.replaced[:40])))
    if segmentation.because and segmentation.alphabet == "ucs2":
        found.append(Observation(Remark.FORCED_UNICODE, repr(segmentation.because)))
    if draft.octets is None and not draft.text:
        found.append(Observation(Remark.EMPTY_TEXT, "an empty text"))
    if not known:
        found.append(Observation(Remark.TITLE_UNKNOWN, repr(title)))
    return tuple(found)


def _charge(
    prepared: Sequence[_Prepared],
    *,
    account: Account,
    credit: Decimal,
    rules: Rules,
    now: int,
    seed: int,
    first_id: int,
) -> Admission | RefusedSend:
    """Take the money in document order and write down the future of what was paid (C-01 … C-04)."""
    left = credit
    verdicts: list[Verdict] = []
    changes: list[Change] = []
    next_id = first_id
    for index, made in enumerate(prepared):
        parts = len(made.segmentation.parts)
        costs = {network: account.price_of(*network) * parts for network in made.judged.distinct}
        refusals = made.judged.refusals
        accepted, spent, unpaid = _payable(made.judged, costs, left)
        if unpaid:
            if rules.short_credit is ShortCredit.WHOLE_REQUEST:
                return RefusedSend(next(iter(unpaid.values())), index, "recipients", every_recipient=True)
            refusals = {**refusals, **unpaid}
        batch = None
        if accepted:
            left -= spent
            batch = _batch(made, accepted, costs, account, rules, now=now, seed=seed, first_id=next_id)
            next_id += len(accepted)
            changes.append(Accepted(batch))
            changes += _refunds(batch)
        verdicts.append(Verdict(made.judged.numbers, made.judged.client_ids, refusals, batch, made.observations))
    if left != credit:
        changes.insert(0, Charged(account.user, credit - left))
    return Admission(tuple(verdicts), tuple(changes), next_id - first_id)


def _payable(
    judged: Judged, costs: Mapping[Network, Decimal], credit: Decimal
) -> tuple[Sequence[int], Decimal, Mapping[int, Refusal]]:
    """Indices that can be paid, what they cost together, and a refusal for each that cannot (C-02)."""
    wanted: Sequence[int] = range(len(judged.numbers))
    if judged.refusals:
        wanted = [index for index in wanted if index not in judged.refusals]
    cost = _only(costs)
    if cost is not None and cost * len(wanted) <= credit:
        return wanted, cost * len(wanted), _NOTHING
    paid: list[int] = []
    unpaid: dict[int, Refusal] = {}
    spent = Decimal(0)
    for index in wanted:
        cost = costs[judged.networks[index]]
        if spent + cost <= credit:
            paid.append(index)
            spent += cost
        else:
            unpaid[index] = Refusal(Reason.NO_CREDIT, f"a credit of {cost}", f"{credit - spent} left")
    return paid, spent, unpaid


def _only(costs: Mapping[Network, Decimal]) -> Decimal | None:
    """The cost of every recipient, None where they differ. Compared rather than hashed: hashing a Decimal is slow."""
    amounts = list(costs.values())
    return amounts[0] if amounts and amounts.count(amounts[0]) == len(amounts) else None


def _batch(
    made: _Prepared,
    accepted: Sequence[int],
    costs: Mapping[Network, Decimal],
    account: Account,
    rules: Rules,
    *,
    now: int,
    seed: int,
    first_id: int,
) -> Batch:
    draft, judged = made.draft, made.judged
    numbers, msisdns, ids = judged.numbers, judged.msisdns, judged.client_ids
    networks = judged.networks
    if len(accepted) != len(numbers):
        numbers = tuple([numbers[index] for index in accepted])
        msisdns = tuple([msisdns[index] for index in accepted])
        networks = [networks[index] for index in accepted]
        ids = None if ids is None else tuple([ids[index] for index in accepted])
    cost = _only(costs)
    return Batch(
        user=account.user,
        first_id=first_id,
        title=made.title,
        text=draft.text,
        segmentation=made.segmentation,
        flash=draft.flash,
        destinations=numbers,
        msisdns=msisdns,
        client_ids=ids,
        costs=tuple([costs[network] for network in networks]) if cost is None else cost,
        groups=_lots(made, msisdns, account, rules, now=now, seed=seed, first_id=first_id),
        app_id=draft.app_id,
        push_url="" if draft.no_push else draft.push_url or account.push_url,
        recorded=draft.recorded,
    )


_UNKNOWN_TITLE = Outcome(Status.INVALID_SOURCE_ADDRESS)


def _lots(
    made: _Prepared,
    msisdns: tuple[str, ...],
    account: Account,
    rules: Rules,
    *,
    now: int,
    seed: int,
    first_id: int,
) -> tuple[RecipientGroup, ...]:
    """Group the accepted recipients by their plan: one lot in the common case, magic numbers and drawn outcomes
    apart.
    """
    draft, profile = made.draft, account.profile
    certain = profile.certain if made.known_title else _UNKNOWN_TITLE
    magic = made.known_title and rules.magic_numbers and MAGIC_NETWORK in made.judged.distinct
    if certain is not None and not magic:
        every = plan(certain, submitted_at=now, delay=draft.delay, validity=draft.validity)
        return (RecipientGroup(every, range(len(msisdns))),)
    groups: dict[Plan, list[int]] = {}
    for index, msisdn in enumerate(msisdns):
        outcome = MAGIC.get(msisdn) if magic else None
        if outcome is None:
            outcome = certain or profile.draw(seed, first_id + index)
        own = plan(outcome, submitted_at=now, delay=draft.delay, validity=draft.validity)
        groups.setdefault(own, []).append(index)
    return tuple(RecipientGroup(each, tuple(indices)) for each, indices in groups.items())


def _refunds(batch: Batch) -> list[Change]:
    """The charge of messages that will be NOT_ALLOWED comes back when they are final (C-03)."""
    return [
        Refunded(batch.user, lot.plan.done_at, sum((batch.cost_of(index) for index in lot.indices), Decimal(0)))
        for lot in batch.groups
        if lot.plan.status is Status.NOT_ALLOWED
    ]
