"""One emulator in which any number of shops work, one after another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from fuzz_power.receiver import Receiver
from fuzz_power.shop_day import CREDIT, DELIVERY, ORDINARY, Inputs, Shop
from kobikom_emulator import Emulator
from kobikom_emulator.driver import Kobikom, KobikomServer

START = "2026-03-03T10:00:00+03:00"


def open_space(server: KobikomServer, password: str = "shop-secret") -> Kobikom:
    """A space of its own for the shop, at a fixed time."""
    account = {
        "user": "shop",
        "password": password,
        "credit": CREDIT,
        "price": "1",
        "titles": ["KOBIKOM", "5551234"],
        "delivery": DELIVERY,
    }
    return server.open(clock=START, accounts=[account], seed=7, magic_numbers=False)


class Street:
    """One emulator and one space in which any number of shops work one after another."""

    def __init__(self, password: str = "shop-secret") -> None:
        self.receiver = Receiver()
        self._emulator = Emulator(pusher=self.receiver)
        self._password = password

    def __enter__(self) -> Self:
        self._emulator.__enter__()
        self.space = open_space(KobikomServer.of(self._emulator), self._password)
        return self

    def __exit__(self, *error: object) -> None:
        self._emulator.__exit__(*error)

    def shop(
        self,
        scenario: Mapping[str, Any] | None = None,
        bugs: frozenset[str] = frozenset(),
        *,
        inputs: Inputs = ORDINARY,
        timeout: float = 10.0,
    ) -> Shop:
        """A new shop in the space as it was in the beginning, under a scenario's document."""
        self.receiver.service = None
        if scenario is None:
            self.space.reset()
        else:
            self.space.play(scenario)
        self.space.clock.freeze()
        shop = Shop(self.space, self.receiver, bugs, inputs=inputs, timeout=timeout)
        shop.evidence.clock_jumps = bool(scenario and scenario.get("steps"))
        return shop
