"""Sends in which nothing but one named field can be a reason to refuse the whole request."""

from __future__ import annotations

import re

from kobikom_contracts.learning.decoded import DecodedSend
from kobikom_contracts.learning.traffic import Traffic, is_plain
from kobikom_contracts.server_suite.audit import echo

MOST_RECIPIENTS = 100
"""Over this many, a limit may have refused the request (T-11)."""
LONGEST_TEXT = 1000
"""Characters over which a limit may have refused the request."""
LONGEST_VALIDITY = 48 * 60
"""Minutes of the longest validity (S-16)."""
SHORT_TEXT = 70
"""Characters that fit into one part in every alphabet."""

_PLAIN_VALUES = {
    "flash": {"", "0", "1"},
    "type": {"", "longsms"},
    "datacoding": {"", "0", "8"},
    "ileriTarih": {"", "1s"},
    "nopush": {"", "0"},
    "pushurl": {"", "nopush"},
    "languageCode": {"", "es", "tr"},
}
_EMPTY = ("wapurl", "binary", "esmclass", "srcton", "srcnpi", "destton", "destnpi", "appid")


def is_faultless(send: DecodedSend, *, but: str) -> bool:
    """Whether everything in a send but one field is in order beyond doubt, titles apart.

    One message, up to a hundred plain numbers, no repeated id, a short text, documented values in every field.
    """
    if len(send.send.blocks) != 1 or not 0 < len(send.numbers) <= MOST_RECIPIENTS:
        return False
    block = send.send.blocks[0]
    if len(send.numbers) != len(block.recipients) or not all(map(is_plain, send.numbers)):
        return False
    if any(recipient.message_id is not None for recipient in block.recipients):
        return False
    fields = {name: value.strip(echo.BLANK) for name, value in block.fields.items()}
    if but != "metin" and not 0 < len(fields.get("metin", "")) <= SHORT_TEXT:
        return False
    minutes = validity_minutes(fields.get("ValidityPeriod", ""))
    if but != "ValidityPeriod" and minutes is not None and not 0 <= minutes <= LONGEST_VALIDITY:
        return False
    allowed = all(fields.get(name, "").lower() in values for name, values in _PLAIN_VALUES.items() if name != but)
    return allowed and not any(fields.get(name, "") for name in _EMPTY)


def validity_minutes(text: str) -> int | None:
    """The minutes of a validity period ``HH:mm``; None for an empty one, -1 for another form."""
    if not text:
        return None
    match = re.fullmatch(r"(\d{1,3}):([0-5]\d)", text, re.ASCII)
    return int(match[1]) * 60 + int(match[2]) if match else -1


def title_of(send: DecodedSend) -> str:
    """The title of the only message of a send, stripped."""
    return send.send.blocks[0].fields.get("baslik", "").strip(echo.BLANK)


def has_accepted_title(traffic: Traffic, send: DecodedSend) -> bool:
    """Whether another send of the same user with the same title, or without one, was accepted."""
    return (send.user, title_of(send)) in traffic.accepted_titles
