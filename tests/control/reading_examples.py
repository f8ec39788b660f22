"""Makes the examples of the readings: the same requests under each value of a reading, with the last answer.

`python tests/control/reading_examples.py` writes them into the emulator again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import kobikom_emulator
from kobikom_emulator import Emulator
from kobikom_emulator.protocol.readings import CATALOGUE

FILE = Path(kobikom_emulator.__file__).parent / "control" / "reading_examples.json"
START = "2026-01-31T09:00:00+03:00"
NUMBER = "905321234567"

Step = tuple[str, str | bytes]
"""`post` with a body, `pull` with the rest of the query, or `advance` with seconds."""


def send(text: str = "Merhaba", *, gsm: str = f"<gsm>{NUMBER}</gsm>", fields: str = "", login: str = "test") -> Step:
    return "post", (
        f"<SMS>\n<dogrulama><kullanici>{login}</kullanici><parola>test</parola></dogrulama>\n<mesajiniz>\n{fields}"
        f"<metin>{text}</metin>\n<alicilar>{gsm}</alicilar>\n</mesajiniz>\n</SMS>"
    )


BALANCE: Step = (
    "post",
    "<bakiye><dogrulama><kullanici>test</kullanici><parola>test</parola></dogrulama></bakiye>",
)
LATER: Step = ("advance", "5")
PULL: Step = ("pull", "")
TWO = f"<gsm>{NUMBER}</gsm><gsm>905421234567</gsm>"

EXCHANGES: Mapping[str, Sequence[Step]] = {
    "undeclared-bytes": [("post", str(send("şimdi")[1]).encode("windows-1254"))],
    "content-type": [send()],
    "answer-layout": [send()],
    "refusal-shape": [send(login="kimse", gsm=TWO)],
    "result-shape": [send(gsm=TWO)],
    "login-codes": [send(login="kimse")],
    "message-id": [send()],
    "duplicate-id": [
        send(gsm=f'<gsm messageId="a">{NUMBER}</gsm>'),
        send(gsm="".join(f'<gsm messageId="{name}">{NUMBER}</gsm>' for name in "bba")),
    ],
    "empty-gsm": [send(gsm=f"<gsm>{NUMBER}</gsm><gsm></gsm>")],
    "short-number": [send(gsm="<gsm>90532123456</gsm>")],
    "number-form": [send(gsm="<gsm>+905321234567</gsm>")],
    "unknown-title": [send(fields="<baslik>Acme</baslik>\n")],
    "title-code": [send(fields="<baslik>Acme</baslik>\n")],
    "long-text": [send("a" * 161), BALANCE],
    "turkish-table": [
        send("ğ" * 80, fields="<type>longSMS</type>\n<languageCode>ES</languageCode>\n"),
        BALANCE,
    ],
    "unencodable": [send("😀" + "a" * 100, fields="<type>longSMS</type>\n"), BALANCE],
    "long-validity": [send(fields="<ValidityPeriod>72:00</ValidityPeriod>\n")],
    "short-credit": [send("a" * 40, gsm="<gsm>905321234567</gsm>" * 3)],
    "report-close": [send(), LATER, PULL],
    "sent-attribute": [send(), LATER, PULL],
    "pull-refusal": [("pull", "&parola=")],
    "dates": [send(), LATER, PULL],
    "amount": [BALANCE],
}
SETTINGS: Mapping[str, object] = {"short-credit": {"credit": "2"}}


def examples() -> dict[str, object]:
    """For each reading the requests, and the last answer under each value."""
    return {
        ambiguity.name: {
            "request": "\n\n".join(map(written, EXCHANGES[ambiguity.name])),
            "answers": {value: answer(ambiguity.name, value) for value in ambiguity.values},
        }
        for ambiguity in CATALOGUE
    }


def written(step: Step) -> str:
    kind, content = step
    text = content.decode("windows-1254") if isinstance(content, bytes) else content
    match kind:
        case "post":
            return f"POST /api/sendsms/xml/\n\n{text}"
        case "pull":
            return f"GET {target(text)}"
        case _:
            return f"({text} s)"


def target(rest: str) -> str:
    return f"/api/sendsms/xml/pull?kullanici=test{rest or '&parola=test'}"


def answer(name: str, value: str) -> str:
    """The last answer as text: status, type and body."""
    account = {"user": "test", "password": "test", **SETTINGS.get(name, {})}  # type: ignore[dict-item]
    with Emulator(seed=1, clock={"start": START}, accounts=[account], readings={name: value}) as emulator:
        for kind, content in EXCHANGES[name]:
            if kind == "advance":
                emulator.kobikom.clock.advance(float(content))
                continue
            address = urlsplit(emulator.url)
            connection = HTTPConnection(address.hostname or "", address.port, timeout=10)
            if kind == "post":
                connection.request(
                    "POST", "/api/sendsms/xml/", content if isinstance(content, bytes) else content.encode()
                )
            else:
                connection.request("GET", target(str(content)))
            response = connection.getresponse()
            head = f"HTTP {response.status} · {response.getheader('Content-Type')}"
            last = f"{head}\n\n{response.read().decode()}"
            connection.close()
    return last


def as_file() -> str:
    return json.dumps(examples(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(as_file(), encoding="utf-8")
