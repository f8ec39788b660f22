"""Machines over the service with an outbox: the correct one, and some with one mistake each."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from hypothesis import strategies as st
from hypothesis.stateful import rule

from kobikom_contracts.promises import (
    NUMBERS,
    TEXT,
    Service,
    accepted_is_recorded,
    nobody_gets_it_twice,
    reports_are_stored,
)
from kobikom_emulator.testing import KobikomMachine

sys.path.insert(0, str(Path(__file__).parent))

from outbox import Database, Outbox, ServiceDown
from services import Orders


class OutboxMachine(KobikomMachine[Outbox]):
    failures = (ServiceDown,)
    mistakes: Sequence[str] = ()

    def begin(self) -> None:
        self.database = Database()

    def make_service(self) -> Outbox:
        api = Orders(self.kobikom.base_url, self.kobikom.user, self.kobikom.password)
        return Outbox(self.database, api, TEXT, self.mistakes)

    def recover(self) -> None:
        self.service.recover()

    @rule(number=st.sampled_from(NUMBERS))
    def order(self, number: str) -> None:
        self.database.order(number)

    @rule()
    def flush(self) -> None:
        self.call(Outbox.flush)

    @rule()
    def collect(self) -> None:
        self.call(Outbox.collect)

    def promises(self) -> Sequence[Callable[[], object]]:
        service = Service(
            send=lambda *_: None,
            recorded=lambda _: self.database.sent,
            unsure=lambda _: [*self.database.claimed, *self.database.waiting],
            stored=lambda: self.database.reports,
            alarms=lambda: self.database.alarms,
        )
        return (
            lambda: nobody_gets_it_twice(self.kobikom, TEXT),
            lambda: accepted_is_recorded(self.kobikom, service, TEXT),
            lambda: reports_are_stored(self.kobikom, service),
        )


class SendsAgain(OutboxMachine):
    """After a restart it sends what it was sending."""

    operations = ("send",)
    without = ("hold_answer", "refuse", "refuse_recipient", "advance")
    mistakes = ("sends again after a restart",)


class WithoutClaim(OutboxMachine):
    """Two workers send the same."""

    operations = ("send",)
    without = ("lose_answer", "refuse", "refuse_recipient", "restart", "advance", "deliver")

    @rule()
    def flush(self) -> None:
        self.call(Outbox.flush_without_claim)


class WritesTheWholeList(OutboxMachine):
    """A worker writes the reports as it read them, over those that another one stored meanwhile."""

    operations = ("pull",)
    without = ("lose_answer", "refuse", "refuse_recipient", "restart", "advance", "close_connections")
    mistakes = ("writes the whole list",)


class Pushed(OutboxMachine):
    operations = ("send",)

    def receive_push(self, body: bytes) -> None:
        for report in ET.fromstring(b"<all>" + body + b"</all>").iter("message"):
            self.service.take_push(report.attrib["id"], report.attrib["status"])


class LosesPushes(Pushed):
    """It stores the first report only."""

    without = (
        "lose_answer",
        "hold_answer",
        "refuse",
        "refuse_recipient",
        "restart",
        "second_worker",
        "close_connections",
    )

    def receive_push(self, body: bytes) -> None:
        if not self.database.reports:
            super().receive_push(body)


class SilentAfterRestart(OutboxMachine):
    """A restart during a pull loses its reports without an alarm."""

    operations = ("pull",)
    without = ("refuse", "refuse_recipient", "second_worker", "lose_answer", "close_connections", "advance")
    mistakes = ("silent after a restart",)
