"""Sends what is due; only what was surely refused is tried again, never what may have been accepted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from fuzz_power.service.pager import Pager
from fuzz_power.service.records import Database, Notice
from fuzz_power.service.reports import kept_id
from fuzz_power.service.requests import send_document
from fuzz_power.service.results import UNKNOWN, Fate, fates, read_results
from fuzz_power.service.settings import Settings
from fuzz_power.service.transport import Answer, NoAnswer, Transport

LOGIN = frozenset((-5, -10, -11))
AGAIN = frozenset((-1, -2, -26)) | LOGIN
"""Refusals that may be over later."""
DELAYS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480))
NOT_CARRIED_OUT = frozenset((400, 403, 404, 405, 413, 414, 429))
"""HTTP errors after which nothing was accepted (T-08)."""


class Outbox:
    """One worker; others may share its database."""

    def __init__(self, settings: Settings, database: Database, transport: Transport, pager: Pager) -> None:
        self._settings = settings
        self._database = database
        self._transport = transport
        self._pager = pager

    def work(self) -> None:
        """Send everything that is due, one request a batch."""
        flags = self._database.tables.flags
        if flags.get("down") or flags.get("paused") or flags.get("blocked"):
            return
        due = sorted(self._due(), key=lambda notice: (notice.batch, notice.tries))
        for _, group in groupby(due, key=lambda notice: (notice.batch, notice.tries)):
            self._send([notice for notice in group if notice.state == "queued"])

    def _due(self) -> list[Notice]:
        now = self._settings.clock()
        due = []
        for notice in self._database.tables.notices.values():
            if notice.state != "queued" or notice.next_try > now:
                continue
            if self._is_expired(notice):
                continue
            if self._is_opted_out(notice):
                notice.state = "opted-out"
            else:
                due.append(notice)
        self._database.save()
        return due

    def _is_expired(self, notice: Notice) -> bool:
        if not notice.expires or self._settings.clock() < notice.expires or "otp-sent-late" in self._settings.bugs:
            return False
        notice.state = "expired"
        self._pager.alarm("expired", f"{notice.key} could not be sent in time", notice.key)
        return True

    def _is_opted_out(self, notice: Notice) -> bool:
        if notice.tries and "opt-out-checked-once" in self._settings.bugs:
            return False
        number = notice.typed if "opt-out-as-typed" in self._settings.bugs else notice.number
        return number in self._database.tables.opted_out

    def _send(self, batch: Sequence[Notice]) -> None:
        bugs = self._settings.bugs
        # The batches before this one took their time.
        batch = [notice for notice in batch if not self._is_expired(notice)]
        if not batch:
            return
        for notice in batch:
            if notice.own_id:
                notice.wire_id = notice.own_id + (f"-{notice.tries}" if notice.tries else "")
        if "claims-after-answer" not in bugs:
            # What is saved before the request went out is known after a crash.
            for notice in batch:
                notice.state = "sending"
            self._database.save()
        outcome = self._ask(batch)
        if outcome is not None:
            for notice in batch:
                self._settle(notice, outcome[notice.key])
        self._database.save()

    def _ask(self, batch: Sequence[Notice]) -> dict[str, Fate] | None:
        """The fate of each message; None if a mistake forgets them."""
        bugs = self._settings.bugs
        try:
            answer = self._transport.post(send_document(self._settings, batch, self._settings.clock()))
        except NoAnswer as failure:
            if "down-for-good" in bugs:
                self._database.tables.flags["down"] = True
            return dict.fromkeys((notice.key for notice in batch), self._without_answer(failure.why))
        if answer.status != 200:
            if "http-error-forgotten" in bugs:
                return None
            return dict.fromkeys((notice.key for notice in batch), self._after_error(answer))
        if "resend-after-damage" in bugs and not read_results(answer, bugs):
            return dict.fromkeys((notice.key for notice in batch), Fate(-1))
        return fates(batch, answer, bugs)

    def _without_answer(self, why: str) -> Fate:
        bugs = self._settings.bugs
        if (
            why == "not-sent"
            or (why == "timeout" and "resend-after-timeout" in bugs)
            or (why == "closed" and "resend-after-close" in bugs)
        ):
            return Fate(-1)
        if "no-answer-is-success" in bugs:
            return Fate(0)
        return Fate(-23) if "no-answer-is-refusal" in bugs else UNKNOWN

    def _after_error(self, answer: Answer) -> Fate:
        if answer.status in NOT_CARRIED_OUT:
            return Fate(-23) if "4xx-is-final" in self._settings.bugs else Fate(-1)
        return Fate(-1) if "resend-after-5xx" in self._settings.bugs else UNKNOWN

    def _settle(self, notice: Notice, fate: Fate) -> None:
        now = self._settings.clock()
        notice.code = fate.code
        if fate.code == 0:
            self._accept(notice, fate.message_id, now)
        elif fate.code is None or fate.code == -33:
            self._doubt(notice, fate.code, now)
        elif self._may_repeat(notice, fate.code):
            self._repeat(notice, now)
            if fate.code in LOGIN:
                self._pager.alarm("login-refused", f"the vendor refuses the login: {fate.code}")
                if "login-refusal-for-good" in self._settings.bugs:
                    self._database.tables.flags["blocked"] = True
        else:
            notice.state = "refused"
            silent = {"refusal-silent", "no-answer-is-refusal", "4xx-is-final"} & self._settings.bugs
            if not silent and not (fate.code == -2 and "shortage-is-final" in self._settings.bugs):
                self._pager.alarm("refused", f"{notice.key} is refused: {fate.code}", notice.key)

    def _accept(self, notice: Notice, message_id: str, now: datetime) -> None:
        if not notice.own_id:
            notice.wire_id = kept_id(message_id, self._settings.bugs)
        notice.state = "accepted"
        notice.accepted_at = now
        self._database.tables.adopt(notice)

    def _doubt(self, notice: Notice, code: int | None, now: datetime) -> None:
        """It may have been accepted: a person decides, unless its report comes."""
        bugs = self._settings.bugs
        if code is None and notice.own_id and {"trusts-ids", "new-id-after-33"} & bugs:
            notice.state = "queued"
            notice.next_try = now + DELAYS[0]
        elif code == -33 and "new-id-after-33" in bugs:
            self._repeat(notice, now)
        elif code == -33 and "trusts-ids" in bugs:
            self._accept(notice, notice.wire_id, now)
        else:
            notice.state = "unknown"
            self._pager.alarm("unknown-fate", f"nobody knows whether {notice.key} was accepted", notice.key)

    def _may_repeat(self, notice: Notice, code: int) -> bool:
        if "final-retried" in self._settings.bugs and code == -13:
            return True
        if "shortage-is-final" in self._settings.bugs and code == -2:
            return False
        return code in AGAIN and notice.tries < len(DELAYS)

    def _repeat(self, notice: Notice, now: datetime) -> None:
        notice.next_try = now + DELAYS[min(notice.tries, len(DELAYS) - 1)]
        notice.tries += 1
        notice.state = "queued"
