"""The shop with drawn steps: its own, those of the vendor and the network, restarts, a second worker, and drawn inputs.

``PYTHONPATH=tests python -m fuzz_power.machine`` measures which mistakes it finds.
"""

from __future__ import annotations

import argparse
import sys
import time as clock
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import seed as with_seed
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from fuzz_power.interventions import push_again
from fuzz_power.promises import broken, broken_at_noon
from fuzz_power.service.bugs import BUGS, Bug
from fuzz_power.service.service import plain_number
from fuzz_power.shop_day import ANNA, BURAK, CEM, CREDIT, DENIZ, ELIF, Inputs, Shop
from fuzz_power.shown_under import LONG, MANY
from fuzz_power.street import Street
from fuzz_power.view import View
from kobikom_emulator.driver import Kobikom
from kobikom_emulator.machine import KobikomMachine

PEOPLE = (ANNA, BURAK, CEM, DENIZ, ELIF)
TEXTS = ("Bahar indirimi başladı", "Kargo & iade bedava", LONG, LONG * 2, "Bahar geldi 🌷")
PASSWORD = "shop-secret"


class BrokenPromises(AssertionError):
    """What the shop promises and does not keep."""


class ShopMachine(KobikomMachine[Shop]):
    """Two workers share one process here: ``make_service`` gives the shop that is there."""

    operations = ("send", "pull", "titles", "balance")
    street: ClassVar[Street]
    bugs: ClassVar[frozenset[str]] = frozenset()

    def begin(self) -> None:
        self.kobikom.password = PASSWORD
        self.count = 0
        self.good_text = TEXTS[0]
        self.pulling = False
        self._open(Inputs())

    def _open(self, inputs: Inputs) -> None:
        self.shop = Shop(self.kobikom, self.street.receiver, self.bugs, inputs=inputs)

    def make_service(self) -> Shop:
        return self.shop

    def recover(self) -> None:
        self.shop.evidence.answers_unseen = True
        self.shop.service.restart()

    def settle(self) -> None:
        self.kobikom.drain(timeout=self.bound)

    @initialize(
        id_prefix=st.sampled_from(["", "B", "bahar-2026-"]),
        password=st.sampled_from([PASSWORD, "a&b=c"]),
        pull_refusal=st.sampled_from(["", "negative"]),
        good_text=st.sampled_from(TEXTS),
    )
    def configure(self, id_prefix: str, password: str, pull_refusal: str, good_text: str) -> None:
        self.kobikom.account(password=password)
        self.kobikom.password = password
        if pull_refusal:
            self.kobikom.set_readings(pull_refusal=pull_refusal)
        self._open(Inputs(id_prefix=id_prefix))
        self.service = self.shop
        self.good_text = good_text

    # what the shop asks for

    @rule(text=st.sampled_from(TEXTS), numbers=st.sampled_from([(ANNA,), PEOPLE, MANY]))
    def campaign(self, text: str, numbers: tuple[str, ...]) -> None:
        self.shop.step(self.shop.service.campaign, self._another(text), numbers)

    @rule(number=st.sampled_from(PEOPLE))
    def order_news(self, number: str) -> None:
        self.shop.step(self.shop.service.order_news, self._another("Siparişiniz yola çıktı"), [number])

    @rule(number=st.sampled_from(PEOPLE))
    def one_time_password(self, number: str) -> None:
        self.shop.step(self.shop.service.one_time_password, number, self._another("Giriş kodunuz 482913"))

    @rule(number=st.sampled_from(PEOPLE), hours=st.sampled_from([1, 24]))
    def remind(self, number: str, hours: int) -> None:
        due = self.shop.now + timedelta(hours=hours)
        self.shop.step(self.shop.service.remind, self._another("Randevunuz bugün"), number, due)

    @precondition(lambda machine: not machine.in_flight)
    @rule(typed=st.sampled_from([BURAK, "+90 (535) 222 00 87"]))
    def opt_out(self, typed: str) -> None:
        self.kobikom.clock.advance(1)
        self.shop.evidence.opted_out.append((plain_number(typed), self.shop.now))
        self.shop.step(self.shop.service.opt_out, typed)

    def _another(self, text: str) -> str:
        """The text as no other message has it: the promises tell messages apart by number and text."""
        self.count += 1
        return f"{text} {self.count}"

    # what runs by itself

    @rule()
    def work(self) -> None:
        self._later(lambda shop: shop.step(shop.service.work))

    @precondition(lambda machine: not machine.in_flight)
    @rule()
    def collect(self) -> None:
        self.pulling = True
        self._later(lambda shop: shop.step(shop.service.collect))

    @precondition(lambda machine: not machine.in_flight)
    @rule()
    def morning(self) -> None:
        self._later(lambda shop: shop._checking(shop.service.morning))

    @precondition(lambda machine: not machine.in_flight)
    @rule()
    def night(self) -> None:
        self.pulling = True
        self._later(Shop.night)

    def _later(self, step: object) -> None:
        """A call a second later: the promises order what happens by its time."""
        self.kobikom.clock.advance(1)
        self.settle()
        self.call(step)  # type: ignore[arg-type]
        self.pulling = self.pulling and self.in_flight

    # what the vendor, the network and the operating system do

    @precondition(lambda machine: machine.hold is None and not machine.in_flight)
    @rule(operation=st.sampled_from(["send", "pull"]))
    def hold_answer(self, operation: str) -> None:
        """No balance is held: the promise about money compares it with the credit at the end of the step."""
        super().hold_answer(operation=operation)

    @precondition(lambda machine: not machine.pulling)
    @rule()
    def restart(self) -> None:
        """Not during a pull: the correct service does not know after a restart that one was begun."""
        super().restart()

    @precondition(lambda machine: not machine.pulling)
    @rule()
    def close_connections(self) -> None:
        self.shop.evidence.answers_unseen = True
        super().close_connections()

    @rule()
    def push_again(self) -> None:
        push_again(self.shop)

    @precondition(lambda machine: not machine.in_flight)
    @rule(credit=st.sampled_from(["20", CREDIT]))
    def change_credit(self, credit: str) -> None:
        self.kobikom.account(credit=credit)

    # what is promised

    @precondition(lambda machine: not machine.in_flight)
    @rule()
    def noon(self) -> None:
        """What is judged before reports correct it."""
        _must_be_none(broken_at_noon(_view(self.shop)))

    def teardown(self) -> None:
        """After the run comes an ordinary day, and all promises are judged."""
        try:
            if sys.exception() is None:
                self.end_calls(kill=False)
                self.shop.mend()
                self.shop.between = self._on_the_good_day
                self.shop.second_day()
                _must_be_none(broken(_view(self.shop), different=False))
        finally:
            super().teardown()

    def _on_the_good_day(self, step: str) -> None:
        """Beside the campaign of the good day there is one with a drawn text."""
        if step == "campaign":
            self.shop.between = lambda _: None
            self.shop.step(self.shop.service.campaign, self._another(self.good_text), [ELIF])


def _view(shop: Shop) -> View:
    """What is to be judged. Where a day stalls an answer nobody gets it; here every held answer of a pull arrives."""
    view = View.of(shop)
    journal = [replace(e, faults=[rule for rule in e.faults if "stall" not in rule]) for e in view.journal]
    return replace(view, journal=tuple(journal))


def _must_be_none(sentences: Sequence[str]) -> None:
    if sentences:
        raise BrokenPromises(sentences[0])


def failure_of(street: Street, bugs: frozenset[str], *, seed: int, examples: int, shrink: bool = False) -> str:
    """How a shop with these mistakes fails in drawn runs; "" if it does not."""
    machine = with_seed(seed)(type("ShopMachine", (ShopMachine,), {"street": street, "bugs": bugs}))
    drawn = settings(
        max_examples=examples,
        stateful_step_count=30,
        database=None,
        deadline=None,
        derandomize=False,
        suppress_health_check=list(HealthCheck),
    )
    try:
        machine.run(_space(street), settings=drawn)
    except AssertionError as error:
        note = error.__notes__[0] if shrink else ""
        return f"{error}\n{note}"
    return ""


def _space(street: Street) -> Kobikom:
    return street.space


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--examples", type=int, default=100)
    parser.add_argument("--correct", action="store_true", help="run the correct service alone")
    parser.add_argument("--bugs", default="", help="names of mistakes, with commas; those no day shows unless given")
    parser.add_argument("--steps", action="store_true", help="print the smallest steps")
    chosen = parser.parse_args(arguments)
    names = set(filter(None, chosen.bugs.split(",")))
    bugs: list[Bug] = [bug for bug in BUGS if bug.name in names or (not names and not bug.visible_on_a_day)]
    for text in chosen.seeds.split(","):
        for name in ["", *([] if chosen.correct else [bug.name for bug in bugs])]:
            begun = clock.process_time()
            with Street() as street:
                failure = failure_of(
                    street,
                    frozenset((name,)) if name else frozenset(),
                    seed=int(text),
                    examples=chosen.examples,
                    shrink=chosen.steps,
                )
            seconds = clock.process_time() - begun
            print(f"seed {text} {name or 'correct'} ({seconds:.0f} s): {failure.strip() or 'no failure'}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
