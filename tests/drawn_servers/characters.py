"""Classes of characters that a text may hold, by name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.DOTALL)
    return lambda text: compiled.search(text) is not None


def _combining(text: str) -> bool:
    return any(map(unicodedata.combining, text))


CLASSES: Mapping[str, Callable[[str], bool]] = {
    "a blank at its beginning": _matches(r"\A\s"),
    "a blank at its end": _matches(r"\s\Z"),
    "a run of blanks": _matches(r"  "),
    "a tab": _matches(r"\t"),
    "a line end": _matches(r"\n"),
    "a carriage return": _matches(r"\r"),
    "U+00A0": _matches("\u00a0"),
    "a zero width character": _matches("[\u200b-\u200d\u2060\ufeff]"),
    "a combining mark": _combining,
    "typographic quotes": _matches("[\u2018-\u201f\u2039\u203a]"),
    "a dash or an ellipsis": _matches("[\u2010-\u2015\u2026]"),
    "a character over U+FFFF": _matches("[\U00010000-\U0010ffff]"),
    "a bidirectional character": _matches("[\u200e\u200f\u202a-\u202e\u2066-\u2069\u0590-\u08ff]"),
    "markup characters": _matches("[&<>]"),
    "quotes": _matches("[\"']"),
    "Turkish letters": _matches("[\u0130\u0131\u011e\u011f\u015e\u015f]"),
    "the euro sign": _matches("\u20ac"),
    "U+0085 or U+2028": _matches("[\u0085\u2028\u2029]"),
    "a per cent or plus sign": _matches("[%+]"),
    "a backslash": _matches(r"\\"),
}
