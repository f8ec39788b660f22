"""A small notification service that works as long as nothing fails.

It has three bugs, which docs/testing/fuzzing.md finds. Standard library only.
"""

from __future__ import annotations

import http.client
import urllib.request
from urllib.parse import urlencode
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape


class ServiceDown(Exception):
    """The provider did not answer, or refused the request."""


class Notifier:
    """Notifies customers of their orders. `sent` and `reports` represent two tables of a database."""

    def __init__(self, base_url: str, user: str, password: str) -> None:
        self.base_url = base_url
        self.user = user
        self.password = password
        self.sent: list[str] = []
        self.reports: dict[str, str] = {}
        self.balance = ""

    def notify(self, numbers: list[str], text: str) -> None:
        """Send one text to some numbers, and record the numbers it was sent to."""
        body = (
            f"<SMS>{self._login()}<mesajiniz><metin>{escape(text)}</metin><alicilar>"
            + "".join(f"<gsm>{number}</gsm>" for number in numbers)
            + "</alicilar></mesajiniz></SMS>"
        )
        answer = self._read(self._post(body))
        if answer.findtext("result/status") == "0":
            self.sent += numbers
        else:
            raise ServiceDown(f"status {answer.findtext('result/status')}")

    def collect(self) -> None:
        """The nightly job: fetch the delivery reports and the balance."""
        login = urlencode({"kullanici": self.user, "parola": self.password})
        answer = self._open(f"{self.base_url}/api/sendsms/xml/pull?{login}")
        self.balance = self._read(self._post(f"<bakiye>{self._login()}</bakiye>")).findtext("miktar") or ""
        if answer != b"NO_DATA":
            self.reports |= {message.attrib["id"]: message.attrib["status"] for message in self._read(answer)}

    def _login(self) -> str:
        return (
            f"<dogrulama><kullanici>{escape(self.user)}</kullanici><parola>{escape(self.password)}</parola></dogrulama>"
        )

    def _post(self, body: str) -> bytes:
        request = urllib.request.Request(f"{self.base_url}/api/sendsms/xml/", data=body.encode())
        try:
            return self._open(request)
        except ServiceDown:
            return self._open(request)

    def _open(self, request: urllib.request.Request | str) -> bytes:
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return bytes(answer.read())
        except (OSError, http.client.HTTPException) as error:
            raise ServiceDown(str(error)) from error

    def _read(self, body: bytes) -> ET.Element:
        try:
            return ET.fromstring(body)
        except ET.ParseError as error:
            raise ServiceDown(f"not XML: {body[:80]!r}") from error
