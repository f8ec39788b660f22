"""Calls that nobody answers, made beside the run so that it need not wait for them one after the other."""

from __future__ import annotations

import threading
import time

from msgspec.structs import replace

from kobikom_contracts.client_suite.adapter import Adapter, FunctionAdapter, Repeatable
from kobikom_contracts.client_suite.adapter_errors import Gone, Hung
from kobikom_contracts.client_suite.adapter_protocol import Call, Unintelligible
from kobikom_contracts.client_suite.http_values import Ending, Reply
from kobikom_contracts.client_suite.scripted_server import ScriptedServer
from kobikom_contracts.programs import CannotStart
from kobikom_contracts.transcript import Exchange

_SILENCE = Reply(b"", Ending.SILENT)


class SilentCall:
    """One call to a server that reads the request and sends nothing, in a thread and an adapter of its own.

    ``beside`` the rest of the run; otherwise it is made when it is waited for.
    """

    def __init__(self, call: Call, adapter: Adapter, seconds: float, *, beside: bool = True) -> None:
        self.call = call
        self.seconds = seconds
        self.gave_up_after: float | None = None
        """Seconds after which the call ended; None when it did not."""
        self.wire: tuple[Exchange, ...] = ()
        self.lines = ("", "")
        self._adapter = adapter
        self._thread = threading.Thread(target=self._make, daemon=True)
        if beside:
            self._thread.start()

    def wait(self) -> None:
        """Wait until the call has ended or its time is over."""
        if self._thread.ident is None:
            self._thread.start()
        self._thread.join()

    def end(self) -> None:
        """End the call's adapter, whether or not the call has ended."""
        self._adapter.close()

    def _make(self) -> None:
        with ScriptedServer(lambda _: _SILENCE) as server:
            started = time.monotonic()
            take = server.take
            try:
                self._adapter.ask(replace(self.call, url=server.url), self.seconds)
                self.gave_up_after = time.monotonic() - started
            except Hung:
                take = server.take_of_killed
            except (Gone, Unintelligible, CannotStart):  # judged by the other contracts; it did end
                self.gave_up_after = time.monotonic() - started
            self.lines = self._adapter.last
            self.wire = tuple(request.exchange() for request in take())
            self._adapter.close()


def silent_calls(calls: list[Call], adapter: Adapter, seconds: float) -> list[SilentCall]:
    """A silent call of each kind; none of an adapter of which there is only one."""
    if not isinstance(adapter, Repeatable):
        return []
    if isinstance(adapter, FunctionAdapter):  # it may not bear two calls at once
        return [SilentCall(call, adapter.another(), seconds, beside=False) for call in calls[:1]]
    return [SilentCall(call, adapter.another(), seconds) for call in calls]
