"""From the query string of a pull to its typed request (R-01, R-04)."""

from __future__ import annotations

from functools import partial
from urllib.parse import unquote_to_bytes

import msgspec

from kobikom_emulator.protocol.decode import BLANK, Credentials
from kobikom_emulator.protocol.names import lower, meant
from kobikom_emulator.protocol.slips import Slip, Slips, Unread


class PullQuery(msgspec.Struct, frozen=True, gc=False):
    """The query string of a pull; `message_ids` is None where the parameter is absent, `appid` ""."""

    credentials: Credentials
    message_ids: tuple[str, ...] | None
    appid: str
    unread: tuple[Unread, ...] = ()


def decode_pull(query: str) -> PullQuery:
    """Read the raw query string of a pull (R-01): names in any case, the first of a repeated name wins.

    `message_ids` is empty where the parameter names nothing (R-04).
    """
    parameters: dict[str, str] = {}
    slips = Slips()
    for pair in query.split("&"):
        if not pair:
            continue
        name, _, value = pair.partition("=")
        written = _percent_decode(name)
        key = written if written in _PARAMETERS else lower(written)
        if key in _PARAMETERS and key not in parameters:
            parameters[key] = _percent_decode(value)
            continue
        spelled = meant(written)
        slip = Slip.REPEATED if key in _PARAMETERS else Slip.SPELLING if spelled in _PARAMETERS else Slip.UNKNOWN
        wanted = spelled if slip is Slip.SPELLING else ""
        slips.add(slip, (key,), partial(_path, written), partial(_percent_decode, value), wanted)
    message_ids = parameters.get("messageid")
    return PullQuery(
        Credentials(parameters.get("kullanici", "").strip(BLANK), parameters.get("parola", "").strip(BLANK)),
        None if message_ids is None else tuple([name for each in message_ids.split(",") if (name := each.strip())]),
        parameters.get("appid", "").strip(),
        slips.reports(),
    )


_PARAMETERS = frozenset({"kullanici", "parola", "messageid", "appid"})


def _path(name: str) -> str:
    return f"?{name if len(name) <= 60 else name[:57] + '…'}"


def _percent_decode(value: str) -> str:
    if value.isascii() and "%" not in value and "+" not in value:
        return value
    # Raw octets in a request line come as lone surrogates.
    octets = unquote_to_bytes(value.replace("+", " ").encode("utf-8", "surrogateescape"))
    try:
        return octets.decode()
    except UnicodeDecodeError:
        return octets.decode("windows-1254", "replace")
