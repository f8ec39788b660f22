"""The encodings that a document may be written in, by every name that they have (T-05).

The list is closed: Python's own lookup imports modules by the names that it is asked for and remembers all of them.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from encodings.aliases import aliases
from functools import lru_cache

_CODE_PAGES = (
    37, 273, 424, 437, 500, 720, 737, 775, 850, 852, 855, 856, 857, 858, 860, 861, 862, 863, 864, 865, 866, 869, 874,
    875, 932, 949, 950, 1006, 1026, 1125, 1140, *range(1250, 1259),
)  # fmt: skip
_CODECS = (
    "utf-8", "utf-8-sig", "utf-7", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "ascii",
    *(f"iso8859-{part}" for part in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16)),
    *(f"cp{page:03}" for page in _CODE_PAGES),
    "koi8-r", "koi8-u", "koi8-t", "kz1048", "ptcp154", "hp-roman8", "tis-620",
    "mac-roman", "mac-turkish", "mac-latin2", "mac-cyrillic", "mac-greek", "mac-iceland", "mac-croatian",
    "mac-romanian",
    "gb2312", "gbk", "gb18030", "big5", "big5hkscs", "shift_jis", "euc_jp", "euc_kr", "johab",
)  # fmt: skip
"""Python's names of the encodings."""

_MODULES: Mapping[str, str] = {"iso8859-1": "latin_1", "mac-latin2": "mac_latin2"}
"""The modules of Python's codecs whose names are not those of the encodings."""

_PUNCTUATION = re.compile(r"[^a-z0-9.]+")

_STEP = 1 << 20
"""Bytes that are decoded at a time: nothing else runs while a codec works."""


@lru_cache(maxsize=1)
def _table() -> Mapping[str, str]:
    names: dict[str, str] = {}
    for codec in _CODECS:
        module = _MODULES.get(codec, codec.replace("-", "_"))
        own = (codec, module, *(alias for alias, target in aliases.items() if target == module))
        names |= {_plain(name): codec for name in own}
    return names


def _plain(name: str) -> str:
    """A name as it is compared: without regard to case and punctuation."""
    return _PUNCTUATION.sub("_", name.lower()).strip("_")


def codec_of(encoding: str) -> str:
    """Python's name of an encoding; "" if it is not on the list."""
    return "utf-8" if encoding in ("UTF-8", "utf-8") else _table().get(_plain(encoding), "")


def as_utf8(octets: bytes, codec: str) -> bytes:
    """Text in one of the encodings as UTF-8, without a BOM; `UnicodeError` where it is no such text."""
    if len(octets) <= _STEP:
        return octets.decode(codec).removeprefix("\ufeff").encode()
    decoder = codecs.getincrementaldecoder(codec)()
    pieces = [decoder.decode(octets[at : at + _STEP]).encode() for at in range(0, len(octets), _STEP)]
    pieces.append(decoder.decode(b"", final=True).encode())
    return b"".join(pieces).removeprefix(codecs.BOM_UTF8)
