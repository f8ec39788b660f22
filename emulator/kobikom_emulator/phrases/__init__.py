"""Texts for people, in English and Turkish.

The English template stands where the text is made, and is the key of the Turkish one in `turkish`. The Turkish table is
imported when a Turkish text is wanted for the first time.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal, Self, TypeAlias

Language: TypeAlias = Literal["en", "tr"]

_GROUPED_FROM = 10_000
"""Numbers from here on have a mark between thousands."""


class Phrase(str):
    """An English text that can be said in Turkish: a template like `at most {count} recipients`, and its values.

    As a string it is the English text. Values may be phrases themselves; numbers are written as the language writes
    them.
    """

    __slots__ = ("template", "values")
    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, /, **values: Any) -> Self:
        phrase = super().__new__(cls, _filled(template, values, "en"))
        phrase.template = template
        phrase.values = values
        return phrase


def in_language(text: str, language: Language) -> str:
    """A text in a language. What is not a `Phrase` (a value of the request) is the same in all."""
    if language == "en" or not isinstance(text, Phrase):
        return str(text)
    from kobikom_emulator.phrases.turkish import TURKISH

    return _filled(TURKISH.get(text.template, text.template), text.values, language)


def _filled(template: str, values: dict[str, Any], language: Language) -> str:
    if not values:
        return template
    return template.format_map({name: _written(value, language) for name, value in values.items()})


def _written(value: Any, language: Language) -> str:
    match value:
        case str():
            return in_language(value, language)
        case int() | float() | Decimal():
            number = f"{value:,}" if abs(float(value)) >= _GROUPED_FROM else str(value)
            if isinstance(value, float):
                number = number.removesuffix(".0")
            return number if language == "en" else number.translate(_TURKISH_MARKS)
        case _:
            return str(value)


_TURKISH_MARKS = str.maketrans({".": ",", ",": "."})


def preferred(accept_language: str) -> Language:
    """The language of an Accept-Language header or of a locale name like `tr_TR.UTF-8`; English where neither is asked
    for.
    """
    if not accept_language:
        return "en"
    best: tuple[float, Language] = (0.0, "en")
    for choice in accept_language.split(","):
        name, _, parameters = choice.strip().partition(";")
        code = name.replace("_", "-").partition("-")[0].strip().lower()
        quality = _quality(parameters)
        if code == "tr" and quality > best[0]:
            best = quality, "tr"
        elif code == "en" and quality > best[0]:
            best = quality, "en"
    return best[1]


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
