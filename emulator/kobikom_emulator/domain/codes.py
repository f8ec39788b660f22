"""Finds the one-time codes in the text of a message."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache

from kobikom_emulator.domain.folding import folded

_DIGITS = re.compile(r"(?<![\w.,:/@#+*•-])(?:[A-Z]-)?\d(?:[ -]?\d){3,7}(?![\w/@%]|[.,:-]\d|[*•])")
"""4 to 8 digits, in groups or not, also after a letter and a dash (`G-482913`), that are no part of a date, a time, a
decimal number, a URL, a masked card number or a longer number.
"""

_MIXED = re.compile(r"(?<![\w.:/@#+*-])(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z0-9]{5,10}(?![\w/@%]|[.:-]\w)")
"""Capital letters and digits in one word (`AB12CD`)."""

_PHONE = re.compile(
    r"(?<![\w-])(?:(?:\+?90|0)[ -]?)?\(?(?:[2-5]\d\d|8\d\d|900)\)?[ -]?\d{3}[ -]?\d{2}[ -]?\d{2}(?!\w)"
    r"|(?<!\w)0?850(?:[ -]?\d)*(?!\w)|(?<!\w)444[ -]\d[ -]?\d{3}(?!\w)"
)
_PLATE = re.compile(r"(?<!\w)(?:0[1-9]|[1-7]\d|8[01])(?: [A-Z]{1,3} \d{2,5}|[A-Z]{1,3}\d{2,5})(?!\w)")
_YEAR = re.compile(r"(?:19[5-9]|20[0-4])\d")

_CODE_WORD = re.compile(
    r"kod\w*|code\w*|ş[iİ]fre\w*|sifre\w*|parola\w*|\botp\b|\bpin\b|doğrulama\w*|dogrulama\w*|\bonay\w*"
    r"|verif\w*|password\w*|passcode\w*",
    re.IGNORECASE,
)
_STEMS = ("kod", "code", "ifre", "parola", "otp", "pin", "rulama", "onay", "verif", "word")
"""One of these is in each of those words, folded."""

_COUNTED = re.compile(
    r"\s*(?:(?:TL|TRY|lira\w*|USD|EUR|euro|dolar|puan\w*|adet|GB|MB|SMS|dk|dakika\w*|saat\w*|gün\w*|km|kg|kişi\w*"
    r"|days?|hours?|minutes?|points?|no|nolu|numaralı|sayılı|yılı\w*|hesap\w*|kart\w*)\b|[₺€$%]|['’]?\s*(?:ile|son)\b)",
    re.IGNORECASE,
)
"""What follows an amount, a number of things, an order number or the last digits of a card."""

_NUMBERED = re.compile(
    r"(?:\b(?:sipariş|siparis|order|fatura|invoice|kargo|takip|tracking|poliçe|police|dosya|bilet|ticket|rezervasyon"
    r"|booking|abone|tesisat|müşteri|musteri|customer|üye|hesap|account|iban|kart|card|plaka|tel|telefon|phone|ref"
    r"|referans|reference|tutar|toplam|total|bakiye|balance|borç|borc|limit|posta|vergi|t\.?c\.?)\w*"
    r"(?:\s+(?:no\w*|numara\w*|numbers?|kodu?n?u?z?))?(?:\s+(?:is|ending|in))*\s*[:#.=]*"
    r"|(?:\bsonu|ending\s+in|son\s+(?:4|dört)\s+\w+|[*•xX]{2,}\s*-?|[₺€$]|\b(?:TL|TRY|USD|EUR)))\s*$",
    re.IGNORECASE,
)
"""What stands before an order number, an amount or the last digits of a card."""

_CONTEXT = 40
"""Characters before a number that are looked at for what it numbers."""


@lru_cache(maxsize=1024)
def codes_in(text: str) -> tuple[str, ...]:
    """The one-time codes, digits without blanks and dashes; first the one nearest to a word such as `kod`.

    Without such a word only six digits are taken for a code, and a year is none unless it stands beside one.
    """
    numbers = list(_DIGITS.finditer(text))
    # The quicker looks come first: most texts have no code.
    has_word = _may_have_code_word(text)
    if not has_word:
        numbers = [match for match in numbers if _digits(match[0]) == 6]
    if not numbers and not has_word:
        return ()
    words = [match.span() for match in _CODE_WORD.finditer(text)] if has_word else []
    taken = [[match.span() for match in pattern.finditer(text)] for pattern in (_PHONE, _PLATE)]
    codes: list[tuple[int, str]] = []
    for match in numbers:
        code = match[0] if match[0][0].isalpha() else re.sub(r"\D", "", match[0])
        apart = _distance(match.span(), words)
        beside = apart is not None and apart <= 3
        if (
            (apart is None and _digits(code) != 6)
            or code.startswith("0850")  # service numbers
            or (_YEAR.fullmatch(code) and not beside)
            or (_overlaps(match.span(), taken) and not (beside and len(code) <= 6))
            or _is_other_number(text, match.span())
        ):
            continue
        codes.append((apart or 0, code))
    for match in _MIXED.finditer(text) if words else ():
        apart = _distance(match.span(), words)
        if apart is not None and not _overlaps(match.span(), taken) and not _is_other_number(text, match.span()):
            codes.append((apart, match[0]))
    return tuple(dict.fromkeys(code for _, code in sorted(codes, key=lambda code: code[0])))


def _digits(text: str) -> int:
    return sum([character.isdigit() for character in text])


def _may_have_code_word(text: str) -> bool:
    """False if a text has no word such as `kod`: many times quicker than `_CODE_WORD`."""
    plain = folded(text)
    return any([stem in plain for stem in _STEMS])


def may_be_in(beginning: str, text: str) -> bool:
    """Whether a code that begins so can be in a text, both folded: a quick look before `codes_in`."""
    return beginning.replace("-", "").replace(" ", "") in text.replace("-", "").replace(" ", "")


def _distance(span: tuple[int, int], words: list[tuple[int, int]]) -> int | None:
    """Characters between a number and the nearest word such as `kod`; None if the text has none."""
    at = bisect_left(words, span)
    return min((max(span[0] - end, start - span[1]) for start, end in words[max(0, at - 1) : at + 1]), default=None)


def _overlaps(span: tuple[int, int], others: list[list[tuple[int, int]]]) -> bool:
    """Whether a number is within one of the spans, of which each list is in order and without overlaps."""
    for spans in others:
        at = bisect_left(spans, (span[1], 0))
        if at and spans[at - 1][1] > span[0]:
            return True
    return False


def _is_other_number(text: str, span: tuple[int, int]) -> bool:
    """Whether the words around a number say that it is an amount, an order number or the end of a card number."""
    before = text[max(0, span[0] - _CONTEXT) : span[0]]
    return _COUNTED.match(text, span[1]) is not None or _NUMBERED.search(before) is not None
