"""Checks one draft of a send: its title, its text or octets, and what to remark about it (S-09 … S-14)."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import combining, is_normalized, normalize

import msgspec

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.messages import Draft
from kobikom_emulator.domain.reasons import Observation, Reason, Refusal, Remark
from kobikom_emulator.domain.rules import TURKISH_LANGUAGES, UNICODE_CODINGS, Rules, UnknownTitle
from kobikom_emulator.domain.segments import Segmentation, TooLong, segment_binary, segment_text
from kobikom_emulator.domain.values import is_numeric, title_limit
from kobikom_emulator.phrases import Phrase


class RefusedSend(msgspec.Struct, frozen=True, gc=False):
    """The whole request is refused because of the `field` of the draft with the index `draft`.

    `every_recipient`: each recipient gets the refusal, even if other refusals have one result a request (S-04, C-02).
    """

    refusal: Refusal
    draft: int = 0
    field: str = ""
    every_recipient: bool = False


def sender_title(draft: Draft, account: Account, rules: Rules) -> tuple[str, bool] | RefusedSend:
    """The title a draft goes out under, and whether it is the account's (S-09)."""
    if not draft.title:
        if account.titles:
            return account.titles[0], True
        refusal = Refusal(Reason.TITLE_UNKNOWN, Phrase("a title"), Phrase("none, and the account has none"))
        return RefusedSend(refusal, field="title")
    if draft.title in account.titles:
        return draft.title, True
    limit = title_limit(draft.title)
    if len(draft.title) > limit:
        if is_numeric(draft.title):
            expected = Phrase("a numeric title of at most {limit}", limit=limit)
        else:
            expected = Phrase("an alphanumeric title of at most {limit}", limit=limit)
        found = Phrase("{count}: {title}", count=len(draft.title), title=repr(draft.title[:20]))
        return RefusedSend(Refusal(Reason.TITLE_TOO_LONG, expected, found), field="title")
    if rules.unknown_title is UnknownTitle.ACCEPT:
        return draft.title, False
    titles = ", ".join(account.titles) or Phrase("none")
    expected = Phrase("one of the account's titles ({titles})", titles=titles)
    return RefusedSend(Refusal(Reason.TITLE_UNKNOWN, expected, repr(draft.title)), field="title")


def segments(draft: Draft, rules: Rules) -> Segmentation | RefusedSend:
    """The parts of a draft (S-10 … S-14)."""
    segmentation = _segments(draft, rules)
    if isinstance(segmentation, TooLong):
        expected = Phrase(
            "at most {count} ({alphabet}) without longSMS",
            count=segmentation.capacity,
            alphabet=segmentation.alphabet.value,
        )
        field = "binary" if draft.octets is not None else "text"
        reason = Refusal(Reason.TEXT_TOO_LONG, expected, Phrase("{count}", count=segmentation.units))
        return RefusedSend(reason, field=field)
    return segmentation


def _segments(draft: Draft, rules: Rules) -> Segmentation | TooLong:
    if draft.octets is not None:
        return segment_binary(draft.octets, concatenate=draft.concatenate, long_text=rules.long_text)
    return segment_text(
        draft.text,
        ucs2=draft.coding in UNICODE_CODINGS,
        turkish=draft.language in TURKISH_LANGUAGES,
        concatenate=draft.concatenate,
        long_text=rules.long_text,
        unencodable=rules.unencodable,
        turkish_table=rules.turkish_table,
    )


def observations(
    draft: Draft, segmentation: Segmentation, title: str, known: bool, numbers: Sequence[str]
) -> tuple[Observation, ...]:
    """What is done to an accepted draft that its sender may not expect."""
    if not any(numbers):
        return (Observation(Remark.NO_RECIPIENTS, Phrase("no number: nothing is sent")),)
    remarks: list[Observation] = []
    if segmentation.lost:
        remarks.append(_cut(draft, segmentation.lost))
    if segmentation.replaced:
        remarks.append(Observation(Remark.CHARACTERS_REPLACED, repr(segmentation.replaced[:40])))
    if segmentation.because and segmentation.alphabet == "ucs2":
        remarks.append(Observation(Remark.FORCED_UNICODE, _quoted(segmentation.because[0])))
    if marks := _combining_marks(draft.text):
        remarks.append(Observation(Remark.COMBINING_MARKS, marks))
    if draft.octets is None and not draft.text:
        remarks.append(Observation(Remark.EMPTY_TEXT, Phrase("an empty text")))
    if not known:
        remarks.append(Observation(Remark.TITLE_UNKNOWN, repr(title)))
    return tuple(remarks)


def _quoted(character: str) -> str:
    """A character in quotes; a combining mark, which would stand over the quote, by its code point."""
    return f"U+{ord(character):04X}" if combining(character) else repr(character)


def _cut(draft: Draft, lost: str) -> Observation:
    """What a text or a binary message over one part has lost (S-11); the octets of a binary one are hexadecimal."""
    if draft.octets is None:
        found = Phrase("{count} characters lost: {text}", count=len(lost), text=repr(lost[:40]))
        return Observation(Remark.TEXT_CUT, found)
    found = Phrase("{count} octets lost: {octets}", count=len(lost) // 2, octets=lost[:40])
    return Observation(Remark.BINARY_CUT, found)


_MOST_MARKS = 30
"""Combining marks in a row that a text of any language stays below (UAX #15): composing takes the square of them."""


def _has_long_run_of_marks(text: str) -> bool:
    run = 0
    for character in text:
        run = run + 1 if combining(character) else 0
        if run > _MOST_MARKS:
            return True
    return False


def _combining_marks(text: str) -> str:
    """How much shorter a decomposed text is when it is composed (NFC); "" where it is composed already."""
    if text.isascii() or is_normalized("NFC", text) or _has_long_run_of_marks(text):
        return ""
    composed = normalize("NFC", text)
    if len(composed) >= len(text):
        return ""
    return Phrase(
        "{marks} combining marks: {length} characters, {composed} when composed",
        marks=len(text) - len(composed),
        length=len(text),
        composed=len(composed),
    )
