"""A connection that closes without an answer."""

from __future__ import annotations

from random import Random
from typing import Literal

from msgspec.structs import replace

from kobikom_emulator.exchange import Answer, Transmission
from kobikom_emulator.faults.effect import Effect


class Drop(Effect, frozen=True, tag="drop"):
    """`before`: the request was never carried out. `after`: it was accepted and charged, only the answer is lost."""

    moment: Literal["before", "after"]

    def description(self) -> str:
        if self.moment == "before":
            return "The connection was closed without an answer; the request was not carried out."
        return "The request was carried out; the connection was closed without an answer."

    def before(self) -> Answer | None:
        return Answer((), transmission=Transmission(drop=True)) if self.moment == "before" else None

    def after(self, answer: Answer, dice: Random) -> Answer:
        return replace(answer, transmission=replace(answer.transmission, drop=True))
