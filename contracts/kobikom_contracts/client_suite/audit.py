"""Compares what a client wrote with what it was asked to do, clause by clause."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

from kobikom_contracts.client_suite import adapter_protocol
from kobikom_contracts.client_suite.http_values import Received
from kobikom_contracts.client_suite.written_requests import (
    Written,
    WrittenBlock,
    WrittenPull,
    WrittenSend,
    parse_request,
)
from kobikom_contracts.core.verdicts import Violation
from kobikom_contracts.parts import GSM_DEFAULT, GSM_EXTENSION, TURKISH_LOCKING, TURKISH_SINGLE, fit

if TYPE_CHECKING:
    from kobikom_contracts.client_suite.adapter_protocol import Call

_OFFSET = re.compile(r"(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?", re.ASCII)
_UNITS = (86_400, 3_600, 60, 1)
_DEFAULT_VALIDITY = 48 * 60
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_GSM = GSM_DEFAULT | GSM_EXTENSION
_TURKISH = TURKISH_LOCKING | TURKISH_SINGLE | _GSM


@dataclass(slots=True)
class History:
    """What was written in earlier calls: message ids that the client made itself, and numbers."""

    own_ids: Counter[str] = field(default_factory=Counter)
    numbers: set[str] = field(default_factory=set)


def audit(call: Call, requests: Sequence[Received], history: History, *, failed: bool) -> list[Written]:
    """Judge everything that was written during one call; raises the first :class:`Violation`.

    ``history`` is of the calls before, and this call is added to it. A call that ``failed`` need not
    have written everything.
    """
    seen = []
    for request in requests:
        try:
            seen.append(parse_request(request))
        except Violation as violation:
            raise _unescaped(violation, call, request) from None
    _no_second_send(call, seen, history)
    for one in seen:
        _credentials(call, one)
        if isinstance(one, WrittenPull) and not isinstance(call, adapter_protocol.Reports):
            raise Violation("no pull, because none was asked for", one, statement="K-32")
        if isinstance(one, WrittenPull) and isinstance(call, adapter_protocol.Reports):
            _pull_ids(call, one)
        if isinstance(one, WrittenSend):
            if not isinstance(call, adapter_protocol.Send):
                raise Violation("no send, because none was asked for", one, statement="K-22")
            _message(call, one, history.own_ids)
    if not failed:
        _everything_written(call, seen)
    return seen


def _unescaped(violation: Violation, call: Call, request: Received) -> Violation:
    """A violation of K-06 or K-04 where a document is broken by a value that was not escaped."""
    if violation.statement not in ("K-03", "K-07"):
        return violation
    for value in (call.user, call.password):
        if request.method == "GET":
            unescaped = not {quote(value, safe=""), quote_plus(value)} & set(re.split("[=&]", request.query))
        else:
            unescaped = bool(re.search("[&<]", value)) and value.encode() in request.body
        if unescaped:
            return Violation("credentials escaped", f"{value!r} unescaped", statement="K-06")
    values: tuple[str, ...] = ()
    if isinstance(call, adapter_protocol.Send):
        values = (call.text, call.title or "", *(to.message_id or "" for to in call.recipients))
    for value in values:
        if re.search("[&<]", value) and value.encode() in request.body:
            return Violation("markup in a text escaped", f"{value!r} unescaped", statement="K-04")
    return violation


def _no_second_send(call: Call, seen: Sequence[Written], history: History) -> None:
    if not isinstance(call, adapter_protocol.Send):
        return
    asked = Counter(to.gsm for to in call.recipients)
    written = Counter(number for one in seen if isinstance(one, WrittenSend) for number, _ in one.recipients)
    sends = sum(isinstance(one, WrittenSend) for one in seen)
    earlier = set(written) - asked.keys()
    of_earlier_call = earlier and earlier <= history.numbers
    history.numbers |= asked.keys()
    if of_earlier_call:
        raise Violation(f"a send to {sorted(asked)}", f"one to {sorted(earlier)}, of an earlier call", statement="K-22")
    repeated = {n: count for n, count in written.items() if asked[n] and count > asked[n]}
    if repeated and sends > 1:
        raise Violation("each recipient sent to once", f"{repeated} in {sends} sends", statement="K-22")


def _credentials(call: Call, seen: Written) -> None:
    if (call.user, call.password) != (seen.user, seen.password):
        raise Violation(
            f"user {call.user!r} and password {call.password!r}",
            f"{seen.user!r} and {seen.password!r}",
            statement="K-06",
        )


def _pull_ids(call: adapter_protocol.Reports, seen: WrittenPull) -> None:
    asked = None if call.ids is None else set(call.ids)
    written = None if seen.ids is None else set(seen.ids)
    if asked is None and written is not None:
        raise Violation("a pull of everything", f"messageid={seen.ids}", statement="K-31")
    if asked is not None and (not written or not written <= asked):
        named = "no messageid" if seen.ids is None else f"messageid={seen.ids}"
        raise Violation(f"a pull of {sorted(asked)} only", named, statement="K-31")


def _everything_written(call: Call, seen: Sequence[Written]) -> None:
    if isinstance(call, adapter_protocol.Send):
        written = [number for one in seen if isinstance(one, WrittenSend) for number, _ in one.recipients]
        missing = Counter(to.gsm for to in call.recipients) - Counter(written)
        if missing:
            raise Violation(
                f"{len(call.recipients)} recipients written",
                f"without {dict(missing)}",
                statement="K-09",
            )
    if isinstance(call, adapter_protocol.Reports) and call.ids is not None:
        named = {ident for one in seen if isinstance(one, WrittenPull) for ident in one.ids or ()}
        if named != set(call.ids):
            raise Violation(f"a pull of {sorted(call.ids)}", sorted(named), statement="K-31")


def _message(call: adapter_protocol.Send, seen: WrittenSend, own_ids: Counter[str]) -> None:
    for block in seen.blocks:
        _text(call, block)
        _options(call, block)
        _alphabet(block)
    _recipients(call, seen, own_ids)


def _text(call: adapter_protocol.Send, block: WrittenBlock) -> None:
    text, written = call.text, block.fields.get("metin", "")
    if text == written or _NOT_XML.search(text):
        return
    if written == text.replace("\r\n", "\n").replace("\r", "\n"):
        raise Violation(f"the text {text!r}", repr(written), statement="K-05")
    if written and text.startswith(written.rstrip("… .")):
        raise Violation(f"the whole text, {len(text)} characters", f"{len(written)} of them", statement="K-11")
    raise Violation(f"the text {text!r}", repr(written), statement="K-04")


def _options(call: adapter_protocol.Send, block: WrittenBlock) -> None:
    fields, options = block.fields, call.options

    def same(what: str, expected: object, found: object) -> None:
        if expected != found:
            raise Violation(f"{what} {expected!r}", repr(found), statement="K-08")

    same("title", (call.title or "").strip(), fields.get("baslik", "").strip())
    same("flash", bool(options.flash), fields.get("flash", "0") == "1")
    offset = _seconds(fields.get("ileriTarih", ""))
    same("delay in seconds", options.delay or 0, 0 if offset == 1 else offset)
    validity = _DEFAULT_VALIDITY if options.validity is None else options.validity
    same("validity in minutes", validity, _minutes(fields.get("ValidityPeriod", "")))


def _seconds(offset: str) -> int:
    """The seconds of an offset; -1 when it has another form or is longer than any that is asked for."""
    match = _OFFSET.fullmatch(offset)
    if match is None:
        return -1
    return sum(int(digits or 0) * unit for digits, unit in zip(match.groups(), _UNITS, strict=True))


def _minutes(validity: str) -> int:
    hours, colon, minutes = validity.partition(":")
    return int(hours) * 60 + int(minutes) if colon else _DEFAULT_VALIDITY


def _alphabet(block: WrittenBlock) -> None:
    text, fields = block.fields.get("metin", ""), block.fields
    wide = fields.get("datacoding") in ("8", "24")
    turkish = fields.get("languageCode", "").upper() in ("ES", "TR")
    outside = sorted(set(text) - (_TURKISH if turkish else _GSM))
    if outside and not wide:
        raise Violation(
            f"languageCode or datacoding 8 for {''.join(outside)[:20]!r}",
            {name: fields.get(name, "") for name in ("languageCode", "datacoding")},
            statement="K-12",
        )
    laid = fit(text, turkish=turkish, ucs2=wide)
    if laid.parts > 1 and "type" not in fields:
        raise Violation(f"type longSMS for {len(text)} characters ({laid.parts} parts)", "none", statement="K-11")


def _recipients(call: adapter_protocol.Send, seen: WrittenSend, own_ids: Counter[str]) -> None:
    asked = Counter((to.gsm, to.message_id) for to in call.recipients)
    own: list[str] = []
    for number, ident in seen.recipients:
        if asked[number, ident] > 0:
            asked[number, ident] -= 1
        elif ident is not None and asked[number, None] > 0:
            asked[number, None] -= 1  # a client may make ids itself
            own.append(ident)
        else:
            raise Violation(
                f"recipients among {[(to.gsm, to.message_id) for to in call.recipients]}",
                f"{number} with message id {ident!r}",
                statement="K-09",
            )
    callers = Counter(to.message_id for to in call.recipients)
    own_ids.update(own)
    twice = [ident for ident in own if own_ids[ident] > 1 or callers[ident]]
    if twice:
        raise Violation("a new message id for each message", f"{twice[0]!r} again", statement="K-10")
