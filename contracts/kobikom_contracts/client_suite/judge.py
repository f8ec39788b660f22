"""Law: runs the rules against a client and turns what happened into verdicts. Prints nothing."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from kobikom_contracts.client_suite.adapter import Adapter, CannotStart, Function, Gone, Hung, adapt
from kobikom_contracts.client_suite.clauses import CLIENT_CLAUSES, select_client
from kobikom_contracts.client_suite.session import ClientSession
from kobikom_contracts.client_suite.adapter_protocol import Able, Capabilities, Capability, Unintelligible
from kobikom_contracts.client_suite.contract import Rule
from kobikom_contracts.client_suite.scripted_server import NOTHING, ScriptedServer
from kobikom_contracts.server_suite.judge import CannotRun, Event
from kobikom_contracts.core.profiles import PROFILES, Profile
from kobikom_contracts.core.verdicts import NotCheckable, Outcome, Run, Verdict, Violation

PATIENCE = 10.0
BRIEF = 0.5


@dataclass(slots=True)
class _File:
    """What came out for one clause while rules run."""

    ran: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    violations: list[tuple[str, Violation]] = field(default_factory=list)
    examples: int = 0


def judge_client(
    client: str | Sequence[str] | Function,
    *,
    profile: Profile | str = "quick",
    seed: int = 0,
    only: Sequence[str] = (),
    strict: bool = False,
    patience: float = PATIENCE,
    brief: float = BRIEF,
    rules: Sequence[Rule] | None = None,
    watch: Callable[[Event], Any] | None = None,
) -> Run:
    """Judge a client: a command line, its words, or a function from request to answer objects.

    ``only``: client clauses, or clauses of the protocol they follow from; all when empty. With
    ``strict`` clauses that rest on inference are violated where they would else ``differ``.
    ``patience`` is the seconds a call may take beyond the timeout it was told, ``brief`` the
    timeout told where the server will not answer. Raises :class:`CannotRun` when the adapter can't
    be started or doesn't say what it can do.
    """
    from kobikom_contracts.client_suite.contracts import rules as every

    chosen = select_client(only) if only else tuple(CLIENT_CLAUSES)
    known = PROFILES[profile] if isinstance(profile, str) else profile
    todo = [r for r in (every() if rules is None else rules) if set(r.clauses) & set(chosen)]
    started = time.monotonic()
    files: dict[str, _File] = defaultdict(_File)
    try:
        adapter = adapt(client)
        with ScriptedServer(lambda _: NOTHING) as server:
            try:
                able = _greet(adapter, patience)
                session = ClientSession(
                    adapter,
                    server,
                    able=able,
                    profile=known,
                    seed=seed,
                    patience=patience,
                    brief=brief,
                )
                for index, one in enumerate(todo, 1):
                    outcome, detail = _run(session, one, files)
                    if watch is not None:
                        watch(Event(one.contract, index, len(todo), outcome, detail))
            finally:
                adapter.close()
    except CannotStart as error:
        raise CannotRun(str(error)) from None
    listed = [ident for ident in CLIENT_CLAUSES if ident in chosen or files[ident].violations]
    return Run(
        target=adapter.name,
        seed=seed,
        profile=known.name,
        verdicts=tuple(_verdict(i, files[i], session.findings.get(i), strict=strict) for i in listed),
        seconds=time.monotonic() - started,
        spent={"calls": session.calls, "requests": session.requests},
    )


def _greet(adapter: Adapter, patience: float) -> frozenset[Capability]:
    try:
        answer = adapter.ask(Capabilities(), patience)
    except (Hung, Gone, Unintelligible) as error:
        raise CannotRun(f'the adapter does not answer {{"op": "capabilities"}}: {error}') from None
    verbs = {Capability.SEND, Capability.REPORTS, Capability.TITLES, Capability.BALANCE}
    if not isinstance(answer, Able) or not verbs & set(answer.capabilities):
        raise CannotRun(f"the adapter can do nothing that is judged: {adapter.last[1]}")
    return frozenset(answer.capabilities)


def _run(session: ClientSession, one: Rule, files: dict[str, _File]) -> tuple[Outcome, str]:
    try:
        session.begin(one.name, one.clause)
        session.offer(one.needs)
        one(session)
    except NotCheckable as reason:
        for ident in one.clauses:
            files[ident].reasons.append(str(reason))
        return Outcome.NOT_CHECKABLE, str(reason)
    except Violation as violation:
        blamed = violation.clause or one.clause
        files[blamed].violations.append((one.name, session.evidence(violation)))
        files[blamed].ran.append(one.name)
        files[blamed].examples += max(session.examples, 1)
        for ident in set(one.clauses) - {blamed}:
            files[ident].reasons.append(f"{one.name} was stopped by {blamed}")
        return Outcome.VIOLATED, f"{blamed}: {violation}"
    for ident in one.clauses:
        files[ident].ran.append(one.name)
        files[ident].examples += max(session.examples, 1)
    return Outcome.HELD, ""


def _verdict(ident: str, file: _File, finding: str | None, *, strict: bool) -> Verdict:
    clause = CLIENT_CLAUSES[ident]
    ran = tuple(file.ran)
    if not file.violations:
        if ran:
            detail = "; ".join(dict.fromkeys(f"in part: {one}" for one in file.reasons))
            return Verdict(clause, Outcome.HELD, ran, file.examples, finding, detail)
        reason = "; ".join(dict.fromkeys(file.reasons)) or "no rule judges this clause"
        return Verdict(clause, Outcome.NOT_CHECKABLE, (), 0, finding, reason)
    name, violation = file.violations[0]
    also = [f"also {other}: {v}" for other, v in file.violations[1:]]
    flaky = ["not every time: the same call was also handled rightly"] if violation.flaky else []
    return Verdict(
        clause,
        Outcome.DIFFERS if clause.inferred_only and not strict else Outcome.VIOLATED,
        ran,
        file.examples,
        finding,
        "; ".join([f"rule {name}", *flaky, *also]),
        violation.expected,
        violation.found,
        violation.counterexample,
        violation.exchanges,
    )
