"""What one of the judge's own requests asks for, read back from its bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from kobikom_contracts.documents import FIELD_ORDER, Block, Recipient, Send

_FIELDS = {name.lower(): name for name in FIELD_ORDER}
_PREFIX = re.compile(rb"\s*xml=\s*(?=<)", re.IGNORECASE)
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Query:
    """A title (``basliklar``) or balance (``bakiye``) query."""

    root: str
    user: str | None
    password: str | None


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull; ``ids`` is None when it names none, and holds the non-empty names else."""

    user: str | None
    password: str | None
    ids: tuple[str, ...] | None
    appid: str


def meaning(body: bytes) -> Send | Query | None:
    """The send or query in a body of literal XML; None when the body can be read in another way, or not at all."""
    prefix = _PREFIX.match(body)
    root = _parsed(body[prefix.end() :] if prefix else body.removeprefix(_BOM).strip())
    if root is None:
        return None
    name = _name(root)
    login = _first(root, "dogrulama")
    user, password = (None if login is None else _text(_first(login, one)) for one in ("kullanici", "parola"))
    if name in ("basliklar", "bakiye"):
        return Query(name, user, password)
    if name != "sms":
        return None
    return Send(user, password, tuple(_block(one) for one in root if _name(one) == "mesajiniz"))


def meaning_of_pull(path: str) -> PullRequest:
    """The pull that a path with a query string asks for."""
    values: dict[str, str] = {}
    for name, value in parse_qsl(urlsplit(path).query, keep_blank_values=True):
        values.setdefault(name.lower(), value)
    named = values.get("messageid")
    ids = None if named is None else tuple(one for one in named.split(",") if one.strip())
    return PullRequest(values.get("kullanici"), values.get("parola"), ids, values.get("appid", ""))


def _parsed(document: bytes) -> Any:
    from lxml import etree

    if b"<!DOCTYPE" in document:
        return None
    try:
        return etree.fromstring(document, etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.LxmlError, LookupError, ValueError):
        return None


def _block(element: Any) -> Block:
    fields: dict[str, str] = {}
    for child in element:
        name = _FIELDS.get(_name(child))
        if name is not None:
            fields.setdefault(name, _text(child) or "")
    recipients = [
        Recipient(_text(gsm) or "", _message_id(gsm))
        for receivers in element
        if _name(receivers) == "alicilar"
        for gsm in receivers
        if _name(gsm) == "gsm"
    ]
    return Block(tuple(recipients), fields)


def _message_id(gsm: Any) -> str | None:
    for name, value in gsm.attrib.items():
        if str(name).lower() == "messageid":
            return str(value)
    return None


def _name(element: Any) -> str:
    return element.tag.lower() if isinstance(element.tag, str) else ""


def _first(element: Any, name: str) -> Any:
    return next((child for child in element if _name(child) == name), None)


def _text(element: Any) -> str | None:
    return None if element is None else "".join(element.itertext())
