"""What the gateway needs to know of a request: who sent it, and what fault rules look at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias, assert_never

from kobikom_emulator.faults.rule import Incoming
from kobikom_emulator.journal.entries import Operation
from kobikom_emulator.protocol.decode import (
    BalanceQuery,
    Mesaj,
    Request,
    SendRequest,
    TitlesQuery,
)
from kobikom_emulator.protocol.pull_query import PullQuery

WireMessage: TypeAlias = Mesaj
"""One message of a send as it was in the request."""

OPERATIONS: Mapping[type[Request], Operation] = {
    SendRequest: Operation.SEND,
    TitlesQuery: Operation.TITLES,
    BalanceQuery: Operation.BALANCE,
}


def user_of(request: Request | PullQuery) -> str:
    """The user that a request names, "" if it names none."""
    return request.credentials.kullanici


def credentials_of(request: Request | PullQuery) -> tuple[str, str]:
    """User and password of a request, "" where absent."""
    return request.credentials.kullanici, request.credentials.parola


def numbers_of(message: WireMessage) -> tuple[str, ...]:
    """The numbers of a message as submitted, empty ones included."""
    return message.alicilar.gsm


def texts_of(request: Request) -> list[tuple[tuple[str, ...], str]]:
    """The numbers and the text of each message of a send; none of another request."""
    messages = request.messages if isinstance(request, SendRequest) else ()
    return [(numbers_of(message), message.metin) for message in messages]


def recipients_of(request: Request) -> int:
    """How many recipients a send names; 0 for another request."""
    return sum([len(numbers_of(message)) for message in request.messages]) if isinstance(request, SendRequest) else 0


def client_ids_of(message: WireMessage) -> tuple[str, ...] | None:
    """The ids that the client gave its recipients, in the order of the numbers; None if it gave none."""
    return message.alicilar.message_ids


def incoming_post(request: Request) -> Incoming:
    """What fault rules look at in a POST."""
    user = user_of(request)
    match request:
        case SendRequest():
            return Incoming(
                "send",
                user,
                [message.alicilar.gsm for message in request.messages],
                [message.baslik for message in request.messages],
                [message.metin for message in request.messages],
            )
        case TitlesQuery():
            return Incoming("titles", user)
        case BalanceQuery():
            return Incoming("balance", user)
        case _:
            assert_never(request)


def incoming_pull(query: PullQuery) -> Incoming:
    """What fault rules look at in a pull."""
    return Incoming("pull", user_of(query))
