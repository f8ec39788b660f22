"""What can be judged of a written send without knowing what the client was asked to send."""

from __future__ import annotations

from collections.abc import Iterator

from kobikom_contracts.client_suite.written_requests import WrittenBlock
from kobikom_contracts.core.verdicts import Violation
from kobikom_contracts.parts import GSM_DEFAULT, GSM_EXTENSION, TURKISH_LOCKING, TURKISH_SINGLE, fit

_GSM = GSM_DEFAULT | GSM_EXTENSION | {"\t"}
"""What the default alphabet carries; a tab, which is sent as a blank, needs no UCS-2 either."""
_TURKISH = TURKISH_LOCKING | TURKISH_SINGLE | _GSM
_WIDE = frozenset({"8", "24"})


def alphabet_faults(block: WrittenBlock) -> Iterator[Violation]:
    """K-12: an alphabet that is not named; K-11: a text of several parts without ``longSMS``."""
    text, fields = block.fields.get("metin", ""), block.fields
    wide = fields.get("datacoding") in _WIDE
    turkish = fields.get("languageCode", "").upper() in ("ES", "TR")
    outside = sorted(set(text) - (_TURKISH if turkish else _GSM))
    if outside and not wide:
        named = ", ".join(f"{name} {fields.get(name) or 'empty'}" for name in ("languageCode", "datacoding"))
        yield Violation(f"languageCode or datacoding 8 for {''.join(outside)[:20]!r}", named, statement="K-12")
        return
    laid = fit(text.replace("\t", " "), turkish=turkish, ucs2=wide)
    if laid.parts > 1 and "type" not in fields:
        yield Violation(
            f"type longSMS for {len(text)} characters ({laid.parts} parts)", "an empty type", statement="K-11"
        )


def needless_ucs2(block: WrittenBlock) -> Iterator[Violation]:
    """K-40: a text of ASCII letters that is sent as UCS-2 although that takes more parts."""
    text = block.fields.get("metin", "")
    if block.fields.get("datacoding") not in _WIDE or not (text.isascii() and set(text) <= _GSM):
        return
    needed, taken = fit(text).parts, fit(text, ucs2=True).parts
    if taken > needed:
        yield Violation(
            f"{needed} part{'s' if needed > 1 else ''} for {len(text)} characters of the default alphabet",
            f"datacoding {block.fields['datacoding']}: {taken} parts",
            statement="K-40",
        )
