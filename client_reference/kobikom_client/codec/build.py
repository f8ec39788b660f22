"""Makes requests from values. What can't be written raises `InvalidRequest` before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, assert_never
from urllib.parse import quote_plus, urlencode

from kobikom_client.alphabet import NATIONAL, PLAIN, TURKISH, Alphabet, Parts, TurkishTable, divide, divide_binary
from kobikom_client.errors import InvalidRequest
from kobikom_client.message import Account, BodyForm, Message, Recipient

_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>'
_XML: Final = "application/xml; charset=UTF-8"
_FORM: Final = "application/x-www-form-urlencoded; charset=UTF-8"
_UCS2_CODINGS: Final = (8, 24)
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# An XML parser replaces a bare CR by LF, and in an attribute all white space by spaces (S-21).
_TEXT: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_ATTRIBUTE: Final = _TEXT | str.maketrans({'"': "&quot;", "\t": "&#9;", "\n": "&#10;"})


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request. The repr omits its URL and body, which contain the password."""

    method: str
    url: str = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    content_type: str = _XML

    @property
    def headers(self) -> dict[str, str]:
        """The HTTP headers to send with the request."""
        accept = {"Accept": "*/*"}
        return {"Content-Type": self.content_type, **accept} if self.body else accept


def parts(message: Message, *, turkish_table: TurkishTable = TurkishTable.FEWEST) -> Parts:
    """The parts of a message in the alphabet that this client requests for it (S-10, S-12, S-14).

    Each recipient is charged for `parts(message).count` parts, if the server uses `turkish_table` for
    a Turkish text: the page does not say which table it uses.
    """
    if message.binary is not None:
        return divide_binary(message.binary)
    if message.data_coding in _UCS2_CODINGS:
        return divide(message.text, ())
    plain = divide(message.text, PLAIN)
    if message.language is None and plain.alphabet is not Alphabet.UCS2:
        return plain  # do not request a national table if it is not needed
    allows_turkish = message.language is None or message.language.upper() in ("ES", "TR")
    return divide(message.text, (*PLAIN, *NATIONAL[turkish_table])) if allows_turkish else plain


def send_request(
    account: Account,
    message: Message,
    recipients: Sequence[Recipient],
    *,
    body_form: BodyForm = BodyForm.LITERAL,
) -> Request:
    """A send: one `<SMS>` with the fields in the page's order, without the empty ones (T-07), in one of
    the body forms of T-02. As on the page, it has no XML declaration: it would have to be the first of
    the document, and `XML=` is followed by a line end.

    Raises InvalidRequest if there is no recipient or XML can't contain a character of a field.
    """
    if not recipients:
        raise InvalidRequest("no recipient")
    document = (
        f"<SMS>{_credentials(account)}<mesajiniz>"
        + "".join(_element(name, value) for name, value in _fields(message) if value)
        + f"<alicilar>{''.join(_recipient(recipient) for recipient in recipients)}</alicilar>"
        + "</mesajiniz></SMS>"
    )
    match body_form:
        case BodyForm.LITERAL:
            return Request("POST", account.endpoint, f"XML=\n{document}".encode())
        case BodyForm.URL_ENCODED:
            return Request("POST", account.endpoint, f"XML={quote_plus(document)}".encode(), _FORM)
        case BodyForm.BARE:
            return Request("POST", account.endpoint, document.encode())
    assert_never(body_form)


def titles_request(account: Account) -> Request:
    """A query for the account's titles (H-01)."""
    return Request("POST", account.endpoint, f"<basliklar>{_credentials(account)}</basliklar>".encode())


def balance_request(account: Account) -> Request:
    """A query for the account's balance (B-01), the only request that the page prints with a declaration."""
    return Request("POST", account.endpoint, f"{_DECLARATION}<bakiye>{_credentials(account)}</bakiye>".encode())


def reports_request(
    account: Account, *, message_ids: Iterable[str] | None = None, app_id: str | None = None
) -> Request:
    """A pull of all reports, or of those of `message_ids` (R-01). The server gives each report once (R-03).

    Raises InvalidRequest if `message_ids` is empty, an id is empty or contains a comma, or XML can't
    contain a character of the arguments.
    """
    query = {
        "kullanici": _checked(account.user, "kullanici"),
        "parola": _checked(account.password, "parola"),
    }
    if message_ids is not None:
        query["messageid"] = ",".join(_pull_id(message_id) for message_id in message_ids)
        if not query["messageid"]:
            raise InvalidRequest("no message id: a pull without ids would consume every report")
    if app_id:
        query["appid"] = _checked(app_id, "app_id")
    return Request("GET", f"{account.endpoint}pull?{urlencode(query)}")


def _credentials(account: Account) -> str:
    user, password = _element("kullanici", account.user), _element("parola", account.password)
    return f"<dogrulama>{user}{password}</dogrulama>"


def _fields(message: Message) -> Iterable[tuple[str, str | None]]:
    divided = parts(message)
    long = _may_need_parts(message) if message.long is None else message.long
    data_coding, language = message.data_coding, message.language
    if data_coding is None and divided.alphabet is Alphabet.UCS2:
        data_coding = 8
    if language is None and divided.alphabet in TURKISH:
        language = "ES"
    return (
        ("baslik", message.title),
        ("metin", message.text),
        ("flash", "1" if message.flash else None),
        ("type", "longSMS" if long else None),
        ("binary", message.binary.hex().upper() if message.binary else None),
        ("datacoding", None if data_coding is None else str(data_coding)),
        ("ileriTarih", _offset(message.delay)),
        ("ValidityPeriod", _validity(message.validity)),
        ("appid", message.app_id),
        ("pushurl", message.push_url),
        ("nopush", "1" if message.no_push else None),
        ("languageCode", language),
    )


def _may_need_parts(message: Message) -> bool:
    """Whether the message has several parts in any table the server may use: without longSMS it might cut the
    text (S-11). A text that fits one part is one part with longSMS, too.
    """
    return any(parts(message, turkish_table=table).count > 1 for table in TurkishTable)


def _offset(delay: timedelta | None) -> str | None:
    """`4d3h2m1s` without the units that are zero; a fraction of a second is rounded up (S-15)."""
    if not delay:
        return None
    minutes, seconds = divmod(-(-delay // timedelta(seconds=1)), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    units = ((days, "d"), (hours, "h"), (minutes, "m"), (seconds, "s"))
    return "".join(f"{count}{unit}" for count, unit in units if count)


def _validity(validity: timedelta | None) -> str | None:
    """`HH:mm`; a fraction of a minute is rounded up (S-16)."""
    if validity is None:
        return None
    hours, minutes = divmod(-(-validity // timedelta(minutes=1)), 60)
    return f"{hours:02}:{minutes:02}"


def _recipient(recipient: Recipient) -> str:
    number = recipient.number.strip()
    if recipient.message_id is None:
        return _element("gsm", number)
    message_id = _checked(recipient.message_id, "message id").translate(_ATTRIBUTE)
    return f'<gsm messageId="{message_id}">{_checked(number, "number").translate(_TEXT)}</gsm>'


def _element(name: str, text: str) -> str:
    return f"<{name}>{_checked(text, name).translate(_TEXT)}</{name}>"


def _pull_id(message_id: str) -> str:
    if "," in message_id or not message_id.strip():
        raise InvalidRequest("a message id to pull must not be empty or contain a comma (R-01)")
    return _checked(message_id, "message id")


def _checked(text: str, name: str) -> str:
    """`text`, if XML 1.0 can contain it. The error does not quote the text, which may be a password."""
    if character := _NOT_XML.search(text):
        position = f"U+{ord(character[0]):04X} at {character.start()}"
        raise InvalidRequest(f"{name}: XML 1.0 can't contain the character {position}")
    return text
