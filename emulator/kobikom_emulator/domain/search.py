"""Reads what is typed into a search field: words, "phrases", -exclusions and conditions such as `to:` or `before:`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta, timezone

import msgspec

from kobikom_emulator.domain.alphabets import Alphabet
from kobikom_emulator.domain.codes import codes_in, may_be_in
from kobikom_emulator.domain.delivery import Phase, Status, status_at
from kobikom_emulator.domain.folding import folded
from kobikom_emulator.domain.matching import (
    MessageMatch,
    MessageQuery,
    folded_once,
    in_plain_digits,
    own_words,
    pieces,
    text_matches,
    words_of,
)
from kobikom_emulator.domain.messages import Batch
from kobikom_emulator.domain.states import MessageState
from kobikom_emulator.domain.values import milliseconds

TURKEY = timezone(timedelta(hours=3))
"""The zone of dates that are typed, as the API prints its own (T-12)."""

_NAMES = {
    "to": "to", "alıcı": "to", "kime": "to", "title": "title", "from": "title", "başlık": "title", "gönderen": "title",
    "text": "text", "metin": "text", "user": "user", "kullanıcı": "user", "status": "status", "durum": "status",
    "code": "code", "kod": "code", "is": "is", "before": "before", "önce": "before", "after": "after",
    "sonra": "after",
}  # fmt: skip
NAMES: Mapping[str, str] = {folded(name): field for name, field in _NAMES.items()}
"""What a condition can begin with, in English and Turkish."""

FAILED = frozenset(str(status) for status in Status) - {"DELIVERED", "SENT"}

STATUS_WORDS: Mapping[str, frozenset[str]] = {
    "failed": FAILED, "başarısız": FAILED, "pending": frozenset({"scheduled", "sent"}),
    "bekleyen": frozenset({"scheduled", "sent"}), "iletildi": frozenset({"DELIVERED"}),
    "iletilemedi": frozenset({"NOT_DELIVERED"}), "reddedildi": frozenset({"REJECTED"}),
    "planlandı": frozenset({"scheduled"}), "yolda": frozenset({"sent"}),
}  # fmt: skip
"""Words for several statuses, and Turkish ones."""

KINDS: Mapping[str, Callable[[Batch], bool]] = {
    "flash": lambda batch: batch.flash,
    "cut": lambda batch: bool(batch.segmentation.lost),
    "unicode": lambda batch: batch.segmentation.alphabet is Alphabet.UCS2,
    "long": lambda batch: len(batch.segmentation.parts) > 1,
    "code": lambda batch: bool(codes_in(batch.text)),
}
"""What `is:` can be followed by."""

_TOKEN = re.compile(r'(-?)(?:([^\W\d_]+):)?(?:"([^"]*)"?|(\S+))')
_PHONE = re.compile(r"(?<![\w.-])\+?\d[\d ()./-]*\d(?!\w)")
_DATE = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)|(\d\d?)\.(\d\d?)\.(\d{4})")


class InvalidSearch(ValueError):
    """A condition that cannot be; the message says which and what it could be."""


class Term(msgspec.Struct, frozen=True, gc=False):
    """One condition of a search. `value` is folded; of `status` it is the statuses, of `to` it is in plain digits."""

    field: str
    value: str
    negated: bool = False
    statuses: frozenset[str] = frozenset()

    def may_include(self, batch: Batch) -> bool:
        """False if no message of a batch can be included."""
        holds = self.of_batch(batch)
        return holds is None or holds != self.negated

    def includes(self, message: MessageState, now: int) -> bool:
        holds = self.of_batch(message.batch)
        if holds is None:
            holds = self._of_message(message, now)
        return holds != self.negated

    @property
    def is_pattern(self) -> bool:
        return "*" in self.value or "?" in self.value

    @property
    def required(self) -> list[str]:
        """Words that each message that is included has."""
        # Not those of a code, which may stand in groups, nor those of a user, who is not among the words.
        if self.negated or self.field not in ("to", "title", "text"):
            return []
        return " ".join(pieces(self.value)).split()

    def of_batch(self, batch: Batch) -> bool | None:
        """Whether the condition holds for all messages of a batch, None where that differs between them."""
        match self.field:
            case "title":
                return self.is_in(batch.title)
            case "text":
                return self.is_in(batch.text)
            case "user":
                return self.is_in(batch.user)
            case "code":
                if not may_be_in(self.value, folded_once(batch.text)):
                    return False
                return any([folded(code).startswith(self.value) for code in codes_in(batch.text)])
            case "is":
                return KINDS[self.value](batch)
            case "any" if self.value in folded_once(f"{batch.text}\n{batch.title}"):
                return True
        return None

    def _of_message(self, message: MessageState, now: int) -> bool:
        batch, index = message.batch, message.index
        if self.field == "status":
            return str(status_at(message.plan, now)) in self.statuses
        if self.field == "to":
            return self.of_recipient(batch, index)
        return self.value in own_words(message)

    def is_in(self, text: str) -> bool:
        """Whether the value, in which `*` and `?` are wild, is within a text."""
        plain = text if text.isdigit() else folded_once(text)
        return text_matches(f"*{self.value}*", plain) if self.is_pattern else self.value in plain

    def of_recipient(self, batch: Batch, index: int) -> bool:
        """Whether a number of a batch is one that a condition `to` says."""
        number, written = batch.msisdns[index], batch.destinations[index]
        return self.is_in(number) or (written is not number and self.is_in(in_plain_digits(written)))


def search_query(typed: str, match: MessageMatch | None = None, *, since: int | None = None) -> MessageQuery:
    """What a search field says, with further conditions, as a query; `InvalidSearch` for what cannot be."""
    match = match or MessageMatch()
    if (words := words_of(typed)) and len(words) == 1 and words[0].isdigit():
        return MessageQuery(match, words, since)  # a number in one of its usual forms
    wanted: list[str] = []
    terms: list[Term] = []
    until: int | None = None
    for dash, name, quoted, plain in _TOKEN.findall(_PHONE.sub(_as_word, typed)):
        field, value = NAMES.get(folded(name)), quoted or plain
        if name and field is None:
            value = f"{name}:{value}"  # a word with a colon
        if value in ("", "-") or (value.endswith(":") and folded(value[:-1]) in NAMES):
            continue  # it is still being typed
        if field == "before" and not dash:
            day = _instant(value, field)
            until = day if until is None else min(until, day)
        elif field == "after" and not dash:
            day = _instant(value, field)
            since = day if since is None else max(since, day)
        elif field in ("before", "after"):
            raise InvalidSearch(f"-{field}: leave the - away")
        elif field is not None:
            terms.append(_term(field, value, negated=bool(dash)))
        elif dash:
            terms.append(Term("any", _plain(value), negated=True))
        else:
            wanted.append(_plain(value))
    return MessageQuery(match, tuple(wanted), since, until=until, terms=tuple(terms))


def _as_word(number: re.Match[str]) -> str:
    """A number with separators in one word, in international digits, if it is one of a telephone."""
    text = number[0]
    plain = in_plain_digits(text)
    is_phone = plain.isdigit() and (text.startswith("+") or (re.search(r"[ ()./-]", text) and 10 <= len(plain) <= 15))
    return plain if is_phone and not _DATE.match(text) else text


def _plain(value: str) -> str:
    return " ".join(folded(value).split())


def _term(field: str, value: str, *, negated: bool) -> Term:
    if field == "status":
        return Term(field, value, negated, _statuses(value))
    if field == "is":
        if folded(value) not in KINDS:
            raise InvalidSearch(f"is:{value}: there are {', '.join(f'is:{kind}' for kind in KINDS)}")
        return Term(field, folded(value), negated)
    return Term(field, in_plain_digits(value) if field == "to" else _plain(value), negated)


def _statuses(value: str) -> frozenset[str]:
    """The statuses that a word means: one of the words above, or the beginning of the name of one or more."""
    wanted = folded(value).replace("-", "_").replace(" ", "_")
    for word, statuses in STATUS_WORDS.items():
        if folded(word) == wanted:
            return statuses
    names = [str(status) for status in (*Phase, *Status)]
    exact = frozenset(name for name in names if folded(name) == wanted)
    statuses = exact or frozenset(name for name in names if folded(name).startswith(wanted))
    if not statuses:
        raise InvalidSearch(f"status:{value}: there are failed, pending, {', '.join(names)}")
    return statuses


def _instant(value: str, field: str) -> int:
    """The beginning of a day in Turkey, or a time of it (`2026-01-31T09:30`), in ms."""
    day, _, clock = value.partition("T")
    problem = InvalidSearch(f"{field}:{value}: a date is written 2026-01-31, 31.01.2026 or 2026-01-31T09:30")
    match = _DATE.fullmatch(day)
    if match is None:
        raise problem
    try:
        year, month, of_month = (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
        at = datetime(int(year), int(month), int(of_month), tzinfo=TURKEY)
        if clock:
            at = datetime.combine(at.date(), time.fromisoformat(clock), TURKEY)
        return milliseconds(at)
    except ValueError:
        raise problem from None
