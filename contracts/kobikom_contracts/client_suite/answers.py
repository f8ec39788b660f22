"""Writes the answers of the scripted server: documents in every reading, whole or cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from xml.sax.saxutils import escape

from kobikom_contracts.client_suite.http_values import CONTENT_TYPE, Ending, Received, Reply
from kobikom_contracts.reader import DECLARATION, Report, Result

HTML_ERROR = (
    "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head>\n"
    "<body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>\n"
)


class Framing(StrEnum):
    """How the end of an answer's body is marked."""

    LENGTH = "length"
    CHUNKED = "chunked"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Carriage:
    """How a body is sent; ``pieces``: the eighths of the answer at which the server pauses."""

    framing: Framing = Framing.LENGTH
    content_type: str | None = CONTENT_TYPE
    pieces: tuple[int, ...] = ()
    keep: bool = True


PLAIN = Carriage()


def carried(request: Received, body: bytes, carriage: Carriage = PLAIN, *, status: str = "200 OK") -> Reply:
    """A whole HTTP answer; one to an HTTP/1.0 request is never chunked, because HTTP/1.0 has no chunks."""
    framing = carriage.framing
    if framing is Framing.CHUNKED and request.version == "HTTP/1.0":
        framing = Framing.LENGTH
    head = [f"HTTP/1.1 {status}"]
    if carriage.content_type is not None:
        head.append(f"Content-Type: {carriage.content_type}")
    if framing is Framing.LENGTH:
        head.append(f"Content-Length: {len(body)}")
    elif framing is Framing.CHUNKED:
        head.append("Transfer-Encoding: chunked")
        body = b"".join(b"%x\r\n%s\r\n" % (len(c), c) for c in _thirds(body)) + b"0\r\n\r\n"
    keep = carriage.keep and framing is not Framing.CLOSE and _persistent(request)
    if not keep:
        head.append("Connection: close")
    raw = ("\r\n".join(head) + "\r\n\r\n").encode("latin-1") + body
    pieces = tuple(len(raw) * eighth // 8 for eighth in carriage.pieces)
    return Reply(raw, Ending.KEEP if keep else Ending.CLOSE, pieces)


def _persistent(request: Received) -> bool:
    connection = (request.header("Connection") or "").lower()
    return "keep-alive" in connection if request.version == "HTTP/1.0" else "close" not in connection


def _thirds(body: bytes) -> list[bytes]:
    third = max(1, len(body) // 3)
    return [body[at : at + third] for at in range(0, len(body), third)]


def cut(request: Received, body: bytes, at: int, framing: Framing, ending: Ending) -> Reply:
    """An answer whose body ends after ``at`` octets, although its head announces more."""
    whole = carried(request, body, Carriage(framing, keep=False))
    head, _, rest = whole.raw.partition(b"\r\n\r\n")
    if b"chunked" in head:
        rest = b"%x\r\n%s" % (len(body), body)
        at += len(b"%x\r\n" % len(body))
    return Reply(head + b"\r\n\r\n" + rest[:at], ending)


# -- documents -------------------------------------------------------------------------------------


def send_answer(results: Sequence[Result]) -> bytes:
    """A send's answer in the documented byte layout (T-10)."""
    rows = "".join(
        f"<result>\n<status>{one.status}</status><messageid>{escape(one.message_id)}</messageid>"
        f"<destination>{escape(one.destination)}</destination></result>\n"
        for one in results
    )
    return f"{DECLARATION}\n<results>\n{rows}</results>\n".encode()


def send_answer_as_printed(results: Sequence[Result]) -> bytes:
    """A send's answer as the page's second example prints it (E, result-shape=as-printed).

    One element a line, later results without their opening tag and with a stray ``<``.
    """
    lines = [DECLARATION, "<results>"]
    for index, one in enumerate(results):
        lines += [f"<status><{one.status}</status>"] if index else []
        lines += [] if index else ["<result>", f"<status>{one.status}</status>"]
        lines.append(f"<messageid>{escape(one.message_id)}</messageid>")
        lines += [f"<destination>{escape(one.destination)}</destination>", "</result>"]
    return "\n".join([*lines, "</results>"]).encode()


def report_document(reports: Sequence[Report], *, closed: bool = True) -> bytes:
    """A delivery report (R-02), ``NO_DATA`` when there is none (R-03).

    ``closed`` False leaves the closing tag out, as one example of the page does.
    """
    if not reports:
        return b"NO_DATA"
    rows = "".join(
        f"<message id={_quoted(one.id)} sentdate={_quoted(one.sentdate)} "
        f"donedate={_quoted(one.donedate)} status={_quoted(one.status)} "
        f"gsmerror={_quoted(one.gsmerror)}/>\n"
        for one in reports
    )
    return f"<DeliveryReport>\n{rows}{'</DeliveryReport>' + chr(10) if closed else ''}".encode()


def title_answer(normal: Sequence[str], numeric: Sequence[str], *, indent: bool = False) -> bytes:
    """A title answer (H-01); ``indent`` lays it out as the page prints it."""
    gap, deep, deeper = ("\n", "\n    ", "\n        ") if indent else ("", "", "")

    def group(name: str, titles: Sequence[str]) -> str:
        rows = "".join(f"{deeper}<baslik>{escape(title)}</baslik>" for title in titles)
        return f"{deep}<{name}>{rows}{deep if titles else ''}</{name}>"

    groups = group("normal", normal) + group("sayisal", numeric)
    return f"{DECLARATION}{gap}<basliklar>{groups}{gap}</basliklar>".encode()


def balance_answer(amount: str, currency: str = "TRY", *, indent: bool = False) -> bytes:
    """A balance answer (B-01)."""
    gap, deep = ("\n", "\n    ") if indent else ("", "")
    fields = f"{deep}<miktar>{amount}</miktar>{deep}<kur>{currency}</kur>"
    return f"{DECLARATION}{gap}<bakiye>{fields}{gap}</bakiye>".encode()


def _quoted(value: str) -> str:
    return '"' + escape(value, {'"': "&quot;"}) + '"'


def refusal(code: int) -> bytes:
    """The refusal of a whole send by one result (A-05), and of a query (A-06)."""
    return send_answer([Result(str(code), "", "")])
