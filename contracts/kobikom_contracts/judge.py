"""Law: runs contracts against a target and turns what happened into verdicts. Prints nothing.

Deterministic: contracts run in a fixed order, draws depend on the seed. Ids of the run's
messages also carry a nonce, so that two runs with one seed can share an account.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from kobikom_contracts import documents, reader
from kobikom_contracts.clauses import CLAUSES, select
from kobikom_contracts.contract import Contract
from kobikom_contracts.control import ControlError
from kobikom_contracts.lab import Lab
from kobikom_contracts.profiles import PROFILES, Profile
from kobikom_contracts.target import Target
from kobikom_contracts.verdicts import NotCheckable, Outcome, Run, Verdict, Violation
from kobikom_contracts.wire import Transcript, Unreachable, Wire

NOBODY = "no contract judges this clause"


class CannotRun(Exception):
    """The run can't even start (unreachable, bad login, bad option); one clear line."""


@dataclass(frozen=True, slots=True)
class Event:
    """One contract done: for a live display."""

    contract: Contract
    index: int
    total: int
    outcome: Outcome
    detail: str


@dataclass(slots=True)
class _File:
    """What came out for one clause while contracts run."""

    ran: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    violations: list[tuple[str, Violation]] = field(default_factory=list)
    examples: int = 0


def judge_server(
    target: Target,
    *,
    profile: Profile | str = "quick",
    seed: int = 0,
    only: Sequence[str] = (),
    contracts: Sequence[Contract] | None = None,
    nonce: str | None = None,
    wait: Callable[[float], None] = time.sleep,
    watch: Callable[[Event], None] | None = None,
) -> Run:
    """Judge a server.

    ``only``: clause ids or areas, all when empty. ``nonce`` makes message ids unique between runs
    (random when None). ``wait`` is how to let real time pass. ``watch`` is told of each contract.
    Raises :class:`CannotRun` when the target is unreachable or refuses the login.
    """
    from kobikom_contracts.suites import contracts as every

    chosen = select(only) if only else tuple(CLAUSES)
    known = PROFILES[profile] if isinstance(profile, str) else profile
    todo = [c for c in (every() if contracts is None else contracts) if set(c.clauses) & set(chosen)]
    wire = Wire(target.url, Transcript(), target.timeout)
    lab = Lab(target, wire, profile=known, seed=seed, prefix=_prefix(seed, nonce), wait=wait)
    if target.control is not None:
        target.control.transcript = wire.transcript
    _greet(lab)
    started = time.monotonic()
    files: dict[str, _File] = defaultdict(_File)
    with _tidied(lab):
        for index, one in enumerate(todo, 1):
            outcome, detail = _run(lab, one, files)
            if watch is not None:
                watch(Event(one, index, len(todo), outcome, detail))
    listed = [i for i in CLAUSES if i in chosen or files[i].violations]
    return Run(
        target=target.url,
        seed=seed,
        profile=known.name,
        verdicts=tuple(_verdict(ident, files[ident], lab) for ident in listed),
        seconds=time.monotonic() - started,
        spent={"messages": lab.spending.messages, "parts": lab.spending.parts},
    )


@contextmanager
def _tidied(lab: Lab) -> Iterator[None]:
    """Put clock, credit and accounts of a controlled target back when the run is over."""
    control = lab.target.control
    if control is None:
        yield
        return
    amount = reader.element(lab.ask_balance().text, "miktar")
    began, before = time.monotonic(), control.now()
    try:
        yield
    finally:
        spent = timedelta(seconds=time.monotonic() - began)
        with suppress(ControlError, ArithmeticError):
            credit = Decimal((amount or "").strip())
            control.tidy(lab.user, credit, now=None if before is None else before + spent)


def _prefix(seed: int, nonce: str | None) -> str:
    salt = secrets.token_hex(8) if nonce is None else nonce
    return "kc" + hashlib.sha256(f"{seed}:{salt}".encode()).hexdigest()[:8]


def _greet(lab: Lab) -> None:
    """See that the target answers and takes the login, with a query that costs nothing."""
    try:
        http = lab.ask_balance()
    except Unreachable as error:
        raise CannotRun(str(error)) from None
    except Violation:
        return  # it listens, but answers no HTTP: the contracts will say so
    refusal = lab.answer(http).statuses
    if refusal and set(refusal) <= {"-5", "-10", "-11"}:
        raise CannotRun(f"{lab.target.url} refuses the login of {lab.user!r} ({refusal[0]})")
    if lab.target.second is not None:
        # A login that nobody has is shown no reports either: R-05 would hold for nothing.
        refusal = lab.answer(lab.post(documents.query("bakiye", *lab.target.second))).statuses
        if refusal and set(refusal) <= {"-5", "-10", "-11"}:
            raise CannotRun(f"{lab.target.url} refuses the login of {lab.target.second[0]!r} ({refusal[0]})")


def _run(lab: Lab, one: Contract, files: dict[str, _File]) -> tuple[Outcome, str]:
    lab.begin(one.name)
    try:
        lab.target.offer(one.needs)
        if one.credit:
            lab.refill(one.credit)
        one(lab)
    except NotCheckable as reason:
        for ident in one.clauses:
            files[ident].reasons.append(str(reason))
        return Outcome.NOT_CHECKABLE, str(reason)
    except Violation as violation:
        violation.exchanges = violation.exchanges or tuple(lab.wire.transcript.exchanges)
        blamed = violation.clause or one.clause
        files[blamed].violations.append((one.name, violation))
        files[blamed].ran.append(one.name)
        files[blamed].examples += max(lab.examples, 1)
        return Outcome.VIOLATED, f"{blamed}: {violation}"
    except (Unreachable, ControlError) as error:
        raise CannotRun(f"the target went away during {one.name}: {error}") from None
    for ident in one.clauses:
        files[ident].ran.append(one.name)
        files[ident].examples += max(lab.examples, 1)
    return Outcome.HELD, ""


def _verdict(ident: str, file: _File, lab: Lab) -> Verdict:
    clause = CLAUSES[ident]
    followed = [f"{r.name}={lab.followed[r.name]}" for r in clause.readings if r.name in lab.followed]
    reading = ", ".join(followed) or None
    ran = tuple(file.ran)
    if not file.violations:
        if ran:
            detail = "; ".join(dict.fromkeys(f"in part: {one}" for one in file.reasons))
            return Verdict(clause, Outcome.HELD, ran, file.examples, reading, detail)
        reason = "; ".join(dict.fromkeys(file.reasons)) or NOBODY
        return Verdict(clause, Outcome.NOT_CHECKABLE, (), 0, reading, reason)
    name, violation = file.violations[0]
    soft = clause.inferred_only and not lab.target.ours
    also = [f"also {other}: {v}" for other, v in file.violations[1:]]
    flaky = ["not every time: the same request was also answered rightly"] if violation.flaky else []
    return Verdict(
        clause,
        Outcome.DIFFERS if soft else Outcome.VIOLATED,
        ran,
        file.examples,
        reading,
        "; ".join([f"contract {name}", *flaky, *also]),
        violation.expected,
        violation.found,
        violation.counterexample,
        violation.exchanges,
    )
