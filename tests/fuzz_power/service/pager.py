"""Alarms: what a person has to look at, kept outside the database."""

from __future__ import annotations

from collections.abc import Callable

from fuzz_power.service.records import Alarm
from fuzz_power.service.settings import Settings


class Pager:
    """``by_message`` sends a text to the shop's staff with the vendor; used by a mistake alone."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.alarms: list[Alarm] = []
        self.by_message: Callable[[str], bool] = lambda _: False

    def alarm(self, kind: str, text: str, *about: str) -> None:
        bugs = self._settings.bugs
        if "alarm-once" in bugs and kind in {alarm.kind for alarm in self.alarms}:
            return
        if "low-once" in bugs and kind == "low-balance" and kind in {alarm.kind for alarm in self.alarms}:
            return
        if "alarm-by-message" in bugs and not self.by_message(text):
            return
        self.alarms.append(Alarm(at=self._settings.clock(), kind=kind, text=text, about=about))
