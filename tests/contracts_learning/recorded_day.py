"""An ordinary day of an application that uses the API: it knows nothing of readings."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from plain_recorder import Recorder

from kobikom_contracts.documents import Block, Recipient, Send, pull_path, query

SHOP, CLINIC = ("magaza", "parola1"), ("klinik", "parola2")
ACCOUNTS = (
    {"user": SHOP[0], "password": SHOP[1], "credit": "20000", "price": "40", "titles": ["Kobikom", "8508085555"]},
    {"user": CLINIC[0], "password": CLINIC[1], "credit": "120", "price": "40", "titles": ["Klinik"]},
)
AYSE, MEHMET, ZEYNEP, CAN = "905321112233", "905421112234", "905551112235", "905331112236"

Step = Callable[[Recorder], object]


def send(client: Recorder, *recipients: str | Recipient, login: tuple[str, str] = SHOP, **fields: str) -> None:
    """One message to some recipients; fields by their names on the wire."""
    known = tuple(one if isinstance(one, Recipient) else Recipient(one) for one in recipients)
    client.post(Send(*login, (Block(known, {"metin": "Merhaba", **fields}),)).body())


def balance(client: Recorder, login: tuple[str, str] = SHOP) -> None:
    client.post(query("bakiye", *login))


def titles(client: Recorder) -> None:
    client.post(query("basliklar", *SHOP))


def pull(client: Recorder, login: tuple[str, str] = SHOP) -> None:
    client.get(pull_path(*login))


def campaign(client: Recorder) -> None:
    """Messages of several lengths and alphabets, the balance looked at after each."""
    balance(client)
    send(client, AYSE)
    balance(client)
    send(client, AYSE, metin="Bahar indirimi basladi." * 9)
    balance(client)
    send(client, AYSE, metin="Добро пожаловать " + "x" * 80, type="longSMS")
    balance(client)
    send(client, AYSE, metin="ş" * 100, type="longSMS", languageCode="ES")
    balance(client)
    send(client, AYSE, metin="ş" + "¡" * 150, type="longSMS", languageCode="TR")
    balance(client)
    send(client, AYSE)
    balance(client)


def orders(client: Recorder) -> None:
    """Numbers as customers type them, ids of the shop, an empty line of the form."""
    send(client, Recipient(AYSE, "siparis-1"), Recipient(""), Recipient("+" + AYSE), Recipient("90532111"))
    send(client, Recipient(MEHMET, "siparis-2"), Recipient(ZEYNEP, "siparis-2"), Recipient(CAN))
    send(client, Recipient(AYSE, "siparis-1"))


def wrong_titles(client: Recorder) -> None:
    titles(client)
    send(client, MEHMET, baslik="Bilinmez")
    send(client, MEHMET, baslik="CokUzunBirBaslik")
    titles(client)


def reminder(client: Recorder) -> None:
    send(client, MEHMET, ValidityPeriod="72:00")


def wrong_password(client: Recorder) -> None:
    send(client, MEHMET, ZEYNEP, login=(SHOP[0], "yanlis"))
    pull(client, (SHOP[0], "yanlis"))


def old_program(client: Recorder) -> None:
    """A program that writes windows-1254 and does not say so."""
    client.post(
        Send(*SHOP, (Block((Recipient(MEHMET),), {"metin": "Günaydın, şubemiz açıldı"}),)).xml().encode("cp1254")
    )


def little_credit(client: Recorder) -> None:
    balance(client, CLINIC)
    send(client, AYSE, login=CLINIC)
    balance(client, CLINIC)
    send(client, AYSE, MEHMET, ZEYNEP, CAN, login=CLINIC)
    balance(client, CLINIC)
    send(client, AYSE, login=CLINIC)
    balance(client, CLINIC)


def reports(client: Recorder) -> None:
    client.wait()
    pull(client)
    pull(client, CLINIC)
    pull(client)


DAY: Mapping[str, Step] = MappingProxyType(
    {step.__name__: step for step in (
        campaign, orders, wrong_titles, reminder, wrong_password, old_program, little_credit, reports,
    )}
)  # fmt: skip
"""The steps of the day in their order."""


def live(client: Recorder, steps: Sequence[str] = tuple(DAY)) -> None:
    for step in steps:
        DAY[step](client)
