"""What is wrong with a request to the control API, in Turkish.

Such a sentence passes through msgspec and exceptions as a plain text, so its template is found again from the text.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kobikom_emulator.phrases import Language

_FIELD = re.compile(r"^([\w.\[\]-]+): (.+)$", re.DOTALL)
_SLOT = re.compile(r"\\\{(\w+)\\\}")


def problem_in_language(detail: str, language: Language) -> str:
    """A problem's sentence in a language, the name of the field before it kept; one that is not known stays English."""
    if language == "en":
        return detail
    if (named := _FIELD.match(detail)) and (sentence := _turkish(named[2])) is not None:
        return f"{named[1]}: {sentence}"
    whole = _turkish(detail)
    return detail if whole is None else whole


def _turkish(sentence: str) -> str | None:
    from kobikom_emulator.phrases.turkish_problems import WORDS

    for pattern, turkish in _patterns():
        if match := pattern.fullmatch(sentence):
            return turkish.format_map({name: WORDS.get(value, value) for name, value in match.groupdict().items()})
    return None


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Each English template as a pattern, with the Turkish one, those with more words first."""
    from kobikom_emulator.phrases.turkish_problems import PROBLEMS

    by_length = sorted(PROBLEMS.items(), key=lambda pair: -len(_SLOT.sub("", re.escape(pair[0]))))
    return [
        (re.compile(_SLOT.sub(r"(?P<\1>.+?)", re.escape(english)), re.DOTALL), turkish)
        for english, turkish in by_length
    ]
