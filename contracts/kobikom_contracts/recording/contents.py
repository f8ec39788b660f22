"""Replaces the characters of a value where it is written: references stay references, no octet moves."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from kobikom_contracts.recording.pseudonyms import alternatives
from kobikom_contracts.recording.views import View

_REFERENCE = r"&\#x[0-9A-Fa-f]{1,6};|&\#[0-9]{1,7};"
_WITH_REFERENCES = re.compile(rf"<!\[CDATA\[|\]\]>|{_REFERENCE}|&(?:lt|gt|amp|quot|apos);|.", re.DOTALL)
_PLAIN = re.compile(".", re.DOTALL)
_NAMED = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"', "&apos;": "'"}
_HIGH = 0x80


@dataclass(frozen=True, slots=True)
class _Item:
    """One character of a value and where it is written; ``written`` is empty for a literal one."""

    char: str
    start: int
    end: int
    written: str = ""


def replace(
    view: View,
    start: int,
    end: int,
    pseudonym: Callable[[str], str],
    *,
    encoding: str = "",
    references: bool = True,
) -> None:
    """Put another value of as many characters into a range of a view.

    The value is without the white space around it, which is not replaced. Octets are read in ``encoding``; without one
    in UTF-8 or, if they are not UTF-8, in windows-1254.
    """
    items, encoding = _items(view, start, end, encoding, references)
    while items and items[0].char.isspace():
        items.pop(0)
    while items and items[-1].char.isspace():
        items.pop()
    value = "".join(item.char for item in items)
    for item, char in zip(items, pseudonym(value), strict=True):
        if char == item.char:
            continue
        if item.written:
            _put_reference(view, item, char)
        else:
            _put(view, item, char, encoding)


def content(view: View, start: int, end: int, encoding: str = "") -> str:
    """The value that is written in a range, without white space around it."""
    return "".join(item.char for item in _items(view, start, end, encoding, references=True)[0]).strip()


def _items(view: View, start: int, end: int, encoding: str, references: bool) -> tuple[list[_Item], str]:
    encoding = encoding or _narrow_encoding(view, start, end)
    items: list[_Item] = []
    at = start
    pattern = _WITH_REFERENCES if references else _PLAIN
    while at < end:
        token = pattern.match(view.text, at, end)
        assert token is not None, "the last alternative matches any character"
        written, after = token[0], token.end()
        if written in ("<![CDATA[", "]]>"):
            pass
        elif len(written) > 1:
            items.append(_Item(_referenced(written), at, after, written))
        else:
            size = _literal(view, at, end, encoding)
            items.append(_Item(_decode(view, at, at + size, encoding), at, at + size))
            after = at + size
        at = after
    return items, encoding


def _narrow_encoding(view: View, start: int, end: int) -> str:
    if view.wide:
        return "utf-16-le"
    try:
        view.text[start:end].encode("latin-1").decode("utf-8")
    except ValueError:
        return "windows-1254"
    return "utf-8"


def _literal(view: View, at: int, end: int, encoding: str) -> int:
    """How many units the character takes that is written here."""
    code = ord(view.text[at])
    if view.wide:
        pair = 0xD800 <= code < 0xDC00 and at + 1 < end and 0xDC00 <= ord(view.text[at + 1]) < 0xE000
        return 2 if pair else 1
    if encoding != "utf-8" or code < _HIGH:
        return 1
    size = 2 if code < 0xE0 else 3 if code < 0xF0 else 4
    return min(size, end - at)


def _decode(view: View, start: int, end: int, encoding: str) -> str:
    units = view.text[start:end]
    if view.wide:
        return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    char = units.encode("latin-1").decode(encoding, "replace")
    return char if len(char) == 1 else "\ufffd"


def _put(view: View, item: _Item, char: str, encoding: str) -> None:
    if view.wide:
        octets = char.encode("utf-16-be", "surrogatepass")
        codes = [int.from_bytes(octets[at : at + 2], "big") for at in range(0, len(octets), 2)]
    else:
        codes = list(char.encode(encoding, "ignore"))
    if len(codes) == item.end - item.start:
        for index, code in enumerate(codes, item.start):
            view.put(index, code)


def _referenced(written: str) -> str:
    if written in _NAMED:
        return _NAMED[written]
    number = int(written[3:-1], 16) if written[2] in "xX" else int(written[2:-1])
    return chr(number) if number < 0x110000 else "\ufffd"


def _put_reference(view: View, item: _Item, char: str) -> None:
    """Write a numeric reference with as many digits."""
    hexadecimal = item.written[2] in "xX"
    first = 3 if hexadecimal else 2
    digits = item.written[first:-1]
    base = "x" if hexadecimal else "d"
    if len(format(ord(char), base)) > len(digits):
        fitting = [other for other in alternatives(item.char) if len(format(ord(other), base)) <= len(digits)]
        fitting = [other for other in fitting if other != item.char] or [item.char]
        char = fitting[ord(char) % len(fitting)]
    number = f"{ord(char):0{len(digits)}{base}}"
    number = number.upper() if digits != digits.lower() else number
    for index, digit in enumerate(number, item.start + first):
        view.put(index, ord(digit))
