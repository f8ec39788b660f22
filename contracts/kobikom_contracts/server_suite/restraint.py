"""What the judge does not do to a server: repeat what met silence, pass the budget, try more than time affords."""

from __future__ import annotations

from abc import ABC
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from kobikom_contracts import documents
from kobikom_contracts.core.contract import Contract
from kobikom_contracts.core.verdicts import Disturbed, NotCheckable, printable
from kobikom_contracts.documents import SEND_PATH
from kobikom_contracts.http_client import Unreachable
from kobikom_contracts.http_connection import HttpAnswer, NoAnswer
from kobikom_contracts.server_suite.encodings import decompressed
from kobikom_contracts.server_suite.logins import Login, is_refusal
from kobikom_contracts.server_suite.operations import Operations

T = TypeVar("T")

MOST_SILENT = 3
"""Requests in a row that may remain without an answer before the target is taken as gone."""
PARTS_OF_A_RUN = 2500
"""Parts that a quick run sends where nothing limits it."""
MOST_PAUSE = 30.0
"""The longest pause, in seconds, that a target which limits the rate is given before the next request."""
UNHURRIED = 0.075
"""Seconds that an answer may take without any effect on the number of examples."""


class RestrainedOperations(Operations, ABC):
    """Operations with a sense of what the target can bear."""

    _unprovoked_before = 0
    wrong_logins = 0
    """Requests of this run with the account's user and another password."""
    _login: Login | None = None
    """The login of the request that is about to be sent, where it could be read."""

    # -- what disturbs a run -----------------------------------------------------------------------

    def ask(self, call: Callable[[], HttpAnswer]) -> HttpAnswer:
        """See the base class; names what says nothing about the clause being judged."""
        login, self._login = self._login, None
        http = super().ask(call)
        if http.status == 429 or (http.status == 503 and http.header("Retry-After") is not None):
            self._limited(http)
        coding = (http.header("Content-Encoding") or "identity").strip().lower()
        if (plain := decompressed(http)) is not None:
            self.disturbed("compression", f"answers are compressed ({coding}), unasked")
            http = plain
        elif coding != "identity":
            http = replace(http, faults=(*http.faults, f"Content-Encoding: {coding} of a body that is not so"))
        if login is not None and login.user == self.user:
            self._see_to_the_account(login, http)
        return http

    def _limited(self, http: HttpAnswer) -> None:
        after = http.header("Retry-After")
        seconds = float(after) if after is not None and after.isdecimal() and len(after) < 9 else 1.0
        self.http_client.traffic.pace.pause(min(seconds, MOST_PAUSE))
        told = "" if after is None else f", Retry-After: {printable(after)[:40]}"
        raise Disturbed("rate-limit", f"the target limits the rate (HTTP {http.status}{told}): give --pace N")

    def log_in(self, login: Login | None) -> None:
        """Count a wrong login; raises :class:`NotCheckable` when enough have been tried."""
        self._login = login
        if login is None or login.user != self.user or login.password in ("", self.password):
            return
        most = self.target.most_wrong_logins
        if most is not None and self.wrong_logins >= most:
            raise NotCheckable(f"would try more than {most} wrong logins: give --wrong-logins N")
        self.wrong_logins += 1

    def rarely(self, cases: Sequence[T]) -> Sequence[T]:
        """The cases that need a wrong login: the first one only where few may be tried."""
        return cases if self.target.most_wrong_logins is None else cases[:1]

    def _see_to_the_account(self, login: Login, http: HttpAnswer) -> None:
        """See that the account can still log in: after a wrong login, and when the right one was refused.

        The right login in between also ends a row of wrong ones, for a server that counts them.
        """
        right, refused = login.password == self.password, is_refusal(http)
        self.logged_in = self.logged_in or (right and not refused)
        if self.logged_in and (refused if right else self.target.most_wrong_logins is not None):
            self.check_account()

    def check_account(self) -> None:
        """Raise :class:`Disturbed` when the account's own login, which worked before, is refused."""
        query = documents.query("bakiye", self.user, self.password)
        self.locked = is_refusal(super().ask(lambda: self.http_client.post(SEND_PATH, query)))
        if self.locked:
            raise Disturbed(
                "locked-account",
                f"the account's own login is refused after {self.wrong_logins} wrong ones: is it locked?",
            )

    logged_in = locked = False
    """Whether the account's own login was ever taken, and whether it is refused since."""

    # -- what a target can bear --------------------------------------------------------------------

    def begin(self, name: str) -> None:
        """See the base class."""
        super().begin(name)
        self.http_client.transcript.start()
        self._unprovoked_before = len(self.unprovoked)

    def may_shrink(self) -> bool:
        """See the base class: what is answered with silence is not asked again."""
        return self.http_client.traffic.silent == 0

    def may_repeat(self, contract: Contract[Any]) -> bool:
        """See the base class: not past the budget either."""
        budget = self.target.budget
        paid = budget is None or self.spending.parts + contract.spends <= budget
        return self.may_shrink() and (paid or not contract.spends)

    def excuse(self) -> Disturbed | None:
        """See the base class: a code of the kind that needs no reason explains a violation that does not come again."""
        codes = self.unprovoked[self._unprovoked_before :]
        if not codes:
            return None
        return Disturbed("random-code", f"the target answers {codes[0]} now and then to what it accepts another time")

    def away(self) -> str:
        """See the base class: it is, when not even a balance query is answered after a long silence."""
        silent = self.http_client.traffic.silent
        if silent < MOST_SILENT:
            return ""
        try:
            self.http_client.post(SEND_PATH, documents.query("bakiye", self.user, self.password))
        except (NoAnswer, Unreachable):
            return f"the target gave no whole answer to {silent + 1} requests in a row"
        return ""

    @property
    def share(self) -> float:
        """See the base class: a slow target is asked less, and so is one where a budget limits what is sent."""
        seconds = self.http_client.traffic.answer_time
        affordable = 1.0 if self.target.budget is None else min(1.0, self.target.budget / PARTS_OF_A_RUN)
        if seconds <= UNHURRIED:
            return affordable
        if "slow" not in self.disturbances:
            share = f"{100 * UNHURRIED / seconds:.0f} %"
            self.disturbed("slow", f"an answer takes {seconds:.1f} s: {share} of the examples are tried")
        return min(affordable, UNHURRIED / seconds)

    @property
    def most_examples(self) -> int:
        """See the base class: fewer where credit cannot be put back, or where answers are slow."""
        examples = self.profile.examples if self.target.control is not None else self.profile.thrifty
        return max(1, round(examples * self.share))
