"""Emulators that hold the accounts of the page's examples."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from kobikom_emulator import Emulator

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "e2e"))

ACCOUNTS = [
    {"user": "test", "password": "test"},
    {"user": "kullanıcı_adiniz", "password": "kullanici_parola"},
    {"user": "kullanici_adiniz", "password": "kullanici_parola"},
    {"user": "KULLANICI ADI", "password": "ŞİFRE", "titles": ["TEST", "DEMO"], "credit": "18.532"},
]


@pytest.fixture
def start() -> Iterator[Callable[..., Emulator]]:
    """Starts an emulator with a clock that stands at an instant, and more settings."""
    with ExitStack() as stack:

        def begin(at: str = "2012-05-22T12:28:38Z", **settings: Any) -> Emulator:
            values = {"seed": 1, "accounts": ACCOUNTS, "clock": {"start": at}, **settings}
            return stack.enter_context(Emulator(**values))

        yield begin
