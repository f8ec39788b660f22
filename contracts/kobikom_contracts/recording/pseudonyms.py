"""Values that stand for others of the same kind: the same one each time, chosen by a key that is never written.

A pseudonym keeps what decides an answer: length in characters and in octets of UTF-8, UTF-16 and the Turkish
encodings, the alphabet of every character, white space and punctuation, and the network of a number.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import string
import unicodedata
from functools import cache

from kobikom_contracts.client_suite.numbers import significant
from kobikom_contracts.parts import GSM_DEFAULT, GSM_EXTENSION, TURKISH_LOCKING, TURKISH_SINGLE

_TABLES = (GSM_DEFAULT, GSM_EXTENSION, TURKISH_SINGLE, TURKISH_LOCKING)
_ASCII = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
_HEXADECIMAL = ("0123456789", "abcdef", "ABCDEF")
_REPLACED = ("Ll", "Lu", "Lt", "Lo", "Lm", "Nd", "Nl", "No", "So")
_MOBILE = re.compile(r"(?:\+|00)?905\d{9}|05\d{9}|5\d{9}", re.ASCII)
_MAGIC = re.compile(r"(?:\+|00)?905990000\d{3}", re.ASCII)
_PREFIX = re.compile(r"(?:00)?90\d{3}(?=\d{7}$)|0\d{3}(?=\d{7}$)|5\d{2}(?=\d{7}$)|(?:00)?\d{5}", re.ASCII)
_NATIONAL = 10
_ROUNDS = 8
_MOST_STEPS = 1000


class Pseudonyms:
    """The pseudonyms of one recording; each run draws its own ``key``."""

    def __init__(self, key: bytes | None = None) -> None:
        self._key = key or secrets.token_bytes(32)
        self._numbers: set[str] = set()
        self._used: dict[tuple[str, str], str] = {}

    def know_number(self, number: str) -> None:
        """Message ids equal to this number are replaced as it is."""
        self._numbers.add(significant(number))

    def number(self, number: str) -> str:
        """Another subscriber of the same network, written in the same form.

        The five digits of country and network stay, as do numbers of five digits or fewer and the emulator's magic
        numbers, whose digits mean an outcome. Different numbers of a network have different pseudonyms.
        """
        digits = re.sub(r"\D", "", number, flags=re.ASCII)
        if _MAGIC.fullmatch(number.strip()):
            return number
        prefix = _PREFIX.match(digits)
        kept = prefix.end() if prefix else len(digits)
        after = iter(digits[:kept] + self._subscriber(digits[:kept], digits[kept:]))
        letters = self.text(number, kind="number")  # a number has none: this is a text in the wrong place
        return "".join(
            next(after) if char in string.digits else letter for char, letter in zip(number, letters, strict=True)
        )

    def _subscriber(self, prefix: str, rest: str) -> str:
        """Other digits behind a prefix; a number outside Turkey stays valid or invalid, and of its type."""
        if not rest:
            return ""
        whole = significant(prefix + rest).removeprefix("00")
        network = whole[: -len(rest)]
        if len(whole) == _NATIONAL and len(rest) == _NATIONAL - 3:
            return self._permuted(rest, network)
        kind, result = _kind(whole), rest
        for _ in range(_MOST_STEPS):  # by the steps of one permutation, so that no two numbers become the same
            result = self._permuted(result, network)
            if _kind(network + result) == kind:
                return result
        return rest

    def message_id(self, ident: str) -> str:
        """The id itself, unless it is a number that a message went to or is written as a Turkish mobile number."""
        if _MOBILE.fullmatch(ident.strip()) or significant(ident) in self._numbers:
            return self.number(ident)
        return ident

    def user(self, user: str) -> str:
        """Another login; different ones stay different."""
        return self._distinct("user", user)

    def title(self, title: str) -> str:
        """Another title: digits stay digits; different ones stay different."""
        return self._distinct("title", title)

    def text(self, text: str, *, kind: str = "text") -> str:
        """Every letter and digit replaced by another of its kind; white space, punctuation and symbols stay."""
        return self._replaced(kind, text, text)

    def hexadecimal(self, text: str) -> str:
        """The same for hexadecimal digits, which stay hexadecimal."""
        stream = self._stream("binary", text, len(text))
        return "".join(
            _other(next((row for row in _HEXADECIMAL if char in row), ""), char, draw)
            for char, draw in zip(text, stream, strict=True)
        )

    def _distinct(self, kind: str, value: str) -> str:
        value = value.strip()
        if _MOBILE.fullmatch(value):
            return self.number(value)
        attempt = 0
        while (pseudonym := self._replaced(kind, value, f"{attempt}:{value}")) != value:
            if self._used.setdefault((kind, pseudonym), value) == value or attempt > 99:
                break
            attempt += 1
        return pseudonym

    def _replaced(self, kind: str, text: str, seed: str) -> str:
        stream = self._stream(kind, seed, len(text))
        return "".join(_other(alternatives(char), char, draw) for char, draw in zip(text, stream, strict=True))

    def _stream(self, kind: str, seed: str, count: int) -> list[int]:
        data = hashlib.shake_256(self._key + kind.encode() + b"\0" + seed.encode("utf-8", "surrogatepass"))
        octets = data.digest(4 * count)
        return [int.from_bytes(octets[at : at + 4], "big") for at in range(0, 4 * count, 4)]

    def _permuted(self, digits: str, network: str) -> str:
        """Another number of as many digits (a Feistel network): no two numbers have the same."""
        if len(digits) == 1:
            return str((int(digits) + 1 + self._stream("digit", network, 1)[0] % 9) % 10)
        left, right = digits[: len(digits) // 2], digits[len(digits) // 2 :]
        for turn in range(_ROUNDS):
            mixed = (int(left) + self._stream(f"number{turn}", f"{network}:{right}", 1)[0]) % 10 ** len(left)
            left, right = right, f"{mixed:0{len(left)}}"
        return left + right


@cache
def alternatives(char: str) -> str:
    """The characters that may stand for this one; empty where it stays."""
    for row in _ASCII:
        if char in row:
            return row
    if ord(char) < 0x80 or unicodedata.category(char) not in _REPLACED:
        return ""
    start = ord(char) & ~0x3F
    pool = frozenset().union(*_TABLES) | {chr(code) for code in range(start, start + 0x40)}
    return "".join(sorted(other for other in pool if _signature(other) == _signature(char)))


def _signature(char: str) -> tuple[object, ...]:
    code = ord(char)
    return (
        unicodedata.category(char),
        *(char in table for table in _TABLES),
        len(char.encode("utf-8", "surrogatepass")),
        len(str(code)),
        len(f"{code:x}"),
        *(bool(char.encode(encoding, "ignore")) for encoding in ("windows-1254", "iso-8859-9")),
    )


def _kind(digits: str) -> tuple[bool, int] | None:
    """Whether an international number is valid, and its type; None where it cannot be read."""
    import phonenumbers

    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.is_valid_number(number), phonenumbers.number_type(number)


def _other(row: str, char: str, draw: int) -> str:
    others = row.replace(char, "")
    return others[draw % len(others)] if others else char
