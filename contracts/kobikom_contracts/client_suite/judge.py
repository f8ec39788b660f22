"""Judges a client: runs the client suite's contracts against an adapter and returns the verdicts."""

from __future__ import annotations

import time
from collections.abc import Sequence

from kobikom_contracts.client_suite.adapter import Adapter, Client, adapter_of
from kobikom_contracts.client_suite.adapter_errors import Gone, Hung
from kobikom_contracts.client_suite.adapter_lines import JSON_LINES, LineFormat
from kobikom_contracts.client_suite.adapter_protocol import Able, Capabilities, Capability, Unintelligible
from kobikom_contracts.client_suite.clauses import CLIENT_CLAUSES, select_client
from kobikom_contracts.client_suite.contract import ClientSuiteContract
from kobikom_contracts.client_suite.contracts import client_contracts
from kobikom_contracts.client_suite.http_values import NOTHING
from kobikom_contracts.client_suite.scripted_server import ScriptedServer
from kobikom_contracts.client_suite.session import ClientSession
from kobikom_contracts.client_suite.silent_calls import silent_calls
from kobikom_contracts.client_suite.strategies import calls
from kobikom_contracts.core.ending import Deadline
from kobikom_contracts.core.profiles import Profile
from kobikom_contracts.core.runner import Watch, judging, profile_of, run_contracts, verdicts_of
from kobikom_contracts.core.verdicts import CannotRun, Run, printable
from kobikom_contracts.programs import CannotStart

PATIENCE = 10.0
SHORT_TIMEOUT = 0.5
SILENCE = 40.0
OPERATIONS = frozenset({Capability.SEND, Capability.REPORTS, Capability.TITLES, Capability.BALANCE})


def judge_client(
    client: Client,
    *,
    profile: Profile | str = "quick",
    seed: int = 0,
    only: Sequence[str] = (),
    strict: bool = False,
    patience: float = PATIENCE,
    short_timeout: float = SHORT_TIMEOUT,
    silence: float = SILENCE,
    lines: LineFormat = JSON_LINES,
    max_time: float | None = None,
    contracts: Sequence[ClientSuiteContract] | None = None,
    watch: Watch | None = None,
) -> Run:
    """Judge a client.

    ``client``: a command line, its words, a function from request to answer objects, or an
    :class:`Adapter`. ``only``: client clauses, or clauses of the protocol they follow from; all when
    empty. With ``strict`` clauses that rest on inference bind the client. ``patience``: seconds a call
    may take beyond the timeout it was given. ``short_timeout``: the timeout, in seconds, given where
    the server will not answer. ``silence``: seconds after which a call without a timeout that nobody answers has not
    given up. ``lines``: how calls and answers are written. ``max_time``: seconds after which the run ends with
    what it has found, none when None. ``contracts``: all when None. ``watch`` is called
    after each. Raises :class:`CannotRun` when the adapter cannot be started or does not name its capabilities; later on
    nothing ends the run.
    """
    started = time.monotonic()
    chosen = select_client(only) if only else tuple(CLIENT_CLAUSES)
    known = profile_of(profile)
    try:
        adapter = adapter_of(client, lines)
    except CannotStart as error:
        raise CannotRun(str(error)) from None
    with ScriptedServer(lambda _: NOTHING) as server, ScriptedServer(lambda _: NOTHING) as elsewhere:
        session: ClientSession | None = None
        try:
            session = ClientSession(
                adapter,
                server,
                elsewhere,
                capabilities=_capabilities(adapter, patience),
                profile=known,
                seed=seed,
                patience=patience,
                short_timeout=short_timeout,
            )
            every = client_contracts() if contracts is None else contracts
            session.deadline = Deadline(max_time)
            if "K-39" in chosen and Capability.TIMEOUT not in session.capabilities:
                session.silent_calls = silent_calls(calls(session.capabilities), adapter, silence)
            findings = run_contracts(judging(every, chosen), session, watch=watch)
        finally:
            adapter.close()
            for silent in session.silent_calls if session is not None else ():
                silent.end()
    return Run(
        target=adapter.name,
        seed=seed,
        profile=known.name,
        verdicts=verdicts_of(findings, CLIENT_CLAUSES, chosen, session, binding=strict),
        seconds=time.monotonic() - started,
        spent={"calls": session.calls, "requests": session.requests},
        ended=findings.ended,
    )


def _capabilities(adapter: Adapter, patience: float) -> frozenset[Capability]:
    try:
        answer = adapter.ask(Capabilities(), patience)
    except CannotStart as error:
        raise CannotRun(str(error)) from None
    except (Hung, Gone, Unintelligible) as error:
        raise CannotRun(f'the adapter does not answer {{"op": "capabilities"}}: {error}') from None
    if not isinstance(answer, Able) or not OPERATIONS & set(answer.capabilities):
        raise CannotRun(f"the adapter can do nothing that is judged: {printable(adapter.last[1])}")
    return frozenset(answer.capabilities)
