"""Reads the requests of a client strictly. What they break of the protocol is raised as a violation of its clause."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote_to_bytes

from lxml import etree

from kobikom_contracts.client_suite.http_values import Received
from kobikom_contracts.core.verdicts import Violation
from kobikom_contracts.documents import FIELD_ORDER, PULL_PATH, SEND_PATH
from kobikom_contracts.reader import schema

_NAMES = {
    name.lower(): name
    for name in (
        *("SMS", "dogrulama", "kullanici", "parola", "tip", "mesajiniz", "alicilar", "gsm"),
        *("basliklar", "bakiye", *FIELD_ORDER),
    )
}
_SCHEMAS = (
    ("SMS", "send-request"),
    ("basliklar", "titles-request"),
    ("bakiye", "balance-request"),
)
_PARAMETERS = frozenset({"kullanici", "parola", "messageid", "appid"})
_PREFIX = re.compile(rb"xml=\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WrittenBlock:
    """One ``<mesajiniz>``: non-empty fields by wire name, and recipients as (number, message id or None)."""

    fields: dict[str, str]
    recipients: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class WrittenSend:
    """A send as written."""

    user: str
    password: str
    blocks: tuple[WrittenBlock, ...]

    @property
    def recipients(self) -> tuple[tuple[str, str | None], ...]:
        """(number, message id) of all blocks, in order."""
        return tuple(one for block in self.blocks for one in block.recipients)


@dataclass(frozen=True, slots=True)
class WrittenQuery:
    """A title (``basliklar``) or balance (``bakiye``) query as written."""

    root: str
    user: str
    password: str


@dataclass(frozen=True, slots=True)
class WrittenPull:
    """A pull as written; ``ids`` is None when it has no messageid."""

    user: str
    password: str
    ids: tuple[str, ...] | None


Written = WrittenSend | WrittenQuery | WrittenPull


def parse_request(request: Received) -> Written:
    """The operation that a request asks for; raises :class:`Violation` of K-01, K-02, K-03 or K-07."""
    if request.faults:
        raise Violation("sound HTTP", "; ".join(request.faults), statement="K-02")
    path = request.path.rstrip("/")
    if request.method == "GET" and path == PULL_PATH:
        return _pull(request)
    if request.method == "POST" and path == SEND_PATH.rstrip("/"):
        return _document(request)
    raise Violation(f"POST {SEND_PATH} or GET {PULL_PATH}", f"{request.method} {request.path}", statement="K-01")


def _pull(request: Received) -> WrittenPull:
    pairs = [(k.lower(), v) for k, v in parse_qsl(request.query, keep_blank_values=True)]
    unknown = [name for name, _ in pairs if name not in _PARAMETERS]
    if unknown:
        raise Violation(f"a pull's parameters among {', '.join(sorted(_PARAMETERS))}", unknown, statement="K-07")
    values = dict(pairs)
    named = values.get("messageid")
    return WrittenPull(
        values.get("kullanici", ""),
        values.get("parola", ""),
        None if named is None else tuple(named.split(",")),
    )


def _document(request: Received) -> WrittenSend | WrittenQuery:
    xml = _unwrapped(request)
    root = _parsed(xml, request)
    for element in root.iter(etree.Element):
        name = str(element.tag)
        element.tag = _NAMES.get(name.lower(), name)
        for attribute in tuple(element.attrib):
            if str(attribute).lower() == "messageid":
                element.set("messageId", element.attrib.pop(attribute))
    _documented(root)
    user, password = (_text(root, f"dogrulama/{name}") for name in ("kullanici", "parola"))
    if root.tag != "SMS":
        return WrittenQuery(str(root.tag), user, password)
    return WrittenSend(user, password, tuple(_block(block) for block in root.iter("mesajiniz")))


def _unwrapped(request: Received) -> bytes:
    """The XML inside any of the body forms of T-02."""
    body = request.body.removeprefix(b"\xef\xbb\xbf").strip()
    kind = request.header("Content-Type") or ""
    if kind.lower().startswith("multipart/"):
        raw = f"Content-Type: {kind}\r\n\r\n".encode() + request.body
        for part in message_from_bytes(raw, policy=policy.HTTP).walk():
            if (part.get_param("name", header="content-disposition") or "") == "XML":
                payload = part.get_payload(decode=True)
                return payload.strip() if isinstance(payload, bytes) else b""
    if body.startswith(b"<"):
        return body
    prefix = _PREFIX.match(body)
    if prefix and body[prefix.end() :].startswith(b"<"):
        return body[prefix.end() :]
    fields = parse_qs(body.decode("latin-1"), encoding="latin-1")
    for name, values in fields.items():
        if name.strip().lower() == "xml":
            return values[0].encode("latin-1").strip()
    return unquote_to_bytes(body)


def _parsed(xml: bytes, request: Received) -> Any:
    charset = re.search(r"charset=\"?([\w.:-]+)", request.header("Content-Type") or "", re.IGNORECASE)
    declared = re.match(rb"<\?xml[^>]*encoding", xml)
    encoding = charset[1] if charset and not declared else None
    try:
        # Neither entities nor network: no real server is assumed to offer more.
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, encoding=encoding)
        return etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, LookupError, ValueError) as error:
        raise Violation("a well-formed document", f"{error}: {xml[:400]!r}", statement="K-03") from None


def _documented(root: Any) -> None:
    name = dict(_SCHEMAS).get(str(root.tag))
    if name is None:
        raise Violation("a root SMS, basliklar or bakiye", f"<{root.tag}>", statement="K-07")
    validator = schema(name)
    if not validator.validate(root):
        faults = "; ".join(one.message for one in validator.error_log)
        raise Violation(f"a document valid by {name}.rng", faults, statement="K-07")
    for block in root.iter("mesajiniz"):
        fields = _block(block).fields
        if fields.get("type", "longSMS").lower() != "longsms":
            raise Violation("type empty or longSMS", fields["type"], statement="K-07")
        if "binary" in fields and "metin" in fields:
            raise Violation("metin or binary", "both", statement="K-07")
        if int(fields.get("datacoding", "0")) > 255:
            raise Violation("datacoding 0 to 255", fields["datacoding"], statement="K-07")


def _block(block: Any) -> WrittenBlock:
    fields = {name: value for name in FIELD_ORDER if (value := _text(block, name))}
    recipients = tuple(
        (number, gsm.get("messageId"))
        for gsm in block.iterfind("alicilar/gsm")
        if (number := "".join(gsm.itertext()).strip())
    )
    return WrittenBlock(fields, recipients)


def _text(element: Any, path: str) -> str:
    child = element.find(path)
    return "" if child is None else "".join(child.itertext())
