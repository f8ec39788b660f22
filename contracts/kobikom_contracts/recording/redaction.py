"""What must not be in a recording is replaced in the bytes of an exchange, before anything is written."""

from __future__ import annotations

from kobikom_contracts.recording.documents import replace_in_body, replace_in_head
from kobikom_contracts.recording.framing import Message
from kobikom_contracts.recording.passwords import mask_body, mask_head, sweep
from kobikom_contracts.recording.pseudonyms import Pseudonyms

_MOST_PASSWORDS = 1000


class Redaction:
    """The redaction of one recording: passwords always, the rest where there are ``pseudonyms``."""

    def __init__(self, pseudonyms: Pseudonyms | None = None) -> None:
        self.pseudonyms = pseudonyms
        self._passwords: dict[str, int] = {}

    def apply(self, request: Message, answer: Message) -> int:
        """Replace in place; no byte moves. Returns the number of the request's password, 0 for none.

        Each distinct password has a number, from 1 in order of appearance: a wrong one can be seen without being kept.
        """
        passwords = self._replace(request, answer=False)
        for password in passwords:
            if len(self._passwords) < _MOST_PASSWORDS:
                self._passwords.setdefault(password, len(self._passwords) + 1)
        self._replace(answer, answer=True)
        return self._passwords.get(passwords[0], 0) if passwords else 0

    def _replace(self, message: Message, *, answer: bool) -> list[str]:
        passwords: list[str] = []
        body = bytearray(_text(message))
        headers = dict(reversed([(name.lower(), value) for name, value in message.headers]))
        if message.has_head:
            passwords += mask_body(body, message.headers)
            head = message.raw[: message.head_end]
            passwords = mask_head(head, [*self._passwords, *passwords]) + passwords
            if self.pseudonyms:
                replace_in_head(head, self.pseudonyms, answer=answer)
            message.raw[: message.head_end] = head
        else:  # nobody knows which of it is a head
            passwords = mask_head(body, list(self._passwords)) + mask_body(body, ())
        if answer:
            sweep(body, self._passwords)
        if self.pseudonyms and body:
            replace_in_body(body, self.pseudonyms, headers, answer=answer)
        _put_text(message, body)
        return passwords


def _places(message: Message) -> list[tuple[int, int]]:
    """Where the bytes are that may be a text: the body and what follows the message; everything, without a head."""
    if not message.has_head:
        return [(0, len(message.raw))]
    return [*message.spans, (message.end, len(message.raw))]


def _text(message: Message) -> bytes:
    return b"".join(bytes(message.raw[start:end]) for start, end in _places(message))


def _put_text(message: Message, text: bytearray) -> None:
    at = 0
    for start, end in _places(message):
        message.raw[start:end] = text[at : at + end - start]
        at += end - start
