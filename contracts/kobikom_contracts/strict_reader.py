"""Reads answers with an XML parser and names what they are not: well-formed, and of the documented elements only.

The values of elements and attributes are judged elsewhere, each by its own statement.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from kobikom_contracts.reader import DECLARATION, Result


@dataclass(frozen=True, slots=True)
class Shape:
    """A document: its root, and for each element the children it may have.

    ``children`` are patterns of names with a blank after each; an element without one holds text only.
    ``attributes``: those of an element, in order.
    """

    root: str
    children: dict[str, str]
    attributes: dict[str, tuple[str, ...]]
    declared: bool = True
    words: tuple[str, ...] = ()
    """Elements whose text has no white space."""


SHAPES = {
    "send": Shape(
        "results", {"results": "(result )+", "result": "status messageid destination "}, {}, words=("status",)
    ),
    "titles": Shape("basliklar", {"basliklar": "normal sayisal ", "normal": "(baslik )*", "sayisal": "(baslik )*"}, {}),
    "balance": Shape("bakiye", {"bakiye": "miktar kur "}, {}, words=("miktar", "kur")),
    "report": Shape(
        "DeliveryReport",
        {"DeliveryReport": "(message )+", "message": ""},
        {"message": ("id", "sentdate", "donedate", "status", "gsmerror")},
        declared=False,
    ),
}


def shape_faults(name: str, body: bytes) -> tuple[str, ...]:
    """What is wrong with a document of :data:`SHAPES`; empty when nothing is."""
    shape = SHAPES[name]
    try:
        text = body.decode("utf-8")
        root = _parsed(body)
    except UnicodeDecodeError as error:
        return (f"not UTF-8: {error.reason} at octet {error.start}",)
    except _unreadable() as error:
        return (f"not well-formed XML: {error}",)
    faults = []
    if shape.declared and not text.startswith(DECLARATION):
        faults.append(f"{DECLARATION} does not come first")
    if not shape.declared and text.lstrip().startswith("<?xml"):
        faults.append("an XML declaration")
    if root.getprevious() is not None or root.getnext() is not None:
        faults.append("a comment or processing instruction beside the root element")
    if root.getroottree().docinfo.doctype:
        faults.append("a DOCTYPE")
    if root.tag != shape.root:
        faults.append(f"the root element {root.tag} instead of {shape.root}")
        return tuple(faults)
    for element in root.iter():
        faults += _element_faults(element, shape)
    return tuple(dict.fromkeys(faults))


def report_faults(body: bytes, *, as_printed: bool = False) -> tuple[str, ...]:
    """What is wrong with a delivery report; ``as_printed`` allows the missing last tag of the page's example."""
    closing = b"</DeliveryReport>"
    return shape_faults("report", body + closing if as_printed and closing not in body else body)


def parsed_results(body: bytes) -> tuple[Result, ...] | None:
    """The results of a send answer as a parser reads them; None when they can't be read so."""
    if shape_faults("send", body):
        return None
    return tuple(Result(*((child.text or "") for child in result)) for result in _parsed(body))


def _element_faults(element: Any, shape: Shape) -> list[str]:
    if not isinstance(element.tag, str):
        return ["a comment or processing instruction"]
    wanted = shape.attributes.get(element.tag, ())
    found = tuple("sentdate" if name == "senddate" else name for name in element.attrib)
    faults = []
    if found != wanted:
        faults.append(
            f"attributes {' '.join(found) or 'none'} of {element.tag} instead of {' '.join(wanted) or 'none'}"
        )
    children = shape.children.get(element.tag)
    names = "".join(f"{child.tag} " for child in element if isinstance(child.tag, str))
    if re.fullmatch(children or "", names) is None:
        faults.append(f"{element.tag} holds {names.strip() or 'no element'}")
    if children is not None:
        texts = [element.text, *(child.tail for child in element)]
        if any(text and text.strip(" \t\r\n") for text in texts):
            faults.append(f"text between the elements of {element.tag}")
    if element.tag in shape.words and (element.text or "").split() != [element.text or ""]:
        faults.append(f"white space, or nothing, in {element.tag}")
    return faults


def _parsed(body: bytes) -> Any:
    from lxml import etree

    return etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))


def _unreadable() -> tuple[type[Exception], ...]:
    from lxml import etree

    return (etree.LxmlError, LookupError, ValueError)
