"""Which recipients of a draft can be served: ids used twice, numbers, coverage (S-04 … S-08).

Accepting everything is the common case and costs a few passes in C; single refusals are kept by index.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import msgspec

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.magic import MAGIC, NETWORK
from kobikom_emulator.domain.messages import Draft
from kobikom_emulator.domain.numbering import TURKISH_PREFIXES, NotMobile, read_number
from kobikom_emulator.domain.reasons import Reason, Refusal
from kobikom_emulator.domain.rules import DuplicateId, EmptyNumber, Rules
from kobikom_emulator.phrases import Phrase


class Network(NamedTuple):
    """A mobile network: its name for prices, its country (ISO 3166) for coverage."""

    name: str
    country: str


NOWHERE = Network("", "")
"""The network of a recipient whose number is not a mobile number."""

MAGIC_NETWORK = Network(NETWORK, "TR")
_TURKISH: Mapping[str, Network] = {prefix: Network(name, "TR") for prefix, name in TURKISH_PREFIXES.items()}
_TURKEY = Network("", "TR")
"""Stands for any Turkish network where they are all alike to an account."""
_TURKISH_LENGTH = 12
_TURKISH_LINE = _TURKISH_LENGTH + 1


def _plain_turkish() -> re.Pattern[str]:
    """Numbers of assigned Turkish mobile ranges, each with a line end."""
    tens = groupby(sorted(TURKISH_PREFIXES), itemgetter(slice(4)))
    prefixes = "|".join([f"{four}[{''.join([prefix[4] for prefix in prefixes])}]" for four, prefixes in tens])
    return re.compile(f"(?:(?:{prefixes})[0-9]{{7}}\\n)+")


_PLAIN_TURKISH = _plain_turkish()

_SEPARATOR = re.compile(r"\s*[,;\n]\s*|\s+(?=\+?\d{10})")
"""What stands between the numbers of a list in one `<gsm>`."""
_DETAILED = 300
"""Different numbers of a message whose refusals quote them."""
_LOOKED_AT = 200
"""Characters of a `<gsm>` in which a list is looked for."""
_SHORTEST = 10
"""Digits of the shortest Turkish form."""


class CheckedRecipients(msgspec.Struct, frozen=True, gc=False):
    """The recipients of one draft that get a result: parallel columns, and the refusals by index.

    `distinct` are the networks that occur: collecting them from a thousand recipients takes longer than the checks.
    """

    numbers: tuple[str, ...]
    client_ids: tuple[str, ...] | None
    msisdns: tuple[str, ...]
    networks: Sequence[Network]
    distinct: Collection[Network]
    refusals: Mapping[int, Refusal]


def listed_recipients(draft: Draft, rules: Rules) -> tuple[tuple[str, ...], tuple[str, ...] | None]:
    """The numbers and client ids that get a result: empty numbers are skipped unless the rules refuse them (S-05)."""
    if "" not in draft.numbers or rules.empty_number is EmptyNumber.REFUSE:
        return draft.numbers, draft.client_ids
    kept = [index for index, number in enumerate(draft.numbers) if number]
    ids = None if draft.client_ids is None else tuple(draft.client_ids[index] for index in kept)
    return tuple(draft.numbers[index] for index in kept), ids


def check_recipients(
    numbers: tuple[str, ...],
    client_ids: tuple[str, ...] | None,
    *,
    account: Account,
    rules: Rules,
    seen: set[str],
    used: Collection[str],
    forced: Mapping[int, Refusal],
) -> CheckedRecipients:
    """Check each recipient in the order -33, -13, -3; `forced` refusals of fault rules come before all.

    `seen` collects the client ids of the request so far, `used` are those of the account's history.
    """
    networks: Sequence[Network]
    refusals: dict[int, Refusal] = {}
    distinct: Collection[Network]
    if _are_plain_turkish(numbers):
        msisdns = numbers
        if account.treats_alike(_TURKEY.country):
            networks, distinct = (_TURKEY,) * len(numbers), (_TURKEY,)
        else:
            networks = [_TURKISH[number[:5]] for number in numbers]
            distinct = set(networks)
            refused = {each: _not_covered(each, account) for each in distinct if not account.covers(*each)}
            if refused:
                refusals = {i: refused[network] for i, network in enumerate(networks) if network in refused}
    else:
        msisdns, networks, refusals = _one_by_one(numbers, account, rules)
        distinct = set(networks)
    if client_ids is not None:
        refusals |= _repeated(client_ids, rules, seen, used)
    if forced:
        refusals |= {index: refusal for index, refusal in forced.items() if index < len(numbers)}
    return CheckedRecipients(numbers, client_ids, msisdns, networks, distinct, refusals)


def _are_plain_turkish(numbers: tuple[str, ...]) -> bool:
    """Whether every number is twelve digits of an assigned Turkish mobile range."""
    lines = "\n".join(numbers) + "\n"
    # The length says that no number has a line end of its own.
    return len(lines) == _TURKISH_LINE * len(numbers) and _PLAIN_TURKISH.fullmatch(lines) is not None


def _one_by_one(
    numbers: tuple[str, ...], account: Account, rules: Rules
) -> tuple[tuple[str, ...], list[Network], dict[int, Refusal]]:
    msisdns: list[str] = []
    networks: list[Network] = []
    refusals: dict[int, Refusal] = {}
    known: dict[Network, Network] = {}
    uncovered: dict[Network, Refusal | None] = {}
    not_mobile = _NotMobileRefusals()
    for index, raw in enumerate(numbers):
        read = _read(raw, rules)
        if isinstance(read, NotMobile):
            msisdns.append("")
            networks.append(NOWHERE)
            refusals[index] = not_mobile.of(raw, read)
            continue
        msisdn, network = read
        network = known.setdefault(network, network)  # one object for all of its recipients
        msisdns.append(msisdn)
        networks.append(network)
        if network not in uncovered:
            covered = network is MAGIC_NETWORK or account.covers(*network)
            uncovered[network] = None if covered else _not_covered(network, account)
        refusal = uncovered[network]
        if refusal is not None:
            refusals[index] = refusal
    return tuple(msisdns), networks, refusals


def _read(raw: str, rules: Rules) -> tuple[str, Network] | NotMobile:
    """The MSISDN and network of a number as submitted."""
    if rules.magic_numbers and (magic := _magic(raw, lenient=rules.lenient_numbers)):
        return magic, MAGIC_NETWORK
    number = read_number(raw, lenient=rules.lenient_numbers)
    return number if isinstance(number, NotMobile) else (number.msisdn, Network(number.network, number.country))


class _NotMobileRefusals:
    """The refusals of numbers that are no mobile numbers. Equal numbers have one, and so have all of a reason after the
    first few hundred: nobody reads a hundred thousand, and each would have texts of its own (T-11).
    """

    def __init__(self) -> None:
        self._of_number: dict[str, Refusal] = {}
        self._of_reason: dict[Reason, Refusal] = {}

    def of(self, raw: str, number: NotMobile) -> Refusal:
        refusal = self._of_number.get(raw)
        if refusal is not None:
            return refusal
        if not raw:
            refusal = Refusal(Reason.EMPTY_RECIPIENT, Phrase("a number"), Phrase("an empty <gsm>"))
        else:
            reason = _reason(raw, number)
            if len(self._of_number) >= _DETAILED:
                if reason not in self._of_reason:
                    self._of_reason[reason] = Refusal(reason, Phrase("a mobile number"), number.why)
                return self._of_reason[reason]
            found = Phrase("{number}: {why}", number=repr(_short(raw)), why=number.why)
            refusal = Refusal(reason, Phrase("a mobile number"), found)
        self._of_number[raw] = refusal
        return refusal


def _reason(raw: str, number: NotMobile) -> Reason:
    if number.incomplete:
        return Reason.INCOMPLETE_NUMBER
    numbers = _SEPARATOR.split(raw[:_LOOKED_AT], 2)
    several = len(numbers) > 1 and all(
        len(each) >= _SHORTEST and each.removeprefix("+").isdigit() for each in numbers[:2]
    )
    return Reason.SEVERAL_NUMBERS if several else Reason.NOT_A_MOBILE


def _magic(raw: str, *, lenient: bool) -> str:
    """The magic MSISDN a number stands for, in any of the lenient forms (S-08); "" if it is not magic."""
    if raw in MAGIC:
        return raw
    if lenient and len(raw) <= _TURKISH_LENGTH + 2:
        for start in ("+90", "0090", "0", ""):
            if raw.startswith(start) and "90" + raw.removeprefix(start) in MAGIC:
                return "90" + raw.removeprefix(start)
    return ""


def _repeated(client_ids: tuple[str, ...], rules: Rules, seen: set[str], used: Collection[str]) -> dict[int, Refusal]:
    """Ids that were used before: in this request, or by the account ever where the rules say so (S-04)."""
    refusals: dict[int, Refusal] = {}
    repeated: dict[str, Refusal] = {}
    """By id: the same id may be there a hundred thousand times."""
    for index, client_id in enumerate(client_ids):
        if not client_id:
            continue
        if client_id in seen:
            if client_id not in repeated:
                expected = Phrase("an id not used before in the request")
                repeated[client_id] = Refusal(Reason.DUPLICATE_ID, expected, _short(client_id))
            refusals[index] = repeated[client_id]
        elif rules.duplicate_id is DuplicateId.ACCOUNT_HISTORY and client_id in used:
            refusals[index] = Refusal(Reason.USED_ID, Phrase("an id the account never used before"), _short(client_id))
        seen.add(client_id)
    return refusals


def _not_covered(network: Network, account: Account) -> Refusal:
    covered = ", ".join(sorted(account.coverage)) or Phrase("nothing")
    return Refusal(
        Reason.NOT_COVERED,
        Phrase("a network the account covers ({covered})", covered=covered),
        Phrase("{network} in {country}", network=network.name, country=network.country),
    )


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
