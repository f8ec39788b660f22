"""Messages whose number of parts, and so their charge, shows a reading (S-10 to S-12)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

Fields = Mapping[str, str]

ONE_PART: Fields = MappingProxyType({"metin": "Kobikom: test"})
"""One part under every reading."""
TWO_PARTS: Fields = MappingProxyType(
    {"metin": "Kobikom: test of a long text. " * 5 + "Longer than one part.", "type": "longSMS"}
)
"""Two parts under every reading."""
LONG_TEXT: Fields = MappingProxyType({"metin": TWO_PARTS["metin"]})
"""Two parts under ``long-text = split``, else one; under ``refuse`` it is not sent."""
MANY_TURKISH_LETTERS: Fields = MappingProxyType(
    {"metin": "Test: " + "ş" * 100, "type": "longSMS", "languageCode": "ES"}
)
"""Two parts under ``turkish-table = single``, else one."""
NOT_IN_LOCKING_TABLE: Fields = MappingProxyType(
    {"metin": "Test: ş" + "¡" * 70, "type": "longSMS", "languageCode": "ES"}
)
"""Two parts (of UCS-2) under ``turkish-table = locking``, else one."""
UNENCODABLE: Fields = MappingProxyType({"metin": "Test: ж" + "x" * 80, "type": "longSMS"})
"""Two parts (of UCS-2) under ``unencodable = ucs2``, one under ``question-mark``."""

_UCS2_PART = 67


def ucs2_parts(count: int) -> Fields:
    """A message of so many parts, at least three, under every reading."""
    text = ("Kobikom: test of the credit. " * count * 3)[: _UCS2_PART * (count - 1) + 1]
    return {"metin": f"{text.rstrip()}{'.' * (len(text) - len(text.rstrip()))}", "type": "longSMS", "datacoding": "8"}
