"""Compares a written send with the send that the client was asked to make: text, options, recipients."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from kobikom_contracts.client_suite.adapter_protocol import Capability, Send
from kobikom_contracts.client_suite.numbers import significant
from kobikom_contracts.client_suite.rendering import as_json
from kobikom_contracts.client_suite.wire_rules import alphabet_faults
from kobikom_contracts.client_suite.written_requests import WrittenBlock, WrittenSend
from kobikom_contracts.core.verdicts import Violation

_OFFSET = re.compile(r"(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?", re.ASCII)
_UNITS = (86_400, 3_600, 60, 1)
_DEFAULT_VALIDITY = 48 * 60
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REPLACEMENT = ".{0,8}"
"""What a client may write where XML cannot carry a character, as a pattern."""
_FLASH_CODINGS = ("240", "24")
"""Values of datacoding that mean flash as well (S-13)."""


def message_faults(
    call: Send, written: WrittenSend, own_ids: Counter[str], able: frozenset[Capability]
) -> Iterator[Violation]:
    """Every difference between a send as it was asked for and as it was written."""
    for block in written.blocks:
        yield from _text(call, block)
        yield from _options(call, block, able)
        yield from alphabet_faults(block)
    yield from _recipients(call, written, own_ids)


def _text(call: Send, block: WrittenBlock) -> Iterator[Violation]:
    text, written = call.text, block.fields.get("metin", "")
    if text == written:
        return
    shown = f"the text {as_json(text)}"
    if _NOT_XML.search(text):
        pattern = _REPLACEMENT.join(re.escape(piece) for piece in _NOT_XML.split(text))
        if not re.fullmatch(pattern, written, re.DOTALL):
            what = f"{shown}, with something in place of what XML cannot carry, or no send"
            yield Violation(what, as_json(written), statement="K-04", cause="a text is cut or emptied at a character")
    elif written == text.replace("\r\n", "\n").replace("\r", "\n"):
        yield Violation(shown, as_json(written), statement="K-05")
    elif written and written.strip() != text.strip() and text.startswith(written.rstrip("… .")):
        yield Violation(f"the whole text, {len(text)} characters", f"{len(written)} of them", statement="K-11")
    else:
        yield Violation(shown, as_json(written), statement="K-04")


def _options(call: Send, block: WrittenBlock, able: frozenset[Capability]) -> Iterator[Violation]:
    fields, options = block.fields, call.options
    offset, validity = _seconds(fields.get("ileriTarih", "")), _minutes(fields.get("ValidityPeriod", ""))
    flash = fields.get("flash", "0") == "1" or fields.get("datacoding") in _FLASH_CODINGS
    asked_validity = _DEFAULT_VALIDITY if options.validity is None else options.validity
    pairs: list[tuple[str, object, object]] = [
        ("flash", bool(options.flash), flash if fields.get("flash", "0") in ("0", "1") else None),
        ("delay in seconds", options.delay or 0, 0 if offset == 1 else offset),
        ("validity in minutes", asked_validity, validity),
    ]
    if Capability.FIXED_TITLE not in able:
        pairs.insert(0, ("title", (call.title or "").strip(), fields.get("baslik", "").strip()))
    for what, expected, found in pairs:
        if found is not None and expected != found:  # a value of another form breaks K-07
            yield Violation(f"{what} {as_json(expected)}", as_json(found), statement="K-08")


def _seconds(offset: str) -> int | None:
    """The seconds of an offset; None when it has another form or is longer than any that is asked for."""
    match = _OFFSET.fullmatch(offset)
    if match is None:
        return None
    return sum(int(digits or 0) * unit for digits, unit in zip(match.groups(), _UNITS, strict=True))


def _minutes(validity: str) -> int | None:
    """The minutes of a validity; None when it has another form."""
    if not validity:
        return _DEFAULT_VALIDITY
    match = re.fullmatch(r"(\d{1,4}):(\d{1,2})", validity, re.ASCII)
    return int(match[1]) * 60 + int(match[2]) if match else None


def _recipients(call: Send, written: WrittenSend, own_ids: Counter[str]) -> Iterator[Violation]:
    asked = Counter((significant(to.gsm), to.message_id) for to in call.recipients)
    callers = {to.message_id for to in call.recipients}
    own: list[str] = []
    for number, ident in written.recipients:
        key = significant(number)
        if asked[key, ident] > 0:
            asked[key, ident] -= 1
        elif ident is not None and ident not in callers and asked[key, None] > 0:
            asked[key, None] -= 1  # a client may make ids itself
            own.append(ident)
        else:
            given = as_json([{"gsm": to.gsm, "message_id": to.message_id} for to in call.recipients])
            yield Violation(f"recipients among {given}", f"{number} with message id {as_json(ident)}", statement="K-09")
            break
    own_ids.update(own)
    twice = [ident for ident in own if own_ids[ident] > 1]
    if twice:
        yield Violation("a new message id for each message", f"{as_json(twice[0])} again", statement="K-10")
