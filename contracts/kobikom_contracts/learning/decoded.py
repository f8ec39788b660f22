"""What a recorded exchange asks for and what it answers, as far as that is certain."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes, urlsplit

from kobikom_contracts import reader
from kobikom_contracts.documents import Block, Recipient, Send
from kobikom_contracts.recording.exchanges import Ended, RecordedExchange
from kobikom_contracts.server_suite.audit import echo
from kobikom_contracts.server_suite.audit.meaning import PullRequest, Query, meaning, meaning_of_pull

PATH = "/api/sendsms/xml"
_ENCODED = re.compile(rb"\s*xml=\s*(?=%3c)", re.IGNORECASE)
_DECLARED = re.compile(rb"\s*(?:xml=)?\s*<\?xml[^>]*encoding", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Decoded:
    """One recorded exchange with the API.

    ``request`` is None where it can be read in several ways, or not at all. ``complete``: a whole answer with HTTP
    status 200 came, so that the request was judged. The results, ids and reports are read leniently.
    """

    position: int
    recorded: RecordedExchange
    request: Send | Query | PullRequest | None
    complete: bool
    text: str
    """The answer as UTF-8, unreadable bytes escaped."""
    results: tuple[reader.Result, ...]
    """The results of a complete answer, empty when there are none."""

    @property
    def user(self) -> str | None:
        """The user of the request, stripped; None when nothing is known of it."""
        return None if self.request is None else (self.request.user or "").strip(echo.BLANK)


@dataclass(frozen=True, slots=True)
class DecodedSend:
    """A send that was answered with results.

    ``pairs``: each recipient with its block and result, None for a refusal without numbers. ``refusal``: the status
    that every result has, "" when a recipient was accepted or the statuses differ.
    """

    exchange: Decoded
    send: Send
    results: tuple[reader.Result, ...]
    pairs: tuple[tuple[Block, Recipient, reader.Result], ...] | None
    refusal: str

    @property
    def position(self) -> int:
        """The place of the exchange in the recordings, from 0."""
        return self.exchange.position

    @property
    def user(self) -> str:
        """The user, stripped."""
        return self.exchange.user or ""

    @property
    def accepted(self) -> bool:
        """Whether at least one recipient was accepted."""
        return any(result.status == "0" for result in self.results)

    @property
    def numbers(self) -> tuple[str, ...]:
        """The recipients that are not empty, as submitted, stripped."""
        stripped = (recipient.gsm.strip(echo.BLANK) for block in self.send.blocks for recipient in block.recipients)
        return tuple(number for number in stripped if number)


def decoded(exchanges: Sequence[RecordedExchange]) -> tuple[Decoded, ...]:
    """The exchanges with the API among some, in their order; the others are left out."""
    every = (_decoded(position, recorded) for position, recorded in enumerate(exchanges))
    return tuple(exchange for exchange in every if exchange is not None)


def decoded_send(exchange: Decoded) -> DecodedSend | None:
    """A send, each recipient with its result; None if the exchange is not a send, or its answer has no results."""
    if not isinstance(exchange.request, Send) or not (results := exchange.results):
        return None
    pairs = echo.pairs(exchange.request, results)
    statuses = {result.status for result in results}
    refusal = statuses.pop() if len(statuses) == 1 else "0"
    return DecodedSend(
        exchange, exchange.request, results, None if pairs is None else tuple(pairs), "" if refusal == "0" else refusal
    )


def _decoded(position: int, recorded: RecordedExchange) -> Decoded | None:
    try:
        path = urlsplit(recorded.target).path.rstrip("/")
    except ValueError:
        return None
    request: Send | Query | PullRequest | None
    if recorded.method == "GET" and path.endswith(f"{PATH}/pull"):
        request = meaning_of_pull(recorded.target)
    elif recorded.method == "POST" and path.endswith(PATH):
        request = _request(recorded)
    else:
        return None
    complete = _is_complete(recorded)
    text = recorded.answer_body.decode("utf-8", "backslashreplace")
    return Decoded(position, recorded, request, complete, text, reader.results(text) if complete else ())


def _is_complete(recorded: RecordedExchange) -> bool:
    if recorded.status != 200 or recorded.ended != Ended.ANSWERED or recorded.answer_left_out:
        return False
    if not recorded.exact:
        return True
    length = recorded.answer_header("Content-Length")
    encoded = (recorded.answer_header("Content-Encoding") or "identity").lower() != "identity"
    return not encoded and (length is None or length == str(len(recorded.answer_body)))


def _request(recorded: RecordedExchange) -> Send | Query | None:
    """The document in the body of a POST; None where encodings make it uncertain."""
    body = recorded.request_body
    if _ENCODED.match(body):
        body = unquote_to_bytes(body.partition(b"=")[2].partition(b"&")[0].replace(b"+", b" "))
    elif not body.isascii() and not _DECLARED.match(body):
        charset = charset_of(recorded)
        if charset and charset.replace("-", "") != "utf8":
            return None
    return meaning(body)


def charset_of(recorded: RecordedExchange) -> str:
    """The charset that the Content-Type of a request names, in lower case; "" when it names none."""
    match = re.search(r"charset\s*=\s*\"?\s*([^\s\";]+)", recorded.request_header("Content-Type") or "", re.IGNORECASE)
    return match[1].lower() if match else ""
