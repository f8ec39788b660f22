"""Conditions on numbers, titles and texts: one matcher for filters, waits, assertions and fault rules.

In a pattern `*` stands for any text and `?` for any one character; everything else is literal. A number is found
however it is written: `+90 532 000 00 00`, `0532…` and `90532…` are the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import msgspec

from kobikom_emulator.domain.delivery import Phase, Plan, Status, status_at
from kobikom_emulator.domain.folding import folded
from kobikom_emulator.domain.messages import Batch
from kobikom_emulator.domain.states import MessageState
from kobikom_emulator.domain.values import Checked, Pattern

if TYPE_CHECKING:
    from kobikom_emulator.domain.search import Term

MessageStatus = Phase | Status
"""The status of a message at an instant: scheduled, sent, or how it ended."""

MessageStatusName = Literal[
    "scheduled",
    "sent",
    "NOT_SENT",
    "SENT",
    "NOT_DELIVERED",
    "DELIVERED",
    "NOT_ALLOWED",
    "INVALID_DESTINATION_ADDRESS",
    "INVALID_SOURCE_ADDRESS",
    "ROUTE_NOT_AVAILABLE",
    "NOT_ENOUGH_CREDITS",
    "REJECTED",
    "INVALID_MESSAGE_FORMAT",
]
"""The same as a type for JSON. A test holds that it names every Phase and Status."""

_WILD_CARDS = re.compile(r"[*?]+")

_SEPARATORS = re.compile(r"[\s\u00a0()./-]+")


def text_matches(pattern: str, text: str) -> bool:
    """Whether the whole text is what the pattern says, case included."""
    return _compiled(pattern).fullmatch(text) is not None


def number_matches(pattern: str, *numbers: str) -> bool:
    """Whether one of the numbers is what the pattern says; both may be written in any usual form."""
    matches = _compiled_number(pattern).fullmatch
    for number in numbers:  # a plain loop: a rule on numbers asks this of every recipient
        plain = number if _is_plain(number) else _plain_number(number)
        if matches(plain) is not None:
            return True
    return False


@lru_cache(maxsize=512)
def _compiled_number(pattern: str) -> re.Pattern[str]:
    return _compiled(_plain_number(pattern))


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    first, *others = [
        "".join(["." if character == "?" else re.escape(character) for character in piece])
        for piece in pattern.split("*")
    ]
    if not others:
        return re.compile(first, re.DOTALL)
    # What stands between two stars is looked for once, from the left (an atomic group): a pattern of many stars would
    # otherwise take time exponential in their number.
    between = "".join([f"(?>.*?{piece})" for piece in others[:-1] if piece])
    return re.compile(f"{first}{between}.*{others[-1]}", re.DOTALL)


def in_plain_digits(number: str) -> str:
    """A number, or a pattern of one, as `_plain_number` writes it; quick for those that are written so already."""
    return number if _is_plain(number) else _plain_number(number)


def _is_plain(number: str) -> bool:
    """Whether a number is seen at once to be in international digits; most are."""
    return len(number) == 12 and number[0] == "9" and number.isdigit()


def _plain_number(text: str) -> str:
    """A number, or a pattern of one, in international digits: no separators, no `+` or `00`, Turkish trunk 0 as 90."""
    digits = _SEPARATORS.sub("", text)
    if digits.startswith("+"):
        return digits[1:]
    if digits.startswith("00"):
        return digits[2:]
    if digits.startswith("05"):
        return "90" + digits[1:]
    return "90" + digits if len(digits) == 10 and digits[0] == "5" and digits.isdigit() else digits


def pieces(pattern: str | None) -> list[str]:
    """What each text that a pattern matches contains: the pattern between its wild cards."""
    return [piece for piece in _WILD_CARDS.split(pattern or "") if piece]


def plain_number_pieces(pattern: str | None) -> list[str]:
    """The same of a pattern on numbers, in international digits."""
    return pieces(None if pattern is None else _plain_number(pattern))


class Conditions(Checked, frozen=True, omit_defaults=True):
    """Conditions that messages and requests have in common; those that are given all hold.

    `to` is a pattern on the recipient's number, `title` and `text` patterns on title and text, `user` the login.
    """

    user: str | None = None
    to: Pattern | None = None
    title: Pattern | None = None
    text: Pattern | None = None


class MessageMatch(Conditions, frozen=True, omit_defaults=True):
    """Which messages. `status` is scheduled, sent or a final status, as of now."""

    status: MessageStatusName | None = None

    def differences(self, message: MessageState, now: int) -> list[str]:
        """Why a message does not match, a sentence for each condition; empty if it does."""
        batch, index = message.batch, message.index
        differences: list[str] = []
        if self.to is not None and not number_matches(self.to, batch.msisdns[index], batch.destinations[index]):
            differences.append(f"to is {batch.msisdns[index]}, not {self.to}")
        if self.title is not None and not text_matches(self.title, batch.title):
            differences.append(f"title is {batch.title!r}, not {self.title!r}")
        if self.text is not None and not text_matches(self.text, batch.text):
            differences.append(f"text is {_short(batch.text)!r}, not {_short(self.text)!r}")
        if self.user is not None and batch.user != self.user:
            differences.append(f"user is {batch.user!r}, not {self.user!r}")
        if self.status is not None and (status := status_at(message.plan, now)) != self.status:
            differences.append(f"status is {status}, not {self.status}")
        return differences


class MessageQuery(msgspec.Struct, frozen=True, gc=False):
    """Which messages a store is asked for: those that match, submitted at `since` (ms) or later and before `until`,
    that contain each of the `words` (see `words_of`; a phrase has blanks) in number, title, text or ids, for which each
    of the `terms` holds, and that end after `unfinished_at` (ms).
    """

    match: MessageMatch = MessageMatch()
    words: tuple[str, ...] = ()
    since: int | None = None
    unfinished_at: int | None = None
    until: int | None = None
    terms: tuple[Term, ...] = ()

    @property
    def is_everything(self) -> bool:
        return self == EVERYTHING

    def required_words(self) -> frozenset[str]:
        """What each message that is included has within one of the words of `words_searched`."""
        match = self.match
        required = {part for word in self.words for part in word.split()}
        for term in self.terms:
            required.update(term.required)
        for piece in (*plain_number_pieces(match.to), *pieces(match.title), *pieces(match.text)):
            required.update(folded(piece).split())
        return frozenset(required)

    def may_include(self, batch: Batch) -> bool:
        """False if no message of a batch can be included, by what its messages have in common."""
        match = self.match
        return (
            (match.user is None or batch.user == match.user)
            and (match.title is None or text_matches(match.title, batch.title))
            and (match.text is None or text_matches(match.text, batch.text))
            and all([term.may_include(batch) for term in self.terms])
        )

    def includes_plan(self, plan: Plan) -> bool:
        """Whether messages of a plan were submitted, and end, when they should."""
        return (
            (self.since is None or plan.submitted_at >= self.since)
            and (self.until is None or plan.submitted_at < self.until)
            and (self.unfinished_at is None or plan.done_at > self.unfinished_at)
        )

    def includes(self, message: MessageState, now: int) -> bool:
        if not self.includes_plan(message.plan):
            return False
        if self.terms and not all([term.includes(message, now) for term in self.terms]):
            return False
        return (not self.words or _has_words(message, self.words)) and not self.match.differences(message, now)


EVERYTHING = MessageQuery()


def words_of(text: str) -> tuple[str, ...]:
    """The input of a search field, as the words of a `MessageQuery`. A number written with `+`, `0` or
    blanks is one word, in international digits.
    """
    plain = _plain_number(text.strip())
    if plain.isascii() and plain.isdigit() and len(plain) >= 7:
        return (plain,)
    return tuple(folded(text).split())


def _has_words(message: MessageState, words: Iterable[str]) -> bool:
    common = folded_once(f"{message.batch.text}\n{message.batch.title}")
    missing = [word for word in words if word not in common]
    return not missing or all([word in own_words(message) for word in missing])


folded_once = lru_cache(maxsize=256)(folded)
"""The same for texts of batches, of whose messages one is looked at after the other."""


def own_words(message: MessageState) -> str:
    """What a message can be found by beside text and title, folded: its numbers and ids."""
    batch, index = message.batch, message.index
    return folded(
        f"{batch.msisdns[index]}\n{batch.destinations[index]}\n{batch.message_id(index)}\n{batch.first_id + index}"
    )


def words_searched(batch: Batch, indices: range) -> set[str]:
    """The folded words in which some messages of a batch can be found: of text, title, numbers (as they are and in
    international digits) and ids.
    """
    chosen = slice(indices.start, indices.stop)
    lines = [batch.text, batch.title, *batch.msisdns[chosen]]
    lines += [_plain_number(number) for number in batch.msisdns[chosen] if not _is_plain(number)]
    if batch.destinations is not batch.msisdns:
        lines += batch.destinations[chosen]
        lines += [_plain_number(number) for number in batch.destinations[chosen] if not _is_plain(number)]
    if batch.client_ids is not None:
        lines += batch.client_ids[chosen]
    lines += [str(batch.first_id + index) for index in indices]
    return set(folded("\n".join(lines)).split())


def any_text_matches(pattern: str | None, texts: Sequence[str]) -> bool:
    """Whether a pattern is not given, or one of the texts is what it says."""
    return pattern is None or any([text_matches(pattern, text) for text in texts])


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
