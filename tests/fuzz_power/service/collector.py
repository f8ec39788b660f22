"""The nightly job: pull the reports, save them, check the balance, count the day; every failure is an alarm."""

from __future__ import annotations

from datetime import UTC, timedelta

from fuzz_power.service.inbound import Inbound
from fuzz_power.service.pager import Pager
from fuzz_power.service.records import Database, Notice
from fuzz_power.service.reports import NO_DATA, ReadReport, Unreadable, is_closed, is_refusal, read_reports
from fuzz_power.service.requests import pull_query
from fuzz_power.service.settings import TURKEY, Settings
from fuzz_power.service.transport import Answer, NoAnswer, Transport
from fuzz_power.service.watchers import Watchers

OVERDUE = timedelta(hours=50)
"""After the longest validity every message has a report (S-16, R-11)."""


class Collector:
    """The one that fetches reports; each is given once (R-03), so they are saved before anything else is done."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        transport: Transport,
        *,
        pager: Pager,
        inbound: Inbound,
        watchers: Watchers,
    ) -> None:
        self._settings = settings
        self._database = database
        self._transport = transport
        self._pager = pager
        self._inbound = inbound
        self._watchers = watchers

    def nightly(self) -> None:
        flags = self._database.tables.flags
        if "stale-lock" in self._settings.bugs:
            if flags.get("lock"):
                return
            flags["lock"] = True
            if self.collect():
                flags["lock"] = False
        else:
            self.collect()
        self._watchers.check_balance()
        self._count_the_day()
        self._look_for_overdue()
        self._database.save()

    def collect(self) -> bool:
        """Pull and save. Whether the vendor answered as it should."""
        before = self._database.saved()
        answer = self._pull()
        if "saves-over-others" in self._settings.bugs:
            self._database.tables = before
        reports = self._read(answer) if answer is not None else None
        if reports and "balance-before-save" in self._settings.bugs:
            self._watchers.ask_balance()
        for report in reports or ():
            self._inbound.record(report, "pull")
        self._database.save()
        return reports is not None

    def _pull(self) -> Answer | None:
        bugs = self._settings.bugs
        ids = [
            notice.wire_id
            for notice in self._database.tables.notices.values()
            if "names-todays-ids" in bugs
            and notice.accepted_at
            and notice.accepted_at.astimezone(TURKEY).date() == self._settings.clock().astimezone(TURKEY).date()
        ]
        tries = 2 if "lost-pull-repeated" in bugs else 1
        for place in range(tries):
            try:
                answer = self._transport.get(pull_query(self._settings, ids))
            except NoAnswer:
                continue
            if answer.status == 200 or place == tries - 1:
                return answer
        if "lost-pull-silent" not in bugs:
            self._pager.alarm("lost-pull", "a pull got no answer: its reports may be lost")
        return None

    def _read(self, answer: Answer) -> list[ReadReport] | None:
        """The reports of an answer; None if it is not what a pull gets."""
        bugs, text = self._settings.bugs, answer.text
        if answer.whole and answer.status == 200 and text == NO_DATA:
            if "no-data-is-error" in bugs:
                raise ValueError(text)
            return []
        if answer.status == 200 and answer.whole and is_refusal(text):
            silent = "pull-refusal-is-empty" in bugs or ("knows-no-minus-5" in bugs and text.startswith("-"))
            if not silent:
                self._pager.alarm("pull-refused", f"the vendor refuses the pull: {text}")
            return None
        if answer.status != 200 or "<DeliveryReport" not in text:
            silent = "pull-html-is-empty" in bugs or ("lost-pull-silent" in bugs and answer.status != 200)
            if not silent:
                self._pager.alarm("lost-pull", f"a pull got HTTP {answer.status} and {text[:40]!r}")
            return None
        return self._read_document(answer)

    def _read_document(self, answer: Answer) -> list[ReadReport]:
        bugs, text = self._settings.bugs, answer.text
        if not answer.whole and "cut-pull-silent" not in bugs:
            self._pager.alarm("cut-pull", "a pull was cut: reports may be lost")
        elif answer.whole and not is_closed(text):
            # The page prints such a document; it looks like one that a proxy cut.
            self._pager.alarm("unclosed-pull", "a pull without its end tag: reports may be lost")
        if not answer.whole and "cut-pull-thrown-away" in bugs:
            return []
        try:
            return read_reports(text, bugs)
        except Unreadable:
            self._pager.alarm("lost-pull", "a pull could not be read")
            return []

    def _count_the_day(self) -> None:
        zone = UTC if "day-in-utc" in self._settings.bugs else TURKEY
        accepted = [notice.accepted_at.astimezone(zone).date().isoformat() for notice in self._accepted()]
        self._database.tables.summaries = {day: accepted.count(day) for day in accepted}

    def _accepted(self) -> list[Notice]:
        return [n for n in self._database.tables.notices.values() if n.state == "accepted" and n.accepted_at]

    def _look_for_overdue(self) -> None:
        reported = {row.key for row in self._database.tables.reports}
        for notice in self._accepted():
            if notice.key not in reported and self._settings.clock() - notice.accepted_at > OVERDUE:
                self._pager.alarm("overdue", f"no report of {notice.key}", notice.key)
