"""The notification service with its three bugs corrected; compare it with notifier.py."""

from __future__ import annotations

import urllib.request
from urllib.parse import urlencode
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from notifier import Notifier, ServiceDown


class MendedNotifier(Notifier):
    """Never repeats a send, stores every report, and reads the result of each recipient."""

    def notify(self, numbers: list[str], text: str) -> None:
        """Send one text to some numbers, and record the numbers it was sent to."""
        body = (
            f"<SMS>{self._login()}<mesajiniz><metin>{escape(text)}</metin><alicilar>"
            + "".join(f"<gsm>{number}</gsm>" for number in numbers)
            + "</alicilar></mesajiniz></SMS>"
        )
        answer = self._read(self._post(body))
        # Each recipient has its own result.
        results = [(result.findtext("status"), result.findtext("destination") or "") for result in answer]
        self.sent += [number for status, number in results if status == "0"]
        if refused := [status for status, _ in results if status != "0"]:
            raise ServiceDown(f"status {', '.join(map(str, refused))}")

    def collect(self) -> None:
        """The nightly job: fetch the delivery reports and the balance."""
        login = urlencode({"kullanici": self.user, "parola": self.password})
        answer = self._open(f"{self.base_url}/api/sendsms/xml/pull?{login}")
        # The server gives each report once, so it is stored before anything else can fail.
        if answer != b"NO_DATA":
            self.reports |= {message.attrib["id"]: message.attrib["status"] for message in self._read(answer)}
        self.balance = self._read(self._post(f"<bakiye>{self._login()}</bakiye>")).findtext("miktar") or ""

    def _read(self, body: bytes) -> ET.Element:
        # A proxy answers with a page of its own, sometimes with HTTP 200.
        answer = super()._read(body)
        if answer.tag == "html":
            raise ServiceDown("a page, not the provider's answer")
        return answer

    def _post(self, body: str) -> bytes:
        # Without an answer, the message may have been sent: check before sending it again.
        return self._open(urllib.request.Request(f"{self.base_url}/api/sendsms/xml/", data=body.encode()))
