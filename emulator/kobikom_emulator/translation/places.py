"""The places in a request that notes and refusals are about, as paths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kobikom_emulator.domain.reasons import Reason, Refusal
from kobikom_emulator.protocol.decode import (
    BalanceQuery,
    Request,
    SendRequest,
    TitlesQuery,
)
from kobikom_emulator.translation.requests import WireMessage

FIELDS: Mapping[str, str] = {
    "title": "baslik",
    "text": "metin",
    "binary": "binary",
    "recipients": "alicilar",
    "flash": "flash",
    "coding": "datacoding",
    "no_push": "nopush",
    "delay": "ileriTarih",
    "validity": "ValidityPeriod",
}
"""The element of the request for each field name of the domain."""
_ROOTS: Mapping[type[Request], str] = {SendRequest: "/SMS", TitlesQuery: "/basliklar", BalanceQuery: "/bakiye"}


def refusal_path(request: Request, refusal: Refusal) -> str:
    """The place in a POST that a refusal of the whole request concerns."""
    root = _ROOTS[type(request)]
    match refusal.reason:
        case Reason.NO_USER | Reason.BAD_LOGIN:
            return f"{root}/dogrulama/kullanici"
        case Reason.NO_PASSWORD | Reason.BAD_PASSWORD:
            return f"{root}/dogrulama/parola"
        case _:
            return root


def login_parameter(refusal: Refusal) -> str:
    """The parameter of a pull that a refusal concerns."""
    return "?parola" if refusal.reason in (Reason.NO_PASSWORD, Reason.BAD_PASSWORD) else "?kullanici"


def field_path(message: WireMessage, field: str) -> str:
    """The place of a field of the domain's in a message."""
    return f"{message.path}/{FIELDS[field]}"


def send_path(messages: Sequence[WireMessage], index: int, field: str) -> str:
    """The place of a field in one of a send's messages; the root element where the send has none."""
    return field_path(messages[index], field) if messages else _ROOTS[SendRequest]


def recipient_path(message: WireMessage, index: int) -> str:
    """The place of one recipient, counted from 0."""
    return f"{message.path}/alicilar/gsm" + (f"[{index + 1}]" if index else "")
