"""Pushes of the controlled paper server (S-19), tried whenever its clock is moved."""

from __future__ import annotations

import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from paper_server.dialect import Report, printed_date, reports_answer
from paper_server.world import Message, World


@dataclass(frozen=True, slots=True)
class PushPolicy:
    """How reports are pushed; by default as documented: retries after 1, 2, 5 and 10 minutes, nopush obeyed."""

    retries_after: tuple[int, ...] = (60, 120, 300, 600)
    obey_nopush: bool = True
    keep_for_pull: bool = False
    tag: str = "DeliveryReport"
    silent: bool = False


@dataclass(slots=True)
class _Task:
    message: Message
    url: str
    due: datetime
    tries: int = 0


@dataclass(slots=True)
class Pusher:
    """Takes messages with a pushurl out of the pull queue and POSTs their reports when due."""

    world: World
    policy: PushPolicy = field(default_factory=PushPolicy)
    tasks: list[_Task] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)

    def collect(self) -> None:
        """Find the messages accepted since the last look that want a push."""
        for account in self.world.accounts.values():
            for message in list(account.waiting):
                recorded = message.order.recorded
                url = recorded.get("pushurl", "").strip()
                held = self.policy.obey_nopush and recorded.get("nopush", "").strip() == "1"
                if not url or url == "nopush" or held or id(message) in self.taken:
                    continue
                self.taken.add(id(message))
                self.tasks.append(_Task(message, url, message.done))
                if not self.policy.keep_for_pull:
                    account.waiting.remove(message)

    def run(self, now: datetime) -> None:
        """Try every push that is due."""
        for task in [one for one in self.tasks if one.due <= now]:
            if self._post(task) or task.tries >= len(self.policy.retries_after):
                self.tasks.remove(task)
            else:
                task.due = now + timedelta(seconds=self.policy.retries_after[task.tries])
                task.tries += 1

    def _post(self, task: _Task) -> bool:
        if self.policy.silent:
            return True
        m, readings = task.message, self.world.readings
        report = Report(m.id, printed_date(m.submitted, readings), printed_date(m.done, readings), m.status, m.gsmerror)
        body = reports_answer([report], readings).replace(b"DeliveryReport", self.policy.tag.encode())
        headers = {"Content-Type": "application/xml; charset=UTF-8"}
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(urllib.request.Request(task.url, body, headers), timeout=5):
                return True
        except (urllib.error.HTTPError, OSError) as error:
            if isinstance(error, urllib.error.HTTPError):
                error.close()
            return False
