"""A program under test in one file: sends, pulls and reads the balance as its words say. Standard library only."""

import os
import re
import sys
import urllib.request
from pathlib import Path

WORDS = sys.argv[1:]
URL, USER, PASSWORD = (os.environ[f"KOBIKOM_{name}"] for name in ("URL", "USER", "PASSWORD"))
LOGIN = f"<dogrulama><kullanici>{USER}</kullanici><parola>{PASSWORD}</parola></dogrulama>"


def post(body: str) -> str:
    with urllib.request.urlopen(f"{URL}/api/sendsms/xml/", body.encode(), timeout=10) as answer:
        return bytes(answer.read()).decode()


def send() -> str:
    numbers = "<gsm>905322542525</gsm><gsm>905352220087</gsm>"
    return post(f"<SMS>{LOGIN}<mesajiniz><metin>Merhaba</metin><alicilar>{numbers}</alicilar></mesajiniz></SMS>")


def attempt() -> str:
    try:
        return send()
    except OSError:
        return send() if "retries" in WORDS else ""


if "fails" in WORDS:
    sys.exit("it always fails")
if "silent" in WORDS:
    sys.exit(0)
answer = attempt()
codes = re.findall("<status>(.*?)</status>", answer)
if "first-status" in WORDS and codes[:1] == ["0"] and len(set(codes)) > 1:
    sys.exit("the first status stands for all")
if "hangs" in WORDS and "-99" in codes:
    os.read(os.pipe()[0], 1)  # nobody writes
if "flaky" in WORDS and "-99" in codes:
    counter = Path(WORDS[-1])
    counter.write_text(counter.read_text() + "x")
    if len(counter.read_text()) == 1:
        sys.exit("sometimes")
