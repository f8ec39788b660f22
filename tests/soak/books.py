"""What the soak knows for certain: kept by the clients, from answers alone, with rules of its own.

Nothing here is imported from the emulator: the cost of a send is its accepted recipients times the price that the
account was opened with, and a charge comes back for the number that is never allowed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

NEVER_ALLOWED = "905990000005"
"""The recipient whose charge comes back."""


@dataclass(slots=True)
class Send:
    """One request to send. `ids` are None while its fate is unknown, because the answer was lost or not readable."""

    text: str
    recipients: tuple[str, ...]
    pushed: bool
    ids: tuple[str, ...] | None = None
    refused: bool = False


@dataclass
class Books:
    """The ledger of one space."""

    granted: Decimal
    price: Decimal
    sends: dict[str, Send] = field(default_factory=dict)
    reports: Counter[str] = field(default_factory=Counter)
    """How often each message's report was received, pulled or pushed."""
    lost_pulls: int = 0
    """Pulls since the last comparison whose answers were lost: what was in them nobody knows."""
    lost: set[str] = field(default_factory=set)
    """The messages whose reports were in such an answer."""

    def problems(self, messages: Sequence[Mapping[str, Any]], credit: Decimal) -> list[str]:
        """What contradicts the books. `messages` is the list of the control API, read when everything is final and was
        pulled; a send of unknown fate was carried out as a whole or not at all.
        """
        by_text: dict[str, list[Mapping[str, Any]]] = {}
        for message in messages:
            by_text.setdefault(message["text"], []).append(message)
        found: list[str] = [f"{text!r} was never sent" for text in by_text.keys() - self.sends.keys()]
        for send in self.sends.values():
            found += self._problems_of(send, by_text.get(send.text, []))
        found += self._id_problems(messages)
        found += self._report_problems(messages)
        spent = sum([self.price for message in messages if message["to"] != NEVER_ALLOWED], Decimal())
        if credit != self.granted - spent:
            found.append(f"the credit is {credit}, {self.granted} were granted and {spent} spent")
        return found

    @staticmethod
    def _problems_of(send: Send, stored: Sequence[Mapping[str, Any]]) -> list[str]:
        ids = [message["id"] for message in stored]
        recipients = sorted([message["to"] for message in stored])
        if send.refused and stored:
            return [f"{send.text!r} was refused and is stored"]
        if send.ids is not None and sorted(ids) != sorted(send.ids):
            return [f"{send.text!r} was accepted as {send.ids}, stored are {ids}"]
        if stored and recipients != sorted(send.recipients):
            return [f"{send.text!r} went to {recipients}, not to {send.recipients}"]
        return []

    @staticmethod
    def _id_problems(messages: Sequence[Mapping[str, Any]]) -> list[str]:
        times = Counter(message["id"] for message in messages)
        return [f"id {message_id} was given {count} times" for message_id, count in times.items() if count > 1]

    def _report_problems(self, messages: Sequence[Mapping[str, Any]]) -> list[str]:
        ids = {message["id"] for message in messages}
        known = {*self.reports, *self.lost}
        found = [f"the report of {each} came {count} times" for each, count in self.reports.items() if count > 1]
        found += [f"there is a report of {each}, which is not a message" for each in self.reports.keys() - ids]
        missing = [message["id"] for message in messages if message["id"] not in known]
        not_given = [message["id"] for message in messages if message["report"] != "given"]
        found += [f"the report of {each} is still there after everything was pulled" for each in not_given]
        if missing and not self.lost_pulls:
            found.append(f"no pull was lost, but {len(missing)} reports never came, such as that of {missing[0]}")
        self.lost.update(missing)
        self.lost_pulls = 0
        return found
