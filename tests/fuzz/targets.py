"""What is fuzzed: each target takes bytes that anybody may have written, and raises where a promise is broken."""

from __future__ import annotations

import logging
import re
import socket
import tempfile
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec

from kobikom_emulator import Emulator
from kobikom_emulator.bootstrap import UnplayableScenario
from kobikom_emulator.domain.segments import LongText, Segmentation, TurkishTable, Unencodable, segment_text
from kobikom_emulator.exchange import WireRequest
from kobikom_emulator.journal.rendering import rendered
from kobikom_emulator.operations.errors import OperationError
from kobikom_emulator.settings import BadSettings, load

from .offline import Offline

BALANCE = b"<bakiye><dogrulama><kullanici>test</kullanici><parola>test</parola></dogrulama></bakiye>"
CONTENT_TYPES = (
    "application/xml",
    "application/x-www-form-urlencoded",
    "text/xml; charset=iso-8859-9",
    "",
    "charset=\xff",
)
_CREDIT = re.compile(rb"<miktar>([0-9.]+)</miktar>")


class Broken(AssertionError):
    """A promise was broken."""


def check(holds: object, otherwise: str) -> None:
    if not holds:
        raise Broken(otherwise)


@cache
def _shared() -> Offline:
    return Offline()


def body(data: bytes) -> None:
    """A body to the send resource: the answer is a document, its journal entry can be shown, and the credit is less by
    what the accepted messages cost. The first byte chooses the Content-Type.
    """
    server = _shared()
    before = server.run(server.space.store.credit("test", server.space.clock.now()))
    number = server.run(server.space.store.next_number())
    kind = CONTENT_TYPES[data[0] % len(CONTENT_TYPES)] if data else ""
    answer = server.run(server.gateway.post(WireRequest("POST", "/api/sendsms/xml/", data[1:], kind)))
    check(answer.status == 200, f"HTTP {answer.status}")
    ET.fromstring(answer.body)
    rendered(next(reversed(list(server.space.journal))), language="tr")
    end = server.run(server.space.store.next_number())
    accepted = server.run(server.space.store.numbered(range(number, end)))
    cost = sum([state.batch.cost_of(state.index) for state in accepted], Decimal())
    after = server.run(server.space.store.credit("test", server.space.clock.now()))
    check(after <= before and before - after <= cost, f"{cost} was accepted and {before - after} charged")
    if not accepted:
        check(before == after, "nothing was accepted and something charged")
    server.run(server.operations.space().reset())


def pull(data: bytes) -> None:
    """The query of a pull: an answer, and an entry that can be shown."""
    server = _shared()
    target = "/api/sendsms/xml/pull?" + data.decode("latin-1").replace("\r", "").replace("\n", "")
    answer = server.run(server.gateway.pull(WireRequest("GET", target)))
    check(answer.status == 200, f"HTTP {answer.status}")
    rendered(next(reversed(list(server.space.journal))), language="en")


@cache
def _listening() -> tuple[Emulator, list[logging.LogRecord]]:
    errors: list[logging.LogRecord] = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = errors.append  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    emulator = Emulator()
    emulator.__enter__()
    return emulator, errors


def wire(data: bytes) -> None:
    """Bytes to the server's socket: it logs no error and goes on answering others."""
    emulator, errors = _listening()
    errors.clear()
    address = (emulator.running.host, emulator.running.port)
    with socket.create_connection(address, timeout=30) as client:
        try:
            client.sendall(data)
            client.shutdown(socket.SHUT_WR)
            while client.recv(65536):
                pass
        except ConnectionError:
            pass
    with socket.create_connection(address, timeout=30) as client:
        head = (
            f"POST /api/sendsms/xml/ HTTP/1.1\r\nHost: x\r\nContent-Length: {len(BALANCE)}\r\nConnection: close\r\n\r\n"
        )
        client.sendall(head.encode() + BALANCE)
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    check(_CREDIT.search(answer), f"another client got {answer[:200]!r}")
    check(not errors, "; ".join([logging.Formatter().format(record) for record in errors]))


OPERATIONS = (
    ("POST", "/spaces"), ("POST", "/spaces/default/accounts"), ("PATCH", "/spaces/default/accounts/test"),
    ("POST", "/spaces/default/clock"), ("POST", "/spaces/default/faults"), ("POST", "/spaces/default/faults/preview"),
    ("PATCH", "/spaces/default/readings"), ("PUT", "/spaces/default/readings"), ("POST", "/spaces/default/scenario"),
    ("POST", "/spaces/default/messages/1/outcome"), ("PUT", "/spaces/default/state"),
)  # fmt: skip


def control(data: bytes) -> None:
    """A body to an operation of the control API, which the first byte chooses: no 500, and the server is as good as
    before.
    """
    server = Offline()
    try:
        method, path = OPERATIONS[data[0] % len(OPERATIONS)] if data else OPERATIONS[0]
        headers = {"Content-Type": "application/json"}
        answer = server.run(server.control.answer(method, f"/_emulator{path}", data[1:], headers))
        check(answer.status < 500, f"{method} {path}: HTTP {answer.status}")
        msgspec.json.decode(answer.body or b"null")
        for place in ("", "/messages", "/ledger", "/faults", "/accounts"):
            shown = server.run(server.control.answer("GET", f"/_emulator/spaces/default{place}", b"", {}))
            check(shown.status == 200, f"after {method} {path}, {place}: HTTP {shown.status}")
    finally:
        server.close()


def state(data: bytes) -> None:
    """A state file: it is refused, or imported and exported again as a document that can be imported."""
    server = _shared()
    space = server.operations.space()
    try:
        server.run(space.import_state(data))
    except OperationError:
        return
    first = b"".join(server.run(space.export_state()))
    server.run(space.import_state(first))
    second = b"".join(server.run(space.export_state()))
    frozen = b'"frozen":true' in first
    check(first == second or not frozen, "an export of what was exported is another document")
    server.run(space.reset())


def settings(data: bytes) -> None:
    """A settings file: it is used, or refused in one line."""
    with tempfile.NamedTemporaryFile(suffix=".toml") as file:
        file.write(data)
        file.flush()
        try:
            load(file=Path(file.name)).settings.blueprint()
        except BadSettings as error:
            check("\n" not in str(error), f"more than one line: {error}")


def scenario(data: bytes) -> None:
    """A scenario file: the server begins with it, or says in one line why it can't."""
    try:
        server = Offline(data)
    except UnplayableScenario as error:
        check("\n" not in str(error), f"more than one line: {error}")
        return
    server.run(server.gateway.post(WireRequest("POST", "/api/sendsms/xml/", BALANCE)))
    server.close()


def text(data: bytes) -> None:
    """A text, of which the first byte says how it is sent: no part is too long, and no character gets lost unsaid."""
    options = data[0] if data else 0
    written = data[1:].decode("utf-8", "replace")
    parts = segment_text(
        written,
        ucs2=bool(options & 1),
        turkish=bool(options & 2),
        concatenate=bool(options & 4),
        long_text=LongText.CUT if options & 8 else LongText.SPLIT,
        unencodable=Unencodable.UCS2 if options & 16 else Unencodable.QUESTION_MARK,
        turkish_table=list(TurkishTable)[options % 3],
    )
    if not isinstance(parts, Segmentation):
        return
    check(parts.parts, "there is no part")
    check(parts.units <= parts.capacity * len(parts.parts), "the parts are too long")
    sent = "".join(parts.parts)
    if not parts.replaced:
        check(sent + parts.lost == written, "a character is missing")
    check(len(sent) + len(parts.lost) == len(written), "the length differs")


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "body": body,
    "pull": pull,
    "wire": wire,
    "control": control,
    "state": state,
    "settings": settings,
    "scenario": scenario,
    "text": text,
}
