"""Bodies of up to the size that the server accepts, each of which costs much in one way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice
from urllib.parse import quote_from_bytes

from benchmarks.bodies import PASSWORD, USER, send_body

LARGEST = 16 * 1024 * 1024
"""Bytes of the largest body that the server accepts by default."""

_LOGIN = f"<dogrulama><kullanici>{USER}</kullanici><parola>{PASSWORD}</parola></dogrulama>"
_GERMAN = 4915110000000


def _sms(inner: str) -> bytes:
    return f"<SMS>{_LOGIN}{inner}</SMS>".encode()


def _send(recipients: str, *, text: str = "Merhaba", fields: str = "") -> str:
    return f"<mesajiniz><metin>{text}</metin>{fields}<alicilar>{recipients}</alicilar></mesajiniz>"


def _one(number: str = "905321234567") -> str:
    return f"<gsm>{number}</gsm>"


def _filled(unit: str, size: int, frame: int = 200) -> str:
    return unit * max(1, (size - frame) // len(unit.encode()))


def _numbered(pattern: str, size: int, first: int = 0) -> str:
    length = len((pattern % first).encode()) + 3
    return "".join(islice((pattern % (first + nth) for nth in range(size)), max(1, (size - 200) // length)))


BODIES: Mapping[str, Callable[[int], bytes]] = {
    "valid recipients": lambda size: send_body(min(100_000, size // 24)),
    "valid recipients with ids": lambda size: _sms(
        _send("".join([f"<gsm messageId='i{nth}'>90532{nth:07}</gsm>" for nth in range(min(100_000, size // 40))]))
    ),
    "a message, then empty messages": lambda size: _sms(_send(_one()) + "<mesajiniz/>" * min(300_000, size // 12)),
    "empty messages": lambda size: _sms("<mesajiniz/>" * min(1_200_000, size // 12)),
    "messages": lambda size: _sms(_send(_one()) * min(10_000, size // 120)),
    "empty elements": lambda size: _sms(_filled("<a/>", size)),
    "a million empty elements": lambda size: _sms("<a/>" * min(1_000_000, size // 4)),
    "different elements": lambda size: _sms(_numbered("<a%d/>", min(size, 9_000_000))),
    "foreign numbers": lambda size: _sms(
        _send("".join([f"<gsm>{_GERMAN + nth}</gsm>" for nth in range(min(100_000, size // 25))]))
    ),
    "no numbers": lambda size: _sms(_send(_numbered("<gsm>%d</gsm>", min(size, 1_250_000)))),
    "equal ids": lambda size: _sms(_send("<gsm messageId='7'>905321234567</gsm>" * min(100_000, size // 40))),
    "lists of numbers": lambda size: _sms(_send(f"<gsm>1{' ' * min(size, 250_000)}1</gsm>" * (size // 251_000 or 1))),
    "deep elements": lambda size: _sms(_filled("<a>", size)),
    "attributes": lambda size: _sms("<mesajiniz" + _numbered(' a%d=""', min(size, 250_000)) + "/>"),
    "a tag over the limit": lambda size: _sms("<mesajiniz" + _numbered(' a%d=""', min(size, 9_000_000)) + "/>"),
    "a long namespace": lambda size: _sms(f"<a:a xmlns:a='{'u' * 250_000}'>{'<a:b/>' * 300_000}</a:a>"),
    "a long text": lambda size: _sms(_send(_one(), text=_filled("ş", min(size, 250_000)))),
    "long texts": lambda size: _sms(
        _send(_one(), text="x" * 250_000, fields="<type>longSMS</type>") * max(1, size // 251_000)
    ),
    "a text over the limit": lambda size: _sms(_send(_one(), text=_filled("x", size, 400))),
    "combining marks": lambda size: _sms(_send(_one(), text="a" + _filled("\u0301\u0316", min(size, 250_000)))),
    "character references": lambda size: _sms(_send(_one(), text=_filled("&#351;", min(size, 250_000)))),
    "CDATA sections": lambda size: _sms(_send(_one(), text=_filled("<![CDATA[<<<<<<<<]]>", size))),
    "unclosed comments": lambda size: _sms(_filled("<!--", size)),
    "white space": lambda size: (_filled("\xa0 ", size)).encode() + _sms(""),
    "url-encoded": lambda size: b"XML=" + quote_from_bytes(send_body(size // 120), safe="").encode(),
    "url-encoded, every byte": lambda size: b"XML=" + ("%3C" * (size // 3 - 2)).encode(),
    "windows-1254": lambda size: (
        b"<?xml version='1.0' encoding='windows-1254'?>"
        + _sms(_send(_one(), text="ş" * 100) * (size // 300)).decode().encode("windows-1254")
    ),
    "a bare ampersand": lambda size: _sms(_filled("<a>x</a>", size, 400) + "&"),
    "undeclared bytes": lambda size: _sms("<a>x</a>" * (size // 9)).replace(b"</SMS>", b"\xfe</SMS>"),
    "parts": lambda size: b"--a\r\n" + _filled("--a\r\nx\r\n\r\n", size).encode(),
}
"""By what they are full of, bodies of up to a size."""

PER_RECIPIENT: Mapping[str, Callable[[int], bytes]] = {
    "a wrong password, many numbers": lambda size: _sms(_send("<gsm>1</gsm>" * min(1_000_000, size // 13))).replace(
        f"<parola>{PASSWORD}".encode(), b"<parola>wrong"
    ),
}
