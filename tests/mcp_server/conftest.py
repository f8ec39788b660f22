"""An emulator, and a program under test that sends to a space of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.request import Request, urlopen
from xml.sax.saxutils import escape

import pytest

from kobikom_emulator import Emulator

START = "2026-01-31T09:00:00+03:00"


@dataclass(frozen=True)
class Program:
    """A program under test: it has a base URL, a user and a password."""

    base_url: str
    user: str
    password: str

    def send(self, text: str = "Merhaba", *, to: str = "905329975725", title: str = "Kobikom") -> bytes:
        body = (
            f"<SMS><dogrulama><kullanici>{self.user}</kullanici><parola>{self.password}</parola></dogrulama>"
            f"<mesajiniz><baslik>{title}</baslik><metin>{escape(text)}</metin><alicilar><gsm>{to}</gsm></alicilar>"
            "</mesajiniz></SMS>"
        )
        with urlopen(Request(f"{self.base_url}/api/sendsms/xml/", data=body.encode()), timeout=20) as answer:
            return bytes(answer.read())


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator(seed=1, clock={"start": START}) as running:
        yield running


@pytest.fixture
def program(emulator: Emulator) -> Program:
    return Program(emulator.url, "test", "test")


@pytest.fixture
def program_of() -> Callable[[dict[str, Any]], Program]:
    """The program that got what `open_space` returned."""
    return lambda opened: Program(opened["base_url"], opened["user"], opened["password"])
