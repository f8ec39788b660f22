"""Journal entries as bytes, to be kept in a file, and back: nothing is lost but what only a running server has."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from typing import Any, TypeAlias, assert_never

import msgspec

from kobikom_emulator.exchange import UNALTERED, Answer, Transmission, WireRequest
from kobikom_emulator.journal.entries import Entry, HttpRefusal, Operation, Outcome, PushEntry, RequestEntry
from kobikom_emulator.journal.journal import NumberedEntry
from kobikom_emulator.journal.notes import Kind, Note
from kobikom_emulator.journal.printing import whole_characters
from kobikom_emulator.phrases import Phrase
from kobikom_emulator.ports import PushResponse


class _Amount(msgspec.Struct, frozen=True, array_like=True, tag=1):
    """A Decimal in a phrase: as a string it would be written without marks between thousands."""

    value: Decimal


class _Phrase(msgspec.Struct, frozen=True, array_like=True, tag=2):
    template: str
    values: dict[str, _Value]


_Value: TypeAlias = _Phrase | _Amount | str | int | float | bool
_Text: TypeAlias = _Phrase | str


class _Transmission(msgspec.Struct, frozen=True, array_like=True):
    """What a rule did to an answer. What it was held for is over."""

    delay: float
    drop: bool
    truncate_at: int | None
    bytes_per_second: float | None
    close: bool
    stall: float | None
    until_pushed: bool


class _Answer(msgspec.Struct, frozen=True, array_like=True):
    body: bytes
    content_type: str
    status: int
    headers: dict[str, str]
    at: int | None
    transmission: _Transmission | None


class _Request(msgspec.Struct, frozen=True, array_like=True):
    method: str
    target: str
    body: bytes
    content_type: str
    headers: tuple[tuple[bytes, bytes], ...]


class _Note(msgspec.Struct, frozen=True, array_like=True):
    kind: Kind
    statement: str
    path: str
    expected: _Text
    found: _Text
    code: int | None
    line: int
    column: int
    hint: _Text
    times: int
    places: tuple[str, ...]


class _RequestEntry(msgspec.Struct, frozen=True, array_like=True, tag="request"):
    number: int
    at: int
    operation: Operation
    user: str
    outcome: Outcome
    code: int | None
    request: _Request
    answer: _Answer
    intended: _Answer | None
    notes: tuple[_Note, ...]
    faults: tuple[str, ...]
    first_id: int
    ids: int
    recipients: int


class _PushEntry(msgspec.Struct, frozen=True, array_like=True, tag="push"):
    number: int
    at: int
    user: str
    outcome: Outcome
    request: _Request
    response: PushResponse | None
    error: _Text
    notes: tuple[_Note, ...]
    faults: tuple[str, ...]


class _HttpRefusal(msgspec.Struct, frozen=True, array_like=True, tag="http"):
    number: int
    at: int
    request: _Request
    answer: _Answer
    notes: tuple[_Note, ...]


_Kept: TypeAlias = _RequestEntry | _PushEntry | _HttpRefusal

_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(_Kept)


def encoded(numbered: NumberedEntry) -> bytes:
    """An entry with its number, as bytes."""
    kept = _kept(*numbered)
    try:
        return _ENCODER.encode(kept)
    except UnicodeEncodeError:  # half of a surrogate pair, in a target that came from no socket
        return _ENCODER.encode(_sound(kept))


def decoded(octets: bytes) -> NumberedEntry:
    """The entry that `encoded` was given; `msgspec.MsgspecError` for anything else."""
    kept = _DECODER.decode(octets)
    return NumberedEntry(kept.number, _entry(kept))


def _sound(value: Any) -> Any:
    """The value, with each lone surrogate in its texts written as an escape: UTF-8 cannot hold one."""
    match value:
        case str():
            return value if isinstance(value, Enum) else whole_characters(value)
        case tuple():
            return tuple([_sound(each) for each in value])
        case dict():
            return {name: _sound(each) for name, each in value.items()}
        case msgspec.Struct():
            return type(value)(*[_sound(getattr(value, name)) for name in value.__struct_fields__])
        case _:
            return value


def _kept(number: int, entry: Entry) -> _Kept:
    notes = tuple([_kept_note(note) for note in entry.notes])
    request = _kept_request(entry.request)
    match entry:
        case RequestEntry():
            return _RequestEntry(
                number,
                entry.at,
                entry.operation,
                entry.user,
                entry.outcome,
                entry.code,
                request,
                _kept_answer(entry.answer),
                None if entry.intended is None else _kept_answer(entry.intended),
                notes,
                entry.faults,
                entry.ids.start,
                len(entry.ids),
                entry.recipients,
            )
        case PushEntry():
            error = _kept_text(entry.error)
            return _PushEntry(
                number, entry.at, entry.user, entry.outcome, request, entry.response, error, notes, entry.faults
            )
        case HttpRefusal():
            return _HttpRefusal(number, entry.at, request, _kept_answer(entry.answer), notes)
        case _:
            assert_never(entry)


def _entry(kept: _Kept) -> Entry:
    notes = tuple([_note(note) for note in kept.notes])
    request = _request(kept.request)
    match kept:
        case _RequestEntry():
            return RequestEntry(
                kept.at,
                kept.operation,
                kept.user,
                kept.outcome,
                kept.code,
                request,
                _answer(kept.answer),
                None if kept.intended is None else _answer(kept.intended),
                notes,
                kept.faults,
                range(kept.first_id, kept.first_id + kept.ids),
                kept.recipients,
            )
        case _PushEntry():
            return PushEntry(
                kept.at, kept.user, kept.outcome, request, kept.response, _text(kept.error), notes, kept.faults
            )
        case _HttpRefusal():
            return HttpRefusal(kept.at, request, _answer(kept.answer), notes)
        case _:
            assert_never(kept)


def _kept_request(request: WireRequest) -> _Request:
    return _Request(request.method, request.target, request.body, request.content_type, request.headers)


def _request(kept: _Request) -> WireRequest:
    return WireRequest(kept.method, kept.target, kept.body, kept.content_type, kept.headers)


def _kept_answer(answer: Answer) -> _Answer:
    sent, transmission = answer.transmission, None
    if sent is not UNALTERED:
        transmission = _Transmission(
            sent.delay,
            sent.drop,
            sent.truncate_at,
            sent.bytes_per_second,
            sent.close,
            sent.stall,
            sent.until_pushed,
        )
    return _Answer(answer.body, answer.content_type, answer.status, dict(answer.headers), answer.at, transmission)


def _answer(kept: _Answer) -> Answer:
    transmission = UNALTERED
    if kept.transmission is not None:
        transmission = Transmission(**msgspec.structs.asdict(kept.transmission))
    return Answer((kept.body,), kept.content_type, kept.status, kept.headers, transmission, kept.at)


def _kept_note(note: Note) -> _Note:
    return _Note(
        note.kind,
        note.statement,
        note.path,
        _kept_text(note.expected),
        _kept_text(note.found),
        note.code,
        note.line,
        note.column,
        _kept_text(note.hint),
        note.times,
        note.places,
    )


def _note(kept: _Note) -> Note:
    return Note(
        kept.kind,
        kept.statement,
        kept.path,
        _text(kept.expected),
        _text(kept.found),
        kept.code,
        kept.line,
        kept.column,
        _text(kept.hint),
        kept.times,
        kept.places,
    )


def _kept_text(text: str) -> _Text:
    if not isinstance(text, Phrase):
        return str(text)
    return _Phrase(text.template, {name: _kept_value(value) for name, value in text.values.items()})


def _kept_value(value: Any) -> _Value:
    match value:
        case str():
            return _kept_text(value)
        case int() | float():
            return value
        case Decimal():
            return _Amount(value)
        case _:
            return str(value)


def _text(kept: _Text) -> str:
    if isinstance(kept, str):
        return kept
    return Phrase(kept.template, **{name: _value(value) for name, value in kept.values.items()})


def _value(kept: _Value) -> Any:
    match kept:
        case _Phrase():
            return _text(kept)
        case _Amount():
            return kept.value
        case _:
            return kept
