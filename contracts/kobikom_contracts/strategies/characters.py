"""The kinds of characters that XML carries and that programs tend to change on the way."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

CHARACTERS: Mapping[str, str] = {
    "blanks at both ends": "  a  ",
    "a run of blanks": "a    b",
    "a tab": "a\tb",
    "tabs at both ends": "\ta\t",
    "a line feed": "a\nb",
    "line feeds at both ends": "\na\n",
    "empty lines": "a\n\n\nb",
    "a carriage return": "a\rb",
    "a carriage return and a line feed": "a\r\nb",
    "a no-break space": "a\u00a0b",
    "no-break spaces at both ends": "\u00a0a\u00a0",
    "a narrow no-break space": "a\u202fb",
    "a next line character": "a\u0085b",
    "a line separator": "a\u2028b\u2029c",
    "a zero width space": "a\u200bb",
    "a zero width joiner": "👩\u200d💻",
    "a zero width non-joiner": "a\u200cb",
    "a soft hyphen": "a\u00adb",
    "a byte order mark inside": "a\ufeffb",
    "a combining mark": "e\u0301 s\u0327 I\u0307",
    "composed and compatible letters": "é ş ﬁ ² Å ½",
    "typographic quotes": "“a” ‘b’ «c» „d“",
    "dashes and dots": "a – b — c … d",
    "Turkish letters": "ığüşöç İĞÜŞÖÇ",
    "letters of other scripts": "Ж ض 中 ไ ह",
    "a character outside the basic plane": "😀𝒜",
    "a flag": "🇹🇷",
    "bidirectional controls": "\u202ea\u202c \u200fb\u200e \u2067c\u2069",
    "markup": "<b>a & b</b> ]]>",
    "quotes": "\"a\" 'b'",
    "references as text": "&amp; &lt; &#305; &nbsp;",
    "percent signs and pluses": "%41+%20=a&b=c",
    "a backslash": "a\\nb \\u0131",
    "a private use character": "a\ue000b",
    "a replacement character": "a\ufffdb",
    "extension characters": "{a} [b] ~ ^ | € \\",
    "a currency sign": "10 ₺",
    "capitals that grow": "ß İ ŉ",
}
"""A short text of each kind, by its name."""


def xml_texts() -> SearchStrategy[str]:
    """Texts of one to three kinds of :data:`CHARACTERS` among plain words."""
    piece = st.sampled_from(tuple(CHARACTERS.values())) | st.sampled_from(("Merhaba", "Kod: 1234", "x"))
    return st.lists(piece, min_size=1, max_size=3).map("".join)
