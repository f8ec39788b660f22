"""A program that sends two messages to the address in KOBIKOM_URL; arguments make it do something wrong."""

import http.client
import os
import sys
from urllib.parse import urlsplit

WRONG = set(sys.argv[1:])
LOGIN = "<dogrulama><kullanici>{KOBIKOM_USER}</kullanici><parola>{KOBIKOM_PASSWORD}</parola></dogrulama>"


def post(body, url):
    """The status and headers of the answer to a POST."""
    at = urlsplit(url)
    wire = http.client.HTTPConnection(at.hostname, at.port, timeout=None if "patient" in WRONG else 0.5)
    try:
        path = "/api/wrong/" if "path" in WRONG else at.path
        wire.request("POST", path, body.encode(), {"Content-Type": "application/xml; charset=UTF-8"})
        answer = wire.getresponse()
        answer.read()
        return answer.status, answer.headers
    finally:
        wire.close()


def send(text):
    """Send once, unless an argument makes it send again."""
    kind = "" if "short" in WRONG else "<type>longSMS</type>"
    coding = "<datacoding>8</datacoding>" if not text.isascii() or "wide" in WRONG else ""
    message = f"<mesajiniz><metin>{text}</metin>{kind}{coding}<alicilar><gsm>905329975725</gsm></alicilar></mesajiniz>"
    body = f"<SMS>{LOGIN.format(**os.environ)}{message}</SMS>"
    try:
        status, headers = post(body, os.environ["KOBIKOM_SEND_URL"])
        if status in (307, 308) and "follow" in WRONG:
            post(body, headers["Location"])
    except (OSError, http.client.HTTPException):
        if "again" in WRONG:
            post(body, os.environ["KOBIKOM_SEND_URL"])


if "nothing" not in WRONG:
    send("Merhaba " * 30)
    send("Güle güle")
