"""Finds one-time codes in the texts of messages."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"(?<![\w.,:/+-])\d(?:[ -]?\d){3,7}(?![\w/]|[.,:-]\d)")
"""4 to 8 digits, in groups or not, that are no part of a date, a time, an amount, a URL or a longer number."""

_WORDS = re.compile(r"kod|code|şifre|sifre|parola|otp|pin|doğrulama|onay|verif|password", re.IGNORECASE)


def codes_in(text: str) -> list[str]:
    """The numbers that may be a code, without blanks and dashes; first the one nearest to a word such as `kod`."""
    places = [(match.start(), match.end(), re.sub(r"\D", "", match[0])) for match in _NUMBER.finditer(text)]
    places = [place for place in places if 4 <= len(place[2]) <= 8]
    words = [(match.start(), match.end()) for match in _WORDS.finditer(text)]

    def distance(place: tuple[int, int, str]) -> int:
        start, end, _ = place
        return min([max(start - word_end, word_start - end) for word_start, word_end in words], default=0)

    return list(dict.fromkeys(code for _, _, code in sorted(places, key=distance)))
