"""Law: the stateful contract: random interleavings compared with the naive model, step by step.

Sends, scheduled sends, refused sends, pulls by name, by application and by nothing, balance and
title queries and clock moves, over two accounts. A mismatch is laid at the clause it speaks of.
"""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import Any

from hypothesis import seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as play

from kobikom_contracts import documents, reader
from kobikom_contracts.contract import contract
from kobikom_contracts.documents import Recipient
from kobikom_contracts.lab import AMPLE, Lab
from kobikom_contracts.model import Model
from kobikom_contracts.target import Need
from kobikom_contracts.verdicts import Violation

TEXTS = st.sampled_from(("Merhaba", "a" * 160, "a" * 161, "ş" * 71, "€" * 80, ""))
DELAYS = st.sampled_from((("", 0), ("1s", 0), ("10s", 10), ("2m1s", 121), ("1h", 3600)))
REFUSALS = st.sampled_from(
    (({"flash": "7"}, -23), ({"ileriTarih": "soon"}, -27), ({"baslik": "much too long a title"}, -34))
)


class Machine(RuleBasedStateMachine):
    """One run of the machine; subclassed with the lab it works at."""

    lab: Lab
    other: tuple[str, str] | None
    moves_time: bool

    @initialize()
    def begin(self) -> None:
        """Start from the account as it is, everything that is due pulled away."""
        self.lab.example()
        for appid in (None, "app"):
            self.lab.pull(appid=appid)
        if self.lab.target.control is not None and "accounts" in self.lab.target.control.capabilities:
            self.lab.target.control.set_credit(self.lab.user, AMPLE)
        unit = self.lab.unit
        self.model = Model(self.lab.balance(), unit)
        self.titles = self.lab.ask_titles().body
        self.pulled: set[str] = set()

    @rule(text=TEXTS, count=st.integers(1, 3), named=st.booleans(), appid=st.sampled_from(("", "app")), delay=DELAYS)
    def send(self, text: str, count: int, named: bool, appid: str, delay: tuple[str, int]) -> None:
        """A send that must be accepted."""
        model = self.model
        offset, seconds = delay if self.moves_time else ("", 0)
        if model.credit < model.price(text, count):
            return
        recipients = [Recipient(self.lab.gsm(i), self.lab.new_id() if named else None) for i in range(count)]
        answer = self.lab.submit(
            self.lab.to(
                recipients,
                metin=text,
                type="longSMS",
                appid=appid,
                ileriTarih=offset,
                # What GSM 03.38 can't write goes as UCS-2, so that no reading of S-12 matters.
                datacoding="8" if "ş" in text else "",
            )
        )
        self.lab.expect(("0",) * count, answer.statuses, "statuses", clause="S-02")
        for recipient, one in zip(recipients, answer.results, strict=True):
            wanted = recipient.message_id or one.message_id
            self.lab.expect(wanted, one.message_id, "messageid", clause="S-03")
        model.accept([r.message_id for r in answer.results], text=text, appid=appid, delay=seconds)

    @rule(refusal=REFUSALS)
    def refused(self, refusal: tuple[dict[str, str], int]) -> None:
        """A send that must be refused and change nothing."""
        fields, code = refusal
        answer = self.lab.submit(self.lab.with_fields(fields, 2))
        self.lab.expect({str(code)}, set(answer.statuses), "statuses", clause="S-17")

    @rule(appid=st.sampled_from(("", "app")))
    def pull_all(self, appid: str) -> None:
        """A pull without names."""
        self._pull(None, appid)

    @rule(appid=st.sampled_from(("", "app")), data=st.data())
    def pull_named(self, appid: str, data: st.DataObject) -> None:
        """A pull of some of the known ids and an unknown one."""
        known = [one.id for one in self.model.sent]
        if known:
            some = data.draw(st.lists(st.sampled_from(known), max_size=4, unique=True))
            self._pull((*some, "bilinmeyen"), appid)

    def _pull(self, ids: tuple[str, ...] | None, appid: str) -> None:
        model = self.model
        answer = self.lab.pull(ids, appid=appid or None)
        wrong = sorted(set(answer.ids) & self.pulled)
        self.lab.expect([], wrong, "reports given before and again", clause="R-03")
        # Others' messages (of earlier contracts, of other users) may come too: not ours to judge.
        mine = {one.id for one in model.sent}
        got = [ident for ident in answer.ids if ident in mine]
        due = model.due(ids, appid)
        if self.moves_time:
            clause = "R-03" if ids is None else "R-04"
            self.lab.expect(sorted(due), sorted(got), "reports", clause=clause)
        else:
            known = {one.id for one in model.sent if one.appid == appid}
            self.lab.require(set(got) <= known, "reports of this appid only", got, clause="R-04")
        model.give(got)
        self.pulled |= set(answer.ids)

    @rule(seconds=st.sampled_from((1, 5, 60, 3600)))
    def time_passes(self, seconds: int) -> None:
        """The clock is moved, where it can be."""
        if self.moves_time:
            self.lab.let_pass(seconds)
            self.model.now += seconds

    @rule()
    def ask_titles(self) -> None:
        """Titles stay what they were."""
        self.lab.expect(self.titles, self.lab.ask_titles().body, "titles", clause="H-01")

    @rule()
    def other_account_pulls(self) -> None:
        """Another account never sees our reports."""
        if self.other is not None:
            found = reader.reports(self.lab.get(documents.pull_path(*self.other)).text)
            ours = {one.id for one in self.model.sent}
            self.lab.expect(set(), ours & {one.id for one in found}, "our reports", clause="R-05")

    @rule()
    def other_account_sends(self) -> None:
        """Another account's messages cost us nothing and are not ours."""
        if self.other is not None:
            user, password = self.other
            self.lab.submit(replace(self.lab.message(), user=user, password=password))

    @invariant()
    def balance_agrees(self) -> None:
        """After every step the balance is the model's."""
        if hasattr(self, "model"):
            self.lab.expect(self.model.credit, self.lab.balance(), "balance", clause="C-05")


@contract("R-03", "R-04", "R-05", "C-05", needs=(Need.DELIVERY, Need.EXCLUSIVE), credit=400)
def interleavings_agree_with_the_model(lab: Lab) -> None:
    """Random interleavings of every operation give what a naive model gives."""
    other = None if lab.target.lacks(Need.SECOND) else lab.second_account()
    last: list[Violation] = []
    members: dict[str, Any] = {"lab": lab, "other": other, "moves_time": lab.has_clock}
    machine = type("Interleaving", (Machine,), members)
    seeded = seed(lab.seed ^ zlib.crc32(b"machine"))(machine)
    try:
        play(seeded, settings=settings(lab.profile.machine()))
    except Violation as violation:
        last.append(violation)
    except Flaky as flaky:
        inner = [e for e in getattr(flaky, "exceptions", ()) if isinstance(e, Violation)]
        if not inner:
            raise
        inner[0].flaky = True
        last.append(inner[0])
    if last:
        notes = [n for n in getattr(last[0], "__notes__", ()) if "state" in n]
        last[0].counterexample = "\n".join(notes) or None
        raise last[0]
