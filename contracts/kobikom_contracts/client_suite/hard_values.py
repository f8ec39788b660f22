"""Texts, message ids and numbers that are easily damaged between a client and the wire."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

CHARACTER_CLASSES = {
    "markup": ("&", "<", ">", "&amp;", "&lt;b&gt;", "<b>", "]]>", "<!--", "&#252;"),
    "quotes": ('"', "'"),
    "address characters": ("+", "%41", "%", "#", "=", "?", "XML=", ";"),
    "blanks in a row": ("   ", " "),
    "tabs and lines": ("\t", "\n", "\n\n"),
    "no-break blanks": ("\u00a0", "\u202f", "\u2003", "\u3000"),
    "Turkish letters": ("şğıİĞÇ", "iıIİ"),
    "letters of the default alphabet": ("é", "{€}", "ÄÖÜß", "Δ"),
    "typographic quotes and dashes": ("\u201cMerhaba\u201d", "\u2018\u2019", "\u2013\u2014", "\u2026"),
    "joiners": ("\U0001f468\u200d\U0001f469\u200d\U0001f467", "\u200c", "\u2060", "\ufeff", "\u00ad"),
    "combining marks": ("s\u0327g\u0306", "e\u0301", "\u1100\u1161"),
    "astral characters": ("\U0001f600", "\U00020000", "\U0001d54f"),
    "bidirectional text": ("\u05e9\u05dc\u05d5\u05dd", "\u202eabc\u202c", "\u200f", "\u0645\u0631\u062d\u0628\u0627"),
    "other scripts": ("Ж", "中文", "नमस्ते"),
    "separators of lines": ("\u2028", "\u0085"),
}
"""Every kind of character that XML carries, by name; carriage returns have a clause of their own (K-05)."""

_PIECES = ("Merhaba", " ", "a" * 40, *(piece for pieces in CHARACTER_CLASSES.values() for piece in pieces))
_IDENTS = ("", "order-", "a b", "&", "<x>", '"', "'", "ş", "%41", "+", "#", "=", "/", "Ж" * 20, "x" * 60)

WRITTEN_NUMBERS = (
    "+905329975725",
    "00905329975725",
    "05329975725",
    "5329975725",
    "+90 532 997 57 25",
    "0 532 997 57 25",
    "0532-997-57-25",
    "(0532) 997 57 25",
)
"""One number as people write it."""


def idents() -> SearchStrategy[str]:
    """Beginnings of message ids with every kind of character but a comma; an index is appended."""
    return st.sampled_from(_IDENTS)


def texts() -> SearchStrategy[str]:
    """Texts made of pieces that are easily damaged, at their ends as well, without carriage returns."""
    some = st.lists(st.sampled_from(_PIECES), min_size=1, max_size=6).map("".join)
    return some.map(lambda text: text if text.strip() else f"{text}a{text}")  # a client may refuse a blank text


def one_of_each_class() -> list[tuple[str, str]]:
    """A text for each class of characters, with the class at both ends and inside, and the name of the class."""
    texts = []
    for name, pieces in CHARACTER_CLASSES.items():
        joined = "a".join(pieces)
        texts.append((name, f"{pieces[0]}Merhaba {joined} b{pieces[-1]}"))
    return texts
