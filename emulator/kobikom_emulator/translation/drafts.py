"""Messages of the wire as drafts of the domain, and readings as its rules."""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter

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
from kobikom_emulator.domain.values import LAST_CLOCK
from kobikom_emulator.phrases import Phrase
from kobikom_emulator.protocol.decode import (
    Mesaj,
)
from kobikom_emulator.protocol.fields import data_coding, hexadecimal, schedule_offset, switch, validity_period
from kobikom_emulator.protocol.readings import Readings
from kobikom_emulator.translation.places import FIELDS

_RECORDED = ("wapurl", "esmclass", "srcton", "srcnpi", "destton", "destnpi", "type")
_recorded_fields = attrgetter(*_RECORDED)


class BrokenField(msgspec.Struct, frozen=True, gc=False):
    """A field whose value breaks its documented form (S-15, S-17)."""

    field: str
    refusal: Refusal


def rules_of(readings: Readings, *, max_recipients: int, magic_numbers: bool) -> Rules:
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
    if delay is None or now + delay > LAST_CLOCK:
        yield _broken("delay", Reason.BAD_SCHEDULE, Phrase("an offset like 4d3h2m1s"), mesaj.ileritarih)
    minutes = validity_period(mesaj.validityperiod) if mesaj.validityperiod else 0
    if minutes is None:
        yield _broken("validity", Reason.BAD_VALIDITY, Phrase("HH:mm"), mesaj.validityperiod)
    elif minutes * MINUTE > LONGEST_VALIDITY and readings.long_validity == "refuse":
        yield _broken("validity", Reason.BAD_VALIDITY, Phrase("at most 48:00"), mesaj.validityperiod)


def _broken(field: str, reason: Reason, expected: Phrase, value: str) -> BrokenField:
    return BrokenField(field, Refusal(reason, expected, repr(value[:40])))


def draft_of(mesaj: Mesaj, *, now: int, readings: Readings) -> Draft | BrokenField:
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
    recorded = _recorded_fields(mesaj)
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
        recorded={name: value for name, value in zip(_RECORDED, recorded, strict=True) if value}
        if any(recorded)
        else {},
    )


def has_remarkable_fields(mesaj: Mesaj) -> bool:
    """Whether it has a field that `wire_remarks` looks at: most messages have none."""
    return bool(mesaj.validityperiod or mesaj.languagecode or mesaj.type)


def wire_remarks(mesaj: Mesaj) -> list[Observation]:
    """Remarks about fields of the wire that the domain does not see."""
    observations: list[Observation] = []
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
