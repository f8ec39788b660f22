"""From a parsed tree to typed wire requests (T-01, T-07).

Values keep the vendor's names and the client's strings; `translation` interprets them. What the API does not read is
ignored and reported as `Unread` (T-07).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import msgspec
from lxml import etree

from kobikom_emulator.protocol.malformed import Malformed
from kobikom_emulator.protocol.names import AS_DOCUMENTED, PARENTS, lower, meant, name_of, shown, step_of
from kobikom_emulator.protocol.paths import ElementPaths
from kobikom_emulator.protocol.slips import Slip, Slips, Unread

MAX_MESSAGES = 10_000
"""Messages of a send, where no setting says otherwise: `limits.max-messages`."""

BLANK = " \t\r\n\xa0"
"""White space around values. U+00A0 is part of it: the vendor's web page is full of it (T-06)."""


class Credentials(msgspec.Struct, frozen=True, gc=False):
    """`kullanici` and `parola`, stripped; empty if absent (A-01, A-02)."""

    kullanici: str
    parola: str


class Alicilar(msgspec.Struct, frozen=True, gc=False):
    """The recipients of one `<mesajiniz>`: numbers as submitted (stripped, empty ones included) and, where any
    recipient has one, the client's `messageId`s in the same order ("" for none).
    """

    gsm: tuple[str, ...]
    message_ids: tuple[str, ...] | None


class Mesaj(msgspec.Struct, frozen=True, gc=False):
    """One `<mesajiniz>`: every documented field as a string, empty if absent (T-07), and its path for explanations."""

    path: str
    alicilar: Alicilar
    baslik: str = ""
    metin: str = ""
    flash: str = ""
    type: str = ""
    wapurl: str = ""
    binary: str = ""
    datacoding: str = ""
    esmclass: str = ""
    srcton: str = ""
    srcnpi: str = ""
    destton: str = ""
    destnpi: str = ""
    ileritarih: str = ""
    validityperiod: str = ""
    appid: str = ""
    pushurl: str = ""
    nopush: str = ""
    languagecode: str = ""


class SendRequest(msgspec.Struct, frozen=True, gc=False):
    """`<SMS>`: login, `tip` and one or more messages; `left_out` counts those over the limit (T-11)."""

    credentials: Credentials
    tip: str
    messages: tuple[Mesaj, ...]
    unread: tuple[Unread, ...] = ()
    left_out: int = 0


class TitlesQuery(msgspec.Struct, frozen=True, gc=False):
    """`<basliklar>`."""

    credentials: Credentials
    unread: tuple[Unread, ...] = ()


class BalanceQuery(msgspec.Struct, frozen=True, gc=False):
    """`<bakiye>`."""

    credentials: Credentials
    unread: tuple[Unread, ...] = ()


Request = SendRequest | TitlesQuery | BalanceQuery

_NO_CREDENTIALS = Credentials("", "")


class _Content:
    """Which elements belong into a container, by their names in lower case."""

    def __init__(self, *names: str) -> None:
        self.names = frozenset(names)
        self.by_tag = {tag: name for tag, name in AS_DOCUMENTED.items() if name in self.names}
        """Their names as the page spells them: most clients write them so."""


_IN_QUERY = _Content("dogrulama")
_IN_SMS = _Content("dogrulama", "tip", "mesajiniz")
_IN_LOGIN = _Content("kullanici", "parola")
_IN_MESAJ = _Content(*(set(Mesaj.__struct_fields__) - {"path"}))
_MANY = frozenset({"mesajiniz", "alicilar"})
"""Elements that may stand several times: all of them are read."""

FEW = 8
"""Up to so many recipients, reading them one by one is faster than the XPath below."""

_BARE = etree.XPath("not(*/@*) and not(*/*)")
"""Whether the elements in an `<alicilar>` have neither attributes nor elements in them."""

_NUMBERS = etree.XPath("gsm/text()", smart_strings=False)
"""The numbers of an `<alicilar>`: one text for each `<gsm>` that is not empty, because the parser leaves out what might
stand between two. As many as there are elements, they are those of all; faster than a loop in Python.
"""

_WHOLE_TEXT = etree.XPath("normalize-space()", smart_strings=False)
"""All text in an `<alicilar>`, that between its elements included, with one space for each run of white space."""


class _Slips(Slips):
    """The slips of a document, and the paths of their elements."""

    @cached_property
    def paths(self) -> ElementPaths:
        return ElementPaths()


def decode(root: etree._Element, *, max_messages: int = MAX_MESSAGES) -> Request:
    """Read whichever of the three documents this is (T-01); messages over the limit are counted only."""
    kind = name_of(root)
    slips = _Slips()
    if root.keys():
        _report_attributes(root, kind, slips)
    if kind == "sms":
        return _send(root, slips, max_messages)
    if kind in ("basliklar", "bakiye"):
        credentials = _NO_CREDENTIALS
        for _, child in _children(root, _IN_QUERY, slips):
            credentials = _credentials(child, slips)
        query = TitlesQuery if kind == "basliklar" else BalanceQuery
        return query(credentials, slips.reports())
    raise Malformed(
        "T-01",
        expected="a root element SMS, basliklar or bakiye",
        found=f"<{step_of(root)}>",
        line=root.sourceline or 1,
        column=1,
    )


def _send(root: etree._Element, slips: _Slips, max_messages: int) -> SendRequest:
    credentials = _NO_CREDENTIALS
    tip = ""
    messages: list[Mesaj] = []
    left_out = 0
    path = "/" + step_of(root)
    for name, child in _children(root, _IN_SMS, slips):
        if name == "mesajiniz":
            if len(messages) >= max_messages:
                left_out += 1
                continue
            here = f"{path}/{step_of(child)}"
            messages.append(_mesaj(child, f"{here}[{len(messages) + 1}]" if messages else here, slips))
        elif name == "dogrulama":
            credentials = _credentials(child, slips)
        else:
            tip = (child.text or "" if len(child) == 0 else _text(child, slips)).strip(BLANK)
    return SendRequest(credentials, tip, tuple(messages), slips.reports(), left_out)


def _credentials(element: etree._Element, slips: _Slips) -> Credentials:
    user = password = ""
    for name, child in _children(element, _IN_LOGIN, slips):
        text = child.text or "" if len(child) == 0 else _text(child, slips)
        if name == "parola":
            password = text.strip(BLANK)
        else:
            user = text.strip(BLANK)
    return Credentials(user, password)


def _mesaj(element: etree._Element, path: str, slips: _Slips) -> Mesaj:
    fields: dict[str, str] = {}
    numbers: list[str] = []
    ids: list[str] = []
    for name, child in _children(element, _IN_MESAJ, slips):
        if name == "alicilar":
            _recipients(child, numbers, ids, slips)
        else:
            text = child.text or "" if len(child) == 0 else _text(child, slips)
            fields[name] = text if name == "metin" else text.strip(BLANK)  # a text stays as it is written (S-21)
    return Mesaj(path, Alicilar(tuple(numbers), tuple(ids) if any(ids) else None), **fields)


def _recipients(element: etree._Element, numbers: list[str], ids: list[str], slips: _Slips) -> None:
    """Append the numbers and ids of one `<alicilar>`; the plain case is read in a single pass."""
    if (size := len(element)) > FEW and (plain := _plain_numbers(element, size)):
        numbers += plain
        ids += [""] * size
        return
    text = element.text
    if text and not text.isspace():
        _report_stray_text(element, text, slips)
    for child in element:
        text = child.tail
        if text and not text.isspace():
            _report_stray_text(element, text, slips)
        if (AS_DOCUMENTED.get(child.tag) or name_of(child)) != "gsm":
            _ignore(child, slips)
            continue
        numbers.append((child.text or "" if len(child) == 0 else _text(child, slips)).strip(BLANK))
        ids.append(_message_id(child, slips) if child.keys() else "")


def _plain_numbers(element: etree._Element, size: int) -> list[str] | None:
    """The numbers of an `<alicilar>` that holds nothing but numbers without ids; None for any other."""
    numbers: list[str] = _NUMBERS(element)
    if len(numbers) != size or not _BARE(element):
        return None
    text = _WHOLE_TEXT(element)
    if "\xa0" in text:  # no white space to XPath, but around a number it is
        return None
    if text in (" ".join(numbers), "".join(numbers)):
        return numbers
    numbers = [number.strip(BLANK) for number in numbers]
    return numbers if text == " ".join(numbers) else None


def _message_id(gsm: etree._Element, slips: _Slips) -> str:
    """The id that the client gave a recipient, "" if none (S-03)."""
    message_id: str | None = None
    for attribute in gsm.keys():  # noqa: SIM118  # items() looks up each value: quadratic
        if lower(attribute) != "messageid":
            _report_attribute(gsm, "gsm", attribute, slips)
        elif message_id is None:
            message_id = gsm.get(attribute, "")
        else:
            _add(slips, Slip.REPEATED, gsm, "gsm", attribute=attribute)
    return message_id or ""


def _children(container: etree._Element, content: _Content, slips: _Slips) -> Iterator[tuple[str, etree._Element]]:
    """The children that belong into a container, with their names in lower case; of those of which one is meant, the
    first. Everything else in it is reported.
    """
    # Every element of every request comes by here: functions are called where there is something to report.
    by_tag = content.by_tag
    seen: list[str] = []
    text = container.text
    if text and not text.isspace():
        _report_stray_text(container, text, slips)
    for child in container:
        text = child.tail
        if text and not text.isspace():
            _report_stray_text(container, text, slips)
        name = by_tag.get(child.tag, "")
        if not name and (name := name_of(child)) not in content.names:
            _ignore(child, slips)
            continue
        if name not in seen:
            seen.append(name)
        elif name not in _MANY:
            _add(slips, Slip.REPEATED, child, name)
            continue
        if child.keys():
            _report_attributes(child, name, slips)
        yield name, child


def _text(element: etree._Element, slips: _Slips) -> str:
    """The own text of an element that has elements inside, which are ignored and reported."""
    pieces = [element.text or ""]
    for child in element:
        _ignore(child, slips)
        pieces.append(child.tail or "")
    return "".join(pieces)


def _report_stray_text(container: etree._Element, text: str, slips: _Slips) -> None:
    """Report a text between elements that is more than white space."""
    _add(slips, Slip.STRAY_TEXT, container, name_of(container), text)


def _report_attributes(element: etree._Element, name: str, slips: _Slips) -> None:
    for attribute in element.keys():  # noqa: SIM118  # see `_message_id`
        _report_attribute(element, name, attribute, slips)


def _report_attribute(element: etree._Element, name: str, attribute: str, slips: _Slips) -> None:
    """Report an attribute: the API has one, `messageId` of `<gsm>`."""
    if lower(attribute) == "messageid":
        slip, wanted = Slip.MISPLACED, "<gsm>"
    elif name == "gsm" and (spelled := meant(attribute)):
        slip, wanted = Slip.SPELLING, spelled
    else:
        slip, wanted = Slip.UNKNOWN, ""
    _add(slips, slip, element, name, wanted=wanted, attribute=attribute)


def _ignore(element: etree._Element, slips: _Slips) -> None:
    """Report an element that is not read, and what of the API's it holds."""
    name = name_of(element)
    if name in PARENTS:
        _add(slips, Slip.MISPLACED, element, name, wanted=PARENTS[name])
        return
    spelled = meant(name)
    _add(slips, Slip.SPELLING if spelled else Slip.UNKNOWN, element, name, wanted=spelled)
    for inner in element.iterdescendants() if len(element) else ():
        name = name_of(inner)
        if name in PARENTS and name_of(_parent(inner)) not in PARENTS:
            _add(slips, Slip.MISPLACED, inner, name, wanted=PARENTS[name])


def _add(
    slips: _Slips,
    slip: Slip,
    element: etree._Element,
    name: str,
    text: str | None = None,
    wanted: str = "",
    *,
    attribute: str = "",
) -> None:
    """Report a slip of an element or of one of its attributes; those of the same name and parent count together."""
    parent = element.getparent()
    kind = ("" if parent is None else name_of(parent), name, lower(attribute))
    if slips.is_known(slip, kind):
        return
    paths = slips.paths

    def first() -> str | None:
        paths.want(element)
        return element.get(attribute) if attribute else element.text if text is None else text

    slips.add(slip, kind, lambda: paths.path(element) + (f"/@{shown(attribute)}" if attribute else ""), first, wanted)


def _parent(element: etree._Element) -> etree._Element:
    parent = element.getparent()
    assert parent is not None
    return parent
