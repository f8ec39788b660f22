"""The traffic that readings are inferred from, with what several exchanges together make certain."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from kobikom_contracts import reader
from kobikom_contracts.learning.decoded import Decoded, DecodedSend, decoded, decoded_send
from kobikom_contracts.recording.exchanges import RecordedExchange
from kobikom_contracts.server_suite.audit import echo
from kobikom_contracts.server_suite.audit.meaning import PullRequest, Query

_PLAIN = re.compile(r"905[345]\d{8}", re.ASCII)
_ONE_LETTER = str.maketrans({"İ": "i", "I": "i", "ı": "i"})


@dataclass(frozen=True)
class Traffic:
    """The recorded exchanges with the API in time order.

    ``exclusive``: only the recorded requests changed the balances of the accounts, so that balances show charges.
    """

    exchanges: tuple[Decoded, ...]
    exclusive: bool = False

    @cached_property
    def sends(self) -> tuple[DecodedSend, ...]:
        """The sends that were answered with results."""
        return tuple(send for exchange in self.exchanges if (send := decoded_send(exchange)) is not None)

    @cached_property
    def answers(self) -> tuple[Decoded, ...]:
        """The exchanges whose answer is one of the API's documents, whatever was asked."""
        return tuple(exchange for exchange in self.exchanges if exchange.complete and _is_document(exchange))

    @cached_property
    def pulls(self) -> tuple[Decoded, ...]:
        """The pulls that were answered."""
        return tuple(one for one in self.exchanges if one.complete and isinstance(one.request, PullRequest))

    @cached_property
    def settled_ids(self) -> frozenset[tuple[str, str]]:
        """User and id of each message whose reports say that its charge stands."""
        reports = [(pull.user or "", report) for pull in self.pulls for report in reader.reports(pull.text)]
        refunded = {(user, report.id) for user, report in reports if report.status == "NOT_ALLOWED"}
        return frozenset({(user, report.id) for user, report in reports} - refunded)

    @cached_property
    def accepted_numbers(self) -> frozenset[tuple[str, str]]:
        """User and number of each message that was accepted to a number in plain international form."""
        return frozenset(
            (send.user, recipient.gsm.strip(echo.BLANK))
            for send in self.sends
            for _, recipient, result in send.pairs or ()
            if result.status == "0" and is_plain(recipient.gsm.strip(echo.BLANK))
        )

    @cached_property
    def accepted_titles(self) -> frozenset[tuple[str, str]]:
        """User and title, which may be empty, of each send with an accepted recipient."""
        return frozenset(
            (send.user, block.fields.get("baslik", "").strip(echo.BLANK))
            for send in self.sends
            for block, _, result in send.pairs or ()
            if result.status == "0"
        )

    @cached_property
    def listed_titles(self) -> tuple[tuple[int, str, frozenset[str]], ...]:
        """Position, user and titles of each answer to a title query, the titles as :func:`comparable`."""
        return tuple(
            (one.position, one.user or "", frozenset(map(comparable, sum(reader.titles(one.text), ()))))
            for one in self.exchanges
            if one.complete and isinstance(one.request, Query) and "<basliklar" in one.text
        )


def traffic_of(exchanges: Sequence[RecordedExchange], *, exclusive: bool = False) -> Traffic:
    """The traffic in recorded exchanges, which are in time order."""
    return Traffic(decoded(exchanges), exclusive)


def is_plain(number: str) -> bool:
    """Whether a number is in plain international form and of an operator that everybody knows."""
    return _PLAIN.fullmatch(number) is not None


def comparable(title: str) -> str:
    """A title as a server may compare it at most leniently: without regard to case, Turkish letters I included."""
    return title.strip(echo.BLANK).translate(_ONE_LETTER).casefold()


def _is_document(exchange: Decoded) -> bool:
    text = exchange.text
    return any(f"<{root}" in text for root in ("results", "basliklar", "bakiye", "DeliveryReport"))
