"""Reads the requests of a client strictly, and goes on: what they break is kept beside what they say."""

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
_SCHEMAS = {"SMS": "send-request", "basliklar": "titles-request", "bakiye": "balance-request"}
_PARAMETERS = frozenset({"kullanici", "parola", "messageid", "appid"})
_PREFIX = re.compile(rb"xml=\s*", re.IGNORECASE)
_MOST_SHOWN = 400


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
    """A pull as written; ``ids`` is None when it has no messageid, and empty when that names nothing (R-04)."""

    user: str
    password: str
    ids: tuple[str, ...] | None


Written = WrittenSend | WrittenQuery | WrittenPull


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """What a request asks for, None when that is unclear, and what it breaks of K-01, K-02, K-03 and K-07.

    ``document`` is the XML as text. ``damaged``: the values were read out of a document that is not well-formed, and
    say nothing about those that the client was given.
    """

    written: Written | None
    faults: tuple[Violation, ...] = ()
    document: str = ""
    damaged: bool = False


def read_request(request: Received) -> ReadRequest:
    """Read a request as far as it can be read."""
    faults = [Violation("sound HTTP", "; ".join(request.faults), statement="K-02")] if request.faults else []
    path = request.path.rstrip("/")
    if request.method == "GET" and path == PULL_PATH:
        return _pull(request, faults)
    if (request.method != "POST" or path != SEND_PATH.rstrip("/")) and request.method:
        asked = f"{request.method} {request.path}"
        faults.append(Violation(f"POST {SEND_PATH} or GET {PULL_PATH}", asked, statement="K-01"))
    if not request.body.strip():
        if path.endswith("/pull"):
            return _pull(request, faults)
        if request.method == "POST" and not faults:
            faults.append(Violation("a document", "an empty body", statement="K-03"))
        return ReadRequest(None, tuple(faults))
    return _document(request, faults)


def _pull(request: Received, faults: list[Violation]) -> ReadRequest:
    pairs = [(k.lower(), v) for k, v in parse_qsl(request.query, keep_blank_values=True)]
    unknown = [name for name, _ in pairs if name not in _PARAMETERS]
    if unknown:
        shown = f"a pull's parameters among {', '.join(sorted(_PARAMETERS))}"
        faults.append(Violation(shown, ", ".join(unknown)[:_MOST_SHOWN], statement="K-07"))
    values = dict(pairs)
    named = values.get("messageid")
    ids = None if named is None else tuple(ident for ident in named.split(",") if ident)
    pull = WrittenPull(values.get("kullanici", ""), values.get("parola", ""), ids)
    return ReadRequest(pull, tuple(faults))


def _document(request: Received, faults: list[Violation]) -> ReadRequest:
    xml = unwrapped(request)
    text = xml.decode("utf-8", "replace")
    root, fault = _parsed(xml, request)
    if fault and not faults:  # a body that was cut by a wrong Content-Length is not well-formed either
        faults.append(Violation("a well-formed document", fault, statement="K-03"))
    if root is None:
        return ReadRequest(None, tuple(faults), text, damaged=True)
    for element in root.iter(etree.Element):
        name = str(element.tag)
        element.tag = _NAMES.get(name.lower(), name)
        for attribute in tuple(element.attrib):
            if str(attribute).lower() == "messageid":
                element.set("messageId", element.attrib.pop(attribute))
    if not fault:
        faults += _undocumented(root)
    if root.tag not in _SCHEMAS:
        return ReadRequest(None, tuple(faults), text, damaged=bool(fault))
    user, password = (_text(root, f"dogrulama/{name}") for name in ("kullanici", "parola"))
    written: Written = WrittenQuery(str(root.tag), user, password)
    if root.tag == "SMS":
        written = WrittenSend(user, password, tuple(_block(block) for block in root.iter("mesajiniz")))
    return ReadRequest(written, tuple(faults), text, damaged=bool(fault))


def unwrapped(request: Received) -> bytes:
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


def _parsed(xml: bytes, request: Received) -> tuple[Any, str]:
    """The root, and why the document is not well-formed; then the root is what can be made of it, or None."""
    charset = re.search(r"charset=\"?([\w.:-]+)", request.header("Content-Type") or "", re.IGNORECASE)
    declared = re.match(rb"<\?xml[^>]*encoding", xml)
    encoding = charset[1] if charset and not declared else None
    try:
        return etree.fromstring(xml, _parser(encoding)), ""
    except (etree.XMLSyntaxError, LookupError, ValueError) as error:
        fault = f"{error}: {xml[:_MOST_SHOWN].decode('utf-8', 'backslashreplace')}"
    try:
        return etree.fromstring(xml, _parser(None, recover=True)), fault
    except (etree.XMLSyntaxError, LookupError, ValueError):
        return None, fault


def _parser(encoding: str | None, *, recover: bool = False) -> Any:
    # Neither entities nor network: no real server is assumed to offer more.
    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, encoding=encoding, recover=recover)


def _undocumented(root: Any) -> list[Violation]:
    name = _SCHEMAS.get(str(root.tag))
    if name is None:
        return [Violation("a root SMS, basliklar or bakiye", f"<{root.tag}>", statement="K-07")]
    validator = schema(name)
    if not validator.validate(root):
        errors = "; ".join(one.message for one in validator.error_log)
        return [Violation(f"a document valid by {name}.rng", errors[:_MOST_SHOWN], statement="K-07")]
    faults: list[Violation] = []
    for block in root.iter("mesajiniz"):
        fields = _block(block).fields
        if fields.get("type", "longSMS").lower() != "longsms":
            faults.append(Violation("type empty or longSMS", fields["type"], statement="K-07"))
        if "binary" in fields and "metin" in fields:
            faults.append(Violation("metin or binary", "both", statement="K-07"))
        if int(fields.get("datacoding", "0")) > 255:
            faults.append(Violation("datacoding 0 to 255", fields["datacoding"], statement="K-07"))
    return faults


def _block(block: Any) -> WrittenBlock:
    fields = {name: value for name in FIELD_ORDER if (value := _text(block, name))}
    recipients = tuple(
        (number, gsm.get("messageId") or None)  # an empty one is none (T-07)
        for gsm in block.iterfind("alicilar/gsm")
        if (number := "".join(gsm.itertext()).strip())
    )
    return WrittenBlock(fields, recipients)


def _text(element: Any, path: str) -> str:
    child = element.find(path)
    return "" if child is None else "".join(child.itertext())
