"""A correct service for the promises, and mistakes that can be switched on. Standard library only."""

from __future__ import annotations

import http.client
import urllib.request
from collections.abc import Collection, Sequence
from decimal import Decimal
from urllib.parse import urlencode
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

PRICE = Decimal(1)


class ServiceDown(Exception):
    """What this service raises where it fails."""


class Orders:
    """Notifies customers. `mistakes` are the names of what it does wrong."""

    def __init__(self, base_url: str, user: str, password: str, mistakes: Collection[str] = ()) -> None:
        self.api = f"{base_url}/api/sendsms/xml/"
        self.user, self.password = user, password
        self.mistakes = mistakes
        self.sent: list[tuple[str, str]] = []
        self.maybe_sent: list[tuple[str, str]] = []
        self.reports: dict[str, str] = {}
        self.alarms: list[str] = []
        self.spent = Decimal(0)
        self.broken = False

    def numbers_sent(self, text: str) -> list[str]:
        return [number for number, its in self.sent if its == text]

    def numbers_unsure(self, text: str) -> list[str]:
        return [number for number, its in self.maybe_sent if its == text]

    def send(self, numbers: Sequence[str], text: str) -> None:
        if "always fails" in self.mistakes or self.broken:
            raise ServiceDown("as always")
        login = f"<kullanici>{escape(self.user)}</kullanici><parola>{escape(self.password)}</parola>"
        recipients = "".join(f"<gsm>{number}</gsm>" for number in numbers)
        body = (
            f"<SMS><dogrulama>{login}</dogrulama><mesajiniz><metin>{escape(text)}</metin>"
            f"<alicilar>{recipients}</alicilar></mesajiniz></SMS>"
        )
        try:
            results = self._results(body)
        except (OSError, http.client.HTTPException, ET.ParseError) as error:
            if "sends again" in self.mistakes:
                results = self._results(body)
            else:
                self.broken = "gives up for good" in self.mistakes
                if "forgets the unsure" not in self.mistakes:
                    self.maybe_sent += [(number, text) for number in numbers]
                raise ServiceDown(str(error)) from error
        if "first status" in self.mistakes:
            results = [(results[0][0], number) for number in numbers]
        accepted = [number for status, number in results if status == "0"]
        self.sent += [(number, text) for number in accepted]
        self.spent += PRICE * (len(numbers) if "pays for the refused" in self.mistakes else len(accepted))
        if len(accepted) < len(numbers):
            raise ServiceDown(str(results))

    def collect(self) -> None:
        if "never collects" in self.mistakes:
            raise ServiceDown("not tonight")
        query = urlencode({"kullanici": self.user, "parola": self.password})
        try:
            answer = self._open(f"{self.api}pull?{query}")
            if answer == b"NO_DATA":
                return
            if answer.strip().lstrip(b"-").isdigit():
                raise ServiceDown(f"refused: {answer!r}")
            for report in ET.fromstring(answer):
                status = "DELIVERED" if "all delivered" in self.mistakes else report.attrib["status"]
                self.reports[report.attrib["id"]] = status
        except (OSError, http.client.HTTPException, ET.ParseError, KeyError) as error:
            if "no alarm" not in self.mistakes:
                self.alarms.append(f"reports may be lost: {error}")
            raise ServiceDown(str(error)) from error

    def _results(self, body: str) -> list[tuple[str, str]]:
        root = ET.fromstring(self._open(urllib.request.Request(self.api, body.encode())))
        if root.tag != "results":
            raise http.client.HTTPException("not the service")
        return [(each.findtext("status") or "", each.findtext("destination") or "") for each in root]

    def _open(self, request: urllib.request.Request | str) -> bytes:
        with urllib.request.urlopen(request, timeout=10) as answer:
            body = bytes(answer.read())
            if "html" in answer.headers["Content-Type"]:
                raise http.client.HTTPException("not the service")
            return body
