"""Judges a program without an adapter: runs it against the judge's server, and judges what it writes."""

from __future__ import annotations

import shlex
import shutil
import time
from collections.abc import Mapping, Sequence

from kobikom_contracts.client_suite.clauses import CLIENT_CLAUSES, ClientClause, select_client
from kobikom_contracts.client_suite.forwarding import check_url
from kobikom_contracts.client_suite.http_values import NOTHING
from kobikom_contracts.client_suite.judge import PATIENCE, SILENCE
from kobikom_contracts.client_suite.program_contracts import PROGRAM_CLAUSES, PROGRAM_CONTRACTS
from kobikom_contracts.client_suite.program_session import ProgramSession
from kobikom_contracts.client_suite.scripted_server import ScriptedServer
from kobikom_contracts.core.ending import Deadline
from kobikom_contracts.core.profiles import Profile
from kobikom_contracts.core.runner import Watch, judging, profile_of, run_contracts, verdicts_of
from kobikom_contracts.core.verdicts import CannotRun, Run


def judge_program(
    program: str | Sequence[str],
    *,
    names: Sequence[str] = (),
    upstream: str | None = None,
    profile: Profile | str = "quick",
    seed: int = 0,
    only: Sequence[str] = (),
    strict: bool = False,
    patience: float = PATIENCE,
    silence: float = SILENCE,
    max_time: float | None = None,
    watch: Watch | None = None,
) -> Run:
    """Judge any program that sends messages to the address in ``KOBIKOM_URL``, by what it writes.

    ``program``: a command line, or its words; it is run several times. ``names``: further environment variables for
    the address. ``upstream``: a server that gives the correct answers, such as an emulator. ``patience``: seconds that
    a run may take beyond three times those of a run that is answered well. ``silence``: seconds after which a program
    whose send is not answered has not given up. ``max_time``: seconds after which the judgement ends with what it has
    found. Raises :class:`CannotRun` for an option that cannot be used, and
    when the program cannot be started.
    """
    started = time.monotonic()
    clauses = wire_clauses(only, PROGRAM_CLAUSES)
    known = profile_of(profile)
    words = _words(program)
    if upstream is not None:
        check_url(upstream)
    with ScriptedServer(lambda _: NOTHING) as server, ScriptedServer(lambda _: NOTHING) as elsewhere:
        session = ProgramSession(
            words,
            server,
            elsewhere,
            names=names,
            upstream=upstream,
            profile=known,
            seed=seed,
            patience=patience,
            silence=silence,
        )
        session.deadline = Deadline(max_time)
        findings = run_contracts(judging(PROGRAM_CONTRACTS, clauses), session, watch=watch)
    return Run(
        target=shlex.join(words),
        seed=seed,
        profile=known.name,
        verdicts=verdicts_of(findings, clauses, clauses, session, binding=strict),
        seconds=time.monotonic() - started,
        spent={"runs": session.runs, "requests": session.requests},
        disturbances=tuple(session.disturbances.values()),
        ended=findings.ended,
    )


def wire_clauses(only: Sequence[str], judged: Sequence[str]) -> Mapping[str, ClientClause]:
    """Those of the clauses that show on the wire which were chosen; all of them when none was."""
    chosen = [ident for ident in (select_client(only) if only else CLIENT_CLAUSES) if ident in judged]
    if not chosen:
        raise CannotRun(f"without an adapter only {', '.join(judged)} can be judged")
    return {ident: CLIENT_CLAUSES[ident] for ident in chosen}


def _words(program: str | Sequence[str]) -> list[str]:
    try:
        words = shlex.split(program) if isinstance(program, str) else list(program)
    except ValueError as error:
        raise CannotRun(f"the command can't be split into words: {error}") from None
    if not words:
        raise CannotRun("the command is empty")
    if shutil.which(words[0]) is None:
        raise CannotRun(f"no program {words[0]!r} to run")
    return words
