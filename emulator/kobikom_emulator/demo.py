"""A week of messages of a few invented customers, to look at in the inbox. The same seed gives the same week.

The messages are requests to the gateway, like those of real programs. Texts and names come from Faker, an extra that is
imported when the week is made.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from kobikom_emulator.bootstrap import RunningServer
from kobikom_emulator.exchange import WireRequest
from kobikom_emulator.faults.drop import Drop
from kobikom_emulator.faults.rule import Match, Rule, When
from kobikom_emulator.faults.status import Status
from kobikom_emulator.operations.spaces import ServerOperations
from kobikom_emulator.space.scenario import ClockChange

MONDAY = datetime.fromisoformat("2026-01-26T08:55:00+03:00")
SUNDAY = datetime.fromisoformat("2026-02-01T21:12:00+03:00")

SEND, PULL = "/api/sendsms/xml/", "/api/sendsms/xml/pull"

# All eleven statuses; the rare ones, too, appear within the week.
_MIXED: Mapping[str, Any] = {
    "outcomes": [
        {"status": "DELIVERED", "after": 4, "weight": 60},
        {"status": "DELIVERED", "after": 900, "weight": 6},
        {"status": "NOT_DELIVERED", "after": 7200, "weight": 6},
        {"status": "SENT", "after": 3, "weight": 5},
        {"status": "NOT_SENT", "after": 60, "weight": 3},
        {"status": "REJECTED", "after": 2, "weight": 3},
        {"status": "INVALID_DESTINATION_ADDRESS", "after": 2, "weight": 3},
        {"status": "ROUTE_NOT_AVAILABLE", "after": 5, "weight": 3},
        {"status": "NOT_ALLOWED", "after": 30, "weight": 3},
        {"status": "INVALID_SOURCE_ADDRESS", "after": 3, "weight": 3},
        {"status": "NOT_ENOUGH_CREDITS", "after": 3, "weight": 3},
        {"status": "INVALID_MESSAGE_FORMAT", "after": 3, "weight": 3},
    ],
    "jitter": 6,
}

PREFIXES = ("90532", "90542", "90505", "90555", "90530", "90544")


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer with an account."""

    user: str
    password: str
    title: str
    credit: str
    mixed: bool = False


CUSTOMERS = (
    Customer("magaza", "vitrin-42", "MAGAZA", "1800.000", mixed=True),
    Customer("klinik", "randevu-7", "KLINIK", "400.000", mixed=True),
    Customer("kargo", "paket-19", "KARGO", "900.000"),
    Customer("kredisiz", "bitti-0", "DENEME", "3.000"),
)


def settings(seed: int) -> dict[str, Any]:
    """The settings of the demo, by their names in a configuration file."""
    accounts: list[dict[str, Any]] = [{"user": "test", "password": "test"}]
    for customer in CUSTOMERS:
        account = {
            "user": customer.user,
            "password": customer.password,
            "credit": customer.credit,
            "titles": [customer.title],
        }
        accounts.append({**account, "delivery": dict(_MIXED)} if customer.mixed else account)
    return {"seed": seed, "accounts": accounts, "clock.start": MONDAY.isoformat()}


class Week:
    """Makes the requests of the week. ImportError where Faker is not installed."""

    def __init__(self, seed: int) -> None:
        from faker import Faker

        self._random = Random(f"kobikom-emulator demo {seed}")
        self._faker = Faker("tr_TR")
        self._faker.seed_instance(seed)

    def _number(self) -> str:
        return f"{self._random.choice(PREFIXES)}000{self._random.randrange(10_000):04}"

    def _text(self, customer: Customer) -> tuple[str, str]:
        """A text and the fields that go with it."""
        random, name = self._random, self._faker.first_name()
        code, when = (
            f"{random.randrange(100_000, 999_999)}",
            f"{random.randrange(9, 18)}:{random.choice(('00', '15', '30'))}",
        )
        place, order = self._faker.city(), f"{random.randrange(10_000, 99_999)}"
        turkish = "<languageCode>TR</languageCode><type>longSMS</type>"
        choices = {
            "magaza": [
                (f"Sayin {name}, onay kodunuz {code}. Kimseyle paylasmayin.", ""),
                (f"Sayın {name}, doğrulama kodunuz {code}. Lütfen kimseyle paylaşmayın.", turkish),
                (f"{name}, sepetinde bir şey unuttun 😀 https://magaza.example/s/{order}", "<type>longSMS</type>"),
                (
                    f"Sayın {name}, {order} numaralı siparişiniz hazırlanıyor. Kargoya verildiğinde size yeniden haber "
                    f"vereceğiz. Ayrıntılar ve iade koşulları için https://magaza.example/o/{order} adresine "
                    "bakabilirsiniz. Bizi seçtiğiniz için teşekkür ederiz.",
                    turkish,
                ),
            ],
            "klinik": [
                (f"Sayin {name}, {when} randevunuzu hatirlatiriz.", "<ileriTarih>2h</ileriTarih>"),
                (f"Sayın {name}, tahlil sonucunuz çıktı. Şifreniz: {code}", "<languageCode>ES</languageCode>"),
                (f"Acil durum: {when} sonrasi poliklinik kapali.", "<flash>1</flash>"),
            ],
            "kargo": [
                (f"{order} nolu gonderiniz {place} subemizde. Teslim kodu {code}", ""),
                (f"Kuryemiz yolda, teslim kodunuz {code}. Takip: https://kargo.example/t/{order}", ""),
                (f"Gönderiniz {place} şubesine ulaştı.", "<datacoding>8</datacoding>"),
            ],
            "kredisiz": [(f"Deneme {order}", "")],
        }
        return random.choice(choices[customer.user])

    def send(self) -> WireRequest:
        """An ordinary message of one of the customers."""
        customer = self._random.choices(CUSTOMERS, (5, 3, 4, 1))[0]
        text, fields = self._text(customer)
        return sending(customer, text, [self._number()], fields)

    def campaign(self) -> WireRequest:
        """One text to many recipients, two of which are refused."""
        numbers = [self._number() for _ in range(40)] + ["12345", "4915112345678"]
        text = "Hafta sonu her şeyde %20 indirim! Red: RET yazıp 0000"
        return sending(CUSTOMERS[0], text, numbers, "<tip>bulk</tip>")

    def oddities(self) -> Iterator[WireRequest]:
        """Requests that are refused or unusual."""
        shop, clinic, parcels, broke = CUSTOMERS
        yield sending(Customer("magaza", "yanlis", "MAGAZA", "0"), "Merhaba", [self._number()])
        yield sending(shop, "Merhaba", [self._number()], "<ileriTarih>yarın</ileriTarih>")
        yield sending(Customer("klinik", "randevu-7", "DOKTOR", "0"), "Merhaba", [self._number()])
        yield WireRequest(
            "POST", SEND, b"<SMS><dogrulama><kullanici>kargo</kullanici></dogrulama><mesajiniz><metin>A & B</metin>"
        )
        yield sending(parcels, "Merhaba", [self._number(), "0212 555 00 00"], "<gonderen>KARGO</gonderen>")
        yield sending(clinic, "Uzun bir hatirlatma. " * 12, [self._number()])
        yield sending(broke, "Krediniz yetmez. " * 20, [self._number()], "<type>longSMS</type>")
        yield WireRequest("POST", SEND, f"<bakiye>{login(shop)}</bakiye>".encode(), "application/xml")
        yield WireRequest("POST", SEND, f"<basliklar>{login(clinic)}</basliklar>".encode(), "application/xml")


def login(customer: Customer) -> str:
    return f"<dogrulama><kullanici>{customer.user}</kullanici><parola>{customer.password}</parola></dogrulama>"


def sending(customer: Customer, text: str, numbers: list[str], fields: str = "") -> WireRequest:
    """A send request, indented."""
    gsm = "".join(f"   <gsm>{number}</gsm>\n" for number in numbers)
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<SMS>\n {login(customer)}\n <mesajiniz>\n'
        f"  <baslik>{customer.title}</baslik>\n  <metin>{escape(text)}</metin>\n"
        + (f"  {fields}\n" if fields else "")
        + f"  <alicilar>\n{gsm}  </alicilar>\n </mesajiniz>\n</SMS>\n"
    )
    headers = ((b"Content-Type", b"application/xml"), (b"User-Agent", f"{customer.user}/1.0".encode()))
    return WireRequest("POST", SEND, body.encode(), "application/xml", headers)


def pulling(customer: Customer) -> WireRequest:
    query = urlencode({"kullanici": customer.user, "parola": customer.password})
    return WireRequest("GET", f"{PULL}?{query}")


async def fill(running: RunningServer, *, seed: int) -> None:
    """Send the messages of the week in the default space, and leave its clock on Sunday evening."""
    space, gateway, week = ServerOperations(running.registry).space(), running.gateway, Week(seed)
    random = Random(f"kobikom-emulator demo hours {seed}")
    oddities = week.oddities()
    at = MONDAY
    for day in range(7):
        at = MONDAY + timedelta(days=day)
        for nth in range(30 if day < 5 else 12):
            at += timedelta(seconds=random.randrange(120, 1400))
            await space.clock.change(ClockChange(set=at))
            if (day, nth) == (1, 4):
                await space.faults.arm(Rule(Status(-26), Match(operation="send"), When(times=1)))
            if (day, nth) == (2, 6):
                await space.faults.arm(Rule(Drop("after"), Match(user="kargo"), When(times=1)))
            await gateway.post(week.send())
            if nth == 7 and (request := next(oddities, None)) is not None:
                await gateway.post(request)
            if nth == 9:
                await gateway.pull(pulling(CUSTOMERS[day % 3]))
        if day == 3:
            await gateway.post(week.campaign())
    for request in oddities:
        await gateway.post(request)
    await space.clock.change(ClockChange(set=SUNDAY))
    for _ in range(6):
        await space.clock.change(ClockChange(advance=random.randrange(20, 90)))
        await gateway.post(week.send())
    await gateway.post(sending(CUSTOMERS[1], "Yarin 09:30 randevunuzu hatirlatiriz.", ["905320000101"], _LATER))
    await space.clock.change(ClockChange(advance=5))
    await gateway.post(sending(CUSTOMERS[0], _CODE, ["905320000100"], _TURKISH))
    await space.clock.change(ClockChange(advance=9))


_LATER = "<ileriTarih>12h</ileriTarih>"
_TURKISH = "<languageCode>TR</languageCode><type>longSMS</type>"
_CODE = "Sayın üyemiz, doğrulama kodunuz 482913. Lütfen kimseyle paylaşmayın 😀 https://magaza.example/onay"


async def go_on(running: RunningServer, *, seed: int) -> None:
    """Send another message every few real seconds, until cancelled."""
    week, random = Week(seed + 1), Random(f"kobikom-emulator demo pauses {seed}")
    await ServerOperations(running.registry).space().clock.change(ClockChange(freeze=False))
    while True:
        await asyncio.sleep(random.uniform(2, 6))
        await running.gateway.post(week.send())
