"""What a session does between contracts: it keeps messages waiting, and looks at what a contract left behind."""

from __future__ import annotations

from abc import ABC
from collections import defaultdict
from collections.abc import Iterable, Iterator

from kobikom_contracts import documents
from kobikom_contracts.core.verdicts import NotCheckable, Violation
from kobikom_contracts.documents import Recipient
from kobikom_contracts.parts import GSM_DEFAULT, GSM_EXTENSION
from kobikom_contracts.server_suite.audit.charges import possible_parts
from kobikom_contracts.server_suite.audit.messages import Accepted, nameable
from kobikom_contracts.server_suite.restraint import RestrainedOperations
from kobikom_contracts.server_suite.target import Need

SLOW = 0.5
"""Seconds that an answer takes at a target that is not settled."""
MOST_NAMED = 40
"""Ids that one pull names, so that its address stays short."""
MOST_SHOWN = 5
"""Messages of one contract whose texts are looked up, spread over all that it sent (up to twice as many)."""


class SettlingOperations(RestrainedOperations, ABC):
    """Operations that settle: after a contract every report, charge, title and text is compared with what was sent.

    Only where nobody else uses the account, time can be moved and credit put back, so that it costs nothing, and
    where answers are not slow.
    """

    @property
    def settles(self) -> bool:
        """Whether this target can be settled."""
        target = self.target
        return (
            target.control is not None
            and target.control.capabilities >= {"clock", "accounts"}
            and not target.safe
            and target.budget is None
            and self.http_client.traffic.answer_time < SLOW
        )

    def keep_messages_waiting(self) -> None:
        """See to it that reports wait that nobody asked for: whatever the next contract does must leave them alone."""
        if not self.settles or self.audit.messages.outstanding(self.audit.moved):
            return
        self.submit(self.to([Recipient(self.gsm(40), self.new_id()), Recipient(self.gsm(41))], metin="Bekliyor"))
        self.deliver()

    def settle_balance(self) -> None:
        """Ask for the balance, if a charge is not accounted for yet."""
        if self.settles and self.price is not None and self.audit.charges[self.user].sums != {0}:
            self.ask_balance()

    def settle(self) -> None:
        """Compare everything that the contract left behind; what differs is filed."""
        if not self.settles:
            return
        self.ask_balance()
        self.ask_titles()
        self.settle_texts()
        self.settle_reports()

    def settle_reports(self) -> None:
        """Pull by name every report that must exist and was not given, then some of those that were."""
        self.deliver()
        for (user, appid), messages in _grouped(self.audit.messages.outstanding(self.audit.moved)):
            for some in _batches([one for one in messages if nameable(one.id)], MOST_NAMED):
                self.get(documents.pull_path(user, self.audit.logins[user], some, appid or None))
            missing = [one.id for one in messages if nameable(one.id) and not one.given]
            if missing:
                shown = f"none of {missing[0]!r}{f' and {len(missing) - 1} more' if len(missing) > 1 else ''}"
                expected = "a report of every accepted message, once"
                self.file(Violation(expected, shown, statement="R-03.1", consequence=True))
                for one in messages:
                    one.waited_for = False  # it is not asked for again after every contract
        if given := self.audit.messages.given_last(self.user, MOST_NAMED):
            self.pull(given)

    def settle_texts(self) -> None:
        """Look up the texts of the messages that the contract sent, where the control API shows messages."""
        fresh = self.audit.take_fresh()
        control = self.target.control
        if control is None or self.target.lacks(Need.MESSAGES):
            return
        for one in fresh[:: max(1, len(fresh) // MOST_SHOWN)]:
            if one.block is None or not _kept_as_written(one) or len(self.audit.messages.known[one.id]) > 1:
                continue
            shown = control.message(one.id)
            wanted = one.block.fields.get("metin", "")
            if shown is not None and isinstance(shown.get("text"), str) and shown["text"] != wanted:
                self.file(
                    Violation(f"the text {wanted!r} of message {one.id}", repr(shown["text"]), statement="S-21.1")
                )
            title = one.block.fields.get("baslik", "").strip()
            if title and shown is not None and shown.get("title", title) != title:
                self.file(Violation(f"the title {title!r} of message {one.id}", shown["title"], statement="S-09.1"))

    def deliver_later(self, seconds: int) -> None:
        """Let a long time pass and pull every report that is due by then."""
        if not self.settles:
            raise NotCheckable("needs the control API's clock and accounts")
        self.let_pass(seconds)
        self.settle_reports()


def _grouped(messages: Iterable[Accepted]) -> Iterator[tuple[tuple[str, str], list[Accepted]]]:
    groups: dict[tuple[str, str], list[Accepted]] = defaultdict(list)
    for one in messages:
        groups[one.user, one.appid].append(one)
    yield from groups.items()


def _batches(messages: list[Accepted], size: int) -> Iterator[tuple[str, ...]]:
    for start in range(0, len(messages), size):
        yield tuple(one.id for one in messages[start : start + size])


def _kept_as_written(message: Accepted) -> bool:
    """Whether no reading of S-11 or S-12 may change the text."""
    assert message.block is not None, "asked of messages with a block"
    fields = message.block.fields
    if fields.get("binary", "").strip():
        return False
    whole = fields.get("type", "").lower() == "longsms" or possible_parts({**fields, "type": "longSMS"}) == {1}
    writable = set(fields.get("metin", "")) <= GSM_DEFAULT | GSM_EXTENSION
    return whole and (writable or fields.get("datacoding", "").strip() == "8")
