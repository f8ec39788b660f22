"""Contract over random interleavings of every operation, compared step by step with a simple model."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import replace
from functools import wraps
from io import StringIO
from typing import Any

from hypothesis import seed
from hypothesis import strategies as st
from hypothesis.errors import HypothesisException
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from kobikom_contracts import documents, reader
from kobikom_contracts.clauses import READING_BY_NAME
from kobikom_contracts.core.verdicts import Violation
from kobikom_contracts.documents import Recipient
from kobikom_contracts.server_suite.contract import contract
from kobikom_contracts.server_suite.model import Model
from kobikom_contracts.server_suite.session import AMPLE, ServerSession
from kobikom_contracts.server_suite.target import Need

TEXTS = st.sampled_from(("Merhaba", "a" * 160, "a" * 161, "ş" * 71, "€" * 80, ""))
PLACES = st.lists(st.integers(0, 1000), max_size=4)
DELAYS = st.sampled_from((("", 0), ("1s", 0), ("10s", 10), ("2m1s", 121), ("1h", 3600)))
REFUSALS = st.sampled_from(
    (({"flash": "7"}, -23), ({"ileriTarih": "soon"}, -27), ({"baslik": "much too long a title"}, -34))
)

TITLE_CODES = frozenset(READING_BY_NAME["title-code"].values)


def recorded(step: Callable[..., None]) -> Callable[..., None]:
    """Keep every exception of a step: Hypothesis reports its own where a target is inconsistent."""

    @wraps(step)
    def run(machine: Machine, **drawn: Any) -> None:
        try:
            step(machine, **drawn)
        except Exception as error:
            machine.errors.append(error)
            if isinstance(error, Violation):
                machine.session.seen = error
            raise

    return run


class Machine(RuleBasedStateMachine):
    """One sequence of operations; a subclass names the session it works with."""

    session: ServerSession
    other: tuple[str, str] | None
    moves_time: bool
    errors: list[Exception]

    @initialize()
    @recorded
    def begin(self) -> None:
        """Start from the account as it is, after pulling every report that is due."""
        self.session.example()
        for appid in (None, "app"):
            self.session.pull(appid=appid)
        if self.session.target.control is not None and "accounts" in self.session.target.control.capabilities:
            self.session.target.control.set_credit(self.session.user, AMPLE)
        unit = self.session.unit
        self.model = Model(self.session.balance(), unit)
        self.titles = self._titles()
        self.pulled: set[str] = set()

    @rule(text=TEXTS, count=st.integers(1, 3), named=st.booleans(), appid=st.sampled_from(("", "app")), delay=DELAYS)
    @recorded
    def send(self, text: str, count: int, named: bool, appid: str, delay: tuple[str, int]) -> None:
        """A send that must be accepted."""
        model = self.model
        offset, seconds = delay if self.moves_time else ("", 0)
        if model.credit < model.price(text, count):
            return
        recipients = [Recipient(self.session.gsm(i), self.session.new_id() if named else None) for i in range(count)]
        answer = self.session.submit(
            self.session.to(
                recipients,
                metin=text,
                type="longSMS",
                appid=appid,
                ileriTarih=offset,
                # What GSM 03.38 can't write goes as UCS-2, so that no reading of S-12 matters.
                datacoding="8" if "ş" in text else "",
            )
        )
        self.session.expect(("0",) * count, answer.statuses, "statuses", statement="S-02.1")
        for recipient, one in zip(recipients, answer.results, strict=True):
            wanted = recipient.message_id or one.message_id
            self.session.expect(wanted, one.message_id, "messageid", statement="S-03.1")
        model.accept([r.message_id for r in answer.results], text=text, appid=appid, delay=seconds)

    @rule(refusal=REFUSALS)
    @recorded
    def refused(self, refusal: tuple[dict[str, str], int]) -> None:
        """A send that must be refused and change nothing."""
        fields, code = refusal
        answer = self.session.submit(self.session.with_fields(fields, 2))
        statement = {-23: "S-17.1", -27: "S-15.4"}.get(code, "S-09.2")
        codes = {str(code)} if code in (-23, -27) else TITLE_CODES
        refused = len(set(answer.statuses)) == 1 and set(answer.statuses) <= codes
        self.session.require(refused, f"{' or '.join(sorted(codes))} for {fields}", answer, statement=statement)

    @rule(appid=st.sampled_from(("", "app")))
    @recorded
    def pull_all(self, appid: str) -> None:
        """A pull without names."""
        self._pull(None, appid)

    @rule(appid=st.sampled_from(("", "app")), places=PLACES)
    @recorded
    def pull_named(self, appid: str, places: list[int]) -> None:
        """A pull of some of the known ids and an unknown one."""
        known = [one.id for one in self.model.sent]
        if known:
            # Drawn as places, so that the draws do not depend on the target's answers.
            some = dict.fromkeys(known[place % len(known)] for place in places)
            self._pull((*some, "bilinmeyen"), appid)

    def _pull(self, ids: tuple[str, ...] | None, appid: str) -> None:
        model = self.model
        answer = self.session.pull(ids, appid=appid or None)
        wrong = sorted(set(answer.ids) & self.pulled)
        self.session.expect([], wrong, "reports given before and again", statement="R-03.1")
        # Reports of earlier contracts' messages may come, too: the model knows nothing of them.
        mine = {one.id for one in model.sent}
        got = [ident for ident in answer.ids if ident in mine]
        due = model.due(ids, appid)
        if self.moves_time:
            statement = "R-03.1" if ids is None else "R-04.1"
            self.session.expect(sorted(due), sorted(got), "reports", statement=statement)
        else:
            known = {one.id for one in model.sent if one.appid == appid}
            self.session.require(set(got) <= known, "reports of this appid only", got, statement="R-04.1")
        model.give(got)
        self.pulled |= set(answer.ids)

    @rule(seconds=st.sampled_from((1, 5, 60, 3600)))
    @recorded
    def time_passes(self, seconds: int) -> None:
        """The clock is moved, where it can be."""
        if self.moves_time:
            self.session.let_pass(seconds)
            self.model.now += seconds

    @rule()
    @recorded
    def ask_titles(self) -> None:
        """Titles stay what they were."""
        self.session.expect(self.titles, self._titles(), "titles", statement="H-01.1")

    def _titles(self) -> tuple[list[str], list[str]]:
        """The titles of each group, in an order of their own: which one they come in is open."""
        normal, numeric = reader.titles(self.session.ask_titles().text)
        return sorted(normal), sorted(numeric)

    @rule()
    @recorded
    def other_account_pulls(self) -> None:
        """Another account never gets the reports of this one."""
        if self.other is not None:
            pulled = reader.reports(self.session.get(documents.pull_path(*self.other)).text)
            sent = {one.id for one in self.model.sent}
            self.session.expect(set(), sent & {one.id for one in pulled}, "reports of this account", statement="R-05.1")

    @rule()
    @recorded
    def other_account_sends(self) -> None:
        """Another account's messages are neither charged to this one nor reported to it."""
        if self.other is not None:
            user, password = self.other
            self.session.submit(replace(self.session.message(), user=user, password=password))

    @invariant()
    @recorded
    def balance_agrees(self) -> None:
        """After every step the balance is the model's."""
        if hasattr(self, "model"):
            self.session.expect(self.model.credit, self.session.balance(), "balance", statement="C-05.1")


@contract("R-03.1", "R-04.1", "R-05.1", "C-05.1", needs=(Need.DELIVERY, Need.EXCLUSIVE), credit=400)
def interleavings_agree_with_the_model(session: ServerSession) -> None:
    """Random interleavings of every operation give what a naive model gives."""
    other = None if session.target.lacks(Need.SECOND) else session.second_account()
    errors: list[Exception] = []
    members = {"session": session, "other": other, "moves_time": session.has_clock, "errors": errors}
    machine = type("Interleaving", (Machine,), members)
    seeded = seed(session.contract_seed)(machine)
    try:
        # Hypothesis prints the steps of an inconsistent target; they are in the report.
        with redirect_stdout(StringIO()):
            run_state_machine_as_test(seeded, settings=session.profile.machine(session.share))
    except Violation as violation:
        steps = [note for note in getattr(violation, "__notes__", ()) if "state" in note]
        violation.counterexample = "\n".join(steps) or None
        raise
    except HypothesisException as error:
        # The target answered the same steps in different ways: Hypothesis cannot show the smallest.
        violations = [one for one in errors if isinstance(one, Violation)]
        for one in violations:
            one.flaky = True
        raise [error, *errors, *violations][-1] from None
