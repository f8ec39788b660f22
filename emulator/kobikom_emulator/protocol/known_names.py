"""Whether a body has no other names than the API's, by a quick search that may say no without need."""

from __future__ import annotations

import re

from kobikom_emulator.protocol.names import FIELDS, PARENTS, ROOTS

_NAMES = re.compile(rb"[<&]/?([^\s/>#;]*)")
_BEFORE = re.compile(rb"\s{0,100}(?:XML\s{0,100}=\s{0,100})?(?=<)", re.IGNORECASE)
_MESSAGE_ID = re.compile(rb"\smessageId\s*=", re.IGNORECASE)

_KNOWN = frozenset(
    name.encode()
    for written in (*ROOTS, *FIELDS, *PARENTS, "", "?xml", "amp", "lt", "gt", "quot", "apos")
    for name in (written, written.lower(), written.upper())
)


def has_known_names_only(body: bytes) -> bool:
    """Whether every name of an element, attribute or entity in a body of literal XML is the API's or XML's own."""
    literal = _BEFORE.match(body)
    if literal is None:
        return False
    others = body.replace(b"</gsm>", b"").replace(b"<gsm>", b"")  # nearly all that a large send has
    if not _KNOWN.issuperset(_NAMES.findall(others)):
        return False
    signs = body.count(b"=", literal.end())
    if signs and (declaration := body.find(b"?>", 0, 256)) >= 0:
        signs -= body.count(b"=", literal.end(), declaration)
    return signs <= 0 or signs <= len(_MESSAGE_ID.findall(body))
