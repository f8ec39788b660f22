"""The notification service as the shop uses it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from fuzz_power.service.collector import Collector
from fuzz_power.service.inbound import Inbound
from fuzz_power.service.outbox import Outbox
from fuzz_power.service.pager import Pager
from fuzz_power.service.records import Alarm, Database, Notice, Tables
from fuzz_power.service.requests import send_document
from fuzz_power.service.settings import TURKEY, Settings
from fuzz_power.service.transport import NoAnswer, Transport
from fuzz_power.service.watchers import Watchers

STAFF = "905559990001"
OTP_LIFE = timedelta(minutes=3)


def plain_number(typed: str) -> str:
    """A Turkish mobile number in full: country code, operator, number; digits only."""
    return "90" + re.sub(r"\D", "", typed)[-10:]


class NotificationService:
    """Queues messages for customers; ``work`` sends, ``nightly`` collects. One instance is one process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = Database()
        self.transport = Transport(settings)
        self.pager = Pager(settings)
        self.pager.by_message = self._message_to_staff
        self.inbound = Inbound(settings, self.database, self.pager)
        self.watchers = Watchers(settings, self.database, self.transport, self.pager)
        self.outbox = Outbox(settings, self.database, self.transport, self.pager)
        self.collector = Collector(
            settings, self.database, self.transport, pager=self.pager, inbound=self.inbound, watchers=self.watchers
        )

    @property
    def alarms(self) -> list[Alarm]:
        return self.pager.alarms

    @property
    def saved(self) -> Tables:
        """What would survive a restart."""
        return self.database.saved()

    # what the shop asks for

    def campaign(self, text: str, numbers: Sequence[str]) -> list[str]:
        """Queue one text for many customers, under ids of the shop; the keys of the messages."""
        return self._queue("campaign", text, numbers, own_ids=True)

    def order_news(self, text: str, numbers: Sequence[str]) -> list[str]:
        """Queue one text about an order, under ids that the vendor makes."""
        return self._queue("order", text, numbers)

    def one_time_password(self, number: str, text: str) -> str:
        """Queue a password that is of use for three minutes; its report is pushed."""
        return self._queue("otp", text, [number], push=True, expires=self.settings.clock() + OTP_LIFE)[0]

    def remind(self, text: str, number: str, due: datetime) -> str:
        """Queue a message that the vendor is to send at a certain time."""
        return self._queue("reminder", text, [number], own_ids=True, push=True, due=due)[0]

    def opt_out(self, typed: str) -> None:
        """Send nothing more to a customer."""
        number = typed if "opt-out-as-typed" in self.settings.bugs else plain_number(typed)
        self.database.tables.opted_out[number] = self.settings.clock()
        self.database.save()

    # what runs by itself

    def work(self) -> None:
        self.outbox.work()

    def morning(self) -> None:
        self.watchers.check_titles()
        self.watchers.check_balance()

    def collect(self) -> None:
        self.collector.collect()

    def nightly(self) -> None:
        self.collector.nightly()

    def receive_push(self, body: bytes) -> int:
        return self.inbound.receive_push(body)

    def restart(self) -> None:
        """End the process and begin again with what was saved."""
        self.database.reload()
        bugs = self.settings.bugs
        if "ids-begin-again" in bugs:
            self.database.tables.flags["ids"] = 0
        for notice in self.database.tables.notices.values():
            if notice.state == "sending" and "sending-stays" not in bugs:
                if "resend-after-restart" in bugs:
                    notice.state = "queued"
                    continue
                notice.state = "unknown"
                self.pager.alarm("unknown-fate", f"{notice.key} was being sent at a restart", notice.key)
        self.database.save()

    def _queue(
        self,
        kind: str,
        text: str,
        numbers: Sequence[str],
        *,
        own_ids: bool = False,
        push: bool = False,
        due: datetime | None = None,
        expires: datetime | None = None,
    ) -> list[str]:
        now = self.settings.clock()
        notices = self.database.tables.notices
        batch = f"{kind}-{len(notices) + 1:05d}"
        keys = []
        for typed in numbers:
            key = f"{kind}-{len(notices) + 1:05d}"
            notices[key] = Notice(
                key=key,
                batch=batch,
                number=plain_number(typed),
                typed=typed,
                text=text,
                kind=kind,
                created=now,
                next_try=now,
                own_id=self._own_id(now) if own_ids else "",
                push=push,
                due=due,
                first_offset=(due - now).total_seconds() if due else 0.0,
                expires=expires,
            )
            keys.append(key)
        self.database.save()
        return keys

    def _own_id(self, now: datetime) -> str:
        day = now.astimezone(TURKEY)
        flags = self.database.tables.flags
        flags["ids"] = flags.get("ids", 0) + 1
        return f"{self.settings.id_prefix}{day:%Y%m%d}{flags['ids']:06d}"

    def _message_to_staff(self, text: str) -> bool:
        now = self.settings.clock()
        notice = Notice(key="", batch="", number=STAFF, typed=STAFF, text=text, kind="alarm", created=now, next_try=now)
        try:
            return "<status>0<" in self.transport.post(send_document(self.settings, [notice], now)).text
        except NoAnswer:
            return False
