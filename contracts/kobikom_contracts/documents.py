"""Request documents as values and as bytes.

The server suite builds every well-formed request here; malformed bytes are written by the contracts
that need them. Fields keep their names on the wire.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

SEND_PATH = "/api/sendsms/xml/"
PULL_PATH = "/api/sendsms/xml/pull"

FIELD_ORDER = (
    "baslik",
    "metin",
    "flash",
    "type",
    "wapurl",
    "binary",
    "datacoding",
    "esmclass",
    "srcton",
    "srcnpi",
    "destton",
    "destnpi",
    "ileriTarih",
    "ValidityPeriod",
    "appid",
    "pushurl",
    "nopush",
    "languageCode",
)
"""The fields of one mesajiniz, in the order of the vendor's example."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """One ``<gsm>``: the number as written and the client's own message id, if any."""

    gsm: str
    message_id: str | None = None

    def xml(self) -> str:
        """``<gsm messageId="…">…</gsm>``."""
        ident = "" if self.message_id is None else f" messageId={_attribute(self.message_id)}"
        return f"<gsm{ident}>{_text(self.gsm)}</gsm>"


@dataclass(frozen=True, slots=True)
class Block:
    """One ``<mesajiniz>``: fields by wire name (absent ones are left out) and recipients."""

    recipients: tuple[Recipient, ...]
    fields: Mapping[str, str] = field(default_factory=lambda: {"metin": "Merhaba"})

    def xml(self) -> str:
        """The block as XML, no white space between tags."""
        inner = "".join(f"<{name}>{_text(self.fields[name])}</{name}>" for name in sorted(self.fields, key=_rank))
        gsms = "".join(recipient.xml() for recipient in self.recipients)
        return f"<mesajiniz>{inner}<alicilar>{gsms}</alicilar></mesajiniz>"


@dataclass(frozen=True, slots=True)
class Send:
    """A whole ``<SMS>`` request; ``user`` or ``password`` None leaves the tag out."""

    user: str | None
    password: str | None
    blocks: tuple[Block, ...]

    def xml(self) -> str:
        """The document, without a declaration."""
        blocks = "".join(block.xml() for block in self.blocks)
        return f"<SMS>{credentials(self.user, self.password)}{blocks}</SMS>"

    def body(self) -> bytes:
        """The document as UTF-8 bytes, bare."""
        return self.xml().encode("utf-8")

    @property
    def recipients(self) -> int:
        """The number of recipients of all blocks."""
        return sum(len(block.recipients) for block in self.blocks)

    def signed(self, user: str, password: str) -> Send:
        """The same request with other credentials (strategies draw requests without any)."""
        return replace(self, user=user, password=password)


def credentials(user: str | None, password: str | None) -> str:
    """``<dogrulama>…</dogrulama>``; None leaves a tag out, both None leaves all of it out."""
    if user is None and password is None:
        return ""
    first = "" if user is None else f"<kullanici>{_text(user)}</kullanici>"
    second = "" if password is None else f"<parola>{_text(password)}</parola>"
    return f"<dogrulama>{first}{second}</dogrulama>"


def query(root: str, user: str | None, password: str | None) -> bytes:
    """A title (``basliklar``) or balance (``bakiye``) query."""
    return f"<{root}>{credentials(user, password)}</{root}>".encode()


def pull_path(
    user: str | None,
    password: str | None,
    ids: tuple[str, ...] | None = None,
    appid: str | None = None,
) -> str:
    """Path and query string of a pull; None leaves a parameter out."""
    pairs = (
        ("kullanici", user),
        ("parola", password),
        ("messageid", None if ids is None else ",".join(ids)),
        ("appid", appid),
    )
    query_string = "&".join(f"{name}={quote(value, safe=',')}" for name, value in pairs if value is not None)
    return f"{PULL_PATH}?{query_string}"


def _text(value: str) -> str:
    # A bare CR would be read as LF (XML 1.0, 2.11); a character reference is kept.
    return escape(value, {"\r": "&#13;"})


def _attribute(value: str) -> str:
    return quoteattr(value, {"\r": "&#13;", "\n": "&#10;", "\t": "&#9;"})


def _rank(name: str) -> int:
    return FIELD_ORDER.index(name) if name in FIELD_ORDER else len(FIELD_ORDER)
