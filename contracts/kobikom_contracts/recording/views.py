"""Bytes read as text, with a place for each character, so that a character can be replaced without moving any other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}|.", re.DOTALL)


class View(Protocol):
    """A text whose characters can be replaced in the bytes below it."""

    text: str
    wide: bool
    """A character is a UTF-16 code unit; otherwise it is an octet."""

    def put(self, index: int, code: int) -> None:
        """Replace one character; the bytes keep their length. ``text`` keeps what was read."""


class Octets:
    """The bytes themselves, a character each (Latin-1)."""

    wide = False

    def __init__(self, data: bytearray) -> None:
        self._data = data
        self.text = data.decode("latin-1")

    def put(self, index: int, code: int) -> None:
        """See :class:`View`."""
        self._data[index] = code


class Percent:
    """The url-decoded form; a replaced character is written in the same number of octets."""

    wide = False

    def __init__(self, inner: View) -> None:
        self._inner = inner
        tokens = [match.span() for match in _PERCENT.finditer(inner.text)]
        self._tokens = tokens
        self.text = "".join(_decoded(inner.text[start:end]) for start, end in tokens)

    def put(self, index: int, code: int) -> None:
        """See :class:`View`."""
        start, end = self._tokens[index]
        if end - start == 1:
            self._inner.put(start, code)
            return
        written = self._inner.text[start + 1 : end]
        digits = f"{code:02x}" if written != written.upper() else f"{code:02X}"
        for at, digit in enumerate(digits, start + 1):
            self._inner.put(at, ord(digit))


class Wide:
    """Pairs of octets as UTF-16 code units, from an offset on."""

    wide = True

    def __init__(self, inner: View, *, offset: int, little: bool) -> None:
        self._inner, self._offset, self._little = inner, offset, little
        data = inner.text[offset : len(inner.text) - (len(inner.text) - offset) % 2].encode("latin-1")
        low, high = (0, 1) if little else (1, 0)
        self.text = "".join(chr(data[at + high] << 8 | data[at + low]) for at in range(0, len(data), 2))

    def put(self, index: int, code: int) -> None:
        """See :class:`View`."""
        high, low = divmod(code, 256)
        first = self._offset + 2 * index
        for at, octet in enumerate((low, high) if self._little else (high, low), first):
            self._inner.put(at, octet)


def views(data: bytearray) -> Iterator[View]:
    """Every way in which these bytes may be text; each is made when the one before was done with."""
    yield Octets(data)
    if b"%" in data:
        yield Percent(Octets(data))
    if b"%25" in data:
        yield Percent(Percent(Octets(data)))
    if b"\0" in data:
        for offset in (0, 1):
            yield Wide(Octets(data), offset=offset, little=True)
            yield Wide(Octets(data), offset=offset, little=False)


def _decoded(written: str) -> str:
    if len(written) == 3:
        return chr(int(written[1:], 16))
    return " " if written == "+" else written
