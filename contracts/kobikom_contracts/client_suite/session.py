"""A session with the client under test: all that a contract of the client suite works with."""

from __future__ import annotations

import time
from typing import Any

from msgspec.structs import replace

from kobikom_contracts.clauses import Clause
from kobikom_contracts.client_suite.adapter import Adapter, Gone, Hung
from kobikom_contracts.client_suite.adapter_protocol import (
    Call,
    Capability,
    Failed,
    Kind,
    Outcome,
    Send,
    Unintelligible,
)
from kobikom_contracts.client_suite.audit import History, audit
from kobikom_contracts.client_suite.scripted_server import ScriptedServer
from kobikom_contracts.client_suite.scripts import Answer, script_for
from kobikom_contracts.core.contract import Contract
from kobikom_contracts.core.profiles import Profile
from kobikom_contracts.core.session import Session
from kobikom_contracts.core.verdicts import NotCheckable, Violation, printable
from kobikom_contracts.transcript import Exchange

MOST_FAILED_CALLS = 6
"""Calls that may hang or end the adapter before the rest of the contracts is not checkable."""

_SHOWN = 2000
_LINES_SHOWN = 3
_POLL = 0.005


class ClientSession(Session):
    """Calls of the client, scripted answers to them, and expectations about the outcome.

    ``capabilities``: what the adapter claims. ``short_timeout``: the timeout, in seconds, that the
    client is given where the server will not answer. ``asked``: the call made last. ``readings``:
    ``name=value`` by clause id, where the client's choice was observed.
    """

    def __init__(
        self,
        adapter: Adapter,
        server: ScriptedServer,
        *,
        capabilities: frozenset[Capability],
        profile: Profile,
        seed: int,
        patience: float,
        short_timeout: float,
    ) -> None:
        super().__init__(profile=profile, seed=seed)
        self.capabilities = capabilities
        self.short_timeout = short_timeout
        self.calls = 0
        self.requests = 0
        self.readings: dict[str, str] = {}
        self.exchanges: list[Exchange] = []
        self.lines: list[tuple[str, str]] = []
        self.asked: Call | None = None
        self._adapter = adapter
        self._server = server
        self._patience = patience
        self._history = History()
        self._failed_calls = 0
        self._failed_calls_before = 0

    # -- the core's session ------------------------------------------------------------------------

    def begin(self, name: str) -> None:
        """See the base class."""
        super().begin(name)
        self._failed_calls_before = self._failed_calls

    def prepare(self, contract: Contract[Any]) -> None:
        """Raise :class:`NotCheckable` when the adapter lacks a capability, or failed too often."""
        if self._failed_calls >= MOST_FAILED_CALLS:
            raise NotCheckable(f"the adapter hung or ended {MOST_FAILED_CALLS} times before")
        if lacking := [need for need in contract.needs if need not in self.capabilities]:
            raise NotCheckable(f"the adapter does not claim {', '.join(lacking)}")

    def forget_exchanges(self) -> None:
        """See the base class."""
        self.exchanges, self.lines = [], []

    def add_evidence(self, violation: Violation, example: str | None = None) -> Violation:
        """See the base class: the adapter's last lines, too."""
        rows = [] if example is None else [f"example: {_short(example)}"]
        for sent, received in self.lines[-_LINES_SHOWN:]:
            rows += [f"adapter in:  {_short(sent)}", f"adapter out: {_short(received)}"]
        violation.counterexample = violation.counterexample or "\n".join(rows) or None
        violation.exchanges = violation.exchanges or tuple(self.exchanges)
        return violation

    def observed_reading(self, clause: Clause) -> str | None:
        """See the base class."""
        return self.readings.get(clause.id)

    def may_shrink(self) -> bool:
        """See the base class: a client that hung or ended is not made to do so again."""
        return self._failed_calls == self._failed_calls_before

    # -- calls -------------------------------------------------------------------------------------

    def call(
        self,
        call: Call,
        answer: Answer | None = None,
        *,
        url: str | None = None,
        timeout: float | None = None,
    ) -> Outcome:
        """One call of the client; ``answer`` is the scripted answer to the call's own operation.

        Anything else that the client asks is answered correctly. ``timeout``: what the client is given,
        in seconds. Everything it wrote is judged before the outcome is returned.
        """
        if not call.url or url is not None:
            call = replace(call, url=url or self._server.url)
        if Capability.TIMEOUT in self.capabilities:
            call = replace(call, options=replace(call.options, timeout=timeout or self._patience))
        self.asked = call
        self._server.script = script_for(call, answer)
        self.calls += 1
        try:
            outcome: Outcome = self._adapter.ask(call, self._patience + (timeout or 0))
        except (Hung, Gone) as error:
            self._failed_calls += 1
            self._judge_requests(call, failed=True)
            raise Violation("an answer to the call", error) from None
        except Unintelligible as error:
            self._judge_requests(call, failed=True)
            raise Violation("an answer of the adapter protocol", error) from None
        self._judge_requests(call, failed=isinstance(outcome, Failed))
        return outcome

    def _judge_requests(self, call: Call, *, failed: bool) -> None:
        self.lines.append(self._adapter.last)
        requests = self._server.take()
        self.exchanges += [request.exchange() for request in requests]
        self.requests += len(requests)
        audit(call, requests, self._history, failed=failed)
        self._server.raise_error()

    def nothing_more(self, call: Call, seconds: float) -> None:
        """Raise a violation when the client writes another request within so many seconds."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not self._server.requests:
            time.sleep(_POLL)  # the client may be another process, so there is no event to wait for
        late = self._server.take()
        self.exchanges += [request.exchange() for request in late]
        if late and isinstance(call, Send):
            first = f"{late[0].method} {late[0].path} after the call had ended"
            raise Violation("no more requests", first, statement="K-22")

    # -- expectations ------------------------------------------------------------------------------

    def failed(self, outcome: Outcome, *kinds: Kind, code: int | None = None, statement: str | None = None) -> None:
        """Raise a violation unless the call failed with one of these kinds (and this code, if given)."""
        wanted = " or ".join(kinds) + ("" if code is None else f" with code {code}")
        if not isinstance(outcome, Failed) or outcome.error.kind not in kinds:
            raise Violation(f"an error {wanted}", _short(repr(outcome)), statement=statement)
        reported = outcome.error.code
        # The pull's bare 5 and -5 mean the same refusal.
        if code is not None and (reported is None or abs(reported) != abs(code)):
            raise Violation(f"an error {wanted}", _short(repr(outcome)), statement=statement)


def _short(text: str) -> str:
    text = printable(text)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(text)} characters)"
