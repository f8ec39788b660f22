"""A session with the client under test: all that a contract of the client suite works with."""

from __future__ import annotations

import time
from typing import Any

from msgspec.structs import replace

from kobikom_contracts.clauses import Clause
from kobikom_contracts.client_suite.adapter import Adapter, Repeatable
from kobikom_contracts.client_suite.adapter_errors import Gone, Hung
from kobikom_contracts.client_suite.adapter_protocol import (
    Call,
    Capability,
    Failed,
    Outcome,
    Push,
    PushedReports,
    Raw,
    Reports,
    Send,
    Unintelligible,
)
from kobikom_contracts.client_suite.audit import LATE_SEND, History, audit
from kobikom_contracts.client_suite.blame import BlamingSession
from kobikom_contracts.client_suite.http_values import Received
from kobikom_contracts.client_suite.raw_answers import outcome_of
from kobikom_contracts.client_suite.rendering import cut
from kobikom_contracts.client_suite.scripted_server import ScriptedServer
from kobikom_contracts.client_suite.scripts import Answer, CallScript
from kobikom_contracts.client_suite.silent_calls import SilentCall
from kobikom_contracts.client_suite.written_requests import Written, WrittenSend, read_request
from kobikom_contracts.core.contract import Contract
from kobikom_contracts.core.profiles import Profile
from kobikom_contracts.core.verdicts import NotCheckable, Violation

MOST_HUNG_CALLS = 6
"""Calls that may hang before the rest of the contracts is not checkable."""
MOST_ENDED_CALLS = 40
"""Calls that may end the adapter before that."""
RESEND_WINDOW = 0.15
"""Seconds in which a client could send again unasked."""

_POLL = 0.005


class ClientSession(BlamingSession):
    """Calls of the client, scripted answers to them, and expectations about the outcome.

    ``short_timeout``: the timeout, in seconds, that the client is given where the server will not answer. ``clean``:
    nothing was wrong with what the client wrote during the last call. ``readings``: ``name=value`` by clause id, where
    the client's choice was observed.
    """

    def __init__(
        self,
        adapter: Adapter,
        server: ScriptedServer,
        elsewhere: ScriptedServer,
        *,
        capabilities: frozenset[Capability],
        profile: Profile,
        seed: int,
        patience: float,
        short_timeout: float,
    ) -> None:
        super().__init__(capabilities=capabilities, profile=profile, seed=seed)
        self.short_timeout = short_timeout
        self.patience = patience
        self.calls = 0
        self.requests = 0
        self.readings: dict[str, str] = {}
        self.clean = True
        self.adapter = adapter
        self.server = server
        self.elsewhere = elsewhere
        """A server at another address, to be redirected to."""
        self.silent_calls: list[SilentCall] = []
        """Calls that are made beside the run to a server that never answers."""
        self._written: tuple[Written, ...] = ()
        self._history = History()
        self._failed_calls = 0
        self._hung_calls = 0
        self._sends_again = False
        self._failed_calls_before = 0

    # -- the core's session ------------------------------------------------------------------------

    def begin(self, name: str) -> None:
        """See the base class."""
        super().begin(name)
        self._failed_calls_before = self._failed_calls

    def prepare(self, contract: Contract[Any]) -> None:
        """Raise :class:`NotCheckable` when the adapter lacks a capability, or failed too often."""
        super().prepare(contract)
        if self._hung_calls >= MOST_HUNG_CALLS:
            raise NotCheckable(f"the client hung {MOST_HUNG_CALLS} times before")
        if self._failed_calls >= MOST_ENDED_CALLS:
            raise NotCheckable(f"the adapter ended {MOST_ENDED_CALLS} times before")
        if lacking := [need for need in contract.needs if need not in self.capabilities]:
            raise NotCheckable(f"the adapter does not claim {', '.join(lacking)}")

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
        ignoring: tuple[str, ...] = (),
    ) -> Outcome:
        """One call of the client; ``answer`` is the scripted answer to the call's own operation.

        Anything else that the client asks is answered correctly. ``timeout``: what the client is given,
        in seconds. Everything it wrote is judged before the outcome is returned, except by the clauses ``ignoring``.
        Raises :class:`NotCheckable` when the client wrote nothing that could be answered so.
        """
        call = self._prepared(call, url, timeout)
        if self._sends_again:
            self.nothing_more(self.asked or call, RESEND_WINDOW)
        self.asked, self.clean = call, True
        script = CallScript(call, answer)
        self.server.script = script
        self.calls += 1
        try:
            outcome: Outcome | Raw = self.adapter.ask(call, self.patience + (timeout or 0))
        except (Hung, Gone) as error:
            self._failed_calls += 1
            self._hung_calls += isinstance(error, Hung)
            requests = self._judge_requests(call, ignoring, failed=True, killed=isinstance(error, Hung))
            raise self._without_outcome(error, requests) from None
        except Unintelligible as error:
            self._judge_requests(call, ignoring, failed=True)
            raise Violation(
                "an answer of the adapter protocol", error, cause=f"the adapter breaks its protocol: {error}"[:160]
            ) from None
        if isinstance(outcome, Raw):
            outcome = outcome_of(call, outcome)
        requests = self._judge_requests(call, ignoring, failed=isinstance(outcome, Failed))
        if answer is not None and requests and not script.answered and not self.clean:
            raise NotCheckable("the client's requests cannot be read")
        return outcome

    def _prepared(self, call: Call, url: str | None, timeout: float | None) -> Call:
        if not call.url or url is not None:
            call = replace(call, url=url or self.server.url)
        if Capability.TIMEOUT in self.capabilities:
            call = replace(call, options=replace(call.options, timeout=timeout or self.patience))
        if isinstance(call, Send):
            if Capability.FIXED_TITLE in self.capabilities:
                call = replace(call, title=None)
            if Capability.ONE_NUMBER in self.capabilities:
                call = replace(call, recipients=call.recipients[:1])
        if isinstance(call, Reports) and call.ids is None and Capability.ONLY_BY_IDS in self.capabilities:
            call = replace(call, ids=("order-1",))
        return call

    def _without_outcome(self, error: Hung | Gone, requests: list[Received]) -> Violation:
        """That a call hung is a fault of its own; that the adapter ended belongs to what it was asked."""
        if isinstance(error, Gone):
            return Violation("an answer to the call", cut(str(error)), cause=f"the adapter ends: {error}"[:160])
        open_ones = [request.ending for request in requests] or ["no request was written"]
        statement = "K-24" if Capability.TIMEOUT in self.capabilities else "K-39"
        return Violation(
            "an answer to the call",
            f"{error}; connections: {'; '.join(open_ones)}",
            statement=statement,
            cause=f"a call does not end: {requests[-1].how_it_ended if requests else 'nothing is written'}",
        )

    def _judge_requests(
        self, call: Call, ignoring: tuple[str, ...], *, failed: bool, killed: bool = False
    ) -> list[Received]:
        self.lines.append(self.adapter.last)
        requests = self.server.take_of_killed() if killed else self.server.take()
        self.exchanges += [request.exchange() for request in requests]
        self.requests += len(requests)
        self.server.raise_error()
        judged = audit(call, requests, self._history, self.capabilities, failed=failed)
        self._written = judged.written
        faults = [fault for fault in judged.faults if fault.statement not in ignoring]
        self.clean = not faults
        self._sends_again |= any(fault.cause == LATE_SEND for fault in faults)
        own = [fault for fault in faults if fault.statement in self.statements[:1]]
        for fault in (*(one for one in faults if one not in own), *own):
            self.blame(fault)
        return requests

    def ask(self, request: Push | PushedReports) -> object:
        """What the adapter answers to a request that makes its client write nothing."""
        try:
            answer: object = self.adapter.ask(request, self.patience)
        except (Hung, Gone, Unintelligible) as error:
            self._failed_calls += 1
            self.lines.append(self.adapter.last)
            cause = f"the adapter does not answer {type(request).__name__}"
            raise Violation("an answer of the adapter protocol", cut(str(error)), cause=cause) from None
        self.lines.append(self.adapter.last)
        return answer

    def written_sends(self) -> list[WrittenSend]:
        """The sends that the client wrote during the last call."""
        return [one for one in self._written if isinstance(one, WrittenSend)]

    def restart(self) -> bool:
        """Have the next call made by a fresh process; False where the client lives in this one."""
        return isinstance(self.adapter, Repeatable) and self.adapter.restart()

    def nothing_more(self, call: Call, seconds: float) -> None:
        """File a violation when the client sends again within so many seconds, or pulls without being asked."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not self.server.requests:
            time.sleep(_POLL)  # the client may be another process, so there is no event to wait for
        late = self.server.take()
        self.exchanges += [request.exchange() for request in late]
        if any(isinstance(read_request(one).written, WrittenSend) for one in late) and isinstance(call, Send):
            self._sends_again = True
            self.blame(
                Violation("no more requests", "a send after the call had ended", statement="K-22", cause=LATE_SEND)
            )
