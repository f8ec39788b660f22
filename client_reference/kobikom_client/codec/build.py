"""Build: values to request bytes. Pure; what can't be written as the page asks raises
`InvalidRequest` here, before anything is sent. The wire's Turkish words live in this module and in
`read` only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Final
from urllib.parse import urlencode, urlsplit

from kobikom_client.alphabet import PLAIN, TURKISH, Alphabet, Parts, divide, divide_binary
from kobikom_client.errors import InvalidRequest
from kobikom_client.values import Account, Message, Recipient

PATH: Final = "/api/sendsms/xml/"
_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>'
_ACCEPT: Final = MappingProxyType({"Accept": "*/*"})
_XML: Final = MappingProxyType({"Content-Type": "application/xml; charset=UTF-8", **_ACCEPT})
_UCS2_CODINGS: Final = (8, 24)
# What HH:mm can say; the server clamps to 48 h (S-16).
_LONGEST_VALIDITY: Final = timedelta(hours=999, minutes=59)
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# A parser turns a bare CR into LF, and in an attribute every white space into a blank (S-21).
_TEXT: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_ATTRIBUTE: Final = _TEXT | str.maketrans({'"': "&quot;", "\t": "&#9;", "\n": "&#10;"})


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request. Its URL and body carry the password, so its repr shows neither."""

    method: str
    url: str = field(repr=False)
    body: bytes = field(default=b"", repr=False)

    @property
    def headers(self) -> dict[str, str]:
        return dict(_XML if self.body else _ACCEPT)


def endpoint(url: str) -> str:
    """The API's URL under `url`: a host, a host with a path prefix, or the whole URL itself."""
    try:
        split = urlsplit(url)
        host, port = split.hostname, split.port
    except ValueError:
        host, port = None, None
    plain = re.fullmatch(r"https?://[^@?#]+", url, re.IGNORECASE)
    if not host or port == 0 or not plain or not re.fullmatch("[!-~]+", url):
        # Without quoting it: it may hold somebody's password.
        raise InvalidRequest("the URL must be http(s)://HOST[:PORT][/PREFIX], no user, no query")
    return url.rstrip("/").removesuffix(PATH.rstrip("/")) + PATH


def parts(message: Message) -> Parts:
    """How the text divides in the alphabet this client asks for: what each recipient costs."""
    if message.binary is not None:
        return divide_binary(message.binary)
    if message.data_coding in _UCS2_CODINGS:
        return divide(message.text, ())
    plain = divide(message.text, PLAIN)
    if message.language is None and plain.alphabet is not Alphabet.UCS2:
        return plain  # no national table where none is needed
    turkish = message.language is None or message.language.upper() in ("ES", "TR")
    return divide(message.text, (*PLAIN, *TURKISH)) if turkish else plain


def send_request(account: Account, message: Message, recipients: Sequence[Recipient]) -> Request:
    """One `<SMS>`; fields in the page's order, those left empty left out (T-07)."""
    if not recipients:
        raise InvalidRequest("no recipient")
    body = (
        f"{_DECLARATION}<SMS>{_credentials(account)}<mesajiniz>"
        + "".join(_element(name, value) for name, value in _fields(message) if value)
        + f"<alicilar>{''.join(_recipient(recipient) for recipient in recipients)}</alicilar>"
        + "</mesajiniz></SMS>"
    )
    return Request("POST", endpoint(account.url), body.encode())


def titles_request(account: Account) -> Request:
    return _question(account, "basliklar")


def balance_request(account: Account) -> Request:
    return _question(account, "bakiye")


def reports_request(
    account: Account, *, message_ids: Iterable[str] | None = None, app_id: str | None = None
) -> Request:
    """A pull: of everything, or of `message_ids` only. It consumes what it gives (R-03)."""
    query = {
        "kullanici": _carried(account.user, "kullanici"),
        "parola": _carried(account.password, "parola"),
    }
    if message_ids is not None:
        query["messageid"] = ",".join(_pulled(message_id) for message_id in message_ids)
        if not query["messageid"]:
            raise InvalidRequest("no message id: an empty list would consume every report")
    if app_id:
        query["appid"] = _carried(app_id, "app_id")
    return Request("GET", f"{endpoint(account.url)}pull?{urlencode(query)}")


def _question(account: Account, root: str) -> Request:
    body = f"{_DECLARATION}<{root}>{_credentials(account)}</{root}>"
    return Request("POST", endpoint(account.url), body.encode())


def _credentials(account: Account) -> str:
    user, password = _element("kullanici", account.user), _element("parola", account.password)
    return f"<dogrulama>{user}{password}</dogrulama>"


def _fields(message: Message) -> Iterable[tuple[str, str | None]]:
    if message.binary is not None and message.text:
        raise InvalidRequest("text and binary exclude each other")
    if message.data_coding is not None and not 0 <= message.data_coding <= 255:
        raise InvalidRequest("data_coding is 0 to 255")
    divided = parts(message)
    long = divided.count > 1 if message.long is None else message.long
    coding, language = message.data_coding, message.language
    if coding is None and divided.alphabet is Alphabet.UCS2:
        coding = 8
    if language is None and divided.alphabet in TURKISH:
        language = "ES"
    return (
        ("baslik", message.sender),
        ("metin", message.text),
        ("flash", "1" if message.flash else None),
        ("type", "longSMS" if long else None),
        ("binary", message.binary.hex().upper() if message.binary else None),
        ("datacoding", None if coding is None else str(coding)),
        ("ileriTarih", _offset(message.delay)),
        ("ValidityPeriod", _validity(message.validity)),
        ("appid", message.app_id),
        ("pushurl", message.push_url),
        ("nopush", "1" if message.no_push else None),
        ("languageCode", language),
    )


def _offset(delay: timedelta | None) -> str | None:
    """`4d3h2m1s`, parts of zero left out, a fraction of a second rounded up (S-15)."""
    if not delay:
        return None
    if delay < timedelta(0):
        raise InvalidRequest("delay can't be negative")
    minutes, seconds = divmod(-(-delay // timedelta(seconds=1)), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    units = ((days, "d"), (hours, "h"), (minutes, "m"), (seconds, "s"))
    return "".join(f"{count}{unit}" for count, unit in units if count)


def _validity(validity: timedelta | None) -> str | None:
    """`HH:mm`, a fraction of a minute rounded up (S-16)."""
    if validity is None:
        return None
    if not timedelta(0) < validity <= _LONGEST_VALIDITY:
        raise InvalidRequest("validity must be positive and below 1000 hours")
    hours, minutes = divmod(-(-validity // timedelta(minutes=1)), 60)
    return f"{hours:02}:{minutes:02}"


def _recipient(recipient: Recipient) -> str:
    number = recipient.number.strip()
    if not number:
        raise InvalidRequest("a recipient's number is empty")
    if recipient.message_id is None:
        return _element("gsm", number)
    message_id = _carried(recipient.message_id, "message id").translate(_ATTRIBUTE)
    return f'<gsm messageId="{message_id}">{_carried(number, "number").translate(_TEXT)}</gsm>'


def _element(name: str, text: str) -> str:
    return f"<{name}>{_carried(text, name).translate(_TEXT)}</{name}>"


def _pulled(message_id: str) -> str:
    if "," in message_id or not message_id.strip():
        raise InvalidRequest("a message id to pull is not empty and has no comma (R-01)")
    return _carried(message_id, "message id")


def _carried(text: str, name: str) -> str:
    """`text`, if XML 1.0 can carry it. The error names the place, not the text: it may be a
    password.
    """
    if found := _NOT_XML.search(text):
        where = f"U+{ord(found[0]):04X} at {found.start()}"
        raise InvalidRequest(f"{name}: XML 1.0 can't carry the character {where}")
    return text
