"""The parts that a message has under each choice of the readings that change them (S-10, S-11, S-12)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from kobikom_contracts.clauses import READING_BY_NAME
from kobikom_contracts.parts import TurkishTable, fit
from kobikom_contracts.server_suite.audit import echo

CHARGED_READINGS = ("turkish-table", "unencodable", "long-text")


class Choice(NamedTuple):
    """A value of each reading that changes the parts of a text, in the order of :data:`CHARGED_READINGS`."""

    table: str
    unencodable: str
    long_text: str


EVERY_CHOICE = tuple(Choice(*values) for values in product(*(READING_BY_NAME[n].values for n in CHARGED_READINGS)))


def parts_of(fields: Mapping[str, str]) -> Mapping[Choice, int] | None:
    """The parts of an accepted message for each choice under which it is accepted.

    None where more than these readings is open: octets, other codings, a schedule, blanks around the text.
    """
    values = {name: value.strip(echo.BLANK) for name, value in fields.items()}
    text, coding = fields.get("metin", ""), values.get("datacoding", "")
    if values.get("binary") or coding not in ("", "0", "8") or values.get("ileriTarih", "") not in ("", "1s"):
        return None
    kind, language = values.get("type", "").lower(), values.get("languageCode", "").upper()
    if kind not in ("", "longsms") or language not in ("", "ES", "TR") or text != text.strip() or not text:
        return None
    return _counts(text, turkish=bool(language), ucs2=coding == "8", long=bool(kind))


@lru_cache(maxsize=64)
def _counts(text: str, *, turkish: bool, ucs2: bool, long: bool) -> Mapping[Choice, int]:
    """The same message is looked at again after each exchange of a run."""
    counts = {}
    for choice in EVERY_CHOICE:
        parts = fit(
            text,
            turkish=turkish,
            table=TurkishTable(choice.table),
            ucs2=ucs2,
            replace=choice.unencodable == "question-mark",
        ).parts
        if parts == 1 or long or choice.long_text == "split":
            counts[choice] = parts
        elif choice.long_text == "cut":
            counts[choice] = 1
    return counts
