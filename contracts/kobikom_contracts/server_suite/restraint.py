"""What the judge does not do to a server: repeat what met silence, pass the budget, try more than time affords."""

from __future__ import annotations

from abc import ABC
from typing import Any

from kobikom_contracts import documents
from kobikom_contracts.core.contract import Contract
from kobikom_contracts.core.verdicts import Disturbed
from kobikom_contracts.documents import SEND_PATH
from kobikom_contracts.http_client import Unreachable
from kobikom_contracts.http_connection import NoAnswer
from kobikom_contracts.server_suite.operations import Operations

MOST_SILENT = 3
"""Requests in a row that may remain without an answer before the target is taken as gone."""
UNHURRIED = 0.075
"""Seconds that an answer may take without any effect on the number of examples."""


class RestrainedOperations(Operations, ABC):
    """Operations with a sense of what the target can bear."""

    _unprovoked_before = 0

    def begin(self, name: str) -> None:
        """See the base class."""
        super().begin(name)
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
        """See the base class: a slow target is asked less."""
        seconds = self.http_client.traffic.answer_time
        if seconds <= UNHURRIED:
            return 1.0
        if "slow" not in self.disturbances:
            share = f"{100 * UNHURRIED / seconds:.0f} %"
            self.disturbed("slow", f"an answer takes {seconds:.1f} s: {share} of the examples are tried")
        return UNHURRIED / seconds

    @property
    def most_examples(self) -> int:
        """See the base class: fewer where credit cannot be put back, or where answers are slow."""
        examples = self.profile.examples if self.target.control is not None else self.profile.thrifty
        return max(1, round(examples * self.share))
