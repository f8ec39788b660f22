"""A judging proxy: an application's requests are forwarded to a server, and each of them is judged."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from kobikom_contracts.client_suite.forwarding import check_url, forward
from kobikom_contracts.client_suite.http_values import Received
from kobikom_contracts.client_suite.program_judge import wire_clauses
from kobikom_contracts.client_suite.scripted_server import ScriptedServer
from kobikom_contracts.client_suite.wire_contracts import requests_as_documented, texts_as_documented
from kobikom_contracts.client_suite.wire_session import WireSession
from kobikom_contracts.core.contract import Contract
from kobikom_contracts.core.profiles import PROFILES
from kobikom_contracts.core.runner import Watch, judging, run_contracts, verdicts_of
from kobikom_contracts.core.verdicts import CannotRun, Run

PROXY_CONTRACTS = (requests_as_documented, texts_as_documented)
PROXY_CLAUSES = tuple(sorted({clause for contract in PROXY_CONTRACTS for clause in contract.clauses}))
"""That a send is repeated unasked (K-22) does not show here: the application may have been asked to."""


class ProxySession(WireSession):
    """The requests that were forwarded; the first contract judges them all."""

    def __init__(self, forwarded: Sequence[Received]) -> None:
        super().__init__(profile=PROFILES["quick"], seed=0)
        self._forwarded = list(forwarded)

    def prepare(self, contract: Contract[Any]) -> None:
        """See the base class."""
        super().prepare(contract)
        forwarded, self._forwarded = self._forwarded, []
        self.judge(sorted(forwarded, key=lambda request: request.at))


def judge_forwarded(
    upstream: str,
    wait: Callable[[str], object],
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    only: Sequence[str] = (),
    strict: bool = False,
    watch: Watch | None = None,
) -> Run:
    """Forward requests to ``upstream`` until ``wait``, which is given the proxy's URL, returns; judge them.

    Raises :class:`CannotRun` when the proxy cannot listen.
    """
    check_url(upstream)
    clauses = wire_clauses(only, PROXY_CLAUSES)
    started = time.monotonic()
    try:
        with ScriptedServer(forward(upstream), host=host, port=port) as server:
            wait(server.url)
            forwarded = server.take()
            server.raise_error()
    except OSError as error:
        raise CannotRun(f"cannot listen on {host}:{port}: {error}") from None
    session = ProxySession(forwarded)
    findings = run_contracts(judging(PROXY_CONTRACTS, clauses), session, watch=watch)
    return Run(
        target=f"requests to {upstream}",
        seed=0,
        profile="quick",
        verdicts=verdicts_of(findings, clauses, clauses, session, binding=strict),
        seconds=time.monotonic() - started,
        spent={"requests": session.requests},
        ended=findings.ended,
    )
