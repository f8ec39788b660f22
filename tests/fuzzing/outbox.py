"""A service with an outbox: orders are stored, and workers send them and collect reports. Standard library only."""

from __future__ import annotations

import threading
from collections.abc import Collection

from services import Orders, ServiceDown

__all__ = ["Database", "Outbox", "ServiceDown"]


class Database:
    """What outlives the processes of the service. `claimed` numbers are being sent, or nobody knows; `pulls`
    counts those that were begun and have not ended.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.waiting: list[str] = []
        self.claimed: list[str] = []
        self.pulls = 0
        self.sent: list[str] = []
        self.reports: dict[str, str] = {}
        self.alarms: list[str] = []

    def order(self, number: str) -> None:
        """Store that a customer is to be notified, once."""
        if number not in [*self.waiting, *self.claimed, *self.sent]:
            self.waiting.append(number)


class Outbox:
    """One process of the service. `mistakes` are the names of what it does wrong."""

    def __init__(self, database: Database, api: Orders, text: str, mistakes: Collection[str] = ()) -> None:
        self.database, self.api, self.text, self.mistakes = database, api, text, mistakes

    def recover(self) -> None:
        """What the service does first after a restart: reports that were being pulled may be lost."""
        if self.database.pulls and "silent after a restart" not in self.mistakes:
            self.database.alarms.append("a pull was cut off by a restart: reports may be lost")
        self.database.pulls = 0
        if "sends again after a restart" in self.mistakes:
            self.database.waiting += self.database.claimed
            self.database.claimed.clear()

    def flush(self) -> None:
        """Send what is waiting, one number a request."""
        for number in list(self.database.waiting):
            if self.claim(number):
                try:
                    self.api.send([number], self.text)
                except ServiceDown as error:
                    if "refused" in str(error):
                        self.database.claimed.remove(number)
                    raise
                self.database.sent.append(number)
                self.database.claimed.remove(number)

    def claim(self, number: str) -> bool:
        """Whether this process is the one that sends to the number."""
        with self.database.lock:
            if number in self.database.waiting:
                self.database.waiting.remove(number)
                self.database.claimed.append(number)
                return True
            return False

    def flush_without_claim(self) -> None:
        """The same with a race: two workers send what is waiting."""
        for number in list(self.database.waiting):
            self.api.send([number], self.text)
            with self.database.lock:
                if number in self.database.waiting:
                    self.database.waiting.remove(number)
                    self.database.sent.append(number)

    def collect(self) -> None:
        """Store the reports that are ready."""
        stored = dict(self.database.reports)
        self.api.reports, self.api.alarms = {}, []
        self.database.pulls += 1
        try:
            self.api.collect()
        except ServiceDown:
            self.database.alarms += self.api.alarms
            self.database.pulls -= 1
            raise
        if "writes the whole list" in self.mistakes:
            self.database.reports = {**stored, **self.api.reports}
        else:
            self.database.reports.update(self.api.reports)
        self.database.pulls -= 1

    def take_push(self, number: str, status: str) -> None:
        """Store a report that was pushed."""
        self.database.reports[number] = status
