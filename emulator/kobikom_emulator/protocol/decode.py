"""From a parsed tree to typed wire requests (T-01, T-07) and from a query string to a pull (R-01).

Values keep the vendor's names and the client's strings; `translation` interprets them. Unknown tags are ignored and
reported as `Unread` (T-07).
"""

from __future__ import annotations

from urllib.parse import unquote_to_bytes

import msgspec
from lxml import etree

from kobikom_emulator.protocol.envelope import WHITE, Malformed

_BLANK = WHITE.decode()


class Unread(msgspec.Struct, frozen=True, gc=False):
    """A tag or attribute of the request that the API does not have."""

    path: str
    found: str


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
    """`<SMS>`: login, `tip` and one or more messages."""

    credentials: Credentials
    tip: str
    messages: tuple[Mesaj, ...]
    unread: tuple[Unread, ...] = ()


class TitlesQuery(msgspec.Struct, frozen=True, gc=False):
    """`<basliklar>`."""

    credentials: Credentials
    unread: tuple[Unread, ...] = ()


class BalanceQuery(msgspec.Struct, frozen=True, gc=False):
    """`<bakiye>`."""

    credentials: Credentials
    unread: tuple[Unread, ...] = ()


class PullQuery(msgspec.Struct, frozen=True, gc=False):
    """The query string of a pull; `message_ids` and `appid` are None where the parameter is absent."""

    credentials: Credentials
    message_ids: tuple[str, ...] | None
    appid: str
    unread: tuple[Unread, ...] = ()


Request = SendRequest | TitlesQuery | BalanceQuery

_MESAJ_FIELDS = frozenset(Mesaj.__struct_fields__) - {"path", "alicilar"}
MOST_UNREAD = 100
"""How many unknown names of one request are reported one by one."""
ALL_THAT_FOLLOW = "and all that follow"
"""What the last of them is said to have held."""

_AS_DOCUMENTED: dict[object, str] = {
    tag: tag.lower()
    for tag in (
        "SMS", "dogrulama", "kullanici", "parola", "tip", "mesajiniz", "baslik", "metin", "flash", "type", "wapurl",
        "binary", "datacoding", "esmclass", "srcton", "srcnpi", "destton", "destnpi", "ileriTarih", "ValidityPeriod",
        "appid", "pushurl", "nopush", "languageCode", "alicilar", "gsm", "basliklar", "bakiye",
    )
}  # fmt: skip
"""Names as the page spells them: most clients write them so, and a look-up is faster than lower-casing."""

FEW = 8
"""Up to so many recipients, reading them one by one is faster than the XPath below."""

_PLAIN = etree.XPath("not(*/@*) and not(*/*) and count(*) = count(gsm)")
"""Whether an `<alicilar>` holds nothing but `<gsm>number</gsm>`; faster than a loop in Python."""


def decode(root: etree._Element) -> Request:
    """Read whichever of the three documents this is (T-01)."""
    kind = _name(root)
    if kind == "sms":
        return _send(root)
    if kind in ("basliklar", "bakiye"):
        unread: list[Unread] = []
        credentials = Credentials("", "")
        path = "/" + _local(root)
        for child in root:
            if _name(child) == "dogrulama":
                credentials = _credentials(child, path, unread)
            else:
                _ignore(unread, child, path)
        query = TitlesQuery if kind == "basliklar" else BalanceQuery
        return query(credentials, tuple(unread))
    raise Malformed(
        "T-01",
        expected="a root element SMS, basliklar or bakiye",
        found=f"<{_local(root)}>",
        line=root.sourceline or 1,
        column=1,
    )


def _send(root: etree._Element) -> SendRequest:
    unread: list[Unread] = []
    credentials = Credentials("", "")
    tip = ""
    messages: list[Mesaj] = []
    path = "/" + _local(root)
    for child in root:
        name = _name(child)
        if name == "mesajiniz":
            here = f"{path}/{_local(child)}" + (f"[{len(messages) + 1}]" if messages else "")
            messages.append(_mesaj(child, here, unread))
        elif name == "dogrulama":
            credentials = _credentials(child, path, unread)
        elif name == "tip":
            tip = _text(child, path, unread).strip(_BLANK)
        else:
            _ignore(unread, child, path)
    return SendRequest(credentials, tip, tuple(messages), tuple(unread))


def _credentials(element: etree._Element, parent_path: str, unread: list[Unread]) -> Credentials:
    user = password = ""
    for child in element:
        name = _name(child)
        if name == "kullanici":
            user = _text(child, f"{parent_path}/{_local(element)}", unread).strip(_BLANK)
        elif name == "parola":
            password = _text(child, f"{parent_path}/{_local(element)}", unread).strip(_BLANK)
        else:
            _ignore(unread, child, f"{parent_path}/{_local(element)}")
    return Credentials(user, password)


def _mesaj(element: etree._Element, path: str, unread: list[Unread]) -> Mesaj:
    fields: dict[str, str] = {}
    numbers: list[str] = []
    ids: list[str] = []
    for child in element:
        name = _name(child)
        if name in _MESAJ_FIELDS:
            text = _text(child, path, unread)
            fields[name] = text if name == "metin" else text.strip(_BLANK)  # a text stays as it is written (S-21)
        elif name == "alicilar":
            _recipients(child, path, numbers, ids, unread)
        else:
            _ignore(unread, child, path)
    return Mesaj(path, Alicilar(tuple(numbers), tuple(ids) if any(ids) else None), **fields)


def _recipients(
    element: etree._Element, parent_path: str, numbers: list[str], ids: list[str], unread: list[Unread]
) -> None:
    """Append the numbers and ids of one `<alicilar>`; the plain case is read in a single pass."""
    if len(element) > FEW and _PLAIN(element):
        plain = [(child.text or "").strip(_BLANK) for child in element]
        numbers += plain
        ids += [""] * len(plain)
        return
    for child in element:
        if _name(child) != "gsm":
            _ignore(unread, child, parent_path, element)
            continue
        number = child.text or "" if len(child) == 0 else _text(child, parent_path, unread, element)
        numbers.append(number.strip(_BLANK))
        message_id = ""
        for attribute in child.keys():  # noqa: SIM118  # items() looks up each value: quadratic
            if attribute.lower() == "messageid":
                message_id = child.get(attribute, "")
            elif len(unread) <= MOST_UNREAD:
                path = _path(child, parent_path, element)
                _report(unread, f"{path}/@{attribute}", child.get(attribute))
        ids.append(message_id)


def _text(element: etree._Element, path: str, unread: list[Unread], *between: etree._Element) -> str:
    """The element's own text; elements inside it are ignored and reported (T-07). `path`, `between`: see `_path`."""
    if len(element) == 0:
        return element.text or ""
    pieces = [element.text or ""]
    for child in element:
        _ignore(unread, child, path, *between, element)
        pieces.append(child.tail or "")
    return "".join(pieces)


def _path(element: etree._Element, path: str, *between: etree._Element) -> str:
    """An element's path, with positions only where names repeat. `path` is the path of the parent of `between`.

    It is made on demand, because few paths are ever shown.
    """
    if between:
        path = _path(between[-1], path, *between[:-1])
    name = _name(element)
    nth = 1 + sum(1 for sibling in element.itersiblings(preceding=True) if _name(sibling) == name)
    return f"{path}/{_local(element)}" + (f"[{nth}]" if nth > 1 else "")


def _ignore(unread: list[Unread], element: etree._Element, path: str, *between: etree._Element) -> None:
    """Report an element that the API does not have."""
    if len(unread) <= MOST_UNREAD:
        _report(unread, _path(element, path, *between), element.text)


def _report(unread: list[Unread], path: str, text: str | None) -> None:
    """Report an unknown name, up to `MOST_UNREAD`: a body full of them must not fill the memory (T-11)."""
    if len(unread) < MOST_UNREAD:
        unread.append(Unread(path, _short(text or "")))
    elif len(unread) == MOST_UNREAD:
        unread.append(Unread(path, ALL_THAT_FOLLOW))


def _local(element: etree._Element) -> str:
    tag = element.tag if isinstance(element.tag, str) else "entity"
    return tag.rpartition("}")[2] if tag[:1] == "{" else tag


def _name(element: etree._Element) -> str:
    """The element's name in lower case, whatever its namespace (T-07)."""
    return _AS_DOCUMENTED.get(element.tag) or _local(element).lower()


def _short(text: str) -> str:
    text = text.strip()
    return text if len(text) <= 60 else text[:57] + "…"


def decode_pull(query: str) -> PullQuery:
    """Read the raw query string of a pull (R-01): names in any case, the first of a repeated name wins."""
    parameters: dict[str, str] = {}
    unread: list[Unread] = []
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        key = _percent_decode(name).lower()
        if key in ("kullanici", "parola", "messageid", "appid") and key not in parameters:
            parameters[key] = _percent_decode(value)
        elif pair:
            _report(unread, f"?{_short(_percent_decode(name))}", _percent_decode(value))
    message_ids = parameters.get("messageid", "").strip()
    return PullQuery(
        Credentials(parameters.get("kullanici", "").strip(_BLANK), parameters.get("parola", "").strip(_BLANK)),
        tuple(part.strip() for part in message_ids.split(",") if part.strip()) if message_ids else None,
        parameters.get("appid", "").strip(),
        tuple(unread),
    )


def _percent_decode(value: str) -> str:
    # Raw octets in a request line come as lone surrogates.
    octets = unquote_to_bytes(value.replace("+", " ").encode("utf-8", "surrogateescape"))
    try:
        return octets.decode()
    except UnicodeDecodeError:
        return octets.decode("windows-1254", "replace")
