"""Splits a text or octets into the parts that are sent and charged: S-10, S-11, S-12, S-14.

Everything is linear in the text, and the common case (one part, nothing but the basic alphabet) takes a microsecond or
two, because every send needs it. There is no upper limit of parts.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import Final

import msgspec

from kobikom_emulator.domain.alphabets import ESCAPE, ROOM, TABLES, Alphabet


class LongText(StrEnum):
    """The reading `long-text`: what happens to a text over one part without longSMS (S-11)."""

    CUT = "cut"
    SPLIT = "split"
    REFUSE = "refuse"


class Unencodable(StrEnum):
    """The reading `unencodable`: what happens to a character outside the alphabet (S-12)."""

    UCS2 = "ucs2"
    QUESTION_MARK = "question-mark"


class TurkishTable(StrEnum):
    """The reading `turkish-table`: which national tables a Turkish text may use (S-10)."""

    FEWEST = "fewest"
    SINGLE = "single"
    LOCKING = "locking"


class Segmentation(msgspec.Struct, frozen=True, gc=False):
    """A text or octets, divided into parts.

    `units` (septets, escapes included, UCS-2 code units or octets) counts all parts together;
    `capacity` is what one part of this message holds; `parts` of a binary message are upper-case
    hex.
    """

    alphabet: Alphabet
    parts: tuple[str, ...]
    units: int
    capacity: int
    lost: str
    """What long-text=cut dropped (hex for binary)."""
    because: str | None
    """The characters that kept the text out of the plain GSM alphabet, in order, each once; of a UCS-2 text, those that
    none of the tables it might have used has.

    None if none did (the Turkish locking shift may win by its shorter euro alone) or UCS-2 was
    asked for. Characters that became `?` do not count.
    """
    replaced: str
    """The characters that became `?`, in order, each once."""


class TooLong(msgspec.Struct, frozen=True, gc=False):
    """Refused under long-text=refuse: `units` were needed, one part holds `capacity`."""

    units: int
    capacity: int
    alphabet: Alphabet


_GSM_ALONE: Final = ROOM[Alphabet.GSM].alone

# Earlier wins a tie (S-12).
_PLAIN: Final = (Alphabet.GSM,)
_TURKISH: Final[Mapping[TurkishTable, Sequence[Alphabet]]] = {
    TurkishTable.FEWEST: (
        Alphabet.GSM,
        Alphabet.TURKISH_SINGLE,
        Alphabet.TURKISH_LOCKING,
        Alphabet.TURKISH_BOTH,
    ),
    TurkishTable.SINGLE: (Alphabet.GSM, Alphabet.TURKISH_SINGLE),
    # What the locking table lacks of the extensions stands in the single one.
    TurkishTable.LOCKING: (Alphabet.GSM, Alphabet.TURKISH_LOCKING, Alphabet.TURKISH_BOTH),
}
_GSM: Final = TABLES[Alphabet.GSM]
# Default plus Turkish single shift has all that the others have: what it lacks, all lack.
_WIDEST: Final = TABLES[Alphabet.TURKISH_SINGLE]

_ONE_SEPTET_ASCII: Final = _GSM.singles.encode("ascii", "ignore")
_NOT_ONE_SEPTET: Final = re.compile(f"[^{re.escape(_GSM.singles)}]")

_STEP: Final = 100_000
"""Characters of a text that are searched in one call: other threads wait while it runs."""


def segment_text(
    text: str,
    *,
    ucs2: bool,
    turkish: bool,
    concatenate: bool,
    long_text: LongText,
    unencodable: Unencodable,
    turkish_table: TurkishTable = TurkishTable.FEWEST,
) -> Segmentation | TooLong:
    """The parts of `text` (S-10, S-11, S-12).

    `ucs2`: UCS-2 was asked for. `turkish`: the national tables may be used. `concatenate`: type
    longSMS, which overrides `long_text`; a text of one part is one part whatever both say. An
    empty text is one empty part. Parts are filled greedily; a pair is never split.
    """
    # The common case. Deleting all known characters in C is the fastest test there is for ASCII.
    if (
        len(text) <= _GSM_ALONE
        and not ucs2
        and (
            not text.encode().translate(None, _ONE_SEPTET_ASCII)
            if text.isascii()
            else _NOT_ONE_SEPTET.search(text) is None
        )
    ):
        return Segmentation(Alphabet.GSM, (text,), len(text), _GSM_ALONE, "", None, "")

    replaced = ""
    outside = (_WIDEST if turkish else _GSM).outside
    unknown = not ucs2 and _first(outside, text) is not None
    if unknown and unencodable is Unencodable.QUESTION_MARK:
        replaced = _distinct(outside, text)
        text = "".join([outside.sub("?", text[at : at + _STEP]) for at in range(0, len(text), _STEP)])
        unknown = False
    tables = _TURKISH[turkish_table] if turkish else _PLAIN
    # The locking tables lack a few characters of the default alphabet, such as ¡ and Ø.
    unknown = unknown or not any(_first(TABLES[alphabet].outside, text) is None for alphabet in tables)
    if ucs2 or unknown:
        draft: _Draft = _Ucs2(text)
        ends = draft.ends()
    else:
        draft, ends = _fewest_parts(text, tables)
    if len(ends) > 1 and long_text is LongText.CUT and not concatenate and not ucs2:
        return _keep_most(text, tables, outside, replaced)
    because = None if ucs2 else _strangers(outside if unknown else _GSM.outside, text)
    return _cut_up(
        draft,
        ends,
        split=concatenate or long_text is LongText.SPLIT,
        refuse=long_text is LongText.REFUSE,
        because=because,
        replaced=replaced,
    )


def segment_binary(octets: bytes, *, concatenate: bool, long_text: LongText) -> Segmentation | TooLong:
    """The parts of a binary message (S-14), as upper-case hex; otherwise as `segment_text`."""
    draft = _Binary(octets)
    return _cut_up(
        draft,
        draft.ends(),
        split=concatenate or long_text is LongText.SPLIT,
        refuse=long_text is LongText.REFUSE,
        because=None,
        replaced="",
    )


class _Draft(ABC):
    """A whole message in the units of one alphabet, not yet divided into parts."""

    __slots__ = ("alphabet", "length", "room")

    def __init__(self, alphabet: Alphabet, length: int) -> None:
        self.alphabet: Final = alphabet
        self.length: Final = length
        self.room: Final = ROOM[alphabet]

    @abstractmethod
    def opens_pair(self, unit: int) -> bool:
        """Whether the unit at this index belongs to the next one."""

    @abstractmethod
    def piece(self, start: int, end: int) -> str:
        """The text of the units from `start` up to `end`."""

    def ends(self) -> list[int]:
        """Where each part ends when all of the message is sent; takes time by parts, not by units."""
        ends = []
        if self.length > self.room.alone:
            end = self.fit(0, self.room.among)
            while end < self.length:
                ends.append(end)
                end = self.fit(end, self.room.among)
        ends.append(self.length)
        return ends

    def fit(self, start: int, capacity: int) -> int:
        """The end of the fullest part from `start` on."""
        end = start + capacity
        if end >= self.length:
            return self.length
        return end - 1 if self.opens_pair(end - 1) else end


class _Septets(_Draft):
    __slots__ = ("_marked",)

    def __init__(self, text: str, alphabet: Alphabet) -> None:
        self._marked: Final = TABLES[alphabet].marked(text)
        super().__init__(alphabet, len(self._marked))

    def opens_pair(self, unit: int) -> bool:
        return self._marked[unit] == ESCAPE

    def piece(self, start: int, end: int) -> str:
        return self._marked[start:end].replace(ESCAPE, "")


class _Ucs2(_Draft):
    __slots__ = ("_encoded",)

    def __init__(self, text: str) -> None:
        # surrogatepass: no XML can carry half a pair, but a str can, and this function is total.
        self._encoded: Final = text.encode("utf-16-be", "surrogatepass")
        super().__init__(Alphabet.UCS2, len(self._encoded) // 2)

    def opens_pair(self, unit: int) -> bool:
        return 0xD8 <= self._encoded[2 * unit] <= 0xDB

    def piece(self, start: int, end: int) -> str:
        return self._encoded[2 * start : 2 * end].decode("utf-16-be", "surrogatepass")


class _Binary(_Draft):
    __slots__ = ("_octets",)

    def __init__(self, octets: bytes) -> None:
        self._octets: Final = octets
        super().__init__(Alphabet.BINARY, len(octets))

    def opens_pair(self, unit: int) -> bool:
        return False

    def piece(self, start: int, end: int) -> str:
        return self._octets[start:end].hex().upper()


def _fewest_parts(text: str, candidates: Sequence[Alphabet]) -> tuple[_Draft, list[int]]:
    """The candidate that needs the fewest parts, and their ends; at least one has all of `text`."""
    drafts: list[tuple[_Draft, list[int]]] = []
    for alphabet in candidates:
        if _first(TABLES[alphabet].outside, text) is None:
            draft = _Septets(text, alphabet)
            ends = draft.ends()
            drafts.append((draft, ends))
            if len(ends) == 1:
                break
    # min takes the first of equals, as S-12 does.
    return min(drafts, key=lambda drafted: len(drafted[1]))


def _keep_most(text: str, tables: Sequence[Alphabet], unknown: re.Pattern[str], replaced: str) -> Segmentation:
    """One part in the alphabet that keeps most of the text; the rest is lost (S-11).

    `unknown` finds the characters that no table has.
    """
    best: _Draft = _Ucs2(text)
    kept = len(best.piece(0, best.fit(0, best.room.alone)))
    for alphabet in reversed(tables):  # an earlier table wins a tie
        outside = _first(TABLES[alphabet].outside, text)
        draft = _Septets(text if outside is None else text[: outside.start()], alphabet)
        length = len(draft.piece(0, draft.fit(0, draft.room.alone)))
        if length >= kept:
            best, kept = draft, length
    units = best.fit(0, best.room.alone)
    sent, lost = text[:kept], text[kept:]
    because = _strangers(unknown if best.alphabet is Alphabet.UCS2 else _GSM.outside, sent)
    return Segmentation(best.alphabet, (sent,), units, best.room.alone, lost, because, replaced)


def _strangers(outside: re.Pattern[str], text: str) -> str | None:
    """The characters of a text that are outside an alphabet, each once; None if there are none."""
    return _distinct(outside, text) or None


def _distinct(outside: re.Pattern[str], text: str) -> str:
    found: dict[str, None] = {}
    for at in range(0, len(text), _STEP):
        found |= dict.fromkeys(outside.findall(text, at, at + _STEP))
    return "".join(found)


def _first(outside: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The first character of a text that is outside an alphabet."""
    for at in range(0, len(text), _STEP):
        if (found := outside.search(text, at, at + _STEP)) is not None:
            return found
    return None


def _cut_up(
    draft: _Draft,
    ends: Sequence[int],
    *,
    split: bool,
    refuse: bool,
    because: str | None,
    replaced: str,
) -> Segmentation | TooLong:
    whole, room = draft.length, draft.room
    if len(ends) > 1 and split:
        parts = tuple(draft.piece(start, end) for start, end in pairwise((0, *ends)))
        return Segmentation(draft.alphabet, parts, whole, room.among, "", because, replaced)
    if len(ends) > 1 and refuse:
        return TooLong(whole, room.alone, draft.alphabet)
    kept = draft.fit(0, room.alone)
    parts, lost = (draft.piece(0, kept),), draft.piece(kept, whole)
    return Segmentation(draft.alphabet, parts, kept, room.alone, lost, because, replaced)
