"""The audit of one run: takes every exchange, and yields what each of them breaks."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from kobikom_contracts import reader
from kobikom_contracts.core.verdicts import Violation
from kobikom_contracts.documents import Send
from kobikom_contracts.http_connection import HttpAnswer
from kobikom_contracts.server_suite import amounts
from kobikom_contracts.server_suite.audit import echo, soundness
from kobikom_contracts.server_suite.audit.charges import Charges, possible_parts
from kobikom_contracts.server_suite.audit.meaning import PullRequest
from kobikom_contracts.server_suite.audit.messages import Accepted, Clock, Messages, accepted

REFUNDED = "905990000005"
"""The number whose message ends NOT_ALLOWED, which gives the charge back."""

Titles = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(slots=True)
class Audit:
    """What is known of the target's accounts from the exchanges of this run.

    ``moved``: the seconds by which its clock was moved. ``tampered``: a fault rule is armed, so answers need not
    say what happened.
    """

    messages: Messages = field(default_factory=Messages)
    charges: dict[str, Charges] = field(default_factory=lambda: defaultdict(Charges))
    titles: dict[str, Titles] = field(default_factory=dict)
    logins: dict[str, str] = field(default_factory=dict)
    moved: int = 0
    tampered: bool = False
    fresh: list[Accepted] = field(default_factory=list)
    """Messages accepted since they were taken last."""

    # -- what others do to the target ----------------------------------------------------------------

    def credit_was_set(self, user: str) -> None:
        """The control API set an account's credit, or made the account."""
        self.charges[user].forget()

    def amounts_are_read_otherwise(self) -> None:
        """The form of amounts became known: what was read before meant something else."""
        for charges in self.charges.values():
            charges.forget()

    def account_was_made(self, user: str) -> None:
        """The control API made or replaced an account."""
        self.titles.pop(user, None)
        self.charges[user].forget()

    def time_was_moved(self, seconds: int) -> None:
        """The control API moved the clock."""
        self.moved += seconds

    def faults_were_armed(self, armed: bool) -> None:
        """The control API armed a fault rule, or removed all of them."""
        self.tampered = armed

    def everything_changed(self) -> None:
        """The control API did something whose effects nobody lists: take everything as it is."""
        for charges in self.charges.values():
            charges.forget()
        self.titles.clear()
        self.messages.strangers = True

    def answer_was_lost(self) -> None:
        """A request was not answered: nobody knows whether it had its effect."""
        self.everything_changed()
        for same in self.messages.known.values():
            for one in same:
                one.waited_for = False

    def take_fresh(self) -> list[Accepted]:
        """The messages accepted since the last call."""
        taken, self.fresh = self.fresh, []
        return taken

    # -- exchanges -------------------------------------------------------------------------------------

    def sent(self, send: Send | None, http: HttpAnswer, *, literal: bool = True) -> Iterator[Violation]:
        """A send was answered. ``send`` is None when nobody can say what the request meant.

        ``literal``: the request was a plain document, so that its ids and numbers can be read in one way only.
        """
        yield from soundness.faults(http, soundness.SEND)
        results = reader.results(http.text)
        if self.tampered:
            self.everything_changed()
            return
        if send is None:
            if any(one.status == "0" for one in results):
                self.everything_changed()
            return
        if literal:
            yield from echo.faults(send, results)
        paired = echo.pairs(send, results)
        if send.user is None or send.password is None:
            return
        user = send.user.strip()
        if paired is None:
            if any(one.status == "0" for one in results):
                self.everything_changed()
            return
        yield from self._accepted(user, send.password.strip(), paired, literal=literal)

    def _accepted(self, user: str, password: str, paired: list[echo.Pair], *, literal: bool) -> Iterator[Violation]:
        counts: dict[int, int] = defaultdict(int)
        blocks = {}
        for block, recipient, result in paired:
            if result.status != "0":
                self.messages.refused.update({recipient.message_id} if recipient.message_id else ())
                continue
            self.logins[user] = password
            message = accepted(result.message_id, user, recipient.gsm, block, moved=self.moved)
            own = (recipient.message_id or "").strip()
            if again := self.messages.add(message, generated=not own):
                yield again
            if literal:
                self.fresh.append(message)
            blocks[id(block)] = block
            counts[id(block)] += 1
            if recipient.gsm.strip() == REFUNDED:
                self.charges[user].refundable.append(max(possible_parts(block.fields)))
        for key, block in blocks.items():
            self.charges[user].add(possible_parts(block.fields), counts[key])

    def balance(
        self, user: str, http: HttpAnswer, amount: Decimal | None, unit: Decimal | None, *, whole_units: bool
    ) -> Iterator[Violation]:
        """A balance query was answered, with this amount if it held one."""
        yield from soundness.faults(http, soundness.BALANCE)
        shown = reader.element(http.text, "miktar")
        if shown is not None and not amounts.forms_of(shown.removeprefix("-")):
            yield Violation("an amount such as 18.532, 914 or 1.234", repr(shown), statement="B-01.2")
        currency = reader.element(http.text, "kur")
        if currency is not None and re.fullmatch("[A-Z]{3}", currency) is None:
            yield Violation("three capital letters in kur", repr(currency), statement="B-01.3")
        if amount is None:
            return
        if amount < 0:
            yield Violation("a balance not below zero", str(amount), statement="C-04.1")
        if wrong := self.charges[user].seen(amount, unit, whole_units=whole_units):
            yield wrong

    def titles_shown(self, user: str, http: HttpAnswer) -> Iterator[Violation]:
        """A title query was answered."""
        yield from soundness.faults(http, soundness.TITLES)
        if "<basliklar" not in http.text:
            return
        normal, numeric = reader.titles(http.text)
        found = (tuple(sorted(normal)), tuple(sorted(numeric)))
        before = self.titles.setdefault(user, found)
        if found != before:
            self.titles[user] = found
            yield Violation(f"the titles of before: {before}", str(found), statement="H-01.1")

    def pulled(self, asked: PullRequest, http: HttpAnswer, clock: Clock) -> Iterator[Violation]:
        """A pull was answered."""
        yield from soundness.faults(http, soundness.PULL)
        reports = reader.reports(http.text)
        if self.tampered:
            return
        if reports and asked.user is not None and self.logins.get(asked.user, asked.password) != asked.password:
            yield Violation("no report for a wrong password", f"{len(reports)} reports", statement="R-07.1")
        yield from self.messages.pulled(asked, reports, clock)
        for report in reports:
            if report.status == "NOT_ALLOWED" and asked.user is not None:
                self.charges[asked.user].refundable.append(1)
