"""Judges a server: runs the server suite's contracts against a target and returns the verdicts.

Deterministic: contracts run in a fixed order and draws depend on the seed. Ids of the run's messages
also carry a random part, so that two runs with one seed can share an account.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from decimal import Decimal

from kobikom_contracts import documents
from kobikom_contracts.clauses import CLAUSES, select
from kobikom_contracts.control import Control, ControlError
from kobikom_contracts.core.ending import Deadline, RunEnded, uninterrupted
from kobikom_contracts.core.findings import Findings
from kobikom_contracts.core.profiles import Profile
from kobikom_contracts.core.runner import Watch, judging, profile_of, run_contracts, verdicts_of
from kobikom_contracts.core.verdicts import CannotRun, Run, Violation
from kobikom_contracts.http_client import HttpClient, Unreachable
from kobikom_contracts.http_connection import NoAnswer
from kobikom_contracts.server_suite.codes import LOGIN_REFUSALS
from kobikom_contracts.server_suite.contract import ServerSuiteContract
from kobikom_contracts.server_suite.contracts import server_contracts
from kobikom_contracts.server_suite.plan import steps
from kobikom_contracts.server_suite.session import ServerSession
from kobikom_contracts.server_suite.target import Target
from kobikom_contracts.traffic import Pace, Traffic
from kobikom_contracts.transcript import Transcript


def judge_server(
    target: Target,
    *,
    profile: Profile | str = "quick",
    seed: int = 0,
    only: Sequence[str] = (),
    contracts: Sequence[ServerSuiteContract] | None = None,
    nonce: str | None = None,
    wait: Callable[[float], None] = time.sleep,
    watch: Watch | None = None,
    max_time: float | None = None,
    pace: float | None = None,
    now: Callable[[], float] = time.monotonic,
) -> Run:
    """Judge a server.

    ``only``: clause ids or areas, all when empty. ``contracts``: all when None. ``nonce`` makes message
    ids unique between runs (random when None). ``wait`` is called to let real seconds pass, ``watch``
    after each contract. ``max_time``: the seconds after which the run ends with what it has found (the
    profile's when None); ``pace``: the most requests a second; ``now``: the clock of both. Raises
    :class:`CannotRun` when the target is unreachable or refuses the login at the start; later on every run
    has a result, and ``Run.ended`` says why it ended early.
    """
    started = time.monotonic()
    chosen = select(only) if only else tuple(CLAUSES)
    known = profile_of(profile)
    deadline = Deadline(known.seconds if max_time is None else max_time, now=now)
    traffic = Traffic(deadline=deadline, pace=Pace(pace, wait=wait, now=now), now=now)
    http_client = HttpClient(target.url, Transcript(), target.timeout, traffic, target.tls)
    session = ServerSession(target, http_client, profile=known, seed=seed, prefix=_prefix(seed, nonce), wait=wait)
    session.deadline = deadline
    if target.control is not None:
        target.control.transcript = http_client.transcript
    findings = Findings()
    try:
        _log_in(session)
        with suppress(ControlError):
            session.start_clock()
        with _restored(session):
            every = server_contracts() if contracts is None else contracts
            planned = [step.contract for step in steps(judging(every, chosen), target)]
            findings = run_contracts(planned, session, watch=watch)
    except RunEnded as ended:  # before the first contract
        findings.ended = str(ended)
    return Run(
        target=target.url,
        seed=seed,
        profile=known.name,
        verdicts=verdicts_of(findings, CLAUSES, chosen, session, binding=target.bound_by_every_statement),
        seconds=time.monotonic() - started,
        spent={
            "messages": session.spending.messages,
            "parts": session.spending.parts,
            "requests": traffic.requests,
            "wrong logins": session.wrong_logins,
        },
        disturbances=tuple(session.disturbances.values()),
        ended=findings.ended,
    )


def _prefix(seed: int, nonce: str | None) -> str:
    salt = secrets.token_hex(8) if nonce is None else nonce
    return "kc" + hashlib.sha256(f"{seed}:{salt}".encode()).hexdigest()[:8]


def _log_in(session: ServerSession) -> None:
    """See that the target listens and takes the logins, with queries that cost nothing."""
    target = session.target
    logins = [(target.user, target.password)]
    if target.second is not None:
        # An account that does not exist is given no reports either: R-05 would hold without proof.
        logins.append(target.second)
    for user, password in logins:
        try:
            http = session.post(documents.query("bakiye", user, password))
        except Unreachable as error:
            raise CannotRun(str(error)) from None
        except Violation:
            return  # it listens, but does not answer HTTP: the contracts will say so
        statuses = session.answer(http).statuses
        if statuses and set(statuses) <= LOGIN_REFUSALS:
            raise CannotRun(f"{target.url} refuses the login of {user!r} ({statuses[0]})")


@contextmanager
def _restored(session: ServerSession) -> Iterator[None]:
    """Put clock, credit and accounts of a target with a control API back when the run is over."""
    control = session.target.control
    if control is None:
        yield
        return
    credit, clock = _credit(session), _clock(control)
    began = time.monotonic()
    try:
        with suppress(NoAnswer, Unreachable, ControlError):
            session.learn_amounts()
        yield
    finally:
        now = None if clock is None else clock + timedelta(seconds=time.monotonic() - began)
        with uninterrupted(), suppress(ControlError):
            control.restore(session.user, credit, now=now)


def _credit(session: ServerSession) -> Decimal | None:
    control = session.target.control
    try:
        known = control.credit(session.user) if control is not None else None
        return session.balance() if known is None else known
    except (Violation, NoAnswer, Unreachable, ControlError):
        return None


def _clock(control: Control) -> datetime | None:
    try:
        return control.now()
    except ControlError:
        return None
