"""Translates between the words of the wire and the domain's English. No other module outside `protocol` knows both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias, assert_never

import msgspec

from kobikom_emulator.domain.messages import Draft
from kobikom_emulator.domain.reasons import Observation, Reason, Refusal, Remark
from kobikom_emulator.domain.rules import (
    FLASH_CODINGS,
    LONGEST_VALIDITY,
    MINUTE,
    TURKISH_LANGUAGES,
    DuplicateId,
    EmptyNumber,
    Rules,
    ShortCredit,
    UnknownTitle,
)
from kobikom_emulator.domain.segments import LongText, TurkishTable, Unencodable
from kobikom_emulator.faults.rule import Incoming
from kobikom_emulator.journal.entries import Operation
from kobikom_emulator.journal.hints import HINTS
from kobikom_emulator.journal.notes import Kind, Note
from kobikom_emulator.phrases import Phrase
from kobikom_emulator.protocol.codes import Code
from kobikom_emulator.protocol.decode import (
    BalanceQuery,
    Mesaj,
    Request,
    SendRequest,
    TitlesQuery,
)
from kobikom_emulator.protocol.fields import data_coding, hexadecimal, schedule_offset, switch, validity_period
from kobikom_emulator.protocol.pull_query import PullQuery
from kobikom_emulator.protocol.readings import Readings
from kobikom_emulator.protocol.slips import MOST_SLIPS, Slip, Unread

CODES: Mapping[Reason, tuple[Code, str]] = {
    Reason.NO_USER: (Code.NO_USER, "A-01.4"),
    Reason.NO_PASSWORD: (Code.NO_PASSWORD, "A-02.5"),
    Reason.BAD_LOGIN: (Code.BAD_LOGIN, "A-03.2"),
    Reason.BAD_PASSWORD: (Code.BAD_LOGIN, "A-03.2"),
    Reason.NO_RECIPIENT: (Code.NO_NUMBER, "S-05.1"),
    Reason.EMPTY_RECIPIENT: (Code.NO_NUMBER, "S-05.3"),
    Reason.TOO_MANY_RECIPIENTS: (Code.GENERAL, "T-11.2"),
    Reason.NOT_A_MOBILE: (Code.UNKNOWN_NUMBER, "S-06.2"),
    Reason.INCOMPLETE_NUMBER: (Code.UNKNOWN_NUMBER, "S-05.4"),
    Reason.SEVERAL_NUMBERS: (Code.UNKNOWN_NUMBER, "S-06.2"),
    Reason.NOT_COVERED: (Code.NOT_COVERED, "S-07.2"),
    Reason.DUPLICATE_ID: (Code.DUPLICATE_ID, "S-04.1"),
    Reason.USED_ID: (Code.DUPLICATE_ID, "S-04.1"),
    Reason.TITLE_TOO_LONG: (Code.NOT_SENT, "S-09.2"),
    Reason.TITLE_UNKNOWN: (Code.NOT_SENT, "S-09.2"),
    Reason.TEXT_TOO_LONG: (Code.GENERAL, "S-11.1"),
    Reason.TEXT_AND_BINARY: (Code.GENERAL, "S-17.1"),
    Reason.BAD_FLASH: (Code.GENERAL, "S-17.1"),
    Reason.BAD_NOPUSH: (Code.GENERAL, "S-17.1"),
    Reason.BAD_CODING: (Code.GENERAL, "S-17.1"),
    Reason.BAD_BINARY: (Code.GENERAL, "S-17.1"),
    Reason.BAD_VALIDITY: (Code.GENERAL, "S-17.1"),
    Reason.BAD_SCHEDULE: (Code.BAD_SCHEDULE, "S-15.4"),
    Reason.NO_CREDIT: (Code.NO_CREDIT, "C-02.1"),
    Reason.FAULT: (Code.FAILED, "E.2"),
}
"""Status code and statement of every reason; `code_of` says where a reading chooses another code."""

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

FIELDS: Mapping[str, str] = {
    "title": "baslik",
    "text": "metin",
    "binary": "binary",
    "recipients": "alicilar",
    "flash": "flash",
    "coding": "datacoding",
    "no_push": "nopush",
    "delay": "ileriTarih",
    "validity": "ValidityPeriod",
}
"""The element of the request for each field name of the domain."""

_RECORDED = ("wapurl", "esmclass", "srcton", "srcnpi", "destton", "destnpi", "type")
_LATEST = 253_370_764_800_000  # 9999-01-01: dates beyond cannot be printed


WireMessage: TypeAlias = Mesaj
"""One message of a send as it was in the request."""

OPERATIONS: Mapping[type[Request], Operation] = {
    SendRequest: Operation.SEND,
    TitlesQuery: Operation.TITLES,
    BalanceQuery: Operation.BALANCE,
}
_ROOTS: Mapping[type[Request], str] = {SendRequest: "/SMS", TitlesQuery: "/basliklar", BalanceQuery: "/bakiye"}


def user_of(request: Request | PullQuery) -> str:
    """The user that a request names, "" if it names none."""
    return request.credentials.kullanici


def credentials_of(request: Request | PullQuery) -> tuple[str, str]:
    """User and password of a request, "" where absent."""
    return request.credentials.kullanici, request.credentials.parola


def numbers_of(message: WireMessage) -> tuple[str, ...]:
    """The numbers of a message as submitted, empty ones included."""
    return message.alicilar.gsm


def client_ids_of(message: WireMessage) -> tuple[str, ...] | None:
    """The ids that the client gave its recipients, in the order of the numbers; None if it gave none."""
    return message.alicilar.message_ids


def incoming(request: Request) -> Incoming:
    """What fault rules look at in a POST."""
    user = user_of(request)
    match request:
        case SendRequest():
            return Incoming(
                "send",
                user,
                [message.alicilar.gsm for message in request.messages],
                [message.baslik for message in request.messages],
                [message.metin for message in request.messages],
            )
        case TitlesQuery():
            return Incoming("titles", user)
        case BalanceQuery():
            return Incoming("balance", user)
        case _:
            assert_never(request)


def incoming_pull(query: PullQuery) -> Incoming:
    """What fault rules look at in a pull."""
    return Incoming("pull", user_of(query))


def refusal_path(request: Request, refusal: Refusal) -> str:
    """The place in a POST that a refusal of the whole request concerns."""
    root = _ROOTS[type(request)]
    match refusal.reason:
        case Reason.NO_USER | Reason.BAD_LOGIN:
            return f"{root}/dogrulama/kullanici"
        case Reason.NO_PASSWORD | Reason.BAD_PASSWORD:
            return f"{root}/dogrulama/parola"
        case _:
            return root


def login_parameter(refusal: Refusal) -> str:
    """The parameter of a pull that a refusal concerns."""
    return "?parola" if refusal.reason in (Reason.NO_PASSWORD, Reason.BAD_PASSWORD) else "?kullanici"


def field_path(message: WireMessage, field: str) -> str:
    """The place of a field of the domain's in a message."""
    return f"{message.path}/{FIELDS[field]}"


def send_path(messages: Sequence[WireMessage], index: int, field: str) -> str:
    """The place of a field in one of a send's messages; the root element where the send has none."""
    return field_path(messages[index], field) if messages else _ROOTS[SendRequest]


def recipient_path(message: WireMessage, index: int) -> str:
    """The place of one recipient, counted from 0."""
    return f"{message.path}/alicilar/gsm" + (f"[{index + 1}]" if index else "")


class BrokenField(msgspec.Struct, frozen=True, gc=False):
    """A field whose value breaks its documented form (S-15, S-17)."""

    field: str
    refusal: Refusal


def rules(readings: Readings, *, max_recipients: int, magic_numbers: bool) -> Rules:
    """The domain's rules for a choice of readings."""
    return Rules(
        duplicate_id=DuplicateId(readings.duplicate_id),
        empty_number=EmptyNumber(readings.empty_gsm),
        lenient_numbers=readings.number_form == "lenient",
        unknown_title=UnknownTitle(readings.unknown_title),
        long_text=LongText(readings.long_text),
        unencodable=Unencodable(readings.unencodable),
        turkish_table=TurkishTable(readings.turkish_table),
        short_credit=ShortCredit(readings.short_credit),
        id_digits=int(readings.message_id.removesuffix("-digits")),
        max_recipients=max_recipients,
        magic_numbers=magic_numbers,
    )


def broken_fields(mesaj: Mesaj, *, now: int, readings: Readings) -> Iterator[BrokenField]:
    """The fields of a message that break their form, in the order in which they are judged; `now` (ms) bounds the
    schedule.
    """
    for field, value, reason in (
        ("flash", mesaj.flash, Reason.BAD_FLASH),
        ("no_push", mesaj.nopush, Reason.BAD_NOPUSH),
    ):
        if switch(value) is None:
            yield _broken(field, reason, Phrase("0 or 1"), value)
    if data_coding(mesaj.datacoding) is None:
        yield _broken("coding", Reason.BAD_CODING, Phrase("0, 8 or another octet"), mesaj.datacoding)
    if mesaj.binary and hexadecimal(mesaj.binary) is None:
        yield _broken("binary", Reason.BAD_BINARY, Phrase("pairs of hexadecimal digits"), mesaj.binary)
    elif mesaj.binary and mesaj.metin.strip():
        refusal = Refusal(Reason.TEXT_AND_BINARY, Phrase("either metin or binary"), Phrase("both"))
        yield BrokenField("binary", refusal)
    delay = schedule_offset(mesaj.ileritarih)
    if delay is None or now + delay > _LATEST:
        yield _broken("delay", Reason.BAD_SCHEDULE, Phrase("an offset like 4d3h2m1s"), mesaj.ileritarih)
    minutes = validity_period(mesaj.validityperiod) if mesaj.validityperiod else 0
    if minutes is None:
        yield _broken("validity", Reason.BAD_VALIDITY, Phrase("HH:mm"), mesaj.validityperiod)
    elif minutes * MINUTE > LONGEST_VALIDITY and readings.long_validity == "refuse":
        yield _broken("validity", Reason.BAD_VALIDITY, Phrase("at most 48:00"), mesaj.validityperiod)


def _broken(field: str, reason: Reason, expected: Phrase, value: str) -> BrokenField:
    return BrokenField(field, Refusal(reason, expected, repr(value[:40])))


def draft(mesaj: Mesaj, *, now: int, readings: Readings) -> Draft | BrokenField:
    """One wire message as a draft; `now` (ms) bounds the schedule."""
    if _has_formed_fields(mesaj) and (broken := next(broken_fields(mesaj, now=now, readings=readings), None)):
        return broken
    return _sound_draft(mesaj)


def _has_formed_fields(mesaj: Mesaj) -> str:
    """Whether one of the fields that have a form is not empty: most messages have none, and none can be broken."""
    return mesaj.flash or mesaj.nopush or mesaj.datacoding or mesaj.binary or mesaj.ileritarih or mesaj.validityperiod


def draft_of_sound_fields(mesaj: Mesaj, *, now: int, readings: Readings) -> Draft:
    """A message as if its broken fields were empty: to see what else is wrong with it."""
    broken = {FIELDS[each.field].lower(): "" for each in broken_fields(mesaj, now=now, readings=readings)}
    return _sound_draft(msgspec.structs.replace(mesaj, **broken) if broken else mesaj)


def _sound_draft(mesaj: Mesaj) -> Draft:
    """The draft of a message whose fields all have their form."""
    coding = (data_coding(mesaj.datacoding) or 0) if mesaj.datacoding else 0
    octets = hexadecimal(mesaj.binary) if mesaj.binary else None
    minutes = validity_period(mesaj.validityperiod) if mesaj.validityperiod else None
    return Draft(
        numbers=mesaj.alicilar.gsm,
        client_ids=mesaj.alicilar.message_ids,
        title=mesaj.baslik,
        text="" if octets is not None else mesaj.metin,
        octets=octets,
        coding=coding,
        language=mesaj.languagecode.upper(),
        concatenate=mesaj.type.lower() == "longsms",
        flash=bool(mesaj.flash and switch(mesaj.flash)) or coding in FLASH_CODINGS,
        delay=(schedule_offset(mesaj.ileritarih) or 0) if mesaj.ileritarih else 0,
        validity=LONGEST_VALIDITY if minutes is None else min(minutes * MINUTE, LONGEST_VALIDITY),
        app_id=mesaj.appid,
        push_url=mesaj.pushurl,
        # the page: “Boş durumda nopush” (S-19)
        no_push=bool(mesaj.nopush and switch(mesaj.nopush)) or mesaj.pushurl.lower() == "nopush",
        recorded={name: value for name in _RECORDED if (value := getattr(mesaj, name))},
    )


def wire_remarks(mesaj: Mesaj) -> list[Observation]:
    """Remarks about fields of the wire that the domain does not see."""
    observations: list[Observation] = []
    if not (mesaj.validityperiod or mesaj.languagecode or mesaj.type):
        return observations
    minutes = validity_period(mesaj.validityperiod) if mesaj.validityperiod else None
    if minutes is not None and minutes * MINUTE > LONGEST_VALIDITY:
        observations.append(
            Observation(Remark.VALIDITY_CLAMPED, Phrase("{value}, clamped to 48:00", value=mesaj.validityperiod))
        )
    if minutes == 0:
        observations.append(
            Observation(
                Remark.EXPIRES_AT_ONCE, Phrase("{value}: the message expires at once", value=mesaj.validityperiod)
            )
        )
    if mesaj.languagecode and mesaj.languagecode.upper() not in TURKISH_LANGUAGES:
        observations.append(
            Observation(Remark.LANGUAGE_IGNORED, Phrase("{value}, ignored", value=repr(mesaj.languagecode[:20])))
        )
    if mesaj.type and mesaj.type.lower() != "longsms":
        observations.append(
            Observation(Remark.TYPE_IGNORED, Phrase("{value}, recorded only", value=repr(mesaj.type[:20])))
        )
    return observations


def code_of(refusal: Refusal, readings: Readings) -> int:
    """The status code that answers a refusal of a POST."""
    if refusal.code is not None:
        return refusal.code
    match refusal.reason:
        case Reason.BAD_LOGIN if readings.login_codes == "wrong":
            return Code.NO_USER
        case Reason.BAD_PASSWORD if readings.login_codes == "wrong":
            return Code.NO_PASSWORD
        case Reason.TITLE_TOO_LONG | Reason.TITLE_UNKNOWN:
            return int(readings.title_code)
        case Reason.INCOMPLETE_NUMBER if readings.short_number == "incomplete":
            return Code.NO_NUMBER
        case reason:
            return CODES[reason][0]


def pull_code_of(refusal: Refusal) -> int:
    """The status code that stands behind the refusal of a pull, whose codes no reading changes (R-07)."""
    return CODES[refusal.reason][0] if refusal.code is None else refusal.code


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
    hint = Phrase("use an address of this machine, or allow others: push.allow")
    return Note(Kind.NOTED, "S-19.6", f"{message.path}/pushurl", expected, problem, hint=hint)
