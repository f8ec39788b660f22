"""The names of the API's elements: where each belongs, and how they are matched (T-07)."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

FIELDS = (
    "baslik", "metin", "flash", "type", "wapurl", "binary", "datacoding", "esmclass", "srcton", "srcnpi", "destton",
    "destnpi", "ileriTarih", "ValidityPeriod", "appid", "pushurl", "nopush", "languageCode",
)  # fmt: skip
"""The elements of a `<mesajiniz>` that hold a text, as the page spells them."""

ROOTS = ("SMS", "basliklar", "bakiye")

PARENTS: Mapping[str, str] = {
    "dogrulama": "the root element",
    "kullanici": "<dogrulama>",
    "parola": "<dogrulama>",
    "tip": "<SMS>",
    "mesajiniz": "<SMS>",
    "alicilar": "<mesajiniz>",
    "gsm": "<alicilar>",
    **{field.lower(): "<mesajiniz>" for field in FIELDS},
}
"""The element that each known element belongs to, in words; keys in lower case."""

AS_DOCUMENTED: Mapping[object, str] = {
    name: name.lower() for name in (*ROOTS, *FIELDS, *PARENTS, "messageId", "messageid")
}
"""Names as the page spells them: most clients write them so, and a look-up is faster than lower-casing."""

_SPELLED: Mapping[str, str] = {name.lower(): name for name in (*PARENTS, *ROOTS, *FIELDS, "messageId")}

_TURKISH = str.maketrans("ıİşŞğĞüÜöÖçÇ", "iIsSgGuUoOcC")


def local_name(element: etree._Element) -> str:
    """The element's name as it was written, without its namespace."""
    tag = element.tag if isinstance(element.tag, str) else "entity"
    return tag.rpartition("}")[2] if tag[:1] == "{" else tag


LONGEST_NAME = 60
"""Characters of a name in paths and comparisons: those of the API are shorter."""


def shown(name: str) -> str:
    """A name as paths show it: a long one is cut, because each path below it has it."""
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def step_of(element: etree._Element) -> str:
    """The element's name as a path has it: as it was written, a long one cut."""
    tag = element.tag
    return tag if isinstance(tag, str) and tag in AS_DOCUMENTED else shown(local_name(element))


def name_of(element: etree._Element) -> str:
    """The element's name in lower case, whatever its namespace (T-07); a long one is cut."""
    return AS_DOCUMENTED.get(element.tag) or lower(local_name(element))


def lower(name: str) -> str:
    """A name as it is compared: without regard to case, ASCII letters only; a long one is cut."""
    name = shown(name)
    return name.lower() if name.isascii() else name


def meant(name: str) -> str:
    """The name of the API's that a name with Turkish letters stands for (`METİN`: metin); "" if none."""
    return "" if name.isascii() or len(name) > LONGEST_NAME else _SPELLED.get(name.translate(_TURKISH).lower(), "")
