"""Runs `learn` against a server in the process of the test, with waits that take no time."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from kobikom_contracts.http_client import HttpClient
from kobikom_contracts.learning.probing.account import Account
from kobikom_contracts.learning.probing.connection import RecordingClient
from kobikom_contracts.learning.probing.run import LearnRun
from kobikom_contracts.transcript import Transcript

USER, PASSWORD, RECIPIENT = "kahve", "gizli-parola", "905321112233"
NONCE = "0123abcd"
TERMS = {"user": USER, "password": PASSWORD, "credit": "1020", "price": "40", "titles": ["Kahve", "8508085555"]}
"""An account whose credit pays 25 parts; its balance passes a thousand, where the forms of amounts differ."""
AT_ONCE = {"outcomes": [{"status": "DELIVERED", "after": 0}]}
MORNING = "2026-03-05T09:04:07+03:00"
"""A time that every value of `dates` prints differently."""


def learn_run(
    url: str,
    *,
    user: str = USER,
    password: str = PASSWORD,
    recipients: tuple[str, ...] = (RECIPIENT,),
    budget: int = 40,
    exclusive: bool = True,
    wait: Callable[[float], object] = lambda _: None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    **more: Any,
) -> LearnRun:
    """A run that has not begun."""
    client = RecordingClient(HttpClient(url, Transcript()))
    account = Account(user=user, password=password, recipients=recipients, nonce=NONCE)
    return LearnRun(client, account, budget=budget, exclusive=exclusive, wait=wait, now=now, **more)
