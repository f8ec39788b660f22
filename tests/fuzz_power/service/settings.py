"""What the service is configured with, its mistakes included."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import Decimal

TURKEY = timezone(timedelta(hours=3))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """``clock`` gives aware instants. ``timeout``: seconds that an answer may take. ``bugs``: names of mistakes."""

    base_url: str
    user: str
    password: str
    clock: Callable[[], datetime]
    title: str = "KOBIKOM"
    push_url: str = ""
    id_prefix: str = ""
    timeout: float = 10.0
    low_balance: Decimal = Decimal(50)
    bugs: frozenset[str] = field(default_factory=frozenset)
