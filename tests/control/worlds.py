"""Scripts for spaces, drawn by Hypothesis, and how they are carried out.

A script is a list of steps, plain tuples of words and numbers, so that it can be written down and replayed in another
process: `python worlds.py SCRIPTS SEED` prints the transcript of a fresh server.
"""

import asyncio
import json
import random
import sys
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from kobikom_emulator import Emulator
from kobikom_emulator.exchange import WireRequest

Step = tuple[Any, ...]
Script = Sequence[Step]

SEND = "/api/sendsms/xml/"
START = "2026-01-31T09:00:00+03:00"
NUMBERS = ("905329975725", "+905339975725", "905990000001", "905990000005", "905990000022", "12", "4915112345678")
TEXTS = ("Merhaba", "Şifreniz 1234", "a" * 161, "kod 🙂")
RULES: tuple[dict[str, Any], ...] = (
    {"effect": {"kind": "status", "code": -26}, "when": {"probability": 0.5}},
    {"effect": {"kind": "status", "code": -2, "scope": "recipient"}, "match": {"to": "9053*"}, "when": {"times": 2}},
    {"effect": {"kind": "garbage"}, "when": {"skip": 1, "times": 1}},
    {"effect": {"kind": "as-printed"}, "match": {"operation": "send"}},
    {"effect": {"kind": "http", "status": 503}, "match": {"text": "kod*"}},
)

_number = st.sampled_from(NUMBERS)
_step: st.SearchStrategy[Step] = st.one_of(
    st.tuples(
        st.just("send"), st.lists(_number, max_size=3), st.sampled_from(TEXTS), st.sampled_from(("", "m1", "m2"))
    ),
    st.tuples(st.just("pull"), st.sampled_from(("", "m1"))),
    st.tuples(st.just("balance")),
    st.tuples(st.just("titles")),
    st.tuples(st.just("advance"), st.sampled_from((1, 60, 90_000))),
    st.tuples(st.just("fault"), st.integers(0, len(RULES) - 1)),
    st.tuples(st.just("reading"), st.sampled_from(("dates=padded", "short-credit=whole-request", "long-text=split"))),
    st.tuples(st.just("credit"), st.sampled_from(("0", "2", "1000"))),
    st.tuples(st.just("state")),
    st.tuples(st.just("reset")),
)


def scripts() -> st.SearchStrategy[list[list[Step]]]:
    """Some scripts of some steps each."""
    return st.lists(st.lists(_step, min_size=1, max_size=6), min_size=4, max_size=4)


class World:
    """One space of a server in the running loop, and everything it answered."""

    def __init__(self, emulator: Emulator, name: str, seed: int) -> None:
        self._emulator = emulator
        self._name = name
        self._seed = seed
        self.said: list[str] = []

    async def open(self) -> None:
        wanted = {
            "name": self._name, "seed": self._seed, "clock": {"set": START, "freeze": True},
            "accounts": [{"user": self._name, "password": "pw", "credit": "9"}],
        }  # fmt: skip
        await self._control("POST", "", wanted, at="/_emulator/spaces")
        self.said.clear()  # the address in it is each server's own

    async def step(self, step: Step) -> None:
        login = f"<dogrulama><kullanici>{self._name}</kullanici><parola>pw</parola></dogrulama>"
        match step:
            case ("send", numbers, text, own):
                mark = f' messageId="{own}"' if own else ""
                gsm = "".join(f"<gsm{mark}>{number}</gsm>" for number in numbers)
                await self._post(
                    f"<SMS>{login}<mesajiniz><metin>{text}</metin><languageCode>ES</languageCode>"
                    f"<alicilar>{gsm}</alicilar></mesajiniz></SMS>"
                )
            case ("pull", ids):
                target = f"{SEND}pull?kullanici={self._name}&parola=pw" + (f"&messageid={ids}" if ids else "")
                self._keep(await self._emulator.running.gateway.pull(WireRequest("GET", target)))
            case ("balance",):
                await self._post(f"<bakiye>{login}</bakiye>")
            case ("titles",):
                await self._post(f"<basliklar>{login}</basliklar>")
            case ("advance", seconds):
                await self._control("POST", "/clock", {"advance": seconds})
            case ("fault", which):
                await self._control("POST", "/faults", RULES[which])
            case ("reading", choice):
                await self._control("PATCH", "/readings", dict([choice.split("=")]))
            case ("credit", amount):
                await self._control("PATCH", f"/accounts/{self._name}", {"credit": amount})
            case ("state",):
                await self._control("GET", "/state")
                await self._control("GET", "/messages")
                await self._control("GET", "/ledger")
            case ("reset",):
                await self._control("POST", "/reset")
            case _:
                raise ValueError(step)

    async def _post(self, xml: str) -> None:
        self._keep(await self._emulator.running.gateway.post(WireRequest("POST", SEND, xml.encode())))

    async def _control(self, method: str, path: str, body: Any = None, *, at: str = "") -> None:
        sent = b"" if body is None else json.dumps(body).encode()
        target = at or f"/_emulator/spaces/{self._name}{path}"
        self._keep(await self._emulator.running.control.answer(method, target, sent, {"X-Kobikom": "1"}))

    def _keep(self, answer: Any) -> None:
        self.said.append(f"{answer.status} {answer.transmission} {answer.body!r}")


async def together(scripts: Sequence[Script], names: Sequence[str], order: int) -> list[list[str]]:
    """What each of many spaces answers when all are driven at once, their turns mixed as the order says."""
    dice = random.Random(order)
    async with Emulator() as emulator:
        worlds = [World(emulator, name, seed) for seed, name in enumerate(names)]

        async def drive(world: World, script: Script) -> None:
            await world.open()
            for step in script:
                for _ in range(dice.randrange(4)):
                    await asyncio.sleep(0)
                await world.step(step)

        pairs = [(world, scripts[nth % len(scripts)]) for nth, world in enumerate(worlds)]
        dice.shuffle(pairs)
        await asyncio.gather(*[drive(world, script) for world, script in pairs])
        return [world.said for world in worlds]


async def alone(script: Script, name: str, seed: int) -> list[str]:
    """What one space answers on a server of its own."""
    async with Emulator() as emulator:
        world = World(emulator, name, seed)
        await world.open()
        for step in script:
            await world.step(step)
        return world.said


if __name__ == "__main__":
    given = [[tuple(step) for step in script] for script in json.loads(sys.argv[1])]
    sys.stdout.write(json.dumps(asyncio.run(together(given, ["one", "two", "three"], int(sys.argv[2])))))
