"""The requests of the measurements. The numbers are valid Turkish mobile numbers; all traffic stays on loopback."""

from __future__ import annotations

from itertools import count, islice

USER = "test"
PASSWORD = "test"
SEND_PATH = "/api/sendsms/xml/"
PULL_PATH = "/api/sendsms/xml/pull"

_FIRST_NUMBER = 905320000000


def send_body(recipients: int, *, start: int = 0, text: str = "Merhaba") -> bytes:
    """The page's first example with `recipients` different numbers, from the `start`-th on; white space as printed."""
    numbers = islice(count(_FIRST_NUMBER + start % 9_000_000), recipients)
    return (
        f"<SMS>\n<dogrulama>\n<kullanici>{USER}</kullanici>\n<parola>{PASSWORD}</parola>\n</dogrulama>\n"
        f"<mesajiniz>\n<baslik>Kobikom</baslik>\n<metin>{text}</metin>\n<alicilar>\n"
        + "".join([f"<gsm>{number}</gsm>\n" for number in numbers])
        + "</alicilar>\n</mesajiniz>\n</SMS>"
    ).encode()


def balance_body() -> bytes:
    """The page's query of the balance."""
    return (
        f"<bakiye>\n<dogrulama>\n<kullanici>{USER}</kullanici>\n<parola>{PASSWORD}</parola>\n</dogrulama>\n</bakiye>"
    ).encode()


def pull_target(message_id: str = "") -> str:
    """The target of a pull: of one report if an id is given, otherwise of all."""
    query = f"&messageid={message_id}" if message_id else ""
    return f"{PULL_PATH}?kullanici={USER}&parola={PASSWORD}{query}"


ONE_ANSWER_TEMPLATE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<results>\n<result>\n<status>0</status>\n'
    "<messageid>{id}</messageid>\n<destination>{number}</destination>\n</result>\n</results>"
)
"""An answer for one recipient in the emulator's default layout, for peers that fill in id and number."""

ONE_ANSWER = ONE_ANSWER_TEMPLATE.format(id="123456789012345", number=_FIRST_NUMBER).encode()
"""The answer of static peers; it is as long as the emulator's answer for one recipient."""

ONE_REPORT = (
    b'<DeliveryReport>\n<message id="123456789012345" sentdate="2026/01/31 09:00:00" donedate="2026/01/31 09:00:01"'
    b' status="DELIVERED" gsmerror="0"/>\n</DeliveryReport>'
)
"""An answer to a pull of one report, for the peer that returns prepared bytes."""

ANSWER_TYPE = "text/csv;charset= UTF-8"
