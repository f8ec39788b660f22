"""The made-up week of the demo, recorded on its way to a service with hidden readings, decides some, each right."""

import asyncio
import http.client
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kobikom_contracts.clauses import READING_BY_NAME
from kobikom_contracts.learning.result import Learned
from kobikom_contracts.learning.trace import learn_from_files
from kobikom_contracts.recording.har_files import HarFile
from kobikom_contracts.recording.proxy import RecordingProxy, upstream_at
from kobikom_contracts.tls import tls_context
from kobikom_emulator import Emulator, demo
from kobikom_emulator.exchange import WireRequest
from kobikom_emulator.operations.spaces import ServerOperations

READINGS = st.fixed_dictionaries({name: st.sampled_from(one.values) for name, one in READING_BY_NAME.items()})
FEW = settings(max_examples=min(50, settings.default.max_examples // 16))
SEED = 7
DECIDED = {
    "content-type", "answer-layout", "login-codes", "refusal-shape", "message-id", "report-close", "sent-attribute",
    "dates", "result-shape",
}  # fmt: skip
"""What the week shows under any readings."""
DECIDED_IN_PART = {"amount", "long-text"}
"""What it shows under some values: a refused long text, balances that have only one form."""

pytest.importorskip("faker", reason="the demo needs Faker")


class Gateway:
    """Sends requests to an address over HTTP, one after the other; one that gets no answer is over."""

    def __init__(self, address: str) -> None:
        self._address = address

    async def post(self, request: WireRequest) -> None:
        await asyncio.to_thread(self._send, request)

    pull = post

    def _send(self, request: WireRequest) -> None:
        connection = http.client.HTTPConnection(self._address, timeout=20)
        headers = {"Content-Type": request.content_type} if request.content_type else {}
        with suppress(http.client.HTTPException, ConnectionError):
            connection.request(request.method, request.target, request.body or None, headers)
            connection.getresponse().read()
        connection.close()


def recorded_week(readings: dict[str, str], *, exclusive: bool) -> Learned:
    """What `trace` says of the week, recorded by `record` at the times of the service's clock."""
    with TemporaryDirectory() as folder, Emulator(readings=readings, **demo.settings(SEED)) as emulator:
        space = ServerOperations(emulator.running.registry).space()
        file = HarFile(Path(folder) / "week.har")
        upstream = upstream_at(emulator.url, tls=tls_context)
        with RecordingProxy(upstream, file, now=lambda: datetime.fromtimestamp(space.now / 1000, UTC)) as proxy:
            gateway = Gateway(proxy.url.removeprefix("http://"))
            running = cast(Any, SimpleNamespace(registry=emulator.running.registry, gateway=gateway))
            loop = emulator.in_loop(asyncio.get_running_loop)
            asyncio.run_coroutine_threadsafe(demo.fill(running, seed=SEED), loop).result(120)
        file.close()
        return learn_from_files(file.files, exclusive=exclusive)[0]


@FEW
@given(READINGS, st.booleans())
def test_the_week_decides_what_it_shows(readings: dict[str, str], exclusive: bool) -> None:
    """The readings that the traffic shows are named, each right, and no wrong one."""
    result = recorded_week(readings, exclusive=exclusive)
    assert {} == {name: result.of(name).left for name, value in readings.items() if value not in result.of(name).left}
    assert DECIDED <= set(result.decided) <= DECIDED | DECIDED_IN_PART


def test_a_refused_long_text_of_the_week_is_seen() -> None:
    """The long reminder of the clinic, refused because of its length, decides `long-text`."""
    result = recorded_week({"long-text": "refuse", "amount": "shortest"}, exclusive=False)
    assert {**dict.fromkeys(DECIDED_IN_PART), "long-text": "refuse", "amount": "shortest"} == {
        name: result.decided.get(name) for name in DECIDED_IN_PART
    }
