"""Two days of a shop: one under a condition, and an ordinary one after it, on which everything must work again."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from fuzz_power.receiver import Receiver
from fuzz_power.service.records import BalanceRow
from fuzz_power.service.service import NotificationService, plain_number
from fuzz_power.service.settings import TURKEY, Settings
from kobikom_emulator.driver import Kobikom

CREDIT = "5000"
ANNA, BURAK, CEM, DENIZ, ELIF = "05329975725", "05352220087", "05052542525", "05423110054", "05536401213"
DELIVERY = {"outcomes": [{"status": "DELIVERED", "after": 60.0}], "jitter": 0.0}


class ProcessEnds(BaseException):
    """The service's process ends in the middle of a step; it begins again before the next one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What the shop and its customers bring; the ordinary values show few mistakes."""

    campaign_text: str = "Bahar indirimi başladı"
    campaign_numbers: tuple[str, ...] = (ANNA, BURAK, CEM, DENIZ)
    opt_out: str = BURAK
    id_prefix: str = ""


ORDINARY = Inputs()


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceCheck:
    """A step that checks the balance: the true credit, what was recorded, and the kinds of the alarms of the step."""

    credit: Decimal
    row: BalanceRow | None
    alarms: frozenset[str]


@dataclass(slots=True)
class Evidence:
    """What a run leaves beside the service and the space.

    ``clock_jumps``: the time goes on while the service works. ``answers_unseen``: the service did not get an answer
    that the space's journal says it was sent.
    """

    crashes: list[str] = field(default_factory=list)
    checks: list[BalanceCheck] = field(default_factory=list)
    nights: list[datetime] = field(default_factory=list)
    opted_out: list[tuple[str, datetime]] = field(default_factory=list)
    second_day: datetime | None = None
    answers_unseen: bool = False
    clock_jumps: bool = False


class Shop:
    """A service, a space and the clock between them; the steps of a day are its methods."""

    def __init__(
        self,
        space: Kobikom,
        receiver: Receiver,
        bugs: frozenset[str],
        *,
        inputs: Inputs = ORDINARY,
        timeout: float = 10.0,
    ) -> None:
        self.space = space
        self.receiver = receiver
        self.inputs = inputs
        self.evidence = Evidence()
        self.between: Callable[[str], object] = lambda _: None
        self.at_noon: Callable[[], object] = lambda: None
        self.service = NotificationService(
            Settings(
                base_url=space.base_url,
                user=space.user,
                password=space.password,
                clock=space.clock.now,
                timeout=timeout,
                push_url=f"http://127.0.0.1:9/{space.name}",
                id_prefix=inputs.id_prefix,
                bugs=bugs,
            )
        )
        receiver.service = self.service

    @property
    def now(self) -> datetime:
        return self.space.clock.now()

    def advance(self, seconds: float) -> None:
        """Move the clock; what is due is pushed before this returns."""
        self.space.clock.advance(seconds)
        self.space.drain(timeout=30)
        self.between("advance")

    def step(self, action: Callable[..., Any], *arguments: Any) -> None:
        """One call of the service; an exception ends this step alone, as a job's crash would."""
        try:
            action(*arguments)
        except ProcessEnds:
            self.service.restart()
        except Exception:  # noqa: BLE001  # a crash is judged by what it leaves behind
            self.evidence.crashes.append(traceback.format_exc(limit=-2))
        self.between(action.__name__)

    def night(self) -> None:
        self.evidence.nights.append(self.now)
        self._checking(self.service.nightly)

    def _checking(self, action: Callable[[], None]) -> None:
        """A step that has to check the balance."""
        rows, alarms = len(self.service.saved.balances), len(self.service.alarms)
        self.step(action)
        new = self.service.saved.balances[rows:]
        self.evidence.checks.append(
            BalanceCheck(
                credit=self.space.account().credit,
                row=new[-1] if new else None,
                alarms=frozenset(alarm.kind for alarm in self.service.alarms[alarms:]),
            )
        )

    def first_day(self) -> None:
        """A morning's checks, a campaign, orders, a password, a reminder, an opt-out, two pulls."""
        service = self.service
        self._checking(service.morning)
        self.step(service.campaign, self.inputs.campaign_text, self.inputs.campaign_numbers)
        self.step(service.order_news, "Siparişiniz yola çıktı", [ELIF, BURAK])
        self.step(service.one_time_password, ANNA, "Giriş kodunuz 482913")
        tomorrow = self.now.astimezone(TURKEY).date() + timedelta(days=1)
        self.step(service.remind, "Randevunuz bugün 11:00", CEM, datetime.combine(tomorrow, time(9, 30), TURKEY))
        self.step(service.work)
        self.advance(60)
        self.evidence.opted_out.append((plain_number(self.inputs.opt_out), self.now))
        self.step(service.opt_out, self.inputs.opt_out)
        for seconds in (240, 300, 1800):
            self.advance(seconds)
            self.step(service.work)
        self.at_noon()
        self.step(service.collect)
        self.step(service.order_news, "Siparişiniz teslim edildi", [DENIZ])
        self.step(service.campaign, "İndirimin son günü", [ANNA])
        self.step(service.work)
        for seconds in (7200, 25_200):
            self.advance(seconds)
            self.step(service.work)
        self.night()

    def mend(self) -> None:
        """End what is wrong with the vendor; its readings stay."""
        self.space.faults.clear()
        self.space.account(credit=CREDIT, delivery=DELIVERY)

    def second_day(self) -> None:
        """An ordinary day after the first: smaller, and everything has to work."""
        service = self.service
        self.advance(16 * 3600)
        self.evidence.second_day = self.now
        self._checking(service.morning)
        self.step(service.campaign, "Yeni ürünler geldi", [ANNA, BURAK, CEM])
        self.step(service.order_news, "Siparişiniz hazırlanıyor", [ELIF])
        self.step(service.one_time_password, DENIZ, "Giriş kodunuz 771204")
        self.step(service.work)
        self.advance(120)
        self.night()
