"""Which statements a request calls for: each says that a request of some kind is served.

The statements are those by which a refusal can be explained, the rarest kinds of requests first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from kobikom_contracts.documents import Block, Recipient, Send
from kobikom_contracts.parts import GSM_DEFAULT, GSM_EXTENSION, TURKISH_LOCKING, TURKISH_SINGLE, UCS2
from kobikom_contracts.recording.exchanges import RecordedExchange
from kobikom_contracts.server_suite.audit.echo import BLANK
from kobikom_contracts.server_suite.audit.meaning import PullRequest, Query
from kobikom_contracts.server_suite.audit.messages import nameable

Request = Send | Query | PullRequest | None

_PAGE_HOSTS = frozenset({"kobikom.com", "www.kobikom.com", "sms1.kobikom.com"})
_LITERAL = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?P<name>[Xx][Mm][Ll]=)?(?P<blank>\s*)<")
_ENCODED = re.compile(rb"\s*[Xx][Mm][Ll]=\s*%3[Cc]")
_DECLARED = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_TAGS = frozenset(
    (
        *("SMS", "basliklar", "bakiye", "dogrulama", "kullanici", "parola", "tip", "mesajiniz", "alicilar", "gsm"),
        *("baslik", "metin", "flash", "type", "wapurl", "binary", "datacoding", "esmclass", "srcton", "srcnpi"),
        *("destton", "destnpi", "ileriTarih", "ValidityPeriod", "appid", "pushurl", "nopush", "languageCode"),
    )
)
_BY_CASE = {tag.lower(): tag for tag in _TAGS}
_OPENED = re.compile(rb"<([A-Za-z][\w.-]*)")
_ID = re.compile(rb"\b(messageid)\s*=", re.IGNORECASE)
_EMPTY_TAG = re.compile(rb"<(?:src|dest)(?:ton|npi)>\s*</|<(?:wapurl|esmclass|appid|flash|type|datacoding)>\s*</")
_PLAIN_NUMBER = re.compile(r"\d{11,15}", re.ASCII)
_OFFSET = re.compile(r"(?=\d)(?:\d{1,9}d)?(?:\d{1,9}h)?(?:\d{1,9}m)?(?:\d{1,9}s)?", re.ASCII)
_WHOLE_OFFSET = re.compile(r"\d+d\d+h\d+m\d+s", re.ASCII)
_ONE_PART = 160
_LETTERS = GSM_DEFAULT | GSM_EXTENSION | TURKISH_LOCKING | TURKISH_SINGLE


def features(recorded: RecordedExchange, request: Request) -> tuple[str, ...]:
    """The statements that a request calls for, the rarest kinds first, each once."""
    found = [*_send(request)] if isinstance(request, Send) else []
    if isinstance(request, PullRequest):
        found += _pull(recorded, request)
    elif recorded.request_body:
        found += _body(recorded)
    found += _http(recorded)
    if isinstance(request, Query):
        found.append("T-01.2" if request.root == "bakiye" else "T-01.1")
    elif isinstance(request, Send):
        found.append("T-01.1")
    return tuple(dict.fromkeys(found))


def _http(recorded: RecordedExchange) -> Iterator[str]:
    target = recorded.target
    if re.match("https?://", target) and recorded.exact:
        yield "T-04.4"
    if any(ord(char) > 0x7F for char in target):
        yield "T-08.3"
    if recorded.request_version == "HTTP/1.0":
        yield "T-04.3"
    if (recorded.request_header("Expect") or "").lower() == "100-continue":
        yield "T-04.2"
    if recorded.exact and (recorded.host_sent or recorded.request_header("Host") or "") in _PAGE_HOSTS:
        yield "T-04.1"
    if recorded.method == "POST":
        yield from _content_type(recorded.request_header("Content-Type"))
        if not target.partition("?")[0].endswith("/"):
            yield "T-01.4"


def _content_type(value: str | None) -> Iterator[str]:
    if value is None:
        yield "T-03.1"
        return
    if value == "application/xml Accept: */*":
        yield "T-03.3"
        return
    charset = re.search(r"charset\s*=\s*\"?([\w.:-]+)", value, re.IGNORECASE)
    if charset is not None and not _known(charset[1]):
        yield "T-03.4"
    yield "T-03.2"


def _known(charset: str) -> bool:
    return charset.lower().replace("_", "-") in {
        "utf-8", "utf8", "iso-8859-9", "windows-1254", "cp1254", "us-ascii", "utf-16", "iso-8859-1", "latin5",
    }  # fmt: skip


def _body(recorded: RecordedExchange) -> Iterator[str]:
    body = recorded.request_body
    literal = _LITERAL.match(body)
    yield from _encoding(recorded, body)
    if b">\xc2\xa0" in body or b"\xc2\xa0<" in body:
        yield "T-06.2"
    if body[:1].isspace() or (literal is not None and literal["name"] and literal["blank"]):
        yield "T-06.1"
    if b"<![CDATA[" in body:
        yield "T-06.4"
    if re.search(rb"&#(?:x[0-9a-f]+|\d+);", body, re.IGNORECASE):
        yield "T-06.3"
    if literal is not None:
        yield from _names(body)
    if literal is None:
        yield "T-02.4" if _ENCODED.match(body) else "T-02.5"
        return
    if body.startswith(b"\xef\xbb\xbf") or (literal["name"] or b"XML=") != b"XML=":
        yield "T-02.6"
    if literal["name"]:
        yield "T-02.1"
    else:
        yield "T-02.2" if re.search(rb"<(?:basliklar|bakiye)\b", body, re.IGNORECASE) else "T-02.3"


def _encoding(recorded: RecordedExchange, body: bytes) -> Iterator[str]:
    declared = _DECLARED.search(body[:200])
    charset = re.search(r"charset\s*=\s*\"?([\w.:-]+)", recorded.request_header("Content-Type") or "", re.IGNORECASE)
    names = {match[1].decode() if isinstance(match[1], bytes) else match[1] for match in (declared, charset) if match}
    if any(re.fullmatch(r"iso-8859-9|windows-1254|cp1254", name, re.IGNORECASE) for name in names):
        yield "T-05.2"
    elif b"\0" in body[:4] or body.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        yield "T-05.1"


def _names(body: bytes) -> Iterator[str]:
    names = [name.decode("latin-1") for name in _OPENED.findall(body)]
    attributes = [attribute for attribute in _ID.findall(body) if attribute != b"messageId"]
    if attributes or any(name not in _TAGS and name.lower() in _BY_CASE for name in names):
        yield "T-07.1"
    if any(name.lower() not in _BY_CASE for name in names):
        yield "T-07.3"
    lowered = [name.lower() for name in names]
    if "dogrulama" in lowered and "mesajiniz" in lowered and lowered.index("mesajiniz") < lowered.index("dogrulama"):
        yield "T-07.4"
    if _EMPTY_TAG.search(body):
        yield "T-07.2"


def _pull(recorded: RecordedExchange, pull: PullRequest) -> Iterator[str]:
    path, _, query = recorded.target.partition("?")
    names = [pair.partition("=")[0] for pair in query.split("&")]
    if pull.appid:
        yield "R-01.2"
    if path.endswith("/") or any(
        name not in {"kullanici", "parola", "messageid", "MessageId", "appid"}
        and name.lower() in {"kullanici", "parola", "messageid", "appid"}
        for name in names
    ):
        yield "R-01.3"
    if pull.ids == ():
        yield "R-04.2"
    yield "R-01.1"


def _send(send: Send) -> Iterator[str]:
    for block in send.blocks:
        for statement, applies in _FIELDS:
            if applies(block):
                yield statement
    recipients = [recipient for block in send.blocks for recipient in block.recipients]
    yield from _recipients(recipients)
    if sum(bool(block.recipients) for block in send.blocks) > 1:
        yield "S-20.1"


def _recipients(recipients: list[Recipient]) -> Iterator[str]:
    ids = [recipient.message_id or "" for recipient in recipients if recipient.gsm.strip(BLANK)]
    numbers = [number for recipient in recipients if (number := recipient.gsm.strip(BLANK))]
    own = [ident for ident in ids if ident.strip()]
    if any(not nameable(ident) and len(ident) <= 400 for ident in own):
        yield "S-03.4"
    if any(len(ident) > 6 for ident in own):
        yield "S-03.2"
    if own and len(own) < len(ids):
        yield "S-03.3"
    if len(set(numbers)) < len(numbers):
        yield "S-22.1"
    if numbers and any(not recipient.gsm.strip(BLANK) for recipient in recipients):
        yield "S-05.3"
    if any(_PLAIN_NUMBER.fullmatch(number) is None for number in numbers):
        yield "S-08.1"


def _value(block: Block, name: str) -> str:
    return block.fields.get(name, "").strip(BLANK)


def _is_validity(text: str) -> bool:
    match = re.fullmatch(r"(\d{2}):([0-5]\d)", text, re.ASCII)
    return match is not None and int(match[1]) * 60 + int(match[2]) <= 48 * 60


def _is_hexadecimal(text: str) -> bool:
    return bool(text) and len(text) % 2 == 0 and re.fullmatch("[0-9A-Fa-f]+", text) is not None


def _partial_offset(block: Block) -> bool:
    text = _value(block, "ileriTarih")
    return bool(text) and _OFFSET.fullmatch(text) is not None and text != "1s" and not _WHOLE_OFFSET.fullmatch(text)


_FIELDS: tuple[tuple[str, Callable[[Block], bool]], ...] = (
    ("S-16.4", lambda block: _value(block, "ValidityPeriod") == "00:00"),
    ("S-16.1", lambda block: _is_validity(_value(block, "ValidityPeriod"))),
    ("S-15.2", _partial_offset),
    ("S-15.1", lambda block: _WHOLE_OFFSET.fullmatch(_value(block, "ileriTarih")) is not None),
    ("S-15.3", lambda block: _value(block, "ileriTarih") == "1s"),
    ("S-14.1", lambda block: _is_hexadecimal(_value(block, "binary"))),
    (
        "S-14.5",
        lambda block: any(_value(block, name) for name in ("esmclass", "srcton", "srcnpi", "destton", "destnpi")),
    ),
    ("S-13.2", lambda block: _value(block, "datacoding") == "240"),
    ("S-12.2", lambda block: _value(block, "datacoding") == "24"),
    ("S-12.1", lambda block: _value(block, "datacoding") == "8"),
    ("S-13.1", lambda block: _value(block, "flash") in ("0", "1")),
    ("S-12.3", lambda block: _value(block, "languageCode") == "ES"),
    ("S-12.4", lambda block: _value(block, "languageCode") == "TR"),
    ("S-19.1", lambda block: bool(_value(block, "pushurl") or _value(block, "nopush"))),
    ("S-18.1", lambda block: bool(_value(block, "appid"))),
    ("S-10.3", lambda block: _value(block, "type") == "longSMS" and len(block.fields.get("metin", "")) > _ONE_PART),
    ("S-10.7", lambda block: _value(block, "type").lower() == "longsms"),
    ("S-12.5", lambda block: bool(set(block.fields.get("metin", "")) - _LETTERS)),
    ("S-11.1", lambda block: not _value(block, "type") and len(block.fields.get("metin", "")) > _ONE_PART),
    ("S-10.1", lambda block: UCS2.one < len(block.fields.get("metin", "")) <= _ONE_PART),
    ("S-09.3", lambda block: "baslik" in block.fields and not _value(block, "baslik")),
    ("S-09.1", lambda block: bool(_value(block, "baslik"))),
)
"""Kinds of messages, with the statement by which each is accepted."""
