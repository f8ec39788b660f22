"""What the domain and the decoder report, as notes of the journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import assert_never

import msgspec

from kobikom_emulator.domain.reasons import Observation, Reason, Refusal, Remark
from kobikom_emulator.journal.hints import HINTS
from kobikom_emulator.journal.notes import Kind, Note
from kobikom_emulator.phrases import Phrase
from kobikom_emulator.protocol.codes import Code
from kobikom_emulator.protocol.slips import MOST_SLIPS, Slip, Unread
from kobikom_emulator.translation.codes import CODES
from kobikom_emulator.translation.places import recipient_path
from kobikom_emulator.translation.requests import WireMessage

REMARKS: Mapping[Remark, tuple[str, str]] = {
    Remark.NO_RECIPIENTS: ("S-05.2", "alicilar"),
    Remark.TEXT_CUT: ("S-11.1", "metin"),
    Remark.BINARY_CUT: ("S-14.3", "binary"),
    Remark.COMBINING_MARKS: ("S-21.1", "metin"),
    Remark.CHARACTERS_REPLACED: ("S-12.5", "metin"),
    Remark.FORCED_UNICODE: ("S-12.5", "metin"),
    Remark.VALIDITY_CLAMPED: ("S-16.2", "ValidityPeriod"),
    Remark.EXPIRES_AT_ONCE: ("S-16.4", "ValidityPeriod"),
    Remark.EMPTY_TEXT: ("S-10.7", "metin"),
    Remark.TITLE_UNKNOWN: ("S-09.2", "baslik"),
    Remark.LANGUAGE_IGNORED: ("S-12.6", "languageCode"),
    Remark.TYPE_IGNORED: ("S-10.7", "type"),
}
"""Statement and element of every remark."""

_CHANGING = frozenset(
    {
        Remark.TEXT_CUT,
        Remark.BINARY_CUT,
        Remark.CHARACTERS_REPLACED,
        Remark.FORCED_UNICODE,
        Remark.VALIDITY_CLAMPED,
    }
)


def refusal_note(refusal: Refusal, path: str, *, code: int, kind: Kind = Kind.REFUSED) -> Note:
    """A refusal as a finding; one that concerns the login of a pull cites the pull's codes (R-07)."""
    statement = CODES[refusal.reason][1]
    if path.startswith("?") and refusal.reason in _LOGIN_REASONS:
        statement = "R-07.1"
    elif refusal.reason in (Reason.BAD_LOGIN, Reason.BAD_PASSWORD):
        statement = _LOGIN_STATEMENTS.get(code, statement)
    hint = HINTS.get(refusal.reason, "")
    return Note(kind, statement, path, refusal.expected, refusal.found, code=int(code), hint=hint)


_LOGIN_REASONS = frozenset({Reason.NO_USER, Reason.NO_PASSWORD, Reason.BAD_LOGIN, Reason.BAD_PASSWORD})
_LOGIN_STATEMENTS: Mapping[int, str] = {Code.NO_USER: "A-01.4", Code.NO_PASSWORD: "A-02.5"}
"""The statement about a wrong login where `login-codes` answers it with another code than -5."""


def remark_note(observation: Observation, mesaj_path: str) -> Note:
    statement, element = REMARKS[observation.remark]
    kind = Kind.CHANGED if observation.remark in _CHANGING else Kind.NOTED
    hint = HINTS.get(observation.remark, "")
    return Note(kind, statement, f"{mesaj_path}/{element}", found=observation.found, hint=hint)


_SLIPS: Mapping[Slip, str] = {
    Slip.UNKNOWN: "T-07.3",
    Slip.SPELLING: "T-07.1",
    Slip.REPEATED: "T-07.3",
    Slip.MISPLACED: "T-07.3",
    Slip.STRAY_TEXT: "T-07.3",
    Slip.CHARSET: "T-03.4",
    Slip.REST: "T-11.2",
}
"""The statement about each slip."""


def _expected(unread: Unread) -> str:
    """What was expected instead of a slip."""
    match unread.slip:
        case Slip.UNKNOWN:
            return Phrase("a documented name")
        case Slip.SPELLING:
            return Phrase("{name}, in ASCII letters", name=unread.wanted)
        case Slip.REPEATED:
            return Phrase("one; the first counts")
        case Slip.MISPLACED:
            return Phrase("its place in {name}: move it inside", name=unread.wanted)
        case Slip.STRAY_TEXT:
            return Phrase("elements only, no text between them")
        case Slip.CHARSET:
            return Phrase("the charset of the bytes, UTF-8")
        case Slip.REST:
            return Phrase("at most {count} different names that are not read", count=MOST_SLIPS)
        case _:
            assert_never(unread.slip)


def unread_note(unread: Unread) -> Note:
    statement = _SLIPS[unread.slip]
    hint = Phrase("check the spelling and the place of the name") if unread.slip is Slip.UNKNOWN else ""
    return Note(Kind.UNREAD, statement, unread.path, _expected(unread), unread.found, hint=hint, times=unread.times)


_CAUSES: Mapping[Reason, tuple[str, ...]] = {
    Reason.NO_USER: ("kullanici", "dogrulama"),
    Reason.NO_PASSWORD: ("parola", "dogrulama"),
    Reason.NO_RECIPIENT: ("gsm", "alicilar", "mesajiniz"),
}
"""What was not read, if these reasons follow from that."""


def with_cause(refusal: Refusal, path: str, unread: Sequence[Unread]) -> tuple[Refusal, str]:
    """A refusal and its path; where something is missing that stands in the wrong place or is misspelled, they say
    so.
    """
    causes = _CAUSES.get(refusal.reason, ())
    for each in unread:
        name = each.wanted if each.slip is Slip.SPELLING else each.path.rpartition("/")[2].partition("[")[0]
        if each.slip in (Slip.MISPLACED, Slip.SPELLING) and name.lower() in causes:
            return msgspec.structs.replace(refusal, expected=_with_cause(refusal, each)), each.path
    return refusal, path


def _with_cause(refusal: Refusal, unread: Unread) -> str:
    return Phrase("{expected}: {cause}", expected=refusal.expected, cause=_expected(unread))


EMPTY_ID_LIST = Note(
    Kind.NOTED,
    "R-04.2",
    "?messageid",
    Phrase("ids of messages"),
    Phrase("none: nothing is given"),
    hint=Phrase("leave messageid out to get all reports"),
)
"""The note of a pull whose `messageid` names nothing."""


def unnameable_ids(message: WireMessage) -> Note | None:
    """A note about the client ids that no pull can name, None if there are none (S-03)."""
    ids = message.alicilar.message_ids or ()
    places = [index for index, name in enumerate(ids) if "," in name or name != name.strip()]
    if not places:
        return None
    path = f"{recipient_path(message, places[0])}/@messageId"
    expected = Phrase("an id that a pull can name: no comma, no white space around it")
    return Note(Kind.NOTED, "S-03.4", path, expected, repr(ids[places[0]][:40]), times=len(places))


def push_url_note(message: WireMessage, problem: str) -> Note:
    """A note about reports that cannot be pushed (S-19)."""
    expected = Phrase("an address that may be pushed to")
    hint = Phrase("use the address of your receiver; push.allow says which are allowed")
    return Note(Kind.NOTED, "S-19.6", f"{message.path}/pushurl", expected, problem, hint=hint)
