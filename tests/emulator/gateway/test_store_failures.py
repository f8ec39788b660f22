"""What is answered, written down and pushed while the store fails (E.2, R-03, S-19)."""

import asyncio
from typing import Any

import msgspec
import pytest

from kobikom_emulator.control.lazy import LazyControlApi
from kobikom_emulator.gateway.push_loop import PushLoop
from kobikom_emulator.ports import StoreFailed


class FailingStore:
    """A store that keeps nothing, or answers nothing, while `failing` names the method."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self.failing = ""
        self.failed = 0

    def __getattr__(self, name: str) -> Any:
        if name == self.failing:
            self.failed += 1
            raise StoreFailed("database or disk is full")
        return getattr(self._store, name)


@pytest.fixture
def store(kobikom: Any) -> FailingStore:
    kobikom.space.store = FailingStore(kobikom.space.store)
    failing: FailingStore = kobikom.space.store
    return failing


@pytest.mark.parametrize("failing", ["kept", "apply", "account"])
def test_a_send_that_is_not_kept_is_refused(kobikom: Any, store: FailingStore, failing: str) -> None:
    """With -26 and one entry of the journal that says why; the next one is answered as usual."""
    store.failing = failing
    assert [(-26, "", "")] == kobikom.send("905321234567")
    [entry] = kobikom.journal()
    assert ("send", "refused", -26, "test") == tuple(entry[name] for name in ("operation", "outcome", "code", "user"))
    [note] = entry["explanation"]
    assert ("refused", "E", "database or disk is full") == (note["kind"], note["clause"], note["found"])
    assert [1] == list(kobikom.space.journal.counts.values())[-1:]
    store.failing = ""
    assert [0] == kobikom.codes("905321234567")
    assert ["refused", "accepted"] == [entry["outcome"] for entry in kobikom.journal()]


def test_a_pull_that_is_not_kept_gives_nothing(kobikom: Any, store: FailingStore) -> None:
    """Its answer is the bare number, in the form of the other refusals (R-07)."""
    kobikom.send("905321234567")
    kobikom.later(2)
    store.failing = "kept"
    assert b"26" == kobikom.pull()
    assert [("refused", "E", "")] == kobikom.why()
    assert ["accepted", "refused"] == [entry["outcome"] for entry in kobikom.journal()]


@pytest.mark.parametrize("failing", ["account", "kept"])
def test_a_query_is_refused_where_the_store_fails(kobikom: Any, store: FailingStore, failing: str) -> None:
    """It cannot be read, or what it would show could still be undone (E.2)."""
    store.failing = failing
    body = b"<bakiye><dogrulama><kullanici>test</kullanici><parola>test</parola></dogrulama></bakiye>"
    assert [(-26, "", "")] == kobikom.results(kobikom.post(body))
    assert b"26" == kobikom.pull()
    store.failing = ""
    assert (1000, b"NO_DATA") == (kobikom.balance(), kobikom.pull())


async def test_the_control_api_answers_503(kobikom: Any, store: FailingStore) -> None:
    """A problem document says what failed; a change of the clock was announced all the same."""
    control = LazyControlApi(kobikom.gateway.spaces, version=lambda: "0", base_url="http://127.0.0.1")
    seen = kobikom.space.changed.count
    store.failing = "kept"
    headers = {"Host": "127.0.0.1", "Content-Type": "application/json"}
    body = b'{"advance": 5}'
    answer = await control.answer("POST", "/_emulator/spaces/default/clock", body, headers)
    problem = msgspec.json.decode(answer.body)
    assert (503, "the store failed: database or disk is full") == (answer.status, problem["detail"])
    assert kobikom.space.changed.count > seen


async def test_a_push_is_made_once_while_the_store_fails(
    kobikom: Any, store: FailingStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is tried again to keep that it was made, not to make it; a push that could be undone is not begun (S-19)."""
    monkeypatch.setattr("kobikom_emulator.gateway.push_loop.PAUSE", 0)
    running = asyncio.ensure_future(PushLoop(kobikom.space).run())
    try:
        await kobikom.posted(kobikom.body(kobikom.block("905321234567", pushurl="http://127.0.0.1:9/")))
        for failing, pushed in (("kept", 0), ("apply", 1)):
            store.failing, store.failed = failing, 0
            kobikom.later(2)
            kobikom.clock.nudge()
            await _turns(lambda: store.failed > 3)
            assert pushed == len(kobikom.pusher.pushed)
        store.failing = ""
        await _turns(lambda: not kobikom.space.pushing)
        assert 1 == len(kobikom.pusher.pushed)
        assert await store.next_push() is None
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def _turns(condition: Any) -> None:
    for _ in range(10_000):
        if condition():
            return
        await asyncio.sleep(0)
    raise AssertionError("it does not come true")
