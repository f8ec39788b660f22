"""A day of an application that uses most of what the page documents, against any server."""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlsplit

from kobikom_contracts.documents import Block, Recipient, Send, pull_path, query
from kobikom_contracts.recording.har_files import HarFile
from kobikom_contracts.recording.proxy import RecordingProxy, upstream_at
from kobikom_contracts.recording.pseudonyms import Pseudonyms
from kobikom_contracts.recording.redaction import Redaction
from kobikom_contracts.tls import tls_context

PATH = "/api/sendsms/xml/"
AYSE, MEHMET, ZEYNEP = "905321112233", "905421112234", "905551112235"


@contextlib.contextmanager
def recorded(
    url: str, path: Path, *, now: Callable[[], datetime] = lambda: datetime.now(UTC), pseudonyms: bool = False
) -> Iterator[str]:
    """The URL of a proxy that records what goes to a server; ``now`` is the recorder's clock."""
    writer, redaction = HarFile(path), Redaction(Pseudonyms() if pseudonyms else None)
    try:
        with RecordingProxy(upstream_at(url, tls=tls_context), writer, redaction=redaction, now=now) as proxy:
            yield proxy.url
    finally:
        writer.close()


@dataclass(frozen=True, slots=True)
class Application:
    """Requests of one account. ``wait`` lets time pass until messages are delivered."""

    url: str
    wait: Callable[[], object]
    user: str = "test"
    password: str = "test"

    def request(self, method: str, target: str, body: bytes = b"", **headers: str) -> bytes:
        """One request on a connection of its own; the body of its answer."""
        parts = urlsplit(self.url)
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=20)
        with contextlib.closing(connection):
            connection.request(
                method, target, body or None, {name.replace("_", "-"): value for name, value in headers.items()}
            )
            return connection.getresponse().read()

    def raw(self, head: str, body: bytes) -> bytes:
        """A request with a head of its own, all of its answer; the connection is closed by half."""
        parts = urlsplit(self.url)
        with socket.create_connection((parts.hostname, parts.port), timeout=20) as connection:
            connection.sendall(head.format(length=len(body)).replace("\n", "\r\n").encode() + body)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    def post(self, body: bytes, **headers: str) -> bytes:
        return self.request("POST", PATH, body, **headers)

    def send(self, *numbers: str | Recipient, password: str | None = None, **fields: str) -> bytes:
        """A message; fields by their names on the wire."""
        return self.post(self.message(*numbers, password=password, **fields).body())

    def message(self, *numbers: str | Recipient, password: str | None = None, **fields: str) -> Send:
        """The send of such a message."""
        recipients = tuple(one if isinstance(one, Recipient) else Recipient(one) for one in numbers)
        block = Block(recipients, {"metin": "Merhaba", **fields})
        return Send(self.user, self.password if password is None else password, (block,))

    def balance(self) -> bytes:
        return self.post(query("bakiye", self.user, self.password))

    def titles(self) -> bytes:
        return self.post(query("basliklar", self.user, self.password))

    def pull(self, *ids: str, appid: str | None = None) -> bytes:
        return self.request("GET", pull_path(self.user, self.password, ids or None, appid))


def live(one: Application) -> None:
    """The whole day."""
    for step in (queries, heads, bodies, recipients, messages, faults, logins, reports):
        step(one)
        one.balance()


def queries(one: Application) -> None:
    one.send(AYSE)
    one.balance()
    one.titles()
    one.post(b"XML=" + query("bakiye", one.user, one.password))
    one.post(b"XML=" + query("basliklar", one.user, one.password))


def heads(one: Application) -> None:
    """Heads as old programs and the page write them."""
    body = query("bakiye", one.user, one.password)
    close = "Content-Length: {length}\nConnection: close\n\n"
    one.raw(f"POST {PATH} HTTP/1.0\nContent-Length: {{length}}\n\n", body)
    one.raw(f"POST http://www.kobikom.com{PATH} HTTP/1.1\nHost: kobikom.com\n{close}", body)
    one.raw(f"POST {PATH} HTTP/1.1\nHost: kobikom.com\n{close}", body)
    one.raw(f"POST {PATH} HTTP/1.1\nHost: localhost\nExpect: 100-continue\n{close}", body)


def bodies(one: Application) -> None:
    """The forms in which requests are written."""
    plain = one.message(AYSE, metin="50% + 1").xml()
    one.post(b"XML=" + plain.encode())
    one.post(b"xml=\n" + plain.encode())
    one.post(b"xml=" + plain.encode())
    one.post(b"XML=\n" + plain.encode())
    one.post(b"XML=" + quote(plain, safe="").encode(), Content_Type="application/x-www-form-urlencoded")
    one.post(b"\n" + plain.encode(), Content_Type="text/xml")
    one.post(plain.replace("><", ">\u00a0<").encode(), Content_Type="application/xml Accept: */*")
    one.post(plain.replace("50%", "<![CDATA[50%]]>").encode(), Content_Type="text/xml; charset=x-unknown")
    one.post(plain.replace("50%", "&#x35;0%").replace("SMS>", "sms>").encode())
    declared = '<?xml version="1.0" encoding="ISO-8859-9"?>' + one.message(AYSE, metin="şeker").xml()
    one.post(declared.encode("iso-8859-9"))
    one.post(plain.replace("<mesajiniz>", "<mesajiniz><bilinmeyen>1</bilinmeyen><srcton></srcton>").encode())
    one.request("POST", PATH.rstrip("/"), query("bakiye", one.user, one.password))
    one.post(plain.encode(), Content_Type="text/plain")
    one.post(plain.replace("50%", "<![CDATA[50%]]>").encode())
    one.post(plain.replace("<mesajiniz>", "<mesajiniz><srcton></srcton>").encode())
    one.post(plain.encode(), Content_Type="application/xml Accept: */*")
    one.post(plain.replace("50%", "&#x35;0%").encode())
    one.post(plain.replace("<mesajiniz>", "<mesajiniz><bilinmeyen>1</bilinmeyen>").encode())
    one.post(plain.replace("<SMS>", "<SMS>\u00a0").encode())
    one.post(b"\n" + plain.encode())
    one.post(b"XML=" + plain.encode(), Content_Type="application/x-www-form-urlencoded")


def recipients(one: Application) -> None:
    """Numbers and ids as applications write them."""
    one.send(AYSE, MEHMET, ZEYNEP)
    one.send(Recipient(AYSE, "siparis-1"), MEHMET, Recipient(ZEYNEP, "siparis-2"))
    one.send(Recipient(AYSE, "ayni"), Recipient(MEHMET, "ayni"), ZEYNEP)
    one.send("+" + AYSE, "00" + MEHMET, "0" + ZEYNEP[2:], MEHMET[2:], f" {AYSE} ")
    one.send(AYSE, "902121112233")
    one.send(AYSE, "491711234567")
    one.send(AYSE, "905")
    one.send(Recipient(AYSE, "bir,1"), Recipient(MEHMET, "k" * 60))
    one.send(*(f"9053211122{number:02}" for number in range(60)))
    one.send(AYSE, AYSE)
    one.send(AYSE, "")
    one.post(Send(one.user, one.password, tuple(one.message(number).blocks[0] for number in (AYSE, MEHMET))).body())


def messages(one: Application) -> None:
    """The fields of a message, one after the other."""
    for fields in (
        {"flash": "1"},
        {"metin": "a" * 160},
        {"metin": "a" * 170, "type": "longSMS"},
        {"metin": "şeker", "languageCode": "ES"},
        {"metin": "şeker", "languageCode": "TR"},
        {"metin": "Привет", "datacoding": "8"},
        {"metin": "", "binary": "dEaD"},
        {"ileriTarih": "1h"},
        {"ileriTarih": "1s"},
        {"ValidityPeriod": "48:00"},
        {"nopush": "0"},
        {"appid": "a1"},
        {"datacoding": "240"},
        {"esmclass": "64"},
        {"ileriTarih": "1d"},
        {"ValidityPeriod": "99:00"},
        {"metin": "a" * 200},
        {"metin": "中"},
        {"baslik": "Kobikom"},
        {"baslik": ""},
    ):
        one.send(AYSE, **fields)  # type: ignore[arg-type]  # fields only
        one.balance()


def faults(one: Application) -> None:
    """What is refused with a code of its own."""
    one.send(AYSE, ileriTarih="soon")
    one.send(AYSE, flash="7")
    one.send(AYSE, ValidityPeriod="abc")
    one.send("")
    one.post(b"<SMS>")
    one.send(AYSE, binary="ABC", metin="")
    one.balance()
    one.send("902121112233")
    one.send(AYSE, baslik="Yabanci")
    one.send(AYSE, baslik="ABCDEFGHIJKL")
    one.post(one.message(AYSE).body()[:-6])
    one.post(b"<!DOCTYPE SMS>" + one.message(AYSE).body())
    one.post(b"<siparis/>")
    one.post(b"merhaba")


def logins(one: Application) -> None:
    for user, password in (
        (None, one.password),
        ("", one.password),
        (" ", one.password),
        (one.user, ""),
        ("hic", "x"),
        (one.user, None),
        (None, None),
        (one.user, "yanlis"),
    ):
        one.post(query("bakiye", user, password))
        one.post(Send(user, password, one.message(AYSE).blocks).body())
        one.request("GET", pull_path(user, password))


def reports(one: Application) -> None:
    generated = re.findall(rb"<messageid>(\w+)</messageid>", one.send(AYSE))
    one.wait()
    one.pull(*(ident.decode() for ident in generated))
    one.pull("siparis-1")
    one.pull("siparis-2", "hic")
    one.pull("siparis-1")
    one.pull("k" * 60)
    one.request("GET", pull_path(one.user, one.password, ("ayni",)).replace("messageid", "MessageId"))
    one.request("GET", pull_path(one.user, one.password, ()))
    one.pull(appid="a1")
    one.pull()
    one.send(Recipient(AYSE, "son-1"))
    one.wait()
    one.request("GET", pull_path(one.user, one.password).replace("/pull?", "/pull/?"))
    one.pull()
    one.balance()
