"""Honest servers: the paper server under drawn readings, limits, accounts and ways to write a head.

Each keeps every statement of the protocol page that the page marks D, and differs in the others only as a reading
allows. Nothing here knows how a judge works.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from deviant_servers.controlled_server import ControlledServer
from paper_server import Account, PaperServer
from paper_server.manner import UNLIMITED, Manner, as_written
from paper_server.messages import Request, Response
from paper_server.readings import PAPER, VALUES, Choices, Readings

TITLES = (
    ("Kobikom", "TEST", "DEMO"),
    ("FIRMA",),
    ("08501234567", "FIRMA"),
    ("8505551234",),
    ("Z", "a1", "Kobikom1234", "12345678901234"),
    ("DEMO", "Alo", "2222", "Bilgi", "1111"),
)
PRICES = ("0.05", "2", "0.125", "0.5", "1.5", "3")
CREDITS = ("98765.432", "20000.5", "50000", "19999.999")
MORE_HEADERS = (
    ("Server", "Apache/2.4.57"),
    ("X-Powered-By", "PHP/8.1.2"),
    ("Cache-Control", "no-store, no-cache"),
    ("Keep-Alive", "timeout=5, max=100"),
    ("Set-Cookie", "session=8f14e45f; Path=/; HttpOnly"),
    ("Strict-Transport-Security", "max-age=31536000"),
)
ORDERS = {
    "sorted by name": lambda name: name.lower(),
    "sorted by length": lambda name: (len(name), name),
    "Content-Length first": lambda name: (name != "Content-Length", name),
    "Content-Length last": lambda name: (name == "Content-Length", name),
}


@dataclass(frozen=True, slots=True)
class HonestServer:
    """What one honest server was drawn to be; `name` says all of it that is not the paper server's default."""

    name: str
    readings: Readings = PAPER
    manner: Manner = field(default_factory=Manner)
    customer: Account = field(default_factory=Account)
    limits: dict[str, int] = field(default_factory=dict)
    controlled: bool = True
    """False: it has no control API, and its clock is the machine's."""

    def options(self) -> dict[str, Any]:
        """The arguments of a controlled server like this."""
        return {"customer": self.customer, "readings": self.readings, "manner": self.manner, **self.limits}

    def server(self) -> ControlledServer:
        """A new server like this."""
        return ControlledServer(**self.options()) if self.controlled else ForeignServer(**self.options())


class ForeignServer(ControlledServer):
    """A server without control API. Its clock is the machine's, and goes forward by what a judge would have waited."""

    waited = timedelta(0)

    @property
    def now(self) -> datetime:
        """The present."""
        return datetime.now(UTC) + self.waited

    @now.setter
    def now(self, _: datetime) -> None:
        """The clock cannot be set."""

    def wait(self, seconds: float) -> None:
        """Let seconds pass, at once."""
        self.waited += timedelta(seconds=seconds)

    def respond(self, request: Request) -> Response:
        """The vendor's answers only."""
        return PaperServer.respond(self, request)


def honest_server(seed: int, index: int) -> HonestServer:
    """The honest server with a number, of a seed."""
    draw = random.Random(f"honest {seed} {index}")
    readings, chosen = _readings(draw)
    manner, manners = _manner(draw)
    customer, facts = _customer(draw, readings)
    limits, limited = _limits(draw)
    controlled = draw.random() < 0.6
    parts = [*chosen, *manners, *facts, *limited, *(() if controlled else ("no control API",))]
    return HonestServer(", ".join(parts) or "the paper server", readings, manner, customer, limits, controlled)


def _readings(draw: random.Random) -> tuple[Readings, list[str]]:
    share = draw.choice((0.2, 0.6, 1.0))
    values = {}
    for name, choices in VALUES.items():
        rare = name == "result-shape" and draw.random() < 0.7
        if draw.random() < share and not rare:
            values[name] = draw.choice(choices)
    usual = PAPER.chosen()
    choices, more = _choices(draw)
    readings = Readings(choices=choices, **{name.replace("-", "_"): value for name, value in values.items()})
    return readings, [*(f"{name}={value}" for name, value in values.items() if value != usual[name]), *more]


def _choices(draw: random.Random) -> tuple[Choices, list[str]]:
    choices = Choices(
        echo_refused_ids=draw.random() < 0.6,
        duplicate_in_one=draw.random() < 0.5,
        ties_reversed=draw.random() < 0.15,
        escaping=draw.choice(("named", "named", "least", "numeric")),
    )
    names = ["refused ids not echoed"] * (not choices.echo_refused_ids)
    names += ["-33 for every recipient"] * (not choices.duplicate_in_one)
    names += ["later reports of a second first"] * choices.ties_reversed
    return choices, names + [f"{choices.escaping} references"] * (choices.escaping != "named")


async def _a_moment() -> None:
    """Let a slow server take its time."""
    await asyncio.sleep(0.003)


def _manner(draw: random.Random) -> tuple[Manner, list[str]]:
    cases = {"lower-case headers": str.lower, "upper-case headers": str.upper}
    case, order = draw.choice((None, None, *cases)), draw.choice((None, None, *ORDERS))
    requests = draw.choice((UNLIMITED, UNLIMITED, UNLIMITED, 1, 2, 7))
    manner = Manner(
        case=cases[case] if case else as_written,
        order=ORDERS[order] if order else None,
        phrase=draw.random() < 0.8,
        date=draw.random() < 0.8,
        says_keep_alive=draw.random() < 0.6,
        requests_a_connection=requests,
        compress=draw.random() < 0.3,
        pause=draw.choice((None, None, None, _a_moment)),
        pieces=draw.choice((1, 1, 1, 2, 5)),
        colon=draw.choice((": ", ": ", ": ", ":", ":  ")),
        more=tuple(draw.sample(MORE_HEADERS, draw.choice((0, 0, 1, 2)))),
    )
    names = [one for one in (case, order) if one]
    names += ["no reason phrase"] * (not manner.phrase) + ["no Date"] * (not manner.date)
    names += ["keep-alive unsaid"] * (not manner.says_keep_alive)
    names += [f"closes after {requests}"] * (requests != UNLIMITED)
    names += ["gzip when accepted"] * manner.compress + ["slow first byte"] * (manner.pause is not None)
    names += [f"written in {manner.pieces} pieces"] * (manner.pieces > 1)
    names += [f"colon {manner.colon!r}"] * (manner.colon != ": ")
    return manner, [*names, *(f"header {name}" for name, _ in manner.more)]


def _customer(draw: random.Random, readings: Readings) -> tuple[Account, list[str]]:
    price, credit = Decimal(1), Decimal("30000.000")
    if draw.random() < 0.4:
        # In whole units an amount of half a unit cannot be written: such a server has whole prices.
        price = Decimal(draw.choice([p for p in PRICES if readings.amount != "grouped" or "." not in p]))
    if draw.random() < 0.3:
        credit = Decimal(draw.choice([c for c in CREDITS if readings.amount != "grouped" or c == "50000"]))
    titles = draw.choice(TITLES) if draw.random() < 0.5 else TITLES[0]
    if draw.random() < 0.3:
        titles = tuple(sorted(titles))
    currency = draw.choice(("TRY", "TRY", "USD", "EUR"))
    usual = Account()
    names = [f"price {price}"] * (price != usual.price) + [f"credit {credit}"] * (credit != 30000)
    names += [f"titles {'/'.join(titles)}"] * (titles != usual.titles) + [currency] * (currency != usual.currency)
    return Account(credit=credit, currency=currency, titles=titles, price=price), names


def _limits(draw: random.Random) -> tuple[dict[str, int], list[str]]:
    limits = {}
    if draw.random() < 0.3:
        limits["max_recipients"] = draw.choice((1000, 2000, 5000))
    if draw.random() < 0.3:
        limits["max_body"] = draw.choice((256 * 1024, 1024 * 1024, 2 * 1024 * 1024))
    return limits, [f"{name.replace('_', ' ')} {value}" for name, value in limits.items()]
