"""Metrics in the text format of Prometheus: of the whole server, and of one space.

`prometheus_client` is imported with the first request for them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from kobikom_emulator.control.routing import Call, Endpoint
from kobikom_emulator.domain.delivery import Phase, Status
from kobikom_emulator.exchange import Answer
from kobikom_emulator.operations.measurements import Measurements
from kobikom_emulator.operations.space import SpaceOperations
from kobikom_emulator.operations.spaces import ServerOperations

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Histogram, Metric

TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8"

INTERVAL = 0.25
"""Real seconds between two looks at how late the event loop is."""

LAG_BUCKETS = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0)

STATUSES = (*map(str, Phase), *map(str, Status))


class _Measured:
    """Measurements as a collector of `prometheus_client`."""

    def __init__(self, measurements: Measurements, *, version: str) -> None:
        self._measurements = measurements
        self._version = version

    def collect(self) -> Iterator[Metric]:
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        numbers = self._measurements
        info = GaugeMetricFamily("kobikom_info", "The version of the emulator; always 1.", labels=("version",))
        info.add_metric((self._version,), 1)
        yield info
        requests = CounterMetricFamily(
            "kobikom_requests",
            "Entries of the journal: requests, and attempts to push a report.",
            labels=("operation", "outcome", "code"),
        )
        for kind, count in numbers.requests.items():
            code = "" if kind.code is None else str(int(kind.code))
            requests.add_metric((kind.operation.value, kind.outcome.value, code), count)
        yield requests
        messages = GaugeMetricFamily("kobikom_messages", "Messages by their status now.", labels=("status",))
        for status in STATUSES:
            messages.add_metric((status,), numbers.messages.get(status, 0))
        yield messages
        credit = GaugeMetricFamily("kobikom_credit", "What an account can spend.", labels=("user", "currency"))
        for state in numbers.accounts:
            credit.add_metric((state.account.user, state.account.currency), float(state.credit))
        yield credit
        for name, (value, sentence) in _gauges(numbers).items():
            yield GaugeMetricFamily(f"kobikom_{name}", sentence, value=value)


def _gauges(numbers: Measurements) -> Mapping[str, tuple[int, str]]:
    """Name to value and sentence of the gauges without labels."""
    return {
        "spaces": (numbers.spaces, "Open spaces."),
        "pushes_waiting": (numbers.pushes_waiting, "Reports that are still to be pushed, 10000 a space at most."),
        "pushes_due": (numbers.pushes_due, "Those of them that are due by the clock of their space."),
        "requests_in_flight": (numbers.in_flight, "Requests to the vendor's API that are being answered."),
        "faults_armed": (numbers.faults, "Fault rules that are armed."),
        "ledger_lines": (numbers.ledger_lines, "Lines of the ledgers."),
        "journal_entries": (numbers.journal_entries, "Entries that the journals keep."),
        "journal_bytes": (numbers.journal_bytes, "Bytes of bodies, heads, targets and notes that they keep."),
    }


def _text(measurements: Measurements, *, version: str) -> bytes:
    from prometheus_client import CollectorRegistry, generate_latest

    registry = CollectorRegistry()
    registry.register(_Measured(measurements, version=version))
    return generate_latest(registry)


class ServerMetrics:
    """The metrics of a server. From the first time they are asked for, it looks at how late the event loop is."""

    def __init__(self) -> None:
        self._process: CollectorRegistry | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def answer(self, server: ServerOperations, call: Call) -> Answer:
        from prometheus_client import CollectorRegistry, Histogram, ProcessCollector, generate_latest

        if self._process is None:
            self._process = CollectorRegistry()
            ProcessCollector(registry=self._process)
            lag = Histogram(
                "kobikom_event_loop_lag_seconds",
                "How much later than asked for the event loop runs a timer.",
                registry=self._process,
                buckets=LAG_BUCKETS,
            )
            self._look_at_lag(lag)
        text = _text(await server.measure(), version=call.version)
        return Answer((text, generate_latest(self._process)), TEXT_FORMAT)

    def _look_at_lag(self, lag: Histogram) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time() + INTERVAL

        def look() -> None:
            lag.observe(max(0.0, loop.time() - due))
            self._look_at_lag(lag)

        self._timer = loop.call_at(due, look)

    def close(self) -> None:
        """Stop looking at the event loop."""
        if self._timer is not None:
            self._timer.cancel()


async def of_space(space: SpaceOperations, call: Call) -> Answer:
    return Answer((_text(await space.measure(), version=call.version),), TEXT_FORMAT)


ENDPOINTS = (
    Endpoint("GET", "/metrics", of_space, "showSpaceMetrics", "Metrics of a space, for Prometheus.", {200: str},
             content_type="text/plain"),
)  # fmt: skip
