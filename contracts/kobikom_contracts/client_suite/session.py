"""Law: the session a rule works at: calls to the client, scripted answers, examples, expectations.

A rule sees nothing else. Raises :class:`Violation` and :class:`NotCheckable`, which only the
judge catches.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Sequence
from typing import TypeVar

from hypothesis import given
from hypothesis import seed as seeded
from hypothesis.errors import Flaky
from hypothesis.strategies import SearchStrategy
from msgspec.structs import replace

from kobikom_contracts.client_suite.adapter import Adapter, Gone, Hung
from kobikom_contracts.client_suite.audit import History, audit
from kobikom_contracts.client_suite.adapter_protocol import (
    Call,
    Capability,
    Failed,
    Kind,
    Outcome,
    Send,
    Unintelligible,
)
from kobikom_contracts.client_suite.written_requests import Written
from kobikom_contracts.client_suite.scripted_server import ScriptedServer
from kobikom_contracts.client_suite.scripts import Answer, script_for
from kobikom_contracts.core.profiles import Profile
from kobikom_contracts.core.verdicts import NotCheckable, Violation
from kobikom_contracts.raw_http import Exchange

T = TypeVar("T")
USER, PASSWORD = "test", "parola"
_MOST_ENDED = 6
_SHOWN = 2000


class ClientSession:
    """Everything a rule may use."""

    def __init__(
        self,
        adapter: Adapter,
        server: ScriptedServer,
        *,
        able: frozenset[Capability],
        profile: Profile,
        seed: int,
        patience: float,
        brief: float,
    ) -> None:
        self.able = able
        self.profile = profile
        self.brief = brief
        """Seconds a client is told to wait where the server will not answer."""
        self.examples = 0
        self.calls = 0
        self.requests = 0
        self.findings: dict[str, str] = {}
        self.exchanges: list[Exchange] = []
        self.lines: list[tuple[str, str]] = []
        self.asked: Call | None = None
        """The call made last."""
        self._adapter = adapter
        self._server = server
        self._seed = seed
        self._patience = patience
        self._name = ""
        self._clause = ""
        self._history = History()
        self._ended = 0

    @property
    def url(self) -> str:
        """The scripted server's address."""
        return self._server.url

    def begin(self, name: str, clause: str) -> None:
        """Start a rule."""
        self._name, self._clause = name, clause
        self.examples = 0
        self._fresh()
        if self._ended >= _MOST_ENDED:
            raise NotCheckable(f"the adapter hung or ended {_MOST_ENDED} times before")

    def offer(self, needs: Sequence[Capability]) -> None:
        """Raise :class:`NotCheckable` when the client does not claim what is needed."""
        if lacking := [need for need in needs if need not in self.able]:
            raise NotCheckable(f"the adapter does not claim {', '.join(lacking)}")

    def _fresh(self) -> None:
        self.exchanges, self.lines = [], []

    # -- calls ----------------------------------------------------------------------------------

    def call(
        self,
        call: Call,
        answer: Answer | None = None,
        *,
        url: str | None = None,
        wait: float | None = None,
    ) -> Outcome:
        """One call of the client; ``answer`` scripts what its own operation is answered.

        Whatever else the client asks on the way is answered as by a server in good order. ``wait``
        is the timeout it is told, in seconds. Everything written is judged before the outcome is
        handed out.
        """
        if not call.url or url is not None:
            call = replace(call, url=url or self.url)
        if Capability.TIMEOUT in self.able:
            call = replace(call, options=replace(call.options, timeout=wait or self._patience))
        self.asked = call
        self._server.script = script_for(call, answer)
        patience = self._patience + (wait or 0)
        self.calls += 1
        try:
            outcome = self._adapter.ask(call, patience)
        except (Hung, Gone) as trouble:
            self._ended += 1
            self._judge(call, failed=True)
            raise Violation("an answer to the call", str(trouble)) from None
        except Unintelligible as trouble:
            self._judge(call, failed=True)
            raise Violation("an answer of the adapter protocol", str(trouble)) from None
        self._judge(call, failed=isinstance(outcome, Failed))
        answered: Outcome = outcome
        return answered

    def _judge(self, call: Call, *, failed: bool) -> list[Written]:
        self.lines.append(self._adapter.last)
        requests = self._server.take()
        self.exchanges += [request.exchange() for request in requests]
        self.requests += len(requests)
        return audit(call, requests, self._history, failed=failed)

    def nothing_more(self, call: Call, seconds: float) -> None:
        """Give the client time to write what it shouldn't; judge it if it does."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self._server.requests:
            time.sleep(0.005)  # the client under test is another process: nothing here could tell when it writes
        late = self._server.take()
        self.exchanges += [request.exchange() for request in late]
        if late and isinstance(call, Send):
            first = f"{late[0].method} {late[0].path} after the call had ended"
            raise Violation("nothing more on the wire", first, clause="K-22")

    # -- examples -------------------------------------------------------------------------------

    def example(self) -> None:
        """Start one example: the transcript holds the present one only."""
        self.examples += 1
        self._fresh()

    def evidence(self, violation: Violation, value: object = None) -> Violation:
        """The violation with everything that shows it."""
        lines = [] if value is None else [f"example: {_short(repr(value))}"]
        for said, answered in self.lines[-3:]:
            lines += [f"adapter in:  {_short(said)}", f"adapter out: {_short(answered)}"]
        violation.counterexample = violation.counterexample or "\n".join(lines) or None
        violation.exchanges = violation.exchanges or tuple(self.exchanges)
        return violation

    def for_all(
        self,
        strategy: SearchStrategy[T],
        check: Callable[[T], None],
        *,
        examples: int | None = None,
    ) -> None:
        """Check drawn values; the violation raised is of the smallest one found.

        Reproducible: the draws depend on the run's seed and the rule's name only. A client that
        hangs or ends is not asked to do so again for a smaller example.
        """
        last: list[Violation] = []
        final: list[Violation] = []
        ended = self._ended

        def run(value: T) -> None:
            if final:
                return
            self.example()
            try:
                check(value)
            except Violation as violation:
                last.append(self.evidence(violation, value))
                if self._ended > ended:
                    final.append(violation)
                    return
                raise

        most = min(examples, self.profile.examples) if examples else self.profile.examples
        draw = seeded(self._seed ^ zlib.crc32(self._name.encode()))
        test = draw(self.profile.settings(most)(given(strategy)(run)))
        try:
            test()
        except Flaky:
            last[-1].flaky = True
            raise last[-1] from None
        if final:
            raise final[0]

    # -- expectations ---------------------------------------------------------------------------

    def expect(self, expected: object, found: object, what: str = "", *, clause: str | None = None) -> None:
        """Violation unless equal."""
        if expected != found:
            prefix = f"{what}: " if what else ""
            raise Violation(f"{prefix}{expected!r}", repr(found), clause=clause)

    def failed(self, outcome: Outcome, *kinds: Kind, code: int | None = None, clause: str | None = None) -> None:
        """Violation unless the call failed in one of these ways (with this code, if one)."""
        wanted = " or ".join(kinds) + ("" if code is None else f" with code {code}")
        if not isinstance(outcome, Failed) or outcome.error.kind not in kinds:
            raise Violation(f"an error {wanted}", _said(outcome), clause=clause)
        found = outcome.error.code
        # The pull's bare 5 and -5 mean the same refusal.
        if code is not None and (found is None or abs(found) != abs(code)):
            raise Violation(f"an error {wanted}", _said(outcome), clause=clause)


def _said(outcome: Outcome) -> str:
    return _short(repr(outcome))


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(text)} characters)"
