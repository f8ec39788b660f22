"""What retention drops, counts and leaves."""

import asyncio
import logging
from decimal import Decimal
from typing import Any

import pytest

from kobikom_emulator import Emulator
from kobikom_emulator.domain.retention import Retention
from kobikom_emulator.operations.retention import RetentionLoop
from kobikom_emulator.settings import load, serve_defaults
from kobikom_emulator.space.scenario import ClockChange
from kobikom_emulator.space.space import Space

from .conftest import Waiting

DAY = 24 * 3600


class Kept:
    """A space with a retention of its own, and what it keeps."""

    def __init__(self, waiting: Waiting, **retention: float) -> None:
        self.waiting = waiting
        assert waiting.state is not None
        self.space: Space = waiting.state
        self.loop = RetentionLoop(self.space)
        self.loop._retention = Retention(**retention)  # type: ignore[arg-type]

    async def send(self, count: int, **fields: str) -> None:
        for nth in range(count):
            await self.waiting.send(f"90532{nth:07}", **fields)

    async def pull(self) -> int:
        """How many reports a pull gets."""
        from kobikom_emulator.exchange import WireRequest

        target = "/api/sendsms/xml/pull?kullanici=waits&parola=pw"
        answer = await self.waiting.server.gateway.pull(WireRequest("GET", target))
        return answer.body.count(b"<message id=")

    async def numbers(self) -> list[int]:
        await self.loop.drop()
        page = await self.waiting.space.messages.list(limit=1000)
        return [message.number for message in page.messages]

    @property
    def dropped(self) -> tuple[int, int]:
        return self.space.dropped.messages, self.space.dropped.unpulled


def test_the_newest_messages_are_kept(waiting: Waiting) -> None:
    """Those whose reports were pulled, up to the number; recipients of one batch are counted one by one."""
    kept = Kept(waiting, messages=3)

    async def story(waiting: Waiting) -> None:
        await kept.send(4)
        await waiting.send("905320000008", "905320000009")
        await waiting.advance(2)
        assert 6 == len(await kept.numbers())
        await kept.pull()
        assert [5, 4, 3] == await kept.numbers()
        await waiting.send("905320000008")
        assert [6, 5, 4] == await kept.numbers()
        assert (4, 0) == kept.dropped

    waiting.run(story)


def test_messages_are_kept_for_a_time_by_the_clock_of_the_space(waiting: Waiting) -> None:
    """A message is dropped once the clock was advanced beyond its age, not before."""
    kept = Kept(waiting, age=DAY)

    async def story(waiting: Waiting) -> None:
        await kept.send(2)
        await waiting.advance(DAY / 2)
        await kept.send(1)
        await kept.pull()
        await waiting.advance(DAY / 2)
        assert 3 == len(await kept.numbers())
        await waiting.advance(1)
        await kept.pull()
        assert [2] == await kept.numbers()
        assert (2, 0) == kept.dropped

    waiting.run(story)


def test_no_report_is_lost_that_a_client_could_still_get(waiting: Waiting) -> None:
    """Messages whose reports were not pulled are kept beyond the limit, and their reports can be pulled once."""
    kept = Kept(waiting, messages=1, age=60)

    async def story(waiting: Waiting) -> None:
        await kept.send(5)
        await waiting.advance(DAY)
        assert 5 == len(await kept.numbers())
        assert 5 == await kept.pull()
        assert [] == await kept.numbers()
        assert 0 == await kept.pull()

    waiting.run(story)


def test_reports_that_nobody_pulls_are_limited(
    waiting: Waiting,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Beyond `unpulled` the oldest are dropped with their reports; that is counted and a warning."""
    kept = Kept(waiting, messages=1, unpulled=3)

    async def story(waiting: Waiting) -> None:
        await kept.send(6)
        await waiting.advance(2)
        with caplog.at_level(logging.INFO):
            assert [5, 4, 3, 2] == await kept.numbers()
        assert (2, 2) == kept.dropped
        assert 4 == await kept.pull()

    waiting.run(story)
    assert [
        "space waits: dropped 2 messages, 2 of them with a report that was not given (retention.unpulled)"
    ] == caplog.messages
    assert ["WARNING"] == [record.levelname for record in caplog.records]


def test_retention_leaves_the_money(waiting: Waiting) -> None:
    """Credit, totals and a refund that is still to come are the same after everything was dropped."""
    kept = Kept(waiting, age=60)

    async def credit() -> Any:
        page = await waiting.space.ledger.show()
        return page.accounts, page.total

    async def story(waiting: Waiting) -> None:
        await waiting.send("905990000005", "905990000004")
        await kept.send(2)
        await waiting.advance(DAY * 3)
        await kept.pull()
        before = await credit()
        assert [] == await kept.numbers()
        assert before == await credit()
        assert before[0][0].credit > Decimal(0)

    waiting.run(story)


def test_a_running_server_drops_by_itself() -> None:
    """With the setting, a send that is one too many makes the oldest message disappear, and the space says so."""

    async def story() -> dict[str, Any]:
        settings = {"retention": {"messages": 2, "unpulled": 1}, "clock": {"start": "2026-01-31T09:00:00+03:00"}}
        async with Emulator(settings) as emulator:
            space = emulator.running.registry.default
            user = "<SMS><dogrulama><kullanici>test</kullanici><parola>test</parola></dogrulama>"
            body = f"{user}<mesajiniz><metin>x</metin><alicilar><gsm>905321234567</gsm></alicilar></mesajiniz></SMS>"
            from kobikom_emulator.exchange import WireRequest

            for _ in range(4):
                await emulator.running.gateway.post(WireRequest("POST", "/api/sendsms/xml/", body.encode()))
            async with asyncio.timeout(30):
                while not space.dropped.messages:
                    await space.changed.wait(space.changed.count)
            await emulator.operations.clock.change(ClockChange(advance=5))
            summary = await emulator.operations.summary()
            return {"messages": summary.messages, "dropped": summary.dropped_messages, "lost": summary.dropped_unpulled}

    assert {"messages": 3, "dropped": 1, "lost": 1} == asyncio.run(story())


def test_only_serve_has_limits_by_default() -> None:
    """Embedded in a program a space keeps everything; `serve` keeps what the documentation says."""
    assert load().settings.retention.is_off
    served = load(defaults=serve_defaults()).settings.retention
    assert Retention(messages=100_000, age=30.0 * DAY, unpulled=100_000) == served


def test_a_setting_overrides_one_default_of_serve(tmp_path: Any) -> None:
    """The others stay."""
    file = tmp_path / "settings.toml"
    file.write_text("[retention]\nage = 5.0\n")
    assert Retention(100_000, 5.0, 100_000) == load(file=file, defaults=serve_defaults()).settings.retention
