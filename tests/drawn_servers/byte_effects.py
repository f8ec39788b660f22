"""Effects on the octets of any answer: its document, its head, its framing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from drawn_servers.effects import Choose, Effect, Tell, effect
from drawn_servers.scene import Scene

ALL = "send titles balance pull unreadable"
POSTS = "send titles balance unreadable"
FORM = "T-10 H-01 B-01 R-02 R-03 R-07 S-01 S-02 A-05 A-06 E T-09"
"""Clauses about the form of a document, one for each kind of answer."""
ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#10;", "\n"), ("&#9;", "\t"), ("&amp;", "&"))


def body(change: Callable[[bytes], bytes]) -> Tell:
    """Answer with a changed body."""
    return lambda scene, _: scene.server.with_body(scene, change(scene.response.body))


def _document(change: Callable[[bytes], bytes]) -> Tell:
    """Answer with a changed body if it is a document."""
    return body(lambda octets: change(octets) if octets.startswith(b"<") else octets)


def _sub(pattern: bytes, new: bytes, count: int = 0) -> Tell:
    return body(lambda octets: re.sub(pattern, new, octets, count=count, flags=re.DOTALL))


def _unescaped(octets: bytes) -> bytes:
    for name, char in ENTITIES:
        octets = octets.replace(name.encode(), char.encode())
    return octets


def _head(headers: Mapping[str, str]) -> Tell:
    def tell(scene: Scene, _: Choose) -> bool:
        scene.response = replace(scene.response, headers={**scene.response.headers, **headers})
        return True

    return tell


def _without_label(scene: Scene, _: Choose) -> bool:
    scene.response = replace(scene.response, headers={})
    return True


def _status(number: int) -> Tell:
    def tell(scene: Scene, _: Choose) -> bool:
        changed = scene.response.status == 200
        if changed:
            scene.response = replace(scene.response, status=number)
        return changed

    return tell


def _closes(scene: Scene, _: Choose) -> bool:
    """Close the connection though the head says that it stays open; seen by a client that goes on."""
    scene.response = replace(scene.response, closes=True)
    wishes = scene.request.headers.get("connection", "").lower()
    return "close" not in wishes and scene.request.version != "HTTP/1.0"


def _wire(change: Callable[[bytes, bytes], bytes]) -> Tell:
    """Change what is written: a function of head and body."""

    def tell(scene: Scene, _: Choose) -> bool:
        head, octets = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(scene.response.body), scene.response.body
        scene.response = replace(scene.response, wire=change)
        return change(head, octets) != head + octets

    return tell


def _length(change: Callable[[bytes], int]) -> Tell:
    def rewritten(head: bytes, octets: bytes) -> bytes:
        return re.sub(rb"(?i)(content-length: )\d+", rb"\g<1>%d" % change(octets), head) + octets

    return _wire(rewritten)


def _characters(octets: bytes) -> int:
    return len(octets.decode("utf-8", "replace"))


def _chunked(head: bytes, octets: bytes) -> bytes:
    coded = b"%x\r\n%b\r\n0\r\n\r\n" % (len(octets), octets) if octets else b"0\r\n\r\n"
    return re.sub(rb"(?i)content-length: \d+", b"Transfer-Encoding: chunked", head) + coded


def _upper(found: re.Match[bytes]) -> bytes:
    return found[0].upper()


def _second_length(head: bytes, octets: bytes) -> bytes:
    return head.removesuffix(b"\r\n") + b"Content-Length: %d\r\n\r\n" % (len(octets) + 1) + octets


BYTE_EFFECTS: tuple[Effect, ...] = (
    effect("leaves characters of values unescaped", ALL, f"{FORM} S-03", body(_unescaped)),
    effect("puts a comment after the declaration", POSTS, FORM, _sub(rb"\?>", b"?><!-- ok -->", 1)),
    effect("puts a comment into the document", ALL, FORM, _sub(rb"(.*)</", rb"\1<!-- end --></", 1)),
    effect("puts a processing instruction before the end", ALL, FORM, _sub(rb"(.*)</", rb"\1<?php ?></", 1)),
    effect("cuts the last byte of the document", ALL, FORM, _document(lambda b: b.rstrip()[:-1])),
    effect("cuts the document in the middle", ALL, FORM, _document(lambda b: b[: len(b) // 2])),
    effect("writes the document twice", ALL, FORM, _document(lambda b: b + b)),
    effect("writes a word behind the answer", ALL, FORM, body(lambda b: b + b"\nOK")),
    effect("writes a zero byte behind the answer", ALL, FORM, body(lambda b: b + b"\0")),
    effect("writes a BOM before the answer", ALL, FORM, body(lambda b: b"\xef\xbb\xbf" + b)),
    effect("writes a blank before the answer", ALL, FORM, body(lambda b: b" " + b)),
    effect("writes an empty line before the answer", ALL, FORM, body(lambda b: b"\n" + b)),
    effect("writes CR LF for LF", ALL, FORM, body(lambda b: b.replace(b"\n", b"\r\n"))),
    effect("declares ISO-8859-9", POSTS, FORM, _sub(rb'encoding="UTF-8"', b'encoding="ISO-8859-9"')),
    effect("declares XML 1.1", POSTS, FORM, _sub(rb'version="1.0"', b'version="1.1"')),
    effect("leaves the declaration out", POSTS, FORM, _sub(rb"\A<\?xml.*?\?>\n?", b"")),
    effect("writes a DOCTYPE", POSTS, FORM, _sub(rb"\?>", b"?><!DOCTYPE results>", 1)),
    effect("adds an unknown element", POSTS, FORM, _sub(rb"(.*)</", rb"\1<info>1</info></", 1)),
    effect("adds an attribute to the root", ALL, FORM, _sub(rb"<([A-Za-z]+)>", rb'<\1 v="2">', 1)),
    effect("writes a tag in capitals", POSTS, FORM, body(lambda b: re.sub(rb"messageid|miktar|normal", _upper, b))),
    effect(
        "answers HTTP 201",
        ALL,
        "T-08",
        _status(201),
    ),
    effect("answers HTTP 202", ALL, "T-08", _status(202)),
    effect("answers HTTP 206", ALL, "T-08", _status(206)),
    effect("answers HTTP 500", ALL, "T-08", _status(500)),
    effect("answers HTTP 404", ALL, "T-08", _status(404)),
    effect("labels the answer text/html", ALL, "T-09", _head({"Content-Type": "text/html; charset=UTF-8"})),
    effect("labels the answer without a charset", ALL, "T-09", _head({"Content-Type": "text/csv"})),
    effect("leaves the label out", ALL, "T-09", _without_label),
    effect("gives the length in characters", ALL, f"T-09 {FORM}", _length(_characters)),
    effect("gives a length that is one short", ALL, f"T-09 {FORM}", _length(lambda b: max(len(b) - 1, 0))),
    effect("writes the answer in chunks", ALL, "T-09", _wire(_chunked)),
    effect("closes the connection without saying so", ALL, "T-04", _closes),
    effect("gives two lengths", ALL, "T-09 T-04", _wire(_second_length)),
    effect("ends the lines of the head with LF", ALL, "T-04 T-09", _wire(lambda h, b: h.replace(b"\r\n", b"\n") + b)),
    effect("names HTTP/2 in the status line", ALL, "T-04 T-09", _wire(lambda h, b: b"HTTP/2" + h[8:] + b)),
    effect(
        "writes a header without a colon",
        ALL,
        "T-04 T-09",
        _wire(lambda h, b: h.removesuffix(b"\r\n") + b"X-Note\r\n\r\n" + b),
    ),
    effect("says Content-Encoding: gzip of a plain body", ALL, "T-09 T-10", _head({"Content-Encoding": "gzip"})),
)
